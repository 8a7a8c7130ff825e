#pragma once

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/uniqueness.hpp"
#include "turnover/sweep/grid.hpp"

namespace turnover {

/// What examine_uniqueness says of a map: of its last point, and of every other point at which the
/// same rate constants and pressures are zero.
[[nodiscard]] Uniqueness examine_uniqueness(const Network& network, const Grid& grid);

}  // namespace turnover
