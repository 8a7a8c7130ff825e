// Steady states a second and core of the batched solver, certificates included and points that it
// hands over solved by the reference path, beside the reference path on a sample of the same points
// in the same run.
#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "../tests/steady/batch_networks.hpp"
#include "../tests/steady/single_networks.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/batch/job.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

std::string processor() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
    }
    return "unknown";
}

const bool machine_named = [] {
    benchmark::AddCustomContext("processor", processor());
    benchmark::AddCustomContext("instruction_set", batch::instruction_set());
    return true;
}();

/// Seconds of this thread on a core, which other programs on the machine do not stretch.
double core_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Points a second of the reference path on about `sample` of the points.
double reference_speed(const Network& network, const KineticsTable& table, std::size_t sample) {
    const double start = core_seconds();
    std::size_t solved = 0;
    const std::size_t stride = std::max<std::size_t>(1, table.points() / sample);
    for (std::size_t p = stride / 2; p < table.points(); p += stride, ++solved) {
        benchmark::DoNotOptimize(solve_reference(network, table.get(p)));
    }
    return static_cast<double>(solved) / (core_seconds() - start);
}

void run(benchmark::State& state, const Network& network, const KineticsTable& table) {
    const double by_reference = reference_speed(network, table, 200);
    StateTable states(network, table.points());
    BatchReport report;
    double seconds = 0.0;
    for (auto _ : state) {
        const double start = core_seconds();
        report = solve_points(network, table, states);
        seconds += core_seconds() - start;
    }
    const auto points = static_cast<double>(table.points());
    const double speed = points * static_cast<double>(state.iterations()) / seconds;
    state.counters["points_per_s"] = speed;
    state.counters["reference_points_per_s"] = by_reference;
    state.counters["times_reference"] = speed / by_reference;
    state.counters["without_transient_share"] =
        static_cast<double>(report.without_transient) / points;
    state.counters["handed_over_share"] = static_cast<double>(report.handed_over) / points;
    state.counters["steps_per_point"] = static_cast<double>(report.transient_steps) / points;
    state.counters["attempts_per_point"] = static_cast<double>(report.attempts) / points;
}

void seed_problem(benchmark::State& state) {
    run(state, seed_network(1.0, 1.0), seed_table(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(seed_problem)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

/// A + B2, Langmuir-Hinshelwood: bistable over much of its map.
void blocking_reactants(benchmark::State& state) {
    const Network network = network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 1e-3},
                                                      {"B2_g + 2*_s => 2B_s", 1.0},
                                                      {"A_s + B_s => C_g + 2*_s", 1e4}},
                                        .pressures = {{"A_g", 1.0}, {"B2_g", 1.0}}});
    run(state, network,
        pressure_table(network, "A_g + *_s <-> A_s", "B2_g + 2*_s => 2B_s",
                       static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(blocking_reactants)->Arg(1000)->Unit(benchmark::kMillisecond);

/// A + B, both adsorbed whole: one steady state only, whatever the constants.
void single_steady_state(benchmark::State& state) {
    const Network network = network_of(langmuir_hinshelwood());
    run(state, network,
        pressure_table(network, "A_g + *_s <-> A_s", "B_g + *_s <-> B_s",
                       static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(single_steady_state)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

void methane_on_platinum_size(benchmark::State& state) {
    const Network network = network_of(methane_surface(1.0, 1.0));
    const PointKinetics unit = point_of(network);
    const auto counts = static_cast<std::size_t>(state.range(0));
    const auto consumes = [&](const std::string& gas, std::size_t j) {
        return network.gas_stoichiometry(static_cast<int>(position(network.gas_names(), gas)),
                                         static_cast<int>(j)) < 0;
    };
    KineticsTable table(network, counts * counts);
    for (std::size_t p = 0; p < table.points(); ++p) {
        PointKinetics point = unit;
        const auto along = [&](std::size_t i) {
            return std::pow(100.0, static_cast<double>(i) / static_cast<double>(counts - 1) - 1.0);
        };
        for (std::size_t j = 0; j < point.forward.size(); ++j) {
            if (consumes("CH4_g", j)) point.forward[j] *= along(p % counts);
            if (consumes("O2_g", j)) point.forward[j] *= along(p / counts);
        }
        table.set(p, point);
    }
    run(state, network, table);
}
BENCHMARK(methane_on_platinum_size)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace turnover::test
