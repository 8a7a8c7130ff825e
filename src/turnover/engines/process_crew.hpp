#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/engines/task_queue.hpp"
#include "turnover/engines/worker_process.hpp"
#include "turnover/sweep/tile.hpp"

namespace turnover {

struct ProcessCrewOptions {
    int workers = 1;
    std::function<void()> start_worker = {};        ///< run once in each worker; may be empty
    std::chrono::duration<double> time_limit{0.0};  ///< of a tile; 0: none
    std::size_t memory_limit =
        0;  ///< bytes that a worker may take beyond what it inherits; 0: none
};

/// What a tile came to, or a single point of one whose workers died.
struct ProcessReport {
    Tile whole;              ///< the tile as it was asked for
    Tile part;               ///< of it: all, or one point
    std::string_view bytes;  ///< until the next call of next()
    /// Why there are no bytes: what ended the worker each time that it was given this point alone.
    /// Empty where there are bytes.
    std::string loss;
    bool timed_out = false;  ///< the loss was to the time limit
};

/// Worker processes at work on a list of tiles, handed out in order as workers fall idle. What
/// `work` and `start_worker` refer to is inherited when the crew is made; what they change
/// afterwards, the caller does not see.
///
/// A worker that crashes, exits, is killed, runs out of memory or exceeds the time limit is
/// replaced, and its tile tried again as TaskQueue says.
///
/// One thread at a time may use it. On return from the destructor all its processes are gone.
class ProcessCrew {
public:
    /// Throws Error when the system refuses processes.
    ProcessCrew(ProcessCrewOptions options, std::vector<Tile> tiles, ProcessWork work,
                std::stop_token stop);
    ~ProcessCrew();
    ProcessCrew(const ProcessCrew&) = delete;
    ProcessCrew& operator=(const ProcessCrew&) = delete;

    /// The next report, in the order in which they come; waits for it. Nothing when all tiles were
    /// reported, or a stop was requested and what was finished by then has been reported. Throws
    /// Error when no worker can be started, or `start_worker` throws.
    [[nodiscard]] std::optional<ProcessReport> next();

    /// Drops all tiles that begin after `index` and were not begun.
    void drop_after(std::size_t index);

private:
    class Floor;  ///< where the work is done: workers, connections, tasks
    std::unique_ptr<Floor> floor_;
};

}  // namespace turnover
