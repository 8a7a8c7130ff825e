#include "turnover/chemistry/plausibility.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "turnover/chemistry/thermodynamics.hpp"

namespace turnover {

namespace {

constexpr double lowest_temperature = 100.0, highest_temperature = 2000.0;  // K
constexpr double highest_pressure = 1000e5;                                 // Pa
constexpr double highest_barrier = 4.0, largest_step = 6.0;                 // eV
constexpr double slowest_mode = 20.0, fastest_mode = 5000.0;                // cm^-1
// Energies that are given to a few digits may miss each other by a little.
constexpr double rounding = 1e-3;  // eV

class Examiner {
public:
    Examiner(const Mechanism& mechanism, const Conditions& conditions)
        : mechanism_(mechanism), conditions_(conditions) {}

    std::vector<std::string> examine() {
        examine_conditions();
        for (std::size_t j = 0; j < mechanism_.steps.size(); ++j) examine_step(j);
        for (std::size_t i = 0; i < mechanism_.species.size(); ++i) {
            examine_vibrations(mechanism_.species[i].name, mechanism_.thermochemistry[i]);
        }
        for (const TransitionState& state : mechanism_.transition_states) {
            examine_vibrations(state.name, state.thermochemistry);
        }
        return std::move(found_);
    }

private:
    [[nodiscard]] double in_ev(double energy) const {
        return energy / mechanism_.constants.electronvolt;
    }

    void examine_conditions() {
        const double temperature = conditions_.temperature;
        if (temperature < lowest_temperature || temperature > highest_temperature) {
            found_.push_back(fmt::format(
                "The temperature is {:.6g} K. Is it in kelvin, and one where there is a surface?",
                temperature));
        }
        for (std::size_t i = 0; i < mechanism_.species.size(); ++i) {
            if (conditions_.pressures[i] > highest_pressure) {
                found_.push_back(
                    fmt::format("The pressure of {} is {:.6g} bar. Gases are taken as ideal.",
                                mechanism_.species[i].name, conditions_.pressures[i] / 1e5));
            }
        }
    }

    /// Energy of activation as it is given, eV; NaN where the step has none.
    [[nodiscard]] double barrier_of(std::size_t j) const {
        const Step& step = mechanism_.steps[j];
        if (!std::isnan(conditions_.barriers[j])) return in_ev(conditions_.barriers[j]);
        if (step.energy_source != EnergySource::species || !step.transition_state) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        return in_ev(conditions_.transition_state_energies[*step.transition_state] -
                     state_sum(step.initial, conditions_.energies));
    }

    void examine_step(std::size_t j) {
        const std::string& name = mechanism_.steps[j].name;
        const double barrier = barrier_of(j);
        const double reaction = in_ev(reaction_energy(mechanism_, conditions_, j));
        const Step& step = mechanism_.steps[j];
        // Gases lose entropy on the way to a surface: between energies of species, a transition
        // state below a state with gas is what a precursor looks like.
        const auto below = [&](double difference, const std::vector<StepTerm>& state) {
            const bool given = !std::isnan(conditions_.barriers[j]);
            return difference < -rounding && (given || gas_molecules(mechanism_, state) == 0);
        };
        if (barrier > highest_barrier) {
            found_.push_back(
                fmt::format("The barrier of '{}' is {:.4g} eV. Nothing passes it below a thousand "
                            "kelvin.",
                            name, barrier));
        } else if (below(barrier, step.initial)) {
            found_.push_back(
                fmt::format("The barrier of '{}' is {:.4g} eV, below zero.", name, barrier));
        } else if (step.reversible && below(barrier - reaction, step.final)) {
            found_.push_back(fmt::format(
                "The barrier of '{}' is {:.4g} eV, but its reaction takes {:.4g} eV: the "
                "transition state lies below the final state.",
                name, barrier, reaction));
        }
        if (std::abs(reaction) > largest_step) {
            found_.push_back(
                fmt::format("'{}' {} {:.4g} eV, more than the strongest bonds to a "
                            "surface.",
                            name, reaction < 0.0 ? "releases" : "takes", std::abs(reaction)));
        }
    }

    void examine_vibrations(const std::string& name, const Thermochemistry& thermochemistry) {
        const std::vector<double>* modes = nullptr;
        if (const auto* harmonic = std::get_if<HarmonicCorrection>(&thermochemistry)) {
            modes = &harmonic->vibrations;
        } else if (const auto* gas = std::get_if<IdealGasCorrection>(&thermochemistry)) {
            modes = &gas->vibrations;
        }
        if (modes == nullptr) return;
        const Constants& constants = mechanism_.constants;
        for (const double mode : *modes) {
            const double wavenumber = mode / (constants.planck * constants.speed_of_light * 100.0);
            if (wavenumber < slowest_mode) {
                found_.push_back(
                    fmt::format("{} has a vibration of {:.4g} cm^-1, whose entropy as a harmonic "
                                "one is hardly known.",
                                name, wavenumber));
            } else if (wavenumber > fastest_mode) {
                found_.push_back(
                    fmt::format("{} has a vibration of {:.4g} cm^-1, faster than that of H2.", name,
                                wavenumber));
            }
        }
    }

    const Mechanism& mechanism_;
    const Conditions& conditions_;
    std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> implausible(const Mechanism& mechanism, const Conditions& conditions) {
    return Examiner(mechanism, conditions).examine();
}

}  // namespace turnover
