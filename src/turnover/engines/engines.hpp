// Room: engines (floor 7)
//
// Charter: who runs the tiles. One file an engine, one small interface; engines differ only in who
// calls solve_tile, never in what comes out. What they stand on, crews of threads and of worker
// processes, serves any other function too (pool.hpp).
#pragma once

#include "turnover/engines/engine.hpp"
#include "turnover/engines/mpi.hpp"
#include "turnover/engines/pool.hpp"
