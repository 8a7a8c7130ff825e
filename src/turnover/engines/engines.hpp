// Room: engines (floor 7)
//
// Charter: who runs the tiles. One file an engine, one small interface; engines differ only in who
// calls solve_tile, never in what comes out.
#pragma once

#include "turnover/engines/engine.hpp"
