#include "turnover/kinetics/rate_constants.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include "turnover/base/error.hpp"
#include "turnover/chemistry/thermodynamics.hpp"

namespace turnover {

namespace {

/// k_forward = prefactor * exp(-barrier / kT); kept apart so that the reverse can be formed with a
/// single exponential, and neither overflows where the other is small.
struct ForwardRate {
    double prefactor;
    double barrier;  ///< J
};

double integer_power(double base, int exponent) {
    double result = 1.0;
    for (int k = 0; k < std::abs(exponent); ++k) result *= base;
    return exponent < 0 ? 1.0 / result : result;
}

class StepRates {
public:
    StepRates(const Mechanism& mechanism, const Conditions& conditions)
        : mechanism_(mechanism),
          conditions_(conditions),
          corrections_(gibbs_corrections(mechanism, conditions.temperature)),
          kT_(mechanism.constants.boltzmann * conditions.temperature) {}

    [[nodiscard]] std::pair<double, double> operator()(std::size_t j) const {
        const Step& step = mechanism_.steps[j];
        const double gibbs = reaction_gibbs_energy(mechanism_, conditions_, corrections_, j);
        const int consumed = gas_molecules(mechanism_, step.initial);
        const int change = gas_molecules(mechanism_, step.final) - consumed;

        ForwardRate forward{};
        std::optional<double> reverse;
        if (const auto* theory = std::get_if<TransitionStateTheory>(&step.theory)) {
            forward = transition_state(j, *theory, gibbs, consumed);
        } else if (const auto* collisions = std::get_if<CollisionTheory>(&step.theory)) {
            forward = collision(j, *collisions);
        } else {
            const auto& arrhenius = std::get<ArrheniusTheory>(step.theory);
            forward = expression(arrhenius.forward);
            if (const double barrier = conditions_.barriers[j]; !std::isnan(barrier)) {
                forward.barrier = barrier;
            }
            if (arrhenius.reverse) {
                const ForwardRate back = expression(*arrhenius.reverse);
                reverse = back.prefactor * std::exp(-back.barrier / kT_);
            } else if (arrhenius.equilibrium_constant) {
                reverse = forward.prefactor * std::exp(-forward.barrier / kT_) /
                          *arrhenius.equilibrium_constant;
            }
        }
        if (!step.reversible) {
            reverse = 0.0;
        } else if (!reverse) {
            // Detailed balance: k_reverse = k_forward exp(dG / kT) p0^-change.
            reverse = forward.prefactor * std::exp((gibbs - forward.barrier) / kT_) *
                      integer_power(mechanism_.standard_pressure, -change);
        }
        return {forward.prefactor * std::exp(-forward.barrier / kT_), *reverse};
    }

private:
    /// Eyring: kappa kT/h exp(-dG‡/kT) p0^-consumed. Neither direction can have a barrier below
    /// zero: where the energies say so, both are raised together, which keeps detailed balance.
    [[nodiscard]] ForwardRate transition_state(std::size_t j, const TransitionStateTheory& theory,
                                               double gibbs, int consumed) const {
        const double barrier = std::max(activation_gibbs_energy(j), 0.0);
        return {theory.transmission * kT_ / mechanism_.constants.planck *
                    integer_power(mechanism_.standard_pressure, -consumed),
                std::isnan(gibbs) ? barrier : std::max(barrier, gibbs)};
    }

    [[nodiscard]] double activation_gibbs_energy(std::size_t j) const {
        const Step& step = mechanism_.steps[j];
        const double barrier = conditions_.barriers[j];
        if (step.energy_source == EnergySource::relative_free) return barrier;
        const double initial = state_sum(step.initial, corrections_);
        const double top = transition_state_correction(step);
        if (!std::isnan(barrier)) return barrier + top - initial;
        // Species energies. Without a transition state the step is not activated beyond its
        // reaction energy.
        if (!step.transition_state) return 0.0;
        return conditions_.transition_state_energies[*step.transition_state] + top -
               state_sum(step.initial, conditions_.energies) - initial;
    }

    [[nodiscard]] double transition_state_correction(const Step& step) const {
        if (!step.transition_state) return 0.0;
        const TransitionState& state = mechanism_.transition_states[*step.transition_state];
        return gibbs_correction(
            state.thermochemistry, molecular_mass(state.composition, mechanism_.constants),
            conditions_.temperature, mechanism_.standard_pressure, mechanism_.constants);
    }

    /// Hertz-Knudsen: s A / sqrt(2 pi m kT) per Pa. The barrier is the energy of activation alone:
    /// the entropy that the gas loses is in the collision number.
    [[nodiscard]] ForwardRate collision(std::size_t j, const CollisionTheory& theory) const {
        const Step& step = mechanism_.steps[j];
        double mass = 0.0;
        const Site* site = nullptr;
        for (const StepTerm& term : step.initial) {
            const Species& species = mechanism_.species[term.species];
            if (species.kind == SpeciesKind::gas) {
                mass = molecular_mass(species.composition, mechanism_.constants);
            } else if (!species.sites.empty()) {
                site = &mechanism_.sites[*mechanism_.find_site(species.sites.begin()->first)];
            }
        }
        const double area = theory.area || !site ? theory.area.value_or(0.0) : site->area;
        const double sticking =
            theory.sticking || !site ? theory.sticking.value_or(1.0) : site->reactive_fraction;
        return {sticking * area / std::sqrt(2.0 * std::numbers::pi * mass * kT_),
                collision_barrier(j)};
    }

    /// As for transition states: neither direction has a barrier below zero.
    [[nodiscard]] double collision_barrier(std::size_t j) const {
        const Step& step = mechanism_.steps[j];
        double barrier = 0.0;
        if (!std::isnan(conditions_.barriers[j])) {
            barrier = conditions_.barriers[j];
        } else if (step.energy_source == EnergySource::species && step.transition_state) {
            barrier = conditions_.transition_state_energies[*step.transition_state] -
                      state_sum(step.initial, conditions_.energies);
        }
        const double reaction = reaction_energy(mechanism_, conditions_, j);
        return std::max({0.0, barrier, std::isnan(reaction) ? 0.0 : reaction});
    }

    [[nodiscard]] ForwardRate expression(const ArrheniusExpression& e) const {
        return {e.prefactor * std::pow(conditions_.temperature, e.temperature_exponent),
                e.activation_energy};
    }

    const Mechanism& mechanism_;
    const Conditions& conditions_;
    std::vector<double> corrections_;
    double kT_;
};

}  // namespace

RateConstants rate_constants(const Mechanism& mechanism, const Conditions& conditions) {
    const StepRates rates(mechanism, conditions);
    RateConstants result;
    for (std::size_t j = 0; j < mechanism.steps.size(); ++j) {
        const auto [forward, reverse] = rates(j);
        for (const double k : {forward, reverse}) {
            if (std::isfinite(k)) continue;
            throw Error("a rate constant of step '" + mechanism.steps[j].name + "' is not finite",
                        "Look at its energies and their units.");
        }
        result.forward.push_back(forward);
        result.reverse.push_back(reverse);
    }
    return result;
}

}  // namespace turnover
