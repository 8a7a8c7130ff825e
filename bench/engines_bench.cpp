// A million points of the seed problem by threads and by worker processes, on one core and on two,
// and with a journal that keeps every tile: parallel efficiency, and what processes and journal
// cost. Each run has a process of its own, as with `turnover map`, because what one run leaves in
// the allocator speeds up the next by threads and slows down the next fork. It is kept to as many
// cores as it has workers, so that a single worker has no second core for the thread that stores
// the results. All ways take turns, so that whatever else slows the machine down for a while slows
// them all down; a ratio is the median of the rounds' ratios, beside its quartiles. Overheads are
// told twice: in time that passed, and (_cpu) in time that the cores worked.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>
#include <sched.h>

#include "turnover/engines/engine.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/journal.hpp"
#include "turnover/sweep/result_set.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover::bench {
namespace {

struct Way {
    std::string engine;
    int workers;
    bool keeps = false;  ///< in a journal
    std::vector<double> seconds = {};
    std::vector<double> cpu_seconds = {};  ///< of all its threads and processes

    [[nodiscard]] std::string name() const {
        return engine + (keeps ? "_journal_" : "_") + std::to_string(workers);
    }
};

/// Keeps this process, and what it starts, to the first `count` of its cores.
void stay_on_cores(int count) {
    cpu_set_t all, some;
    sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&some);
    for (int core = 0; CPU_COUNT(&some) < std::min(count, CPU_COUNT(&all)); ++core) {
        if (CPU_ISSET(core, &all)) CPU_SET(core, &some);
    }
    sched_setaffinity(0, sizeof some, &some);
}

/// From handing out the first tile until the last result is stored, in seconds.
double run_map(const Model& model, const Way& way) {
    stay_on_cores(way.workers);
    const std::unique_ptr<Engine> engine = make_engine(way.engine, {.workers = way.workers});
    ResultSet results(model.network, model.grid.size());
    std::optional<Journal> journal;
    // On a disk, and not where temporary files may lie in memory.
    const std::string path = "bench-" + std::to_string(getpid()) + ".sqlite";
    const auto start = std::chrono::steady_clock::now();
    if (way.keeps) journal.emplace(path, std::vector<JournalFact>{});
    engine->run({model.network, model.grid, tiles_of(model.grid)},
                [&](TileResult&& tile) {
                    if (journal) {
                        const EncodedTile encoded(tile);
                        journal->store(tile.tile, encoded.pieces());
                    }
                    results.store(std::move(tile));
                },
                {});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (journal) journal->remove();
    return results.complete() ? took.count() : -1.0;
}

/// The same in a process of its own, and the time that this took its cores, start and end included.
void time_map(const Model& model, Way& way) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no process");
    if (child == 0) {
        double seconds = -1.0;
        try {
            seconds = run_map(model, way);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s: %s\n", way.name().c_str(), error.what());
        }
        _exit(write(ends[1], &seconds, sizeof seconds) == sizeof seconds ? 0 : 1);
    }
    close(ends[1]);
    double seconds = -1.0;
    const bool told = read(ends[0], &seconds, sizeof seconds) == sizeof seconds;
    close(ends[0]);
    rusage used{};
    wait4(child, nullptr, 0, &used);
    if (!told || seconds < 0.0) throw std::runtime_error(way.name() + " did not finish");
    const auto in_seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    way.seconds.push_back(seconds);
    way.cpu_seconds.push_back(in_seconds(used.ru_utime) + in_seconds(used.ru_stime));
}

double quantile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

void engines(benchmark::State& state) {
    const auto side = static_cast<std::size_t>(state.range(0));
    const Model model =
        read_model(TURNOVER_SOURCE_DIR "/examples/01_co_oxidation/model.yaml", {{}, {side, side}});
    std::vector<Way> ways{{"serial", 1},       {"threads", 1},   {"threads", 2},
                          {"processes", 1},    {"processes", 2}, {"threads", 1, true},
                          {"threads", 2, true}};
    for (auto _ : state) {
        for (Way& way : ways) time_map(model, way);
    }
    for (const Way& way : ways) state.counters[way.name() + "_s"] = quantile(way.seconds, 0.5);
    // Of two ways in the same round, times `scale`, minus `less`.
    const auto compare = [&](const std::string& name, std::size_t way, std::size_t other,
                             double scale, double less, std::vector<double> Way::*of) {
        std::vector<double> ratios;
        for (std::size_t round = 0; round < ways[way].seconds.size(); ++round) {
            ratios.push_back(scale * (ways[way].*of)[round] / (ways[other].*of)[round] - less);
        }
        state.counters[name] = quantile(ratios, 0.5);
        state.counters[name + "_q1"] = quantile(ratios, 0.25);
        state.counters[name + "_q3"] = quantile(ratios, 0.75);
    };
    compare("threads_efficiency", 1, 2, 0.5, 0.0, &Way::seconds);
    compare("processes_efficiency", 3, 4, 0.5, 0.0, &Way::seconds);
    for (const auto& [name, of] : {std::pair{"", &Way::seconds}, {"_cpu", &Way::cpu_seconds}}) {
        using namespace std::string_literals;
        compare("processes_overhead_1"s + name, 3, 1, 1.0, 1.0, of);
        compare("processes_overhead_2"s + name, 4, 2, 1.0, 1.0, of);
        compare("journal_overhead_1"s + name, 5, 1, 1.0, 1.0, of);
        compare("journal_overhead_2"s + name, 6, 2, 1.0, 1.0, of);
    }
    state.counters["cores"] = available_cores();
}
BENCHMARK(engines)->Arg(1000)->Iterations(11)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace turnover::bench
