// What it costs to keep a finished tile, beside what it costs to compute it: the seed problem, one
// core.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include <benchmark/benchmark.h>

#include "turnover/io/model_file.hpp"
#include "turnover/sweep/journal.hpp"
#include "turnover/sweep/tile.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace {

using namespace turnover;

Model seed_model() {
    return read_model(TURNOVER_SOURCE_DIR "/examples/01_co_oxidation/model.yaml",
                      {{}, {1000, 1000}});
}

void count_points(benchmark::State& state) {
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// Tiles of so many points from all over the map, one after the other.
void solve_tiles(benchmark::State& state) {
    const Model model = seed_model();
    const auto count = static_cast<std::size_t>(state.range(0));
    const std::size_t tiles = model.grid.size() / count, stride = 389;
    std::size_t k = 0;
    for (auto _ : state) {
        const Tile tile{(k++ * stride) % tiles * count, count};
        benchmark::DoNotOptimize(solve_tile(model.network, model.grid, tile));
    }
    count_points(state);
}
BENCHMARK(solve_tiles)->Arg(1)->Arg(100)->Arg(2000)->Unit(benchmark::kMicrosecond);

/// One such tile made into bytes and stored, again and again; from a map's worth of tiles to the
/// next the journal is begun anew.
void keep_tiles(benchmark::State& state) {
    const Model model = seed_model();
    const auto count = static_cast<std::size_t>(state.range(0));
    TileResult result = solve_tile(model.network, model.grid, {0, count});
    const std::string path = (std::filesystem::temp_directory_path() / "turnover-bench-").string() +
                             std::to_string(getpid());
    const std::size_t tiles = 500;
    std::optional<Journal> journal;
    std::size_t k = 0;
    for (auto _ : state) {
        if (k % tiles == 0) {
            state.PauseTiming();
            if (journal) journal->remove();
            journal.emplace(path, std::vector<JournalFact>{});
            state.ResumeTiming();
        }
        result.tile.first = k++ % tiles * count;
        const EncodedTile encoded(result);
        journal->store(result.tile, encoded.pieces());
    }
    if (journal) journal->remove();
    count_points(state);
    state.counters["bytes_a_point"] =
        static_cast<double>(encode_tile(result).size()) / static_cast<double>(count);
}
BENCHMARK(keep_tiles)->Arg(1)->Arg(100)->Arg(2000)->Unit(benchmark::kMicrosecond);

}  // namespace
