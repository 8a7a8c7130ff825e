#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Dense>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/eigen.hpp>
#include <fmt/format.h>

#include "support/hurwitz.hpp"
#include "turnover/chemistry/stoichiometry.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/steady/steady_state.hpp"

namespace turnover::test {

/// What the judge says of one answer.
struct Judgement {
    std::string wrong;            ///< what is wrong with it; empty: nothing
    std::string unknown;          ///< why the judge could not tell; empty: it could
    double coverage_ratio = 0.0;  ///< worst true relative error of a coverage over its bound
    double rate_ratio = 0.0;      ///< the same of net rates and turnover frequencies
    double residual = 0.0;        ///< relative, of the true root
    bool stability_proved = false;
};

/// Judges answers in arithmetic of `Digits` decimal digits, 100 or more: Newton's method from the
/// coverages reported leads to the exact root of the balances beside them (exact: with the rate
/// constants as doubles give them), with which coverages, net rates and turnover frequencies are
/// compared; stability by the criterion of Routh and Hurwitz where the network is small, by the
/// sign of the determinant, which shows a saddle, where it is not.
///
/// Of the solver under test the judge shares the network's mass-action rates and its exact integer
/// stoichiometry, nothing else.
template <unsigned Digits>
class JudgeIn {
public:
    using Number = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<Digits>,
                                                 boost::multiprecision::et_off>;

    explicit JudgeIn(const Network& network) : network_(network) {}

    [[nodiscard]] Judgement operator()(const PointKinetics& point, const SteadyState& answer) {
        Judgement judgement;
        judgement.wrong = plainly_wrong(point, answer);
        if (!judgement.wrong.empty()) return judgement;
        const Support& support = support_of(point, answer.coverages);
        if (!support.wrong.empty()) {
            judgement.wrong = support.wrong;
            return judgement;
        }
        if (!support.complete) {
            judgement.unknown = "a continuum of steady states: its place depends on the way there";
            return judgement;
        }
        Root root{Vector(static_cast<Eigen::Index>(support.present.size()))};
        judgement.unknown = find_root(point, support, answer.coverages, root);
        if (root.first_update > 0.9) {
            judgement.wrong = fmt::format(
                "no root near: Newton's first step from the answer is {:.2g}", root.first_update);
        }
        if (!judgement.unknown.empty()) return judgement;
        compare_coverages(support, root, answer, judgement);
        compare_rates(point, support, root, answer, judgement);
        judge_stability(point, support, root, judgement);
        return judgement;
    }

    /// Whether a root that is not known to be unstable lies within `closeness` (relative) of every
    /// coverage; then `coverages` are those of the root.
    [[nodiscard]] bool stable_root_near(const PointKinetics& point, std::vector<double>& coverages,
                                        double closeness) {
        const Support& support = support_of(point, coverages);
        if (!support.wrong.empty() || !support.complete) return false;
        Root root{Vector(static_cast<Eigen::Index>(support.present.size()))};
        if (!find_root(point, support, coverages, root).empty()) return false;
        for (std::size_t a = 0; a < support.present.size(); ++a) {
            const double found = static_cast<double>(root.x[static_cast<Eigen::Index>(a)]);
            double& coverage = coverages[at(support.present[a])];
            if (!(std::abs(found - coverage) <= closeness * found)) return false;
            coverage = found;
        }
        Judgement judgement;
        judge_stability(point, support, root, judgement);
        return judgement.wrong.empty();
    }

private:
    using Vector = Eigen::Matrix<Number, Eigen::Dynamic, 1>;
    using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;

    /// What follows from which unknowns are exactly zero.
    struct Support {
        std::string wrong;
        std::vector<int> present;            ///< unknowns that are not zero
        std::vector<int> extinct;            ///< zero now, but in reach of the initial surface
        std::vector<std::vector<int>> laws;  ///< over all unknowns, independent on `present`
        std::vector<int> of_network;         ///< number of the network's law, -1: none
        bool complete = false;               ///< the laws and balances fix all that is present
    };

