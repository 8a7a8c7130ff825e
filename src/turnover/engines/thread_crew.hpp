#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "turnover/sweep/tile.hpp"

namespace turnover {

struct ThreadCrewOptions {
    int workers = 1;
    std::function<void()> start_worker = {};        ///< run once in each worker; may be empty
    std::chrono::duration<double> time_limit{0.0};  ///< of a tile; 0: none
};

/// What a tile came to.
struct ThreadReport {
    Tile tile;
    std::shared_ptr<void> result;  ///< what `work` returned; null only where it timed out
    bool timed_out = false;        ///< it took longer than the limit
};

/// Worker threads at work on a list of tiles, taken in order from one counter, so that a slow tile
/// holds up one worker and nobody else.
///
/// A thread cannot be ended from outside. At the time limit the token that `work` was given is told
/// to stop, and the tile counts as timed out whenever it ends.
///
/// One thread at a time may use it. The destructor asks all tiles in work to stop, and waits for
/// them.
class ThreadCrew {
public:
    /// Called in several threads at once. May return null when the token it is given is told to
    /// stop: the tile was given up. An exception ends the run.
    using Work = std::function<std::shared_ptr<void>(Tile, const std::stop_token&)>;

    /// Throws Error when the system refuses a thread.
    ThreadCrew(ThreadCrewOptions options, std::vector<Tile> tiles, Work work, std::stop_token stop);
    ~ThreadCrew();
    ThreadCrew(const ThreadCrew&) = delete;
    ThreadCrew& operator=(const ThreadCrew&) = delete;

    /// The next finished tile, in the order in which they come; waits for it. Nothing when there
    /// will be no more. Throws what a worker threw, once the others have ended. Workers wait when
    /// too many finished tiles are not fetched.
    [[nodiscard]] std::optional<ThreadReport> next();

    /// Drops all tiles that were not begun.
    void begin_no_more();

private:
    class Floor;
    std::unique_ptr<Floor> floor_;
};

}  // namespace turnover
