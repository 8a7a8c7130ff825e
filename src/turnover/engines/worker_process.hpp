#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// What a worker process does with each tile: writes an answer into an empty string. It reports
/// there what went wrong too: of exceptions only std::bad_alloc may leave it, which ends the worker
/// as one that ran out of memory; any other ends it as a crash.
using ProcessWork = std::function<void(Tile, std::string& answer)>;

/// Tiles that a worker may have been given and whose answers may not be read yet.
inline constexpr std::size_t tasks_ahead = 2;

/// The payload of FrameKind::result_in_room: where in the room the answer lies.
struct Placed {
    std::size_t begin = 0;
    std::size_t size = 0;
};

/// The whole life of a worker process: runs `start` (if there is one), says that it is ready, then
/// answers one tile after the other until the other side is gone.
///
/// `room` is this worker's, and shared with the caller. An answer smaller than 1/tasks_ahead of it
/// is put there instead of being sent through the socket, into each such part in turn: it stays
/// until the worker is given the tasks_ahead-th task after it.
void serve_tiles(int socket, std::span<char> room, const std::function<void()>& start,
                 const ProcessWork& work);

}  // namespace turnover