    struct Root {
        Vector x;                   ///< per present unknown
        double uncertainty = 0.0;   ///< relative, of the coverages: how well 100 digits do
        double first_update = 0.0;  ///< relative, of Newton's first step from the answer
    };

    /// What is left of Newton's iterations at their end, relative.
    static constexpr double unit = Digits >= 300 ? 1e-290 : 1e-95;
    /// What Newton's matrix may make of the rounding: beside coverages and constants that span 30
    /// decades, a root is known to so many units only.
    static constexpr double amplified = 1e20;

    static std::size_t at(int i) { return static_cast<std::size_t>(i); }

    [[nodiscard]] std::string plainly_wrong(const PointKinetics& point,
                                            const SteadyState& answer) const {
        if (answer.coverages.size() != at(network_.unknowns()) ||
            answer.net_rates.size() != at(network_.steps()) ||
            answer.turnover_frequencies.size() != at(network_.gases())) {
            return "the answer does not have the network's shape";
        }
        for (int i = 0; i < network_.unknowns(); ++i) {
            const double x = answer.coverages[at(i)];
            if (!(x >= 0.0) || !std::isfinite(x)) {
                return fmt::format("{} has coverage {}", network_.unknown_names()[at(i)], x);
            }
        }
        if (!(answer.coverage_error >= 0.0) || !(answer.rate_error >= 0.0)) {
            return "no error bound";
        }
        for (std::size_t l = 0; l < network_.conservation_laws().size(); ++l) {
            double sum = 0.0, scale = 0.0;
            for (int i = 0; i < network_.unknowns(); ++i) {
                const double term =
                    network_.conservation_laws()[l].coefficients[at(i)] * answer.coverages[at(i)];
                sum += term;
                scale += std::abs(term);
            }
            const double rounding = 1e-15 * network_.unknowns();
            if (!(std::abs(sum - point.totals[l]) <= (answer.coverage_error + rounding) * scale)) {
                return fmt::format("conservation law {} is off by {:.2g}", l,
                                   sum - point.totals[l]);
            }
        }
        return {};
    }

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

    const Support& support_of(const PointKinetics& point, const std::vector<double>& coverages) {
        std::vector<bool> key;
        for (const double x : coverages) key.push_back(x > 0.0);
        for (const double x : point.initial) key.push_back(x > 0.0);
        for (const double k : point.forward) key.push_back(k > 0.0);
        for (const double k : point.reverse) key.push_back(k > 0.0);
        const auto [place, is_new] = supports_.try_emplace(std::move(key));
        if (is_new) place->second = make_support(point, coverages);
        return place->second;
    }

