// A million points of the seed problem by threads and by worker processes, on one core and on two:
// parallel efficiency, and what processes cost over threads. Each run is kept to as many cores as
// it has workers, so that a single worker has no second core for the thread that stores the
// results. All ways take turns, so that whatever else slows the machine down for a while slows them
// all down; figures are medians.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <sched.h>

#include "turnover/engines/engine.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover::bench {
namespace {

/// Keeps this process, and what it starts, to the first `count` of its cores.
class OnCores {
public:
    explicit OnCores(int count) {
        sched_getaffinity(0, sizeof all_, &all_);
        cpu_set_t some;
        CPU_ZERO(&some);
        for (int core = 0; CPU_COUNT(&some) < std::min(count, CPU_COUNT(&all_)); ++core) {
            if (CPU_ISSET(core, &all_)) CPU_SET(core, &some);
        }
        sched_setaffinity(0, sizeof some, &some);
    }
    ~OnCores() { sched_setaffinity(0, sizeof all_, &all_); }
    OnCores(const OnCores&) = delete;
    OnCores& operator=(const OnCores&) = delete;

private:
    cpu_set_t all_;
};

/// From handing out the first tile until the last result is stored, in seconds.
double time_map(const Model& model, Engine& engine) {
    const OnCores cores(engine.workers());
    ResultSet results(model.network, model.grid.size());
    const auto start = std::chrono::steady_clock::now();
    engine.run({model.network, model.grid, tiles_of(model.grid)},
               [&](TileResult&& tile) { results.store(std::move(tile)); }, {});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    benchmark::DoNotOptimize(results);
    return took.count();
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

struct Way {
    std::string engine;
    int workers;
    std::vector<double> seconds = {};
};

void engines(benchmark::State& state) {
    const auto side = static_cast<std::size_t>(state.range(0));
    const Model model =
        read_model(TURNOVER_SOURCE_DIR "/examples/01_co_oxidation/model.yaml", {{}, {side, side}});
    std::vector<Way> ways{
        {"serial", 1}, {"threads", 1}, {"threads", 2}, {"processes", 1}, {"processes", 2}};
    for (auto _ : state) {
        for (Way& way : ways) {
            way.seconds.push_back(
                time_map(model, *make_engine(way.engine, {.workers = way.workers})));
        }
    }
    const auto seconds = [&](std::size_t way) { return median(ways[way].seconds); };
    for (std::size_t way = 0; way < ways.size(); ++way) {
        state.counters[ways[way].engine + "_" + std::to_string(ways[way].workers) + "_s"] =
            seconds(way);
    }
    state.counters["threads_efficiency"] = seconds(1) / (2.0 * seconds(2));
    state.counters["processes_efficiency"] = seconds(3) / (2.0 * seconds(4));
    state.counters["processes_overhead_1"] = seconds(3) / seconds(1) - 1.0;
    state.counters["processes_overhead_2"] = seconds(4) / seconds(2) - 1.0;
    state.counters["cores"] = available_cores();
}
BENCHMARK(engines)->Arg(1000)->Iterations(5)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace turnover::bench
