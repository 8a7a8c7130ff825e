// The checks of a mechanism that is complete as text: does it have the numbers it needs?

#include <cmath>
#include <string>

#include "turnover/base/error.hpp"
#include "turnover/chemistry/mechanism.hpp"
#include "turnover/chemistry/thermodynamics.hpp"

namespace turnover {

namespace {

void need_species_energies(const Mechanism& mechanism, const Step& step) {
    for (const auto* state : {&step.initial, &step.final}) {
        for (const StepTerm& term : *state) {
            if (!std::isnan(mechanism.conditions.energies[term.species])) continue;
            const Species& species = mechanism.species[term.species];
            const std::string block = species.kind == SpeciesKind::gas ? "gases" : "adsorbates";
            throw Error("step '" + step.name + "' needs the energy of " + species.name,
                        "Give " + block + ": " + species.name +
                            ": energy, or give the step both a barrier and a reaction-energy.");
        }
    }
}

void check_energies(const Mechanism& mechanism, std::size_t index, bool barrier_needed) {
    const Step& step = mechanism.steps[index];
    const Conditions& given = mechanism.conditions;
    const bool has_barrier = !std::isnan(given.barriers[index]);
    switch (step.energy_source) {
        case EnergySource::none:
            throw Error("step '" + step.name + "' has no energies",
                        "Give it a barrier and a reaction-energy, or give its species energies.");
        case EnergySource::relative:
        case EnergySource::relative_free:
            if (barrier_needed && !has_barrier) {
                throw Error("step '" + step.name + "' has no barrier", "Add barrier: ... eV.");
            }
            if (step.reversible && std::isnan(given.reaction_energies[index])) {
                throw Error("step '" + step.name + "' is reversible and has no reaction energy",
                            "Add reaction-energy: ... eV, or write '=>' if it is irreversible.");
            }
            return;
        case EnergySource::species:
            need_species_energies(mechanism, step);
            if (step.transition_state && !has_barrier &&
                std::isnan(given.transition_state_energies[*step.transition_state])) {
                const std::string& name = mechanism.transition_states[*step.transition_state].name;
                throw Error(
                    "step '" + step.name + "' needs the energy of its transition state " + name,
                    "Give transition-states: " + name + ": energy, or give the step a barrier.");
            }
            return;
    }
}

void check_collision(const Mechanism& mechanism, const Step& step, const CollisionTheory& theory) {
    if (const int gases = gas_molecules(mechanism, step.initial); gases != 1) {
        throw Error("collision theory needs one gas molecule among the reactants, '" + step.name +
                        "' has " + std::to_string(gases),
                    "Write adsorption with the gas on the left, or use theory: transition-state.");
    }
    if (theory.area && theory.sticking) return;
    std::optional<std::size_t> site;
    for (const StepTerm& term : step.initial) {
        for (const auto& [name, count] : mechanism.species[term.species].sites) {
            const auto found = mechanism.find_site(name);
            if (site && site != found) {
                throw Error(
                    "step '" + step.name + "' meets several site types, whose area is meant?",
                    "Give the step its own area and sticking-coefficient.");
            }
            site = found;
        }
    }
    if (!theory.area && (!site || mechanism.sites[*site].area <= 0.0)) {
        const std::string name = site ? mechanism.sites[*site].name : "s";
        throw Error(
            "collision theory of step '" + step.name + "' needs the area of a site",
            "Give sites: " + name + ": area, for example 9.0e-20 m^2, or the step its own area.");
    }
}

/// The energies given must belong to states: whatever path one takes around a cycle, nothing is
/// gained.
void check_cycles(const Mechanism& mechanism) {
    const Conditions& given = mechanism.conditions;
    const std::vector<double> corrections = gibbs_corrections(mechanism, given.temperature);
    for (const auto& cycle : thermodynamic_cycles(mechanism)) {
        double gained = 0.0;
        std::string steps;
        for (std::size_t j = 0; j < cycle.size(); ++j) {
            if (cycle[j] == 0) continue;
            gained += cycle[j] * reaction_gibbs_energy(mechanism, given, corrections, j);
            steps += (steps.empty() ? "'" : ", '") + mechanism.steps[j].name + "'";
        }
        gained /= mechanism.constants.electronvolt;
        if (std::abs(gained) > 1e-9) {
            throw Error("the steps " + steps +
                            " form a closed cycle, but their reaction energies add up to " +
                            std::to_string(gained) + " eV instead of 0",
                        "Correct a reaction-energy, or give energies of the species instead: they "
                        "always close.");
        }
    }
}

}  // namespace

void check_step(const Mechanism& mechanism, std::size_t index) {
    const Step& step = mechanism.steps[index];
    if (std::holds_alternative<TransitionStateTheory>(step.theory)) {
        check_energies(mechanism, index, true);
    } else if (const auto* collision = std::get_if<CollisionTheory>(&step.theory)) {
        check_energies(mechanism, index, false);
        check_collision(mechanism, step, *collision);
    } else {
        const auto& arrhenius = std::get<ArrheniusTheory>(step.theory);
        const bool complete =
            !step.reversible || arrhenius.reverse || arrhenius.equilibrium_constant;
        if (complete && step.energy_source == EnergySource::none) return;
        if (step.energy_source == EnergySource::none) {
            throw Error(
                "step '" + step.name + "' is reversible and has no reverse rate constant",
                "Add reverse, equilibrium-constant or reaction-energy, or write '=>' if it is "
                "irreversible.");
        }
        check_energies(mechanism, index, false);
    }
}

void check_mechanism(const Mechanism& mechanism) {
    const Conditions& given = mechanism.conditions;
    if (mechanism.steps.empty()) {
        throw Error("there are no reactions", "List the elementary steps under reactions.");
    }
    if (!(given.temperature > 0.0)) {
        throw Error("the temperature must be positive", "Give conditions: temperature, in K.");
    }
    for (std::size_t s = 0; s < mechanism.sites.size(); ++s) {
        if (!(given.site_totals[s] > 0.0)) {
            throw Error("the total of site '" + mechanism.sites[s].name + "' must be positive",
                        "Give sites: " + mechanism.sites[s].name + ": total, for example 1.0.");
        }
    }
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
        const Species& species = mechanism.species[i];
        if (species.kind == SpeciesKind::gas && !(given.pressures[i] >= 0.0)) {
            throw Error("the gas " + species.name + " has no pressure",
                        "Give conditions: pressures: " + species.name + "; it may be 0 bar.");
        }
    }
    for (const TransitionState& state : mechanism.transition_states) {
        if (!mechanism.find_species(state.name)) continue;
        throw Error(
            "'" + state.name + "' is both a species and a transition state",
            "Give the transition state a name of its own, for example with a bond: H-H_2s.");
    }
    for (std::size_t j = 0; j < mechanism.steps.size(); ++j) check_step(mechanism, j);
    check_cycles(mechanism);
}

}  // namespace turnover
