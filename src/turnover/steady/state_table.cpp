#include "turnover/steady/state_table.hpp"

#include <algorithm>

namespace turnover {

namespace {

template <class Values>
void copy_to(const Values& from, Values& to, std::size_t offset) {
    std::ranges::copy(from, to.begin() + static_cast<std::ptrdiff_t>(offset));
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
    copy_to(other.status, status, first);
    copy_to(other.path, path, first);
    copy_to(other.coverage, coverage, first * unknowns);
    copy_to(other.net_rate, net_rate, first * steps);
    copy_to(other.turnover_frequency, turnover_frequency, first * gases);
    copy_to(other.residual, residual, first);
    copy_to(other.coverage_error, coverage_error, first);
    copy_to(other.rate_error, rate_error, first);
    copy_to(other.slowest_eigenvalue, slowest_eigenvalue, first);
    copy_to(other.integration_time, integration_time, first);
    copy_to(other.integration_steps, integration_steps, first);
    copy_to(other.newton_iterations, newton_iterations, first);
    copy_to(other.digits, digits, first);
    for (const auto& [p, text] : other.detail) detail[first + p] = text;
}

}  // namespace turnover
