#include "turnover/steady/batch/single.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <vector>

namespace turnover::batch {

namespace {

/// Whether two certified states are the same within their bounds.
bool same_state(const StateTable& a, std::size_t p, const StateTable& b, std::size_t q) {
    const double bound = a.coverage_error[p] + b.coverage_error[q];
    for (std::size_t i = 0; i < a.unknowns; ++i) {
        const double x = a.coverages(p)[i], y = b.coverages(q)[i];
        if (!(std::abs(x - y) <= 1.01 * bound * std::max(x, y))) return false;
    }
    return true;
}

void call_witnesses(const Job& job) {
    constexpr std::size_t witnesses = 8, fewest_points = 64;
    if (job.points.size() < fewest_points) return;
    KineticsTable kinetics(job.network, witnesses);
    std::vector<std::size_t> places;
    for (std::size_t w = 0; w < witnesses; ++w) {
        places.push_back(job.points[(2 * w + 1) * job.points.size() / (2 * witnesses)]);
        kinetics.set(w, job.kinetics.get(places[w]));
    }
    std::vector<std::size_t> numbers(witnesses);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    StateTable states(job.network, witnesses);
    BatchReport report;
    run_lanes(
        {job.network, job.flat, kinetics, numbers, job.options, states, report, nullptr, job.stop});
    for (std::size_t w = 0; w < witnesses; ++w) {
        if (states.path[w] != Path::batch || job.out.path[places[w]] != Path::batch) continue;
        if (same_state(states, w, job.out, places[w])) continue;
        throw std::logic_error("a network that was shown to have one steady state only has two");
    }
}

}  // namespace

void solve_single(const Job& job) {
    const std::vector<std::size_t> left = run_single_lanes(job);
    job.report.without_transient += job.points.size() - left.size();
    call_witnesses(job);
    if (left.empty()) return;
    run_lanes({job.network, job.flat, job.kinetics, left, job.options, job.out, job.report,
               job.for_more_digits, job.stop});
}

}  // namespace turnover::batch
