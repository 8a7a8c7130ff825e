#include "solution.hpp"

#include <cstddef>

#include <fmt/format.h>

#include "turnover/analysis/reversibility.hpp"
#include "turnover/kinetics/rate_constants.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::program {

namespace {

std::string unit_of(const Mechanism& mechanism, const std::vector<StepTerm>& consumed) {
    int gases = 0;
    for (const StepTerm& term : consumed) {
        if (mechanism.species[term.species].kind == SpeciesKind::gas) gases += term.coefficient;
    }
    if (gases == 0) return "1/s";
    return gases == 1 ? "1/(s Pa)" : fmt::format("1/(s Pa^{})", gases);
}

std::vector<NamedValue> named(const std::vector<std::string>& names, const std::vector<int>& order,
                              const std::vector<double>& values) {
    std::vector<NamedValue> pairs;
    for (const int k : order) {
        const auto i = static_cast<std::size_t>(k);
        pairs.push_back({names[i], values[i]});
    }
    return pairs;
}

}  // namespace

Solution solve_model(const Model& model) {
    const Network& network = model.network;
    const Mechanism& mechanism = network.mechanism();
    const Conditions& conditions = mechanism.conditions;

    Solution solution;
    solution.title = model.title;
    solution.path = model.path;
    solution.temperature = conditions.temperature;
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
        if (mechanism.species[i].kind != SpeciesKind::gas) continue;
        solution.pressures.push_back({mechanism.species[i].name, conditions.pressures[i]});
    }
    for (std::size_t i = 0; i < mechanism.sites.size(); ++i) {
        solution.sites.push_back({mechanism.sites[i].name, conditions.site_totals[i]});
    }

    const RateConstants constants = rate_constants(mechanism, conditions);
    solution.state = solve_reference(network, network.at(conditions));
    const SteadyState& state = solution.state;
    const bool solved = state.status == Status::converged;
    const std::vector<double> reversibility =
        solved ? reversibilities(state) : std::vector<double>{};

    for (std::size_t m = 0; m < mechanism.steps.size(); ++m) {
        const Step& step = mechanism.steps[m];
        StepReport report;
        report.name = step.name;
        report.forward_constant = constants.forward[m];
        report.reverse_constant = constants.reverse[m];
        report.forward_unit = unit_of(mechanism, step.initial);
        report.reverse_unit = unit_of(mechanism, step.final);
        if (solved) {
            const auto j = static_cast<std::size_t>(network.step_order()[m]);
            report.forward_rate = state.forward_rates[j];
            report.reverse_rate = state.reverse_rates[j];
            report.net_rate = state.net_rates[j];
            report.reversibility = reversibility[j];
        }
        solution.steps.push_back(report);
    }
    if (solved) {
        solution.coverages =
            named(network.unknown_names(), network.unknown_order(), state.coverages);
        solution.turnover_frequencies =
            named(network.gas_names(), network.gas_order(), state.turnover_frequencies);
    }
    return solution;
}

}  // namespace turnover::program
