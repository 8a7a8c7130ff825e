// Cost against the number of adsorbates, 2 to 200: the batched solver and the reference path (CVODE
// with Newton's method in 34 digits) on points of the same networks in the same run, with the
// exponents of the fitted power laws; and how many floating-point operations the transient makes of
// it.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <map>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "../tests/steady/sized_networks.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/job.hpp"
#include "turnover/steady/batch/sparse/pattern.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

/// Seconds of this thread on a core, which other programs on the machine do not stretch.
double core_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Floating-point operations of one step of the transient in one lane, as the code makes them (a
/// fused multiply-add is two): three times dx/dt, the Jacobian, its factors, six solutions, and
/// about 25 operations an unknown for stages and error control.
double operations_a_step(const Network& network) {
    const batch::FlatNetwork flat(network, live_network(network, point_of(network)));
    const auto count = [](std::size_t size) { return static_cast<double>(size); };
    const double n = flat.unknowns;
    double balance_terms = 0.0, jacobian_terms = 0.0;
    for (int i = 0; i < flat.unknowns; ++i) balance_terms += count(flat.balances[i].size());
    for (int e = 0; e < flat.entry_terms.rows(); ++e) {
        jacobian_terms += count(flat.entry_terms[e].size());
    }
    const double flow = flat.directions * flat.order + flat.steps + 2.0 * balance_terms;
    const double jacobian = count(flat.partial_of.size()) * (flat.order - 1) + 2.0 * jacobian_terms;
    double factors = 2.0 / 3.0 * n * n * n + n * n, solution = 2.0 * n * n;
    if (flat.unknowns > batch::most_dense_unknowns) {
        const batch::SparsePattern pattern(flat);
        const double off_diagonal = 0.5 * (pattern.values() - n);
        solution = 4.0 * off_diagonal + n + 4.0 * n * flat.sites;
        factors = 2.0 * count(pattern.targets.size()) + off_diagonal + flat.sites * solution;
    }
    return 3.0 * flow + jacobian + factors + 6.0 * solution + 25.0 * n;
}

struct Measured {
    double batch = 0.0, reference = 0.0;  ///< s a point
};
std::map<int, Measured>& measurements() {
    static std::map<int, Measured> all;
    return all;
}

void adsorbates(benchmark::State& state) {
    const auto n = static_cast<int>(state.range(0));
    const std::size_t points = n <= 64 ? 512 : n <= 128 ? 128 : 64;
    const std::size_t sample = n <= 16 ? 8 : n <= 64 ? 2 : 1;
    const unsigned networks = n <= 64 ? 3 : 1;
    Measured mean;
    BatchReport report;
    double operations = 0.0;
    for (auto _ : state) {
        for (unsigned seed = 1; seed <= networks; ++seed) {
            const Network network = network_of(sized_surface(n, seed));
            const KineticsTable table = pressure_points(network, points);
            StateTable states(network, points);
            double start = core_seconds();
            const BatchReport of_network = solve_batch(network, table, states);
            mean.batch += (core_seconds() - start) / static_cast<double>(points * networks);
            operations += operations_a_step(network) *
                          static_cast<double>(of_network.transient_steps) /
                          static_cast<double>(points * networks);
            report += of_network;
            start = core_seconds();
            for (std::size_t p = 0; p < sample; ++p) {
                benchmark::DoNotOptimize(solve_reference(network, table.get(p * points / sample)));
            }
            mean.reference += (core_seconds() - start) / static_cast<double>(sample * networks);
        }
    }
    measurements()[n] = mean;
    const auto all = static_cast<double>(report.points);
    state.counters["batch_us_per_point"] = 1e6 * mean.batch;
    state.counters["reference_us_per_point"] = 1e6 * mean.reference;
    state.counters["times_reference"] = mean.reference / mean.batch;
    state.counters["steps_per_point"] = static_cast<double>(report.transient_steps) / all;
    state.counters["attempts_per_point"] = static_cast<double>(report.attempts) / all;
    state.counters["double_double_share"] = static_cast<double>(report.in_double_double) / all;
    state.counters["handed_over_share"] = static_cast<double>(report.handed_over) / all;
    state.counters["transient_operations_per_point"] = operations;
    state.counters["transient_gflop_per_s"] = 1e-9 * operations / mean.batch;
}
BENCHMARK(adsorbates)
    ->Arg(2)
    ->Arg(4)
    ->Arg(8)
    ->Arg(16)
    ->Arg(32)
    ->Arg(64)
    ->Arg(128)
    ->Arg(200)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

/// The slope of log time by log n, least squares, over the sizes from `least` on.
double exponent(int least, double Measured::*time) {
    double count = 0.0, x = 0.0, y = 0.0, xx = 0.0, xy = 0.0;
    for (const auto& [n, measured] : measurements()) {
        if (n < least) continue;
        const double log_n = std::log(n), log_time = std::log(measured.*time);
        count += 1.0;
        x += log_n;
        y += log_time;
        xx += log_n * log_n;
        xy += log_n * log_time;
    }
    return (count * xy - x * y) / (count * xx - x * x);
}

/// Of the sizes that ran before; those from 16 on are where size alone matters.
void exponents(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(measurements());
    state.counters["batch_2_to_200"] = exponent(2, &Measured::batch);
    state.counters["reference_2_to_200"] = exponent(2, &Measured::reference);
    state.counters["batch_16_to_200"] = exponent(16, &Measured::batch);
    state.counters["reference_16_to_200"] = exponent(16, &Measured::reference);
}
BENCHMARK(exponents)->Iterations(1);

}  // namespace
}  // namespace turnover::test
