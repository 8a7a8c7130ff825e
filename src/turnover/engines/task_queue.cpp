#include "turnover/engines/task_queue.hpp"

#include <algorithm>

namespace turnover {

namespace {

constexpr int tries_together = 2;
constexpr int most_from_outside = 5;

}  // namespace

Task TaskQueue::take() {
    if (again_.empty()) {
        const Tile tile = tiles_[next_++];
        return {.whole = tile, .part = tile};
    }
    const Task task = again_.front();
    again_.pop_front();
    return task;
}

bool TaskQueue::try_again(Task task, bool from_outside) {
    ++task.tries;
    task.from_outside += from_outside ? 1 : 0;
    if (task.alone) {
        if (!from_outside || task.from_outside >= most_from_outside) return true;
        again_.push_front(task);
        return false;
    }
    if (task.tries < tries_together) {
        again_.push_front(task);
        return false;
    }
    for (std::size_t p = task.part.count; p-- > 0;) {
        again_.push_front({.whole = task.whole, .part = {task.part.first + p, 1}, .alone = true});
    }
    return false;
}

void TaskQueue::drop_after(std::size_t index) {
    std::erase_if(again_, [index](const Task& task) { return task.part.first > index; });
    const auto waiting = tiles_.begin() + static_cast<std::ptrdiff_t>(next_);
    tiles_.erase(std::remove_if(waiting, tiles_.end(),
                                [index](const Tile& tile) { return tile.first > index; }),
                 tiles_.end());
}

}  // namespace turnover
