#pragma once

#include <cstddef>
#include <vector>

#include "turnover/chemistry/mechanism.hpp"

namespace turnover {

/// Gibbs corrections of all species (`gibbs_correction`) at `temperature` (K) and the mechanism's
/// standard pressure, J, in the order of `Mechanism::species`.
/// Throws Error, naming the species, where a Shomate range does not cover the temperature.
[[nodiscard]] std::vector<double> gibbs_corrections(const Mechanism& mechanism, double temperature);

/// Energy of reaction without thermochemistry, J per event: as given for a step with relative
/// energies, else from the species. NaN when the step has none.
[[nodiscard]] double reaction_energy(const Mechanism& mechanism, const Conditions& conditions,
                                     std::size_t step);

/// Standard Gibbs energy of reaction, J per event, from `corrections` of gibbs_corrections; NaN
/// when the step has no thermodynamics.
[[nodiscard]] double reaction_gibbs_energy(const Mechanism& mechanism, const Conditions& conditions,
                                           const std::vector<double>& corrections,
                                           std::size_t step);

/// Sum over the final minus sum over the initial state of `values` per species.
[[nodiscard]] double difference(const Step& step, const std::vector<double>& values);

/// Sum over one state (`step.initial` or `step.final`) of `values` per species.
[[nodiscard]] double state_sum(const std::vector<StepTerm>& state,
                               const std::vector<double>& values);

/// Closed cycles: combinations of the steps that have energies of their own (relative) or of their
/// species, after which nothing has changed, gases included. Each is one integer per step.
[[nodiscard]] std::vector<std::vector<int>> thermodynamic_cycles(const Mechanism& mechanism);

}  // namespace turnover
