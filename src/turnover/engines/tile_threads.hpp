#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// Computes a tile of the one map that it was made for; nothing when it was stopped before the end.
using TileFunction = std::function<std::optional<TileResult>(Tile, const std::stop_token&)>;

/// Threads that compute tiles which come one by one from somewhere else (a ThreadCrew has them all
/// from the start). One thread at a time may call it.
class TileThreads {
public:
    /// `threads` >= 1; `work` is called in all of them at once. Throws Error when the system
    /// refuses a thread.
    TileThreads(int threads, TileFunction work);
    /// Stops, and waits until each thread has left the point that it is at.
    ~TileThreads();
    TileThreads(const TileThreads&) = delete;
    TileThreads& operator=(const TileThreads&) = delete;

    void give(Tile tile);

    /// A tile that is finished; waits for one no longer than `patience`. Throws what `work` threw.
    [[nodiscard]] std::optional<TileResult> take(std::chrono::microseconds patience);

    /// Begins no more tiles and gives up those in work, without waiting. What was finished before
    /// can still be taken.
    void stop();

private:
    TileFunction work_;
    std::stop_source halt_;
    std::mutex mutex_;  // guards the next four
    std::condition_variable given_, finished_;
    std::deque<Tile> waiting_;
    std::deque<TileResult> results_;
    std::exception_ptr failure_;
    std::vector<std::jthread> threads_;

    void be_worker();
    std::optional<Tile> next();
};

}  // namespace turnover
