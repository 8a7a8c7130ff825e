#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnover/steady/extended.hpp"
#include "turnover/steady/lu.hpp"
#include "turnover/steady/scaled_balances.hpp"

namespace turnover {

/// Where Newton starts and what it may regard as known.
struct NewtonStart {
    std::vector<double> coverages;  ///< of the transient, per unknown of the network
    double resolved = 0.0;          ///< coverages below this one are only a guess
    /// Digits of the transient's arithmetic, where less than double-double will not do: 0, 100,
    /// 250.
    int digits = 0;
    /// Then the same coverages with these digits: in double alone, fast steps would start from
    /// their last bit away from equilibrium, which throws modes that are 1e-32 times as fast.
    std::vector<Digits250> exact = {};
};

/// A root of the balances in the arithmetic `Number`, not yet judged.
template <class Number>
struct Root {
    bool found = false;
    std::vector<Number> coverages;         ///< per unknown of the network
    std::vector<Number> forward, reverse;  ///< per step
    double first_update = 0.0;   ///< largest change of a resolved unknown, relative, of iteration 1
    double second_update = 0.0;  ///< and of iteration 2: the ratio tells how nonlinear the way was
    double residual = 0.0;
    int iterations = 0;
    std::vector<double> coverage_error;  ///< bound, relative, per unknown of the network
    std::vector<double> net_error;       ///< bound, absolute, per step, 1/s
    std::vector<double> turnover_error;  ///< bound, absolute, per gas, 1/s
};

/// `value` in another number type.
template <class To, class From>
[[nodiscard]] To converted(const From& value) {
    if constexpr (std::is_same_v<To, From>) {
        return value;
    } else {
        const double high = static_cast<double>(value);
        return To(high, static_cast<double>(value - From(high)));
    }
}

namespace detail {

/// The largest of |update| over the unknowns that are resolved or become so.
template <class Number>
double resolved_update(const std::vector<Number>& update, const std::vector<Number>& x,
                       const std::vector<int>& moving, double resolved) {
    double largest = 0.0;
    for (std::size_t a = 0; a < moving.size(); ++a) {
        const double coverage = static_cast<double>(x[static_cast<std::size_t>(moving[a])]);
        const double change = std::abs(static_cast<double>(update[a]));
        // Not max(), which would let a NaN pass.
        const double relative = change * std::min(1.0, coverage / resolved);
        if (!(relative <= largest)) largest = relative;
    }
    return largest;
}

template <class Number>
std::vector<Number> start_coverages(const NewtonStart& start, const std::vector<int>& moving) {
    std::vector<Number> x(start.coverages.size(), Number(0.0));
    for (const int i : moving) {
        const auto s = static_cast<std::size_t>(i);
        if constexpr (std::is_constructible_v<Number, Digits250>) {
            if (!start.exact.empty() && start.exact[s] > 0) {
                x[s] = Number(start.exact[s]);
                continue;
            }
        }
        x[s] = Number(start.coverages[s] > 0.0 ? start.coverages[s] : 1e-9 * start.resolved);
    }
    return x;
}

}  // namespace detail

/// How far the transient is from a root, by one Newton step in `Number`: the largest relative
/// change of a resolved unknown. Infinite where the system is singular.
template <class Number>
[[nodiscard]] double newton_distance(ScaledBalances<Number>& equations, const NewtonStart& start) {
    const auto x = detail::start_coverages<Number>(start, equations.moving());
    std::vector<Number> matrix, update;
    equations.evaluate(x, matrix, update);
    Lu<Number> lu;
    if (!lu.factor(std::move(matrix), equations.size())) {
        return std::numeric_limits<double>::infinity();
    }
    lu.solve(update);
    return detail::resolved_update(update, x, equations.moving(), start.resolved);
}

/// First-order bounds on what rounding leaves of the root: with every scaled equation known to
/// `noise`, |du| <= |A^-1| noise + |last update|, and for a net rate (or a sum of them) with
/// gradient g by du, |g A^-1| noise + |g last update| + noise * gross rate. `Estimate` is the type
/// it is computed in.
template <class Estimate, class Number>
void bound_errors(const Network& network, const std::vector<int>& moving,
                  const std::vector<Number>& matrix, const std::vector<Number>& last_update,
                  Root<Number>& root) {
    using std::abs;
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    const std::size_t n = moving.size();
    const double noise = static_cast<double>(network.steps() + network.unknowns() + 16) *
                         static_cast<double>(std::numeric_limits<Number>::epsilon());

    std::vector<Estimate> converted_matrix, update;
    for (const Number& entry : matrix) converted_matrix.push_back(converted<Estimate>(entry));
    for (const Number& entry : last_update) update.push_back(converted<Estimate>(entry));
    Lu<Estimate> lu;
    root.coverage_error.assign(root.coverages.size(), 0.0);
    root.net_error.assign(at(network.steps()), std::numeric_limits<double>::infinity());
    root.turnover_error.assign(at(network.gases()), std::numeric_limits<double>::infinity());
    if (!lu.factor(std::move(converted_matrix), static_cast<int>(n))) {
        for (const int i : moving) {
            root.coverage_error[at(i)] = std::numeric_limits<double>::infinity();
        }
        return;
    }
    std::vector<std::vector<Estimate>> inverse_columns(n);
    for (std::size_t b = 0; b < n; ++b) {
        inverse_columns[b].assign(n, Estimate(0.0));
        inverse_columns[b][b] = Estimate(1.0);
        lu.solve(inverse_columns[b]);
    }
    for (std::size_t a = 0; a < n; ++a) {
        double sum = 0.0;
        for (std::size_t b = 0; b < n; ++b) {
            sum += std::abs(static_cast<double>(inverse_columns[b][a]));
        }
        root.coverage_error[at(moving[a])] =
            sum * noise + std::abs(static_cast<double>(last_update[a]));
    }

    // Gradients of the net rates by du, one row a step, and what they make of the noise.
    std::vector<std::size_t> position(root.coverages.size(), n);
    for (std::size_t a = 0; a < n; ++a) position[at(moving[a])] = a;
    std::vector<std::vector<Estimate>> gradients(at(network.steps()));
    for (int j = 0; j < network.steps(); ++j) {
        gradients[at(j)].assign(n, Estimate(0.0));
        const auto add = [&](const std::vector<Power>& powers, const Estimate& rate) {
            for (const Power& p : powers) {
                const std::size_t a = position[at(p.unknown)];
                if (a < n) gradients[at(j)][a] += Estimate(double(p.exponent)) * rate;
            }
        };
        add(network.step_terms()[at(j)].forward, converted<Estimate>(root.forward[at(j)]));
        add(network.step_terms()[at(j)].reverse, -converted<Estimate>(root.reverse[at(j)]));
    }
    const auto spread = [&](const std::vector<Estimate>& gradient) {
        double sum = 0.0;
        Estimate moved(0.0);
        for (std::size_t b = 0; b < n; ++b) {
            Estimate entry(0.0);
            for (std::size_t a = 0; a < n; ++a) {
                if (gradient[a] != Estimate(0.0)) entry += gradient[a] * inverse_columns[b][a];
            }
            sum += std::abs(static_cast<double>(entry));
            moved += gradient[b] * update[b];
        }
        return sum * noise + std::abs(static_cast<double>(moved));
    };
    const auto gross = [&](int j) {
        return static_cast<double>(root.forward[at(j)]) + static_cast<double>(root.reverse[at(j)]);
    };
    for (int j = 0; j < network.steps(); ++j) {
        root.net_error[at(j)] = spread(gradients[at(j)]) + noise * gross(j);
    }
    for (int g = 0; g < network.gases(); ++g) {
        std::vector<Estimate> gradient(n, Estimate(0.0));
        double rounding = 0.0;
        for (int j = 0; j < network.steps(); ++j) {
            const int nu = network.gas_stoichiometry(g, j);
            if (nu == 0) continue;
            for (std::size_t a = 0; a < n; ++a) {
                gradient[a] += Estimate(double(nu)) * gradients[at(j)][a];
            }
            rounding += std::abs(nu) * noise * gross(j);
        }
        root.turnover_error[at(g)] = spread(gradient) + rounding;
    }
}

/// Newton's method in relative changes from the transient's coverages: x <- x (1 + du), which is
/// the plain Newton step of x, so that a linear chain of tiny coverages lands in one step however
/// far off it started. Where 1 + du is not positive the coverage is divided instead. Not found when
/// a resolved coverage moves by more than a half, the system is singular, or 60 iterations do not
/// settle it. `Estimate` is the type of the error bounds' linear algebra.
template <class Number, class Estimate>
[[nodiscard]] Root<Number> newton(const Network& network, ScaledBalances<Number>& equations,
                                  const NewtonStart& start) {
    constexpr int most_iterations = 60;
    const std::vector<int>& moving = equations.moving();
    const double epsilon = static_cast<double>(std::numeric_limits<Number>::epsilon());

    Root<Number> root;
    std::vector<Number> x = detail::start_coverages<Number>(start, moving);
    std::vector<Number> matrix, update;
    Lu<Number> lu;
    double previous = std::numeric_limits<double>::infinity();
    while (!root.found && root.iterations < most_iterations) {
        equations.evaluate(x, matrix, update);
        if (!lu.factor(matrix, equations.size())) return root;
        lu.solve(update);
        ++root.iterations;

        double largest = 0.0;
        for (const Number& u : update) {
            const double size = std::abs(static_cast<double>(u));
            if (!(size <= largest)) largest = size;
        }
        if (!std::isfinite(largest)) return root;
        const double resolved = detail::resolved_update(update, x, moving, start.resolved);
        if (root.iterations == 1) root.first_update = resolved;
        if (root.iterations == 2) root.second_update = resolved;
        if (resolved > 0.5) return root;

        for (std::size_t a = 0; a < moving.size(); ++a) {
            const auto i = static_cast<std::size_t>(moving[a]);
            const Number factor = Number(1.0) + update[a];
            const bool guessed = static_cast<double>(x[i]) < start.resolved;
            x[i] *= factor > Number(0.0) ? factor : Number(guessed ? 1e-10 : 0.5);
        }
        // Converged: the update is rounding, or it has stopped shrinking and is small.
        root.found = largest <= 64.0 * epsilon || (largest < 1e-12 && largest > 0.1 * previous);
        previous = largest;
    }
    if (!root.found) return root;

    const std::vector<Number> last_update = update;
    equations.evaluate(x, matrix, update);
    root.coverages = std::move(x);
    root.forward = equations.forward();
    root.reverse = equations.reverse();
    root.residual = equations.residual();
    bound_errors<Estimate>(network, moving, matrix, last_update, root);
    return root;
}

}  // namespace turnover
