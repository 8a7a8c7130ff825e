#include "step_constants.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "turnover/chemistry/thermodynamics.hpp"
#include "turnover/kinetics/rate_constants.hpp"

namespace turnover::program {

namespace {

std::string unit_of(const Mechanism& mechanism, const std::vector<StepTerm>& consumed) {
    const int gases = gas_molecules(mechanism, consumed);
    if (gases == 0) return "1/s";
    return gases == 1 ? "1/(s Pa)" : fmt::format("1/(s Pa^{})", gases);
}

}  // namespace

std::vector<StepConstants> step_constants(const Mechanism& mechanism,
                                          const Conditions& conditions) {
    const RateConstants constants = rate_constants(mechanism, conditions);
    const std::vector<double> corrections = gibbs_corrections(mechanism, conditions.temperature);
    const double kT = mechanism.constants.boltzmann * conditions.temperature;
    std::vector<StepConstants> all;
    for (std::size_t j = 0; j < mechanism.steps.size(); ++j) {
        const Step& step = mechanism.steps[j];
        double gibbs = reaction_gibbs_energy(mechanism, conditions, corrections, j);
        if (std::isnan(gibbs) && step.reversible) {
            // Both rate constants are given: k_forward / k_reverse = exp(-dG / kT) p0^change.
            const int change =
                gas_molecules(mechanism, step.final) - gas_molecules(mechanism, step.initial);
            gibbs = kT * (std::log(constants.reverse[j]) - std::log(constants.forward[j]) +
                          change * std::log(mechanism.standard_pressure));
        }
        all.push_back({step.name, gibbs / mechanism.constants.electronvolt,
                       step.reversible ? -gibbs / kT / std::numbers::ln10
                                       : std::numeric_limits<double>::quiet_NaN(),
                       constants.forward[j], constants.reverse[j], unit_of(mechanism, step.initial),
                       unit_of(mechanism, step.final)});
    }
    return all;
}

}  // namespace turnover::program
