#include "turnover/engines/threads.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

#include "turnover/engines/thread_crew.hpp"

namespace turnover {

ThreadsEngine::ThreadsEngine(int workers, TileSolver solver)
    : workers_(workers), solver_(std::move(solver)) {
    if (workers < 1) throw std::invalid_argument("a threads engine needs at least one worker");
}

bool ThreadsEngine::run(const TileJob& job, const TileSink& sink, std::stop_token stop) {
    const auto solve = [&](Tile tile, const std::stop_token& halt) -> std::shared_ptr<void> {
        std::optional<TileResult> result = solver_(job.network, job.grid, tile, halt);
        return result ? std::make_shared<TileResult>(std::move(*result)) : nullptr;
    };
    ThreadCrew crew({.workers = workers_}, job.tiles, solve, std::move(stop));
    std::size_t handed_over = 0;
    while (const std::optional<ThreadReport> report = crew.next()) {
        sink(std::move(*std::static_pointer_cast<TileResult>(report->result)));
        ++handed_over;
    }
    return handed_over == job.tiles.size();
}

}  // namespace turnover
