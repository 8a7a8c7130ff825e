#pragma once

#include <string>
#include <vector>

#include "turnover/chemistry/mechanism.hpp"

namespace turnover::program {

/// What drives a step and how fast it is at given conditions.
struct StepConstants {
    std::string name;
    /// Standard Gibbs energy of reaction, eV per event; of a step whose two rate constants are
    /// given, from their quotient. NaN for an irreversible step without energies.
    double gibbs_energy = 0.0;
    double log10_equilibrium = 0.0;  ///< log10 of exp(-dG / k_B T); NaN for an irreversible step
    double forward = 0.0, reverse = 0.0;
    std::string forward_unit, reverse_unit;  ///< "1/s", "1/(s Pa)", "1/(s Pa^2)"
};

/// One for each step, in the order of the file. Throws Error when a rate constant is not finite.
[[nodiscard]] std::vector<StepConstants> step_constants(const Mechanism& mechanism,
                                                        const Conditions& conditions);

}  // namespace turnover::program
