// The reference path, one point after the other on one core: the denominator of every ratio to
// come.
#include <cstddef>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "networks.hpp"
#include "turnover/steady/reference.hpp"

namespace {

using namespace turnover;

void solve_all(benchmark::State& state, const Network& network,
               const std::vector<PointKinetics>& points) {
    std::size_t failed = 0;
    long steps = 0;
    for (auto _ : state) {
        for (const PointKinetics& point : points) {
            const SteadyState answer = solve_reference(network, point);
            failed += answer.status != Status::converged;
            steps += answer.integration_steps;
        }
    }
    const auto solved =
        static_cast<double>(points.size()) * static_cast<double>(state.iterations());
    state.SetItemsProcessed(static_cast<std::int64_t>(solved));
    state.counters["steps_a_point"] = static_cast<double>(steps) / solved;
    state.counters["failed"] = static_cast<double>(failed);
}

/// The 100 points of the seed problem, 1e-5 to 0.5 atm.
void seed_problem(benchmark::State& state) {
    const Network network = bench::seed_network();
    solve_all(state, network, bench::pressure_grid(network, "O2_g", "CO_g", 1.01325, 50662.5, 10));
}
BENCHMARK(seed_problem)->Unit(benchmark::kMillisecond);

/// 100 points over the pressures of methane and oxygen, 0.01 to 0.5 bar.
void methane_11_adsorbates(benchmark::State& state) {
    const Network network = bench::methane_network();
    solve_all(state, network, bench::pressure_grid(network, "CH4_g", "O2_g", 1e3, 5e4, 10));
}
BENCHMARK(methane_11_adsorbates)->Unit(benchmark::kMillisecond);

}  // namespace
