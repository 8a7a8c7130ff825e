#pragma once

#include "turnover/engines/engine.hpp"

namespace turnover {

/// One tile after the other, in order, in the calling thread: the engine that every other is
/// compared with.
class SerialEngine : public Engine {
public:
    explicit SerialEngine(TileSolver solver = default_tile_solver());

    [[nodiscard]] std::string_view name() const override { return "serial"; }
    [[nodiscard]] int workers() const override { return 1; }
    bool run(const TileJob& job, const TileSink& sink, std::stop_token stop) override;

private:
    TileSolver solver_;
};

}  // namespace turnover