    [[nodiscard]] Support make_support(const PointKinetics& point,
                                       const std::vector<double>& coverages) const {
        Support support;
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

    /// The laws with the terms c x, each made to stand alone at one unknown of large share by
    /// Gauss-Jordan elimination: `place[l]` is its position among those present.
    struct PlacedLaws {
        Matrix coefficients;  ///< of x, one row a law
        std::vector<Number> totals;
        std::vector<std::size_t> place;
    };

    [[nodiscard]] PlacedLaws place_laws(const PointKinetics& point, const Support& support,
                                        const Vector& x) const {
        const auto laws = static_cast<Eigen::Index>(support.laws.size());
        PlacedLaws placed{Matrix(laws, x.size()), {}, {}};
        for (Eigen::Index l = 0; l < laws; ++l) {
            const std::vector<int>& law = support.laws[std::size_t(l)];
            const int number = support.of_network[std::size_t(l)];
            Number total = number < 0 ? Number(0) : Number(point.totals[at(number)]);
            for (int i = 0; i < network_.unknowns() && number < 0; ++i) {
                total += Number(law[at(i)]) * Number(point.initial[at(i)]);
            }
            placed.totals.push_back(total);
            for (Eigen::Index a = 0; a < x.size(); ++a) {
                placed.coefficients(l, a) = Number(law[at(support.present[std::size_t(a)])]);
            }
        }
        for (Eigen::Index l = 0; l < laws; ++l) {
            Eigen::Index pivot = 0;
            for (Eigen::Index a = 0; a < x.size(); ++a) {
                if (abs(placed.coefficients(l, a)) * x[a] >
                    abs(placed.coefficients(l, pivot)) * x[pivot]) {
                    pivot = a;
                }
            }
            placed.place.push_back(static_cast<std::size_t>(pivot));
            for (Eigen::Index m = 0; m < laws; ++m) {
                if (m == l || placed.coefficients(m, pivot) == 0) continue;
                const Number ratio = placed.coefficients(m, pivot) / placed.coefficients(l, pivot);
                placed.coefficients.row(m) -= ratio * placed.coefficients.row(l);
                placed.coefficients(m, pivot) = 0;
                placed.totals[std::size_t(m)] -= ratio * placed.totals[std::size_t(l)];
            }
        }
        return placed;
    }

    /// Rates and the balances' derivatives by the coverages at `x`, over all unknowns.
    struct Evaluation {
        std::vector<Number> coverages, forward, reverse, balance, jacobian;
    };
    [[nodiscard]] Evaluation evaluate(const PointKinetics& point, const Support& support,
                                      const Vector& x, bool with_jacobian) const {
        Evaluation e;
        const auto n = at(network_.unknowns());
        e.coverages.assign(n, Number(0));
        for (std::size_t a = 0; a < support.present.size(); ++a) {
            e.coverages[at(support.present[a])] = x[static_cast<Eigen::Index>(a)];
        }
        e.forward.resize(at(network_.steps()));
        e.reverse.resize(at(network_.steps()));
        e.balance.resize(n);
        step_rates(network_, point, e.coverages.data(), e.forward.data(), e.reverse.data());
        balances(network_, e.forward.data(), e.reverse.data(), e.balance.data());
        if (with_jacobian) {
            e.jacobian.resize(n * n);
            jacobian(network_, point, e.coverages.data(), e.jacobian.data());
        }
        return e;
    }

    [[nodiscard]] std::vector<Number> gross_rates(const Evaluation& e) const {
        std::vector<Number> gross(at(network_.unknowns()), Number(0));
        for (int j = 0; j < network_.steps(); ++j) {
            for (int i = 0; i < network_.unknowns(); ++i) {
                const int nu = network_.stoichiometry(i, j);
                if (nu != 0) {
                    gross[at(i)] += Number(std::abs(nu)) * (e.forward[at(j)] + e.reverse[at(j)]);
                }
            }
        }
        return gross;
    }

    /// Newton's method in relative changes, balances scaled by their gross rates; the matrix is
    /// factored again only where the last factors no longer make the update shrink fast. Returns
    /// why there is no root.
    [[nodiscard]] std::string find_root(const PointKinetics& point, const Support& support,
                                        const std::vector<double>& start, Root& root) const {
        const auto n = static_cast<Eigen::Index>(support.present.size());
        for (Eigen::Index a = 0; a < n; ++a) {
            root.x[a] = Number(start[at(support.present[std::size_t(a)])]);
        }
        const PlacedLaws laws = place_laws(point, support, root.x);
        std::vector<int> law_at(std::size_t(n), -1);
        for (std::size_t l = 0; l < laws.place.size(); ++l) {
            law_at[laws.place[l]] = static_cast<int>(l);
        }

        Eigen::PartialPivLU<Matrix> factors;
        Vector scale(n);
        bool fresh = false;
        double previous = 1e300;
        for (int iteration = 0; iteration < 200; ++iteration) {
            const bool factor = iteration == 0 || !fresh;
            const Evaluation e = evaluate(point, support, root.x, factor);
            if (factor) {
                const std::vector<Number> gross = gross_rates(e);
                Matrix matrix = Matrix::Zero(n, n);
                for (Eigen::Index a = 0; a < n; ++a) {
                    const int i = support.present[std::size_t(a)];
                    const int l = law_at[std::size_t(a)];
                    scale[a] = gross[at(i)];
                    if (l >= 0) {
                        scale[a] = 0;
                        for (Eigen::Index b = 0; b < n; ++b) {
                            scale[a] += abs(laws.coefficients(l, b)) * root.x[b];
                        }
                    }
                    for (Eigen::Index b = 0; b < n; ++b) {
                        const int k = support.present[std::size_t(b)];
                        const Number& slope = l >= 0 ? laws.coefficients(l, b)
                                                     : e.jacobian[at(i * network_.unknowns() + k)];
                        matrix(a, b) = slope * root.x[b] / scale[a];
                    }
                }
                factors.compute(matrix);
                fresh = true;
            }
            Vector side(n);
            for (Eigen::Index a = 0; a < n; ++a) {
                const int l = law_at[std::size_t(a)];
                side[a] = -e.balance[at(support.present[std::size_t(a)])];
                if (l >= 0) {
                    side[a] = laws.totals[std::size_t(l)];
                    for (Eigen::Index b = 0; b < n; ++b) {
                        side[a] -= laws.coefficients(l, b) * root.x[b];
                    }
                }
                side[a] /= scale[a];
            }
            // The matrix is by dx/x at the point where it was factored; close enough to it here.
            const Vector update = factors.solve(side);
            double largest = 0.0;
            for (Eigen::Index a = 0; a < n; ++a) {
                const double size = std::abs(static_cast<double>(update[a]));
                if (!(size <= largest)) largest = size;
            }
            if (!std::isfinite(largest)) return "the judge's Newton matrix is singular";
            if (iteration == 0) root.first_update = largest;
            if (iteration == 0 && largest > 0.9) return "no root near";
            if (largest < 1e-40 && largest > 1e-3 * previous) {
                root.uncertainty = std::max(largest, amplified * unit);
                return {};
            }
            for (Eigen::Index a = 0; a < n; ++a) root.x[a] += root.x[a] * update[a];
            if (largest == 0.0 || largest < unit) {
                root.uncertainty = amplified * unit;
                return {};
            }
            if (largest > 1e-3 * previous) fresh = false;
            previous = largest;
            for (Eigen::Index a = 0; a < n; ++a) {
                if (!(root.x[a] > 0)) return "the judge's Newton left the positive coverages";
            }
        }
        return "the judge's Newton does not converge";
    }

    /// Compares a value with the truth, which is known to `doubt`; `ratio` grows to the relative
    /// error over its bound.
    static void compare(const std::string& name, double value, const Number& truth,
                        const Number& doubt, double bound, double& ratio, Judgement& judgement) {
        const Number error = abs(Number(value) - truth);
        // What is below the smallest normal double is given as zero.
        if (error <= doubt || error < Number(std::numeric_limits<double>::min())) return;
        // A bound is a double itself, and may be rounded down.
        const Number allowed = abs(truth) * Number(bound) * Number(1.0 + 0x1p-51);
        ratio = std::max(ratio, allowed > 0 ? static_cast<double>(error / allowed) : 1e300);
        if (error <= allowed + doubt || !judgement.wrong.empty()) return;
        judgement.wrong = fmt::format(
            "{} is {:.17g}, truly {:.17g}: error {:.3g}, by its bound at most {:.3g} ({:.2g} more)",
            name, value, static_cast<double>(truth), static_cast<double>(error),
            static_cast<double>(allowed), static_cast<double>(error / allowed - 1));
    }

    void compare_coverages(const Support& support, const Root& root, const SteadyState& answer,
                           Judgement& judgement) const {
        for (std::size_t a = 0; a < support.present.size(); ++a) {
            const int i = support.present[a];
            const Number& truth = root.x[static_cast<Eigen::Index>(a)];
            compare("the coverage of " + network_.unknown_names()[at(i)], answer.coverages[at(i)],
                    truth, truth * Number(root.uncertainty), answer.coverage_error,
                    judgement.coverage_ratio, judgement);
        }
    }

    void compare_rates(const PointKinetics& point, const Support& support, const Root& root,
                       const SteadyState& answer, Judgement& judgement) const {
        const Evaluation e = evaluate(point, support, root.x, false);
        const std::vector<Number> gross = gross_rates(e);
        for (int i = 0; i < network_.unknowns(); ++i) {
            if (gross[at(i)] == 0) continue;
            judgement.residual = std::max(
                judgement.residual, static_cast<double>(abs(e.balance[at(i)]) / gross[at(i)]));
        }
        // A net rate below this share of its two ends is rounding, even in 100 digits.
        const Number unresolved(1e3 * root.uncertainty + 10.0 * unit);
        const auto compare_rate = [&](const std::string& name, double value, const Number& truth,
                                      const Number& ends) {
            compare(name, value, truth, ends * unresolved, answer.rate_error, judgement.rate_ratio,
                    judgement);
        };
        for (int j = 0; j < network_.steps(); ++j) {
            compare_rate("the net rate of '" + network_.step_names()[at(j)] + "'",
                         answer.net_rates[at(j)], e.forward[at(j)] - e.reverse[at(j)],
                         e.forward[at(j)] + e.reverse[at(j)]);
        }
        for (int g = 0; g < network_.gases(); ++g) {
            Number truth(0), ends(0);
            for (int j = 0; j < network_.steps(); ++j) {
                const Number nu(network_.gas_stoichiometry(g, j));
                truth += nu * (e.forward[at(j)] - e.reverse[at(j)]);
                ends += abs(nu) * (e.forward[at(j)] + e.reverse[at(j)]);
            }
            compare_rate("the turnover frequency of " + network_.gas_names()[at(g)],
                         answer.turnover_frequencies[at(g)], truth, ends);
        }
    }

    /// The Jacobian of what is present within the laws, and of the extinct among themselves, must
    /// have no growing mode.
    void judge_stability(const PointKinetics& point, const Support& support, const Root& root,
                         Judgement& judgement) const {
        const Evaluation e = evaluate(point, support, root.x, true);
        const PlacedLaws laws = place_laws(point, support, root.x);
        std::vector<std::size_t> kept;
        for (std::size_t a = 0; a < support.present.size(); ++a) {
            if (std::find(laws.place.begin(), laws.place.end(), a) == laws.place.end()) {
                kept.push_back(a);
            }
        }
        const auto slope = [&](int i, int k) -> const Number& {
            return e.jacobian[at(i * network_.unknowns() + k)];
        };
        const auto index = [](std::size_t a) { return static_cast<Eigen::Index>(a); };
        Matrix moving(index(kept.size()), index(kept.size()));
        for (std::size_t r = 0; r < kept.size(); ++r) {
            const int i = support.present[kept[r]];
            for (std::size_t c = 0; c < kept.size(); ++c) {
                Number entry = slope(i, support.present[kept[c]]);
                for (std::size_t l = 0; l < laws.place.size(); ++l) {
                    entry -= slope(i, support.present[laws.place[l]]) *
                             laws.coefficients(index(l), index(kept[c])) /
                             laws.coefficients(index(l), index(laws.place[l]));
                }
                moving(index(r), index(c)) =
                    entry * root.x[index(kept[c])] / root.x[index(kept[r])];
            }
        }
        Matrix extinct(index(support.extinct.size()), index(support.extinct.size()));
        for (std::size_t r = 0; r < support.extinct.size(); ++r) {
            for (std::size_t c = 0; c < support.extinct.size(); ++c) {
                extinct(index(r), index(c)) = slope(support.extinct[r], support.extinct[c]);
            }
        }
        const Stability one = stability(moving), other = stability(extinct);
        judgement.stability_proved = one == Stability::stable && other == Stability::stable;
        if ((one == Stability::unstable || other == Stability::unstable) &&
            judgement.wrong.empty()) {
            judgement.wrong = "the root is not stable";
        }
    }

    const Network& network_;
    std::map<std::vector<bool>, Support> supports_;
};

using Judge = JudgeIn<100>;
/// For what 100 digits cannot tell: modes of 1e-80 1/s beside others of 1e13 1/s.
using PatientJudge = JudgeIn<300>;

}  // namespace turnover::test
