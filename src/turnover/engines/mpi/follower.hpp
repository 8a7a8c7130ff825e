#pragma once

#include "turnover/engines/mpi.hpp"
#include "turnover/engines/mpi/link.hpp"
#include "turnover/engines/mpi/order.hpp"

namespace turnover::mpi {

/// Takes part in one map, until the leader has all that it wants. What this process cannot do or
/// what fails in it, the leader gets to know.
void follow(Link& link, const MapOrder& order, const TileFunctionMaker& make);

}  // namespace turnover::mpi
