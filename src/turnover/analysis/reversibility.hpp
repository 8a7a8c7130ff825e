#pragma once

#include <vector>

#include "turnover/steady/steady_state.hpp"

namespace turnover {

/// Reversibility of every step, reverse rate over forward rate, in the network's order of steps: 0
/// is irreversible, 1 is quasi-equilibrated, above 1 the step runs backwards (Campbell, ACS Catal.
/// 7, 2770 (2017), eq. 6). NaN where both rates are zero.
[[nodiscard]] std::vector<double> reversibilities(const SteadyState& state);

}  // namespace turnover
