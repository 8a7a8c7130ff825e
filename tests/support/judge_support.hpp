#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "turnover/chemistry/stoichiometry.hpp"
#include "turnover/kinetics/network.hpp"

namespace turnover::test {

/// What follows from which unknowns are exactly zero.
struct JudgeSupport {
    std::string wrong;
    std::vector<int> present;            ///< unknowns that are not zero
    std::vector<int> extinct;            ///< zero now, but in reach of the initial surface
    std::vector<std::vector<int>> laws;  ///< over all unknowns, independent on `present`
    std::vector<int> of_network;         ///< number of the network's law, -1: none
    bool complete = false;               ///< the laws and balances fix all that is present
};

/// Finds the support of answers, once for all answers with the same zeros.
class JudgeSupports {
public:
    explicit JudgeSupports(const Network& network) : network_(network) {}

    [[nodiscard]] const JudgeSupport& operator()(const PointKinetics& point,
                                                 const std::vector<double>& coverages) {
        std::vector<bool> key;
        for (const double x : coverages) key.push_back(x > 0.0);
        for (const double x : point.initial) key.push_back(x > 0.0);
        for (const double k : point.forward) key.push_back(k > 0.0);
        for (const double k : point.reverse) key.push_back(k > 0.0);
        const auto [place, is_new] = supports_.try_emplace(std::move(key));
        if (is_new) place->second = make_support(point, coverages);
        return place->second;
    }

private:
    static std::size_t at(int i) { return static_cast<std::size_t>(i); }

    /// What a set of unknowns that are there lets run, and what that makes.
    struct Running {
        std::vector<bool> forward, reverse;
    };
    [[nodiscard]] Running running(const PointKinetics& point,
                                  const std::vector<bool>& there) const {
        const auto all = [&](const std::vector<Power>& powers) {
            return std::all_of(powers.begin(), powers.end(),
                               [&](const Power& p) { return there[at(p.unknown)]; });
        };
        Running result;
        for (int j = 0; j < network_.steps(); ++j) {
            const NetworkStep& terms = network_.step_terms()[at(j)];
            result.forward.push_back(point.forward[at(j)] > 0.0 && all(terms.forward));
            result.reverse.push_back(point.reverse[at(j)] > 0.0 && all(terms.reverse));
        }
        return result;
    }

    /// The stoichiometric matrix of what runs, on the unknowns `rows`.
    [[nodiscard]] IntegerMatrix stoichiometry(const Running& run, const std::vector<int>& rows,
                                              int& columns) const {
        IntegerMatrix matrix(rows.size());
        columns = 0;
        for (int j = 0; j < network_.steps(); ++j) {
            if (!run.forward[at(j)] && !run.reverse[at(j)]) continue;
            ++columns;
            for (std::size_t r = 0; r < rows.size(); ++r) {
                matrix[r].push_back(network_.stoichiometry(rows[r], j));
            }
        }
        return matrix;
    }

    /// Everything that the initial surface can ever make, itself included.
    [[nodiscard]] std::vector<bool> in_reach(const PointKinetics& point) const {
        std::vector<bool> there;
        for (const double x : point.initial) there.push_back(x > 0.0);
        for (std::vector<bool> before; before != there;) {
            before = there;
            const Running run = running(point, there);
            for (int j = 0; j < network_.steps(); ++j) {
                const NetworkStep& terms = network_.step_terms()[at(j)];
                if (run.forward[at(j)]) {
                    for (const Power& p : terms.reverse) there[at(p.unknown)] = true;
                }
                if (run.reverse[at(j)]) {
                    for (const Power& p : terms.forward) there[at(p.unknown)] = true;
                }
            }
        }
        return there;
    }

    [[nodiscard]] JudgeSupport make_support(const PointKinetics& point,
                                            const std::vector<double>& coverages) const {
        JudgeSupport support;
        const std::vector<bool> reach = in_reach(point);
        std::vector<bool> there;
        std::vector<int> reached;
        for (int i = 0; i < network_.unknowns(); ++i) {
            there.push_back(coverages[at(i)] > 0.0);
            if (there.back()) support.present.push_back(i);
            if (reach[at(i)]) reached.push_back(i);
            if (reach[at(i)] && !there.back()) support.extinct.push_back(i);
            if (there.back() && !reach[at(i)]) {
                support.wrong = fmt::format("{} cannot come from the initial surface",
                                            network_.unknown_names()[at(i)]);
            }
        }
        const Running run = running(point, there);
        for (int j = 0; j < network_.steps(); ++j) {
            const NetworkStep& terms = network_.step_terms()[at(j)];
            const auto check = [&](bool runs, const std::vector<Power>& made) {
                for (const Power& p : made) {
                    if (runs && !there[at(p.unknown)]) {
                        support.wrong = fmt::format("{} is given as zero, but '{}' makes it",
                                                    network_.unknown_names()[at(p.unknown)],
                                                    network_.step_names()[at(j)]);
                    }
                }
            };
            check(run.forward[at(j)], terms.reverse);
            check(run.reverse[at(j)], terms.forward);
        }

        // Laws of the whole dynamics, the network's own first, as far as they say something of what
        // is present.
        IntegerMatrix chosen;
        const auto consider = [&](const std::vector<int>& law, int number) {
            std::vector<int> row;
            for (const int i : support.present) row.push_back(law[at(i)]);
            chosen.push_back(std::move(row));
            const int columns = static_cast<int>(support.present.size());
            if (eliminate(chosen, columns).rank < static_cast<int>(chosen.size())) {
                chosen.pop_back();
                return;
            }
            support.laws.push_back(law);
            support.of_network.push_back(number);
        };
        int number = 0;
        for (const ConservationLaw& law : network_.conservation_laws()) {
            consider(law.coefficients, number++);
        }
        int columns = 0;
        const IntegerMatrix dynamics = stoichiometry(running(point, reach), reached, columns);
        const auto null_space =
            eliminate(transposed(dynamics, columns), static_cast<int>(reached.size())).null_space;
        for (const std::vector<int>& vector : null_space) {
            std::vector<int> law(at(network_.unknowns()), 0);
            for (std::size_t r = 0; r < reached.size(); ++r) law[at(reached[r])] = vector[r];
            consider(law, -1);
        }
        const IntegerMatrix now = stoichiometry(run, support.present, columns);
        const int rank = eliminate(now, columns).rank;
        support.complete = rank + static_cast<int>(support.laws.size()) ==
                           static_cast<int>(support.present.size());
        return support;
    }

    const Network& network_;
    std::map<std::vector<bool>, JudgeSupport> supports_;
};

}  // namespace turnover::test
