#include "turnover/steady/state_table.hpp"

#include <algorithm>
#include <cmath>

namespace turnover {

namespace {

/// Calls `visit(width, column...)` with every column of some tables of one network.
template <class Visit, class... Tables>
void each_column(const StateTable& shape, const Visit& visit, Tables&... tables) {
    visit(1, tables.status...);
    visit(1, tables.path...);
    visit(shape.unknowns, tables.coverage...);
    visit(shape.steps, tables.net_rate...);
    visit(shape.gases, tables.turnover_frequency...);
    visit(1, tables.residual...);
    visit(1, tables.coverage_error...);
    visit(1, tables.rate_error...);
    visit(1, tables.slowest_eigenvalue...);
    visit(1, tables.integration_time...);
    visit(1, tables.integration_steps...);
    visit(1, tables.newton_iterations...);
    visit(1, tables.digits...);
}

}  // namespace

StateTable::StateTable(const Network& network, std::size_t points)
    : unknowns(static_cast<std::size_t>(network.unknowns())),
      steps(static_cast<std::size_t>(network.steps())),
      gases(static_cast<std::size_t>(network.gases())) {
    resize(points);
}

void StateTable::resize(std::size_t points) {
    const std::size_t before = this->points();
    each_column(
        *this, [points](std::size_t width, auto& column) { column.resize(points * width); }, *this);
    if (points > before) {
        std::fill(status.begin() + static_cast<std::ptrdiff_t>(before), status.end(),
                  Status::not_computed);
    }
    detail.erase(detail.lower_bound(points), detail.end());
}

void StateTable::reserve(std::size_t points) {
    each_column(
        *this, [points](std::size_t width, auto& column) { column.reserve(points * width); },
        *this);
}

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
    const auto copy = [first](std::size_t width, const auto& from, auto& to) {
        // Not std::ranges::copy, of which GCC 12 makes a loop over single elements.
        std::copy(from.begin(), from.end(),
                  to.begin() + static_cast<std::ptrdiff_t>(first * width));
    };
    each_column(*this, copy, other, *this);
    for (const auto& [p, text] : other.detail) detail[first + p] = text;
}

void StateTable::insert(std::span<const std::size_t> places, const StateTable& other) {
    const auto copy = [places](std::size_t width, const auto& from, auto& to) {
        for (std::size_t k = 0; k < places.size(); ++k) {
            std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(k * width), width,
                        to.begin() + static_cast<std::ptrdiff_t>(places[k] * width));
        }
    };
    each_column(*this, copy, other, *this);
    for (const auto& [k, text] : other.detail) detail[places[k]] = text;
}

StateTable StateTable::picked(std::span<const std::size_t> places) const {
    StateTable result;
    result.unknowns = unknowns;
    result.steps = steps;
    result.gases = gases;
    const std::size_t points = places.size();
    const auto pick = [places, points](std::size_t width, const auto& from, auto& to) {
        to.resize(points * width);
        for (std::size_t k = 0; k < points; ++k) {
            std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(places[k] * width), width,
                        to.begin() + static_cast<std::ptrdiff_t>(k * width));
        }
    };
    each_column(*this, pick, *this, result);
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
