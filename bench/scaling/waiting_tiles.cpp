// What one leader can serve: tiles whose points take no computing but waiting, so that a few cores
// can stand for many. Started by mpirun:
//     waiting_tiles MODEL POINTS_A_TILE TILES SECONDS_A_TILE FOLDER
// Every tile is answered with true results of MODEL, which the leader keeps as `turnover map` does:
// journal, then results. Rank 0 computes as the others do. Prints a line of JSON.
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

#include "turnover/engines/mpi.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/journal.hpp"
#include "turnover/sweep/result_set.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace {

using namespace turnover;

struct Work {
    std::string model;
    std::size_t points = 1;  ///< of a tile
    std::size_t tiles = 1;
    double seconds = 0.0;  ///< of a tile

    [[nodiscard]] std::string text() const {
        std::ostringstream text;
        text << model << ' ' << points << ' ' << tiles << ' ' << seconds;
        return text.str();
    }
    static Work from(std::string_view text) {
        std::istringstream stream{std::string(text)};
        Work work;
        stream >> work.model >> work.points >> work.tiles >> work.seconds;
        return work;
    }
    [[nodiscard]] Model map() const { return read_model(model, {{}, {tiles, points}}); }
    [[nodiscard]] TileFunction function() const {
        const Model model = map();
        return [example = solve_tile(model.network, model.grid, {0, points}),
                wait = std::chrono::duration<double>(seconds)](Tile tile, const std::stop_token&) {
            std::this_thread::sleep_for(wait);
            TileResult result{tile, example.states};
            result.states.resize(tile.count);  // a piece of a tile
            return std::optional(std::move(result));
        };
    }
};

double seconds_of_this_thread() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void lead(MpiSession& session, const Work& work, const std::string& folder) {
    const Model model = work.map();
    ResultSet results(model.network, model.grid.size());
    const std::string journal_path = folder + "/waiting.sqlite";
    Journal::discard(journal_path);
    Journal journal(journal_path, {});
    std::vector<Tile> tiles;
    for (std::size_t k = 0; k < work.tiles; ++k) tiles.push_back({k * work.points, work.points});
    std::size_t bytes = 0;
    const TileFunction own = work.function();
    MpiEngine engine(session, 1,
                     [&](const Network&, const Grid&, Tile tile, const std::stop_token& stop) {
                         return own(tile, stop);
                     });
    // Once before, so that starting up is not timed: each process computes its fingerprint.
    engine.run({model.network, model.grid, {tiles.front()}, work.text()}, [](TileResult&&) {}, {});
    const auto start = std::chrono::steady_clock::now();
    const double cpu_before = seconds_of_this_thread();
    engine.run({model.network, model.grid, tiles, work.text()},
               [&](TileResult&& tile) {
                   const std::string encoded = encode_tile(tile);
                   bytes = encoded.size();
                   journal.store(tile.tile, encoded);
                   results.store(std::move(tile));
               },
               {});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const double cpu = seconds_of_this_thread() - cpu_before;
    journal.remove();
    std::cout << nlohmann::ordered_json{{"processes", session.processes()},
                                        {"points_a_tile", work.points},
                                        {"tiles", work.tiles},
                                        {"seconds_a_tile", work.seconds},
                                        {"bytes_a_tile", bytes},
                                        {"seconds", took.count()},
                                        {"leader_cpu_seconds", cpu}}
              << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) {
        std::cerr << "usage: waiting_tiles MODEL POINTS_A_TILE TILES SECONDS_A_TILE FOLDER\n";
        return 2;
    }
    MpiSession session;
    if (!session.leads()) {
        return session.serve([](std::string_view recipe) { return Work::from(recipe).function(); });
    }
    lead(session,
         {argv[1], static_cast<std::size_t>(std::atol(argv[2])),
          static_cast<std::size_t>(std::atol(argv[3])), std::atof(argv[4])},
         argv[5]);
    session.end(0);
}
