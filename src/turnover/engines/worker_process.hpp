#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// What a worker process answers: `bytes`, and behind them `columns`, which lie where they were
/// computed until they are copied to the caller. `keeper` owns what the columns point to.
struct ProcessAnswer {
    std::string bytes;
    std::vector<std::string_view> columns;
    std::shared_ptr<const void> keeper;
};

/// What a worker process does with each tile: fills an empty answer. It reports there what went
/// wrong too: of exceptions only std::bad_alloc may leave it, which ends the worker as one that ran
/// out of memory; any other ends it as a crash.
using ProcessWork = std::function<void(Tile, ProcessAnswer&)>;

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
