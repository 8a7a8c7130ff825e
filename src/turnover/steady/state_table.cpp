#include "turnover/steady/state_table.hpp"

#include <algorithm>
#include <cmath>

namespace turnover {

namespace {

/// Calls `copy(from, to, width)` for every column of two tables of one network.
template <class Copy>
void each_column(const StateTable& from, StateTable& to, const Copy& copy) {
    copy(from.status, to.status, 1);
    copy(from.path, to.path, 1);
    copy(from.coverage, to.coverage, from.unknowns);
    copy(from.net_rate, to.net_rate, from.steps);
    copy(from.turnover_frequency, to.turnover_frequency, from.gases);
    copy(from.residual, to.residual, 1);
    copy(from.coverage_error, to.coverage_error, 1);
    copy(from.rate_error, to.rate_error, 1);
    copy(from.slowest_eigenvalue, to.slowest_eigenvalue, 1);
    copy(from.integration_time, to.integration_time, 1);
    copy(from.integration_steps, to.integration_steps, 1);
    copy(from.newton_iterations, to.newton_iterations, 1);
    copy(from.digits, to.digits, 1);
}

}  // namespace

StateTable::StateTable(const Network& network, std::size_t points)
    : unknowns(static_cast<std::size_t>(network.unknowns())),
      steps(static_cast<std::size_t>(network.steps())),
      gases(static_cast<std::size_t>(network.gases())),
      status(points, Status::not_computed),
      path(points, Path::none),
      coverage(points * unknowns),
      net_rate(points * steps),
      turnover_frequency(points * gases),
      residual(points),
      coverage_error(points),
      rate_error(points),
      slowest_eigenvalue(points),
      integration_time(points),
      integration_steps(points),
      newton_iterations(points),
      digits(points) {}

void StateTable::set(std::size_t p, const SteadyState& state, Path origin) {
    status[p] = state.status;
    path[p] = origin;
    std::ranges::copy(state.coverages, coverages(p).begin());
    std::ranges::copy(state.net_rates, net_rates(p).begin());
    std::ranges::copy(state.turnover_frequencies, turnover_frequencies(p).begin());
    residual[p] = state.residual;
    coverage_error[p] = state.coverage_error;
    rate_error[p] = state.rate_error;
    slowest_eigenvalue[p] = state.slowest_eigenvalue;
    integration_time[p] = state.integration_time;
    integration_steps[p] = state.integration_steps;
    newton_iterations[p] = state.newton_iterations;
    digits[p] = state.digits;
    if (state.detail.empty()) {
        detail.erase(p);
    } else {
        detail[p] = state.detail;
    }
}

void StateTable::insert(std::size_t first, const StateTable& other) {
    each_column(other, *this, [first](const auto& from, auto& to, std::size_t width) {
        std::ranges::copy(from, to.begin() + static_cast<std::ptrdiff_t>(first * width));
    });
    for (const auto& [p, text] : other.detail) detail[first + p] = text;
}

void StateTable::insert(std::span<const std::size_t> places, const StateTable& other) {
    each_column(other, *this, [places](const auto& from, auto& to, std::size_t width) {
        for (std::size_t k = 0; k < places.size(); ++k) {
            std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(k * width), width,
                        to.begin() + static_cast<std::ptrdiff_t>(places[k] * width));
        }
    });
    for (const auto& [k, text] : other.detail) detail[places[k]] = text;
}

StateTable StateTable::picked(std::span<const std::size_t> places) const {
    StateTable result;
    result.unknowns = unknowns;
    result.steps = steps;
    result.gases = gases;
    const std::size_t points = places.size();
    each_column(*this, result, [places, points](const auto& from, auto& to, std::size_t width) {
        to.resize(points * width);
        for (std::size_t k = 0; k < points; ++k) {
            std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(places[k] * width), width,
                        to.begin() + static_cast<std::ptrdiff_t>(k * width));
        }
    });
    for (std::size_t k = 0; k < points; ++k) {
        if (const auto found = detail.find(places[k]); found != detail.end()) {
            result.detail[k] = found->second;
        }
    }
    return result;
}

bool same_state(const StateTable& table, std::size_t p, std::size_t q) {
    constexpr double margin = 1e-9;
    const double allowed = table.coverage_error[p] + table.coverage_error[q] + margin;
    return std::ranges::equal(table.coverages(p), table.coverages(q), [&](double x, double y) {
        return std::abs(x - y) <= allowed * std::max(x, y);
    });
}

}  // namespace turnover
