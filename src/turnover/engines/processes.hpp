#pragma once

#include "turnover/engines/engine.hpp"

namespace turnover {

/// Worker processes, for what may crash, hang or eat memory: rate laws of a user's own, plug-ins.
/// They are forked when `run` begins and inherit network, grid and solver; each result comes back
/// through memory that they share. Where none of that is to be feared, threads cost less.
///
/// A worker that dies or exceeds a limit is replaced and its points are tried again (process_crew.
/// hpp says how often); a point that takes its worker along each time gets Status::worker_failed
/// and the reason. So whatever happens to the workers, and be they killed at random, the other
/// points are those of an undisturbed run.
class ProcessesEngine : public Engine {
public:
    /// `workers` >= 1. What `solver` changes outside of its result, the caller does not see.
    explicit ProcessesEngine(int workers, WorkerLimits limits = {},
                             TileSolver solver = default_tile_solver());

    [[nodiscard]] std::string_view name() const override { return "processes"; }
    [[nodiscard]] int workers() const override { return workers_; }
    /// As Engine says, with two differences. A stop ends the workers at once. Of what a solver
    /// throws, Error comes back as it was, any other exception as a std::runtime_error with the
    /// same words; std::bad_alloc counts as the worker's death. Throws Error when the system
    /// refuses processes.
    bool run(const TileJob& job, const TileSink& sink, std::stop_token stop) override;

private:
    int workers_;
    WorkerLimits limits_;
    TileSolver solver_;
};

}  // namespace turnover
