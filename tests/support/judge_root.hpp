#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <Eigen/Dense>
#include <boost/multiprecision/eigen.hpp>

#include "support/judge_support.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/steady/extended.hpp"

namespace turnover::test {

/// The judge's equations in `Digits` decimal digits, and Newton's method for their root.
template <unsigned Digits>
class JudgeEquations {
public:
    using Number = ExtendedNumber<Digits>;
    using Vector = Eigen::Matrix<Number, Eigen::Dynamic, 1>;
    using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;

    explicit JudgeEquations(const Network& network) : network_(network) {}

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

    /// The laws with the terms c x, each made to stand alone at one unknown of large share by
    /// Gauss-Jordan elimination: `place[l]` is its position among those present.
    struct PlacedLaws {
        Matrix coefficients;  ///< of x, one row a law
        std::vector<Number> totals;
        std::vector<std::size_t> place;
    };

    [[nodiscard]] PlacedLaws place_laws(const PointKinetics& point, const JudgeSupport& support,
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
    [[nodiscard]] Evaluation evaluate(const PointKinetics& point, const JudgeSupport& support,
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
    [[nodiscard]] std::string find_root(const PointKinetics& point, const JudgeSupport& support,
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

private:
    static std::size_t at(int i) { return static_cast<std::size_t>(i); }

    const Network& network_;
};

}  // namespace turnover::test
