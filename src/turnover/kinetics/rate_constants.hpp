#pragma once

#include <vector>

#include "turnover/chemistry/mechanism.hpp"

namespace turnover {

/// Rate constants of every step, in the order of `Mechanism::steps`, in 1/(s Pa^n) with n the gas
/// molecules that the direction consumes. An irreversible step's reverse is zero.
struct RateConstants {
    std::vector<double> forward;
    std::vector<double> reverse;
};

/// The rate constants at `conditions` (docs/theory.md, section "Rate constants").
///
/// With dG the standard Gibbs energy of reaction, p0 the standard pressure and n the change in gas
/// molecules, k_reverse = k_forward exp(dG / k_B T) p0^-n, so that every closed cycle of steps
/// returns to where it started. Throws Error when a rate constant is not finite.
[[nodiscard]] RateConstants rate_constants(const Mechanism& mechanism,
                                           const Conditions& conditions);

}  // namespace turnover
