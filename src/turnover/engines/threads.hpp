#pragma once

#include "turnover/engines/engine.hpp"

namespace turnover {

/// Worker threads that take the next tile from one counter over all the points of the grid, so that
/// a slow tile holds up one worker and nobody else. The threads live as long as `run`.
class ThreadsEngine : public Engine {
public:
    /// `workers` >= 1. `solver` is called in several threads at once.
    explicit ThreadsEngine(int workers, TileSolver solver = default_tile_solver());

    [[nodiscard]] std::string_view name() const override { return "threads"; }
    [[nodiscard]] int workers() const override { return workers_; }
    /// Throws Error when the system refuses a thread.
    bool run(const TileJob& job, const TileSink& sink, std::stop_token stop) override;

private:
    int workers_;
    TileSolver solver_;
};

}  // namespace turnover
