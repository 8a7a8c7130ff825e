// A turnover-solver whose points cost time but no processor, so that two cores can stand for many:
// it solves as ever, then waits. For each point as many seconds as TURNOVER_WAIT says in the
// worker's environment.
#include <chrono>
#include <cstdlib>
#include <thread>

#include "solver/solve_block.hpp"

int main(int argc, char** argv) {
    using namespace turnover;
    const char* const wait = std::getenv("TURNOVER_WAIT");
    const std::chrono::duration<double> per_point(wait == nullptr ? 0.0 : std::atof(wait));
    const auto solve = [&](const Network& network, const Grid& grid, Tile tile,
                           const std::stop_token& stop) {
        const auto end =
            std::chrono::steady_clock::now() + per_point * static_cast<double>(tile.count);
        auto result = solve_tile(network, grid, tile, stop);
        std::this_thread::sleep_until(end);
        return result;
    };
    return solver::run(argc, argv, solve);
}
