#pragma once

#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// Something to hand to a worker: a tile, or a point of one that is to be tried alone.
struct Task {
    Tile whole;  ///< the tile as it was asked for
    Tile part;   ///< of it: all, or one point
    bool alone = false;
    int tries = 0;         ///< that ended with the worker
    int from_outside = 0;  ///< of those, by a signal from outside
};

/// What is still to be handed out, and what becomes of a task whose worker died in it.
///
/// Its tile is tried a second time, then once more in single points, each alone in a worker. A
/// point that takes its worker along once more is given up; where the worker was killed from
/// outside (an administrator, the kernel in need of memory), which says little about the point,
/// only the fifth time.
class TaskQueue {
public:
    explicit TaskQueue(std::vector<Tile> tiles) : tiles_(std::move(tiles)) {}

    [[nodiscard]] std::size_t size() const noexcept {
        return again_.size() + (tiles_.size() - next_);
    }
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    /// Whether the next task wants a worker of its own. Not empty.
    [[nodiscard]] bool next_is_alone() const { return !again_.empty() && again_.front().alone; }
    /// The next task: what is to be tried again, then the tiles in order. Not empty.
    [[nodiscard]] Task take();

    /// A task comes back untouched.
    void put_back(const Task& task) { again_.push_front(task); }
    /// A task whose worker died in it comes back. True when it is to be given up.
    [[nodiscard]] bool try_again(Task task, bool from_outside);
    /// Drops what begins after `index`.
    void drop_after(std::size_t index);

private:
    std::vector<Tile> tiles_;
    std::size_t next_ = 0;
    std::deque<Task> again_;
};

}  // namespace turnover
