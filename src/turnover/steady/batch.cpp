#include "turnover/steady/batch.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <vector>

#include "turnover/base/error.hpp"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/job.hpp"
#include "turnover/steady/batch/single.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/reference.hpp"
#include "turnover/steady/uniqueness.hpp"

namespace turnover {

namespace {

constexpr int most_unknowns = batch::most_sparse_unknowns;
/// Rate constants (1/s) and totals beyond these could overflow in products.
constexpr double largest_constant = 1e60;
constexpr double largest_total = 1e6;

void check_sizes(const KineticsTable& kinetics, const StateTable& out) {
    if (kinetics.points() != out.points()) {
        throw Error("the tables of rate constants and of states differ in their number of points",
                    "Make the StateTable with the number of points of the KineticsTable.");
    }
}

/// What of a point is not zero decides which part of the network is alive there: forward and
/// reverse constants and initial coverages, one after the other.
using Pattern = std::vector<bool>;

Pattern pattern_of(const KineticsTable& kinetics, std::size_t p) {
    Pattern pattern;
    for (const auto row : {kinetics.forward(p), kinetics.reverse(p), kinetics.initial(p)}) {
        for (const double value : row) pattern.push_back(value > 0.0);
    }
    return pattern;
}

struct Check {
    bool valid, alike;
};

/// Whether point `p` is valid and, if so, has the pattern of the valid point `q`. Every point of a
/// map passes here: no early way out, which would be mispredicted more often than it would save.
Check check(const KineticsTable& kinetics, std::size_t p, std::size_t q) {
    bool valid = true, alike = true;
    const auto read = [&](std::span<const double> row, std::span<const double> other,
                          double largest) {
        const double* const a = row.data();
        const double* const b = other.data();
        for (std::size_t e = 0; e < row.size(); ++e) {
            valid &= (a[e] >= 0.0) & (a[e] <= largest);
            alike &= (a[e] > 0.0) == (b[e] > 0.0);
        }
    };
    read(kinetics.forward(p), kinetics.forward(q), largest_constant);
    read(kinetics.reverse(p), kinetics.reverse(q), largest_constant);
    read(kinetics.initial(p), kinetics.initial(q), largest_total);
    for (const double total : kinetics.totals(p))
        valid &= (total >= 0.0) & (total <= largest_total);
    return {valid, alike};
}

/// Whether all unknowns can be there and nothing but site totals is conserved, however few of the
/// directions run.
bool is_whole(const Network& network, const LiveNetwork& live) {
    return static_cast<int>(live.unknowns.size()) == network.unknowns() &&
           static_cast<int>(live.laws.size()) == network.sites();
}

/// The points of `job`: in double first, then in double-double where that may mend what double
/// could not certify. `single`: the network has one steady state only. The report is the one
/// returned, not the job's.
BatchReport solve_alike(const batch::Job& job, bool single) {
    BatchReport first, second;
    std::vector<std::size_t> left;
    const batch::Job in_double{job.network, job.flat, job.kinetics, job.points, job.options,
                               job.out,     first,    &left,        job.stop};
    single ? batch::solve_single(in_double) : batch::run_lanes(in_double);
    if (left.empty()) return first;
    std::ranges::sort(left);
    batch::run_exact_lanes({job.network, job.flat, job.kinetics, left, job.options, job.out, second,
                            nullptr, job.stop});
    second.in_double_double = second.certified;
    // What was left is now counted by how it ended.
    first.handed_over -= left.size();
    for (std::size_t r = 0; r < hand_over_reasons; ++r) {
        if (static_cast<HandOver>(r) != HandOver::too_sensitive) first.reasons[r] = 0;
    }
    return first += second;
}

}  // namespace

std::string_view to_string(HandOver reason) {
    switch (reason) {
        case HandOver::unsupported:
            return "unsupported";
        case HandOver::invalid:
            return "invalid";
        case HandOver::slow:
            return "slow";
        case HandOver::newton:
            return "newton";
        case HandOver::imprecise:
            return "imprecise";
        case HandOver::undecided:
            return "undecided";
        case HandOver::too_sensitive:
            return "too-sensitive";
    }
    return "unknown";
}

BatchReport& BatchReport::operator+=(const BatchReport& other) {
    points += other.points;
    certified += other.certified;
    in_double_double += other.in_double_double;
    handed_over += other.handed_over;
    for (std::size_t r = 0; r < reasons.size(); ++r) reasons[r] += other.reasons[r];
    transient_steps += other.transient_steps;
    rejected_steps += other.rejected_steps;
    attempts += other.attempts;
    restarts += other.restarts;
    without_transient += other.without_transient;
    return *this;
}

bool batch_supports(const Network& network) {
    if (network.unknowns() > most_unknowns) return false;
    const auto& laws = network.conservation_laws();
    if (static_cast<int>(laws.size()) != network.sites()) return false;
    for (std::size_t i = 0; i < static_cast<std::size_t>(network.unknowns()); ++i) {
        const auto on_site = [&](const ConservationLaw& law) { return law.coefficients[i] != 0; };
        if (std::ranges::count_if(laws, on_site) != 1) return false;
    }
    return true;
}

BatchReport solve_batch(const Network& network, const KineticsTable& kinetics, StateTable& out,
                        const BatchOptions& options, const std::stop_token& stop) {
    check_sizes(kinetics, out);
    BatchReport report;
    report.points = kinetics.points();
    const auto leave = [&](std::size_t points, HandOver reason) {
        report.handed_over += points;
        report.reasons[static_cast<std::size_t>(reason)] += points;
    };
    if (!batch_supports(network)) {
        leave(report.points, HandOver::unsupported);
        return report;
    }
    std::map<Pattern, std::vector<std::size_t>> alike;
    std::vector<std::size_t>* group = nullptr;
    for (std::size_t p = 0; p < kinetics.points(); ++p) {
        out.status[p] = Status::not_computed;
        out.path[p] = Path::none;
        // Neighbours are mostly alike.
        const Check seen = check(kinetics, p, group == nullptr ? p : group->back());
        if (!seen.valid) {
            leave(1, HandOver::invalid);
            continue;
        }
        if (group == nullptr || !seen.alike) {
            group = &alike[pattern_of(kinetics, p)];
            if (alike.size() == 1) group->reserve(kinetics.points() - p);
        }
        group->push_back(p);
    }
    for (const auto& [pattern, points] : alike) {
        const LiveNetwork live = live_network(network, kinetics.get(points.front()));
        if (!is_whole(network, live)) {
            leave(points.size(), HandOver::unsupported);
            continue;
        }
        const batch::FlatNetwork flat(network, live);
        const bool single = options.use_uniqueness && reaches_one_steady_state(network, live);
        report += solve_alike(
            {network, flat, kinetics, points, options, out, report, nullptr, stop}, single);
    }
    return report;
}

BatchReport solve_points(const Network& network, const KineticsTable& kinetics, StateTable& out,
                         const BatchOptions& options, const std::stop_token& stop) {
    BatchReport report = solve_batch(network, kinetics, out, options, stop);
    for (std::size_t p = 0; p < kinetics.points(); ++p) {
        if (out.path[p] != Path::none) continue;
        const SteadyState state = solve_reference(network, kinetics.get(p), {}, stop);
        if (stop.stop_requested()) break;
        out.set(p, state, Path::reference);
    }
    return report;
}

}  // namespace turnover
