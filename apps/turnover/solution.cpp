#include "solution.hpp"

#include <cstddef>

#include "turnover/analysis/reversibility.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::program {

namespace {

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

    const std::vector<StepConstants> constants = step_constants(mechanism, conditions);
    solution.state = solve_reference(network, network.at(conditions));
    const SteadyState& state = solution.state;
    const bool solved = state.status == Status::converged;
    const std::vector<double> reversibility =
        solved ? reversibilities(state) : std::vector<double>{};

    for (std::size_t m = 0; m < mechanism.steps.size(); ++m) {
        StepReport report;
        report.constants = constants[m];
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
