#pragma once

#include <string>
#include <vector>

#include "turnover/chemistry/mechanism.hpp"

namespace turnover {

/// What is allowed but unusual in `conditions` of `mechanism`, one sentence each, for whoever may
/// have slipped in a unit or a sign: temperatures outside 100 to 2000 K, pressures above 1000 bar,
/// barriers below zero or above 4 eV, transition states below the final state (those that follow
/// from energies of species only beside states without gas), steps that release or take more than 6
/// eV, vibrations outside 20 to 5000 cm^-1. Nothing is refused for it. The limits are meant to pass
/// what the literature of heterogeneous catalysis has, and no more.
[[nodiscard]] std::vector<std::string> implausible(const Mechanism& mechanism,
                                                   const Conditions& conditions);

}  // namespace turnover
