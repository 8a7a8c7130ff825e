#include "turnover/chemistry/thermodynamics.hpp"

#include <limits>

#include "turnover/base/error.hpp"
#include "turnover/chemistry/stoichiometry.hpp"

namespace turnover {

std::vector<double> gibbs_corrections(const Mechanism& mechanism, double temperature) {
    std::vector<double> corrections;
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
        const Species& species = mechanism.species[i];
        const double mass = molecular_mass(species.composition, mechanism.constants);
        try {
            corrections.push_back(gibbs_correction(mechanism.thermochemistry[i], mass, temperature,
                                                   mechanism.standard_pressure,
                                                   mechanism.constants));
        } catch (const Error& error) {
            throw Error(species.name + ": " + error.message(), error.advice(), error.place());
        }
    }
    return corrections;
}

double state_sum(const std::vector<StepTerm>& state, const std::vector<double>& values) {
    double sum = 0.0;
    for (const StepTerm& term : state) sum += term.coefficient * values[term.species];
    return sum;
}

double difference(const Step& step, const std::vector<double>& values) {
    return state_sum(step.final, values) - state_sum(step.initial, values);
}

double reaction_energy(const Mechanism& mechanism, const Conditions& conditions, std::size_t step) {
    switch (mechanism.steps[step].energy_source) {
        case EnergySource::relative:
        case EnergySource::relative_free:
            return conditions.reaction_energies[step];
        case EnergySource::species:
            return difference(mechanism.steps[step], conditions.energies);
        case EnergySource::none:
            break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

double reaction_gibbs_energy(const Mechanism& mechanism, const Conditions& conditions,
                             const std::vector<double>& corrections, std::size_t step) {
    const double energy = reaction_energy(mechanism, conditions, step);
    if (mechanism.steps[step].energy_source == EnergySource::relative_free) return energy;
    return energy + difference(mechanism.steps[step], corrections);
}

std::vector<std::vector<int>> thermodynamic_cycles(const Mechanism& mechanism) {
    const std::size_t steps = mechanism.steps.size();
    // Steps without energies are left out of the matrix by a row of their own, which no null vector
    // can satisfy but with zero.
    IntegerMatrix matrix(mechanism.species.size(), std::vector<int>(steps, 0));
    for (std::size_t j = 0; j < steps; ++j) {
        const Step& step = mechanism.steps[j];
        for (const StepTerm& term : step.initial) matrix[term.species][j] -= term.coefficient;
        for (const StepTerm& term : step.final) matrix[term.species][j] += term.coefficient;
        if (step.energy_source == EnergySource::none || !step.reversible) {
            matrix.emplace_back(steps, 0);
            matrix.back()[j] = 1;
        }
    }
    return eliminate(matrix, static_cast<int>(steps)).null_space;
}

}  // namespace turnover
