// Room: steady (floor 4)
//
// Charter: one point (or one batch of points) in, certified steady states out. The reference path
// is the slow truth that every faster path is tested against.
#pragma once

#include "turnover/steady/batch.hpp"
#include "turnover/steady/reference.hpp"
#include "turnover/steady/state_table.hpp"
#include "turnover/steady/steady_state.hpp"
