#include "turnover/steady/batch/sparse/route_rates.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "turnover/base/index.hpp"
#include "turnover/steady/double_double.hpp"

namespace turnover::batch {

namespace {

/// Denominators of coefficients that are looked for; what has none of these is not used.
constexpr double denominators = 5040.0;

}  // namespace

/// The net rates of all steps in terms of those of the steps `free`.
struct RouteRates::Routes {
    std::vector<int> free;             ///< positions in steps_
    std::vector<double> coefficients;  ///< steps_ x free, times `denominators`: integers
    bool exact = false;
};

RouteRates::RouteRates(const FlatNetwork& net) : net_(net) {
    for (int j = 0; j < net.steps; ++j) {
        const bool runs =
            net.forward_of[at(j)] < net.directions || net.reverse_of[at(j)] < net.directions;
        if (runs && net.on_a_route[at(j)]) steps_.push_back(j);
    }
    std::vector<int> place(at(net.steps), -1);
    for (std::size_t c = 0; c < steps_.size(); ++c) place[at(steps_[c])] = static_cast<int>(c);
    for (int i = 0; i < net.unknowns; ++i) {
        std::vector<double> row(steps_.size(), 0.0);
        for (const Term& term : net.balances[i]) {
            if (place[at(term.index)] >= 0) row[at(place[at(term.index)])] = term.coefficient;
        }
        changes_.insert(changes_.end(), row.begin(), row.end());
    }
}

/// Gauss-Jordan elimination with the steps of the largest errors as pivots. In double, because the
/// entries are small fractions; that the routes are routes is then checked in integers, so that
/// nothing rests on rounding. Each has its own free step, so that they are independent, and as many
/// as rank leaves room for, so that they are all: too large a rank would fail the check.
RouteRates::Routes RouteRates::routes_by(const std::vector<double>& errors) const {
    const std::size_t width = steps_.size(), height = at(net_.unknowns);
    std::vector<std::size_t> order(width);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        return errors[at(steps_[a])] > errors[at(steps_[b])];
    });
    std::vector<double> matrix = changes_;
    std::vector<std::size_t> rows(height), pivots, filled;
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    Routes routes;
    std::size_t rank = 0;
    for (const std::size_t column : order) {
        const auto entry = [&](std::size_t r) -> double& {
            return matrix[rows[r] * width + column];
        };
        std::size_t pivot = rank;
        for (std::size_t r = rank; r < height; ++r) {
            if (std::abs(entry(r)) > std::abs(entry(pivot))) pivot = r;
        }
        if (rank == height || std::abs(entry(pivot)) < 1e-6) {
            routes.free.push_back(static_cast<int>(column));
            continue;
        }
        std::swap(rows[rank], rows[pivot]);
        double* const own = &matrix[rows[rank] * width];
        const double scale = 1.0 / own[column];
        filled.clear();
        for (std::size_t c = 0; c < width; ++c) {
            if (own[c] == 0.0) continue;
            own[c] *= scale;
            filled.push_back(c);
        }
        for (std::size_t r = 0; r < height; ++r) {
            double* const other = &matrix[rows[r] * width];
            const double factor = other[column];
            if (r == rank || factor == 0.0) continue;
            for (const std::size_t c : filled) other[c] -= factor * own[c];
            other[column] = 0.0;
        }
        pivots.push_back(column);
        ++rank;
    }

    const std::size_t count = routes.free.size();
    routes.coefficients.assign(width * count, 0.0);
    for (std::size_t f = 0; f < count; ++f) {
        const std::size_t free = at(routes.free[f]);
        routes.coefficients[free * count + f] = denominators;
        for (std::size_t p = 0; p < rank; ++p) {
            routes.coefficients[pivots[p] * count + f] =
                std::round(-denominators * matrix[rows[p] * width + free]);
        }
    }
    routes.exact = true;
    std::vector<double> sums(count), sizes(count);
    for (int i = 0; i < net_.unknowns; ++i) {
        std::ranges::fill(sums, 0.0);
        std::ranges::fill(sizes, 0.0);
        for (std::size_t c = 0; c < width; ++c) {
            const double change = changes_[at(i) * width + c];
            if (change == 0.0) continue;
            for (std::size_t f = 0; f < count; ++f) {
                const double term = change * routes.coefficients[c * count + f];
                sums[f] += term;
                sizes[f] += std::abs(term);
            }
        }
        for (std::size_t f = 0; f < count; ++f) {
            routes.exact = routes.exact && sums[f] == 0.0 && sizes[f] < 0x1p53;
        }
    }
    return routes;
}

void RouteRates::improve(BoundedRates& steps, BoundedRates& gases) const {
    const Routes routes = routes_by(steps.error);
    if (!routes.exact) return;
    const std::size_t count = routes.free.size();
    const BoundedRates known = steps;
    // `weights`: of the free steps, times the denominators.
    const auto better = [&](const double* weights, BoundedRates& rates, std::size_t place) {
        DoubleDouble sum = 0.0;
        double error = 0.0;
        for (std::size_t f = 0; f < count; ++f) {
            if (weights[f] == 0.0) continue;
            const std::size_t j = at(steps_[at(routes.free[f])]);
            const DoubleDouble value(known.high[j], known.low[j]);
            sum += DoubleDouble(weights[f]) * value;
            error += std::abs(weights[f]) * (known.error[j] + 0x1p-98 * std::abs(known.high[j]));
        }
        error *= 1.001 / denominators;
        if (!(error < rates.error[place])) return;
        sum /= DoubleDouble(denominators);
        rates.high[place] = sum.high();
        rates.low[place] = sum.low();
        rates.error[place] = error;
    };
    for (std::size_t c = 0; c < steps_.size(); ++c) {
        better(&routes.coefficients[c * count], steps, at(steps_[c]));
    }
    std::vector<double> weights(count);
    for (int g = 0; g < net_.gases; ++g) {
        if (net_.turnovers[g].empty()) continue;
        std::ranges::fill(weights, 0.0);
        for (const Term& term : net_.turnovers[g]) {
            const auto found = std::ranges::lower_bound(steps_, term.index) - steps_.begin();
            for (std::size_t f = 0; f < count; ++f) {
                weights[f] += term.coefficient *
                              routes.coefficients[static_cast<std::size_t>(found) * count + f];
            }
        }
        better(weights.data(), gases, at(g));
    }
}

}  // namespace turnover::batch
