// Room: kinetics (floor 3)
//
// Charter: from a mechanism and conditions to rates: rate constants from energies, and the compiled
// network whose rates and Jacobian serve every number type.
#pragma once

#include "turnover/kinetics/kinetics_table.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/kinetics/rate_constants.hpp"
#include "turnover/kinetics/starting_surface.hpp"
