#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "support/hurwitz.hpp"
#include "support/judge_root.hpp"
#include "support/judge_support.hpp"
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
    using Equations = JudgeEquations<Digits>;
    using Number = typename Equations::Number;

    explicit JudgeIn(const Network& network)
        : network_(network), supports_(network), equations_(network) {}

    [[nodiscard]] Judgement operator()(const PointKinetics& point, const SteadyState& answer) {
        Judgement judgement;
        judgement.wrong = plainly_wrong(point, answer);
        if (!judgement.wrong.empty()) return judgement;
        const Support& support = supports_(point, answer.coverages);
        if (!support.wrong.empty()) {
            judgement.wrong = support.wrong;
            return judgement;
        }
        if (!support.complete) {
            judgement.unknown = "a continuum of steady states: its place depends on the way there";
            return judgement;
        }
        Root root{Vector(static_cast<Eigen::Index>(support.present.size()))};
        judgement.unknown = equations_.find_root(point, support, answer.coverages, root);
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
        const Support& support = supports_(point, coverages);
        if (!support.wrong.empty() || !support.complete) return false;
        Root root{Vector(static_cast<Eigen::Index>(support.present.size()))};
        if (!equations_.find_root(point, support, coverages, root).empty()) return false;
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
    using Support = JudgeSupport;
    using Root = typename Equations::Root;
    using Evaluation = typename Equations::Evaluation;
    using PlacedLaws = typename Equations::PlacedLaws;
    using Vector = typename Equations::Vector;
    using Matrix = typename Equations::Matrix;

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
        const Evaluation e = equations_.evaluate(point, support, root.x, false);
        const std::vector<Number> gross = equations_.gross_rates(e);
        for (int i = 0; i < network_.unknowns(); ++i) {
            if (gross[at(i)] == 0) continue;
            judgement.residual = std::max(
                judgement.residual, static_cast<double>(abs(e.balance[at(i)]) / gross[at(i)]));
        }
        // A net rate below this share of its two ends is rounding, even in 100 digits.
        const Number unresolved(1e3 * root.uncertainty + 10.0 * Equations::unit);
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
        const Evaluation e = equations_.evaluate(point, support, root.x, true);
        const PlacedLaws laws = equations_.place_laws(point, support, root.x);
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
    JudgeSupports supports_;
    Equations equations_;
};

using Judge = JudgeIn<100>;
/// For what 100 digits cannot tell: modes of 1e-80 1/s beside others of 1e13 1/s.
using PatientJudge = JudgeIn<300>;

}  // namespace turnover::test
