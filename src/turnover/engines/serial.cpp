#include "turnover/engines/serial.hpp"

#include <utility>

namespace turnover {

SerialEngine::SerialEngine(TileSolver solver) : solver_(std::move(solver)) {}

bool SerialEngine::run(const TileJob& job, const TileSink& sink, std::stop_token stop) {
    for (const Tile& tile : job.tiles) {
        if (stop.stop_requested()) return false;
        std::optional<TileResult> result = solver_(job.network, job.grid, tile, stop);
        if (!result) return false;
        sink(std::move(*result));
    }
    return true;
}

}  // namespace turnover
