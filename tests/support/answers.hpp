#pragma once

#include <cstddef>
#include <vector>

#include "turnover/kinetics/kinetics_table.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/reference.hpp"
#include "turnover/steady/state_table.hpp"
#include "turnover/steady/steady_state.hpp"

namespace turnover::test {

/// Steady states of many points with what the batched solver has to say of its work.
struct Answers {
    std::vector<SteadyState> states;
    std::vector<Path> paths;
    BatchReport report;
};

/// What a StateTable keeps of point `p`.
[[nodiscard]] inline SteadyState state_of(const StateTable& table, std::size_t p) {
    const auto copy = [](const auto& row) { return std::vector<double>(row.begin(), row.end()); };
    SteadyState state;
    state.status = table.status[p];
    if (const auto detail = table.detail.find(p); detail != table.detail.end()) {
        state.detail = detail->second;
    }
    state.coverages = copy(table.coverages(p));
    state.net_rates = copy(table.net_rates(p));
    state.turnover_frequencies = copy(table.turnover_frequencies(p));
    state.residual = table.residual[p];
    state.coverage_error = table.coverage_error[p];
    state.rate_error = table.rate_error[p];
    state.slowest_eigenvalue = table.slowest_eigenvalue[p];
    state.integration_time = table.integration_time[p];
    state.integration_steps = table.integration_steps[p];
    state.newton_iterations = table.newton_iterations[p];
    state.digits = table.digits[p];
    return state;
}

/// All points by the batched solver, which hands over to the reference path what it cannot certify.
[[nodiscard]] inline Answers batch_answers(const Network& network,
                                           const std::vector<PointKinetics>& points) {
    KineticsTable kinetics(network, points.size());
    for (std::size_t p = 0; p < points.size(); ++p) kinetics.set(p, points[p]);
    StateTable table(network, points.size());
    Answers answers;
    answers.report = solve_points(network, kinetics, table);
    for (std::size_t p = 0; p < points.size(); ++p) answers.states.push_back(state_of(table, p));
    answers.paths = table.path;
    return answers;
}

/// The same by the reference path alone.
[[nodiscard]] inline Answers reference_answers(const Network& network,
                                               const std::vector<PointKinetics>& points) {
    Answers answers;
    for (const PointKinetics& point : points) {
        answers.states.push_back(solve_reference(network, point));
    }
    answers.paths.assign(points.size(), Path::reference);
    return answers;
}

}  // namespace turnover::test
