#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/sweep/grid.hpp"
#include "turnover/sweep/tile.hpp"

namespace turnover {

/// The tiles of one map that are still to be computed. The network and grid outlive the run.
struct TileJob {
    const Network& network;
    const Grid& grid;
    std::vector<Tile> tiles;
    /// What a worker needs to make the network and the grid again, where it cannot inherit them;
    /// its meaning is that of whoever runs the map (io/recipe.hpp). Empty where no engine is to be
    /// asked that needs it.
    std::string recipe = {};
};

/// Receives each tile as it finishes, in any order. It is called one at a time and always in the
/// thread that called `Engine::run`, so it needs no lock and may hold what belongs to one thread (a
/// terminal, a database handle). An exception from it ends the run and reaches the caller of
/// `Engine::run`.
using TileSink = std::function<void(TileResult&&)>;

/// Workers of an engine where they come and go.
struct Crew {
    int workers = 0;
    int cores = 0;
    int blocks = 0;  ///< handed out and not back

    friend bool operator==(const Crew&, const Crew&) = default;
};

/// Hears what an engine has to tell beside results, in the thread that called `Engine::run`.
struct EngineObserver {
    std::function<void(const std::string&)> say = {};  ///< a line for a person
    std::function<void(const Crew&)> crew = {};        ///< whenever it changes
};

/// Runs tiles. Implementations: serial, threads, processes, mpi, work-queue.
class Engine {
public:
    virtual ~Engine() = default;

    [[nodiscard]] virtual std::string_view name() const = 0;
    /// How many points are computed at once.
    [[nodiscard]] virtual int workers() const = 0;
    /// Tells `observer` of what happens during later runs. Most engines have nothing to tell.
    virtual void observe(EngineObserver observer) { (void)observer; }

    /// Runs every tile of `job`, handing each result to `sink`. When `stop` is requested no new
    /// tile is begun, those in flight are dropped at the next point, and those that were finished
    /// are handed over: a stop takes no longer than one point, and what `sink` got is whole tiles,
    /// each as it would be in an undisturbed run. Returns true when all tiles were handed over.
    /// Whatever the solver or `sink` throws is thrown on from here, after all workers have ended.
    ///
    /// std::stop_source::request_stop is not safe to call in a signal handler; call it from a
    /// thread that waits for the signal (sigwait).
    virtual bool run(const TileJob& job, const TileSink& sink, std::stop_token stop) = 0;
};

/// What a worker process may take.
struct WorkerLimits {
    /// For a tile; 0: as long as it likes. A worker that exceeds it is killed and replaced.
    std::chrono::duration<double> tile_time = std::chrono::minutes(10);
    /// Bytes beyond what it inherits; 0: as much as the machine gives. More is refused to it as if
    /// the machine's memory were full.
    std::size_t memory = 0;
};

/// Where workers on other machines find the work-queue engine.
struct WorkQueueOptions {
    int port = 9123;  ///< 0: any that is free
    std::string password_file = {};
    /// The solver that workers are sent; empty: turnover-solver, where it is installed.
    std::string solver = {};
};

struct EngineOptions {
    /// 0: all cores that this process may use. The serial engine always has one. For mpi: threads
    /// of each process, and 0 is one.
    int workers = 0;
    WorkerLimits limits = {};  ///< of worker processes; the other engines have none to limit
    WorkQueueOptions work_queue = {};
};

/// The engine of that name. Throws Error on an unknown name, listing those there are, on a negative
/// number of workers, and on mpi where this process has no MpiSession.
[[nodiscard]] std::unique_ptr<Engine> make_engine(std::string_view name,
                                                  const EngineOptions& options);

/// The names that make_engine knows.
[[nodiscard]] std::vector<std::string> engine_names();

/// Number of processors that this process may run on (its affinity mask, not the machine's count).
[[nodiscard]] int available_cores();

}  // namespace turnover
