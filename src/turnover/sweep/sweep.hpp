// Room: sweep (floor 6)
//
// Charter: many points of one network: axes, the grid that they span, the tiles that it is cut
// into, the results in index order, the journal of those that are finished, and how far along they
// are.
#pragma once

#include "turnover/sweep/branches.hpp"
#include "turnover/sweep/fingerprint.hpp"
#include "turnover/sweep/grid.hpp"
#include "turnover/sweep/journal.hpp"
#include "turnover/sweep/map_uniqueness.hpp"
#include "turnover/sweep/progress.hpp"
#include "turnover/sweep/result_set.hpp"
#include "turnover/sweep/tile.hpp"
#include "turnover/sweep/tile_codec.hpp"
