#pragma once

#include <functional>
#include <string>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// What a worker process does with each tile. It reports what went wrong in what it returns: of
/// exceptions only std::bad_alloc may leave it, which ends the worker as one that ran out of
/// memory; any other ends it as a crash.
using ProcessWork = std::function<std::string(Tile)>;

/// The whole life of a worker process: runs `start` (if there is one), says that it is ready, then
/// answers one tile after the other until the other side is gone.
void serve_tiles(int socket, const std::function<void()>& start, const ProcessWork& work);

}  // namespace turnover
