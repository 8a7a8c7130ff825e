// torture: random physical networks against the 100-digit judge. See docs/torture.md.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "support/answers.hpp"
#include "support/examination.hpp"
#include "support/network_text.hpp"
#include "support/random_network.hpp"
#include "turnover/base/error.hpp"
#include "turnover/sweep/progress.hpp"

namespace turnover::test {
namespace {

struct Options {
    std::uint64_t seed = 1;
    int networks = 1000;
    int points = 100;
    int jobs = 1;
    int largest = 20;
    bool idealised = false;
    int branch_every = 1;
    int oracles = 1;
    std::string path = "batch";
    std::uint64_t only_network = 0;
    int only_point = -1;
    bool show = false;
};

/// One point that is not certified, and what is needed to see it again.
struct Report {
    std::uint64_t network = 0;
    int point = 0;
    Outcome outcome = Outcome::certified;
    std::string reason;
    int adsorbates = 0;
    Path path = Path::none;
};

const char* word(Outcome outcome) {
    switch (outcome) {
        case Outcome::certified:
            return "certified";
        case Outcome::not_settled:
            return "not settled";
        case Outcome::failed:
            return "FAILED";
        case Outcome::untold:
            return "untold";
        case Outcome::wrong:
            return "WRONG";
    }
    return "";
}

std::string line(const Report& report) {
    return fmt::format("{:11}  --network {:#018x} --point {}  ({} adsorbates{}): {}",
                       word(report.outcome), report.network, report.point, report.adsorbates,
                       report.path == Path::batch ? ", batch" : "", report.reason);
}

/// What all points together came to.
struct Summary {
    std::map<Outcome, int> counts;
    double worst_coverage = 0.0, worst_rate = 0.0, worst_residual = 0.0;
    int proved_stable = 0, digits100 = 0, branches = 0, empty_states = 0;
    double smallest_coverage = 1.0, solving = 0.0;
    BatchReport hand_overs;
    std::vector<Report> reports;

    void add(const Finding& finding, const SteadyState& state) {
        ++counts[finding.outcome];
        if (finding.outcome == Outcome::not_settled || finding.outcome == Outcome::failed) return;
        worst_coverage = std::max(worst_coverage, finding.judgement.coverage_ratio);
        worst_rate = std::max(worst_rate, finding.judgement.rate_ratio);
        worst_residual = std::max(worst_residual, finding.judgement.residual);
        proved_stable += finding.judgement.stability_proved;
        digits100 += state.digits == 100;
        bool empty = false;
        for (const double x : state.coverages) {
            if (x > 0.0) smallest_coverage = std::min(smallest_coverage, x);
            empty = empty || x == 0.0;
        }
        empty_states += empty;
    }

    void add(Summary&& other) {
        for (const auto& [outcome, count] : other.counts) counts[outcome] += count;
        worst_coverage = std::max(worst_coverage, other.worst_coverage);
        worst_rate = std::max(worst_rate, other.worst_rate);
        worst_residual = std::max(worst_residual, other.worst_residual);
        smallest_coverage = std::min(smallest_coverage, other.smallest_coverage);
        proved_stable += other.proved_stable;
        digits100 += other.digits100;
        branches += other.branches;
        empty_states += other.empty_states;
        solving += other.solving;
        hand_overs += other.hand_overs;
        std::move(other.reports.begin(), other.reports.end(), std::back_inserter(reports));
    }

    [[nodiscard]] int count(Outcome outcome) const {
        const auto found = counts.find(outcome);
        return found == counts.end() ? 0 : found->second;
    }
};

void show(const Network& network, const PointKinetics& point, const SteadyState& state) {
    fmt::print("{}\n", point_as_code(network, point));
    for (std::size_t i = 0; i < state.coverages.size(); ++i) {
        fmt::print("{:12} {:.17g}\n", network.unknown_names()[i], state.coverages[i]);
    }
    fmt::print("{} {}, slowest {:.3g} 1/s, at {:.3g} s after {} steps, bounds {:.2g} {:.2g}\n",
               to_string(state.status), state.detail, state.slowest_eigenvalue,
               state.integration_time, state.integration_steps, state.coverage_error,
               state.rate_error);
}

double now() {
    using Clock = std::chrono::steady_clock;
    return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

/// All points of one network (or the one asked for).
Summary torture_network(std::uint64_t seed, const Options& options) {
    Summary summary;
    const int adsorbates = random_size(seed, options.largest);
    const RandomNetwork random = random_network(seed, adsorbates, options.points,
        options.idealised ? Idealised::yes : Idealised::no);
    const Network& network = random.network;
    std::vector<int> numbers;
    std::vector<PointKinetics> points;
    for (int p = 0; p < options.points; ++p) {
        if (options.only_point >= 0 && p != options.only_point) continue;
        numbers.push_back(p);
        points.push_back(network.at(random.points[static_cast<std::size_t>(p)]));
    }
    const double start = now();
    const Answers answers = options.path == "batch" ? batch_answers(network, points)
                                                    : reference_answers(network, points);
    summary.solving = now() - start;
    summary.hand_overs = answers.report;
    Examiner examine(network, options.oracles);
    for (std::size_t p = 0; p < points.size(); ++p) {
        const SteadyState& state = answers.states[p];
        const bool branch = options.branch_every > 0 && numbers[p] % options.branch_every == 0;
        const Finding finding = examine(points[p], state, branch);
        summary.branches += branch;
        summary.add(finding, state);
        if (finding.outcome != Outcome::certified) {
            summary.reports.push_back(
                {seed, numbers[p], finding.outcome, finding.reason, adsorbates, answers.paths[p]});
        }
        if (options.show) show(network, points[p], state);
    }
    return summary;
}

void print(const Summary& summary, const Options& options, double seconds) {
    std::map<std::pair<Outcome, std::string>, int> reasons;
    for (const Report& report : summary.reports) {
        fmt::print("{}\n", line(report));
        ++reasons[{report.outcome, report.reason.substr(0, report.reason.find_first_of(":;"))}];
    }
    int all = 0;
    for (const auto& [outcome, count] : summary.counts) all += count;
    fmt::print("{} networks of at most {} adsorbates, seed {}: {} points\n", options.networks,
               options.largest, options.seed, all);
    for (const Outcome outcome : {Outcome::certified, Outcome::not_settled, Outcome::failed,
                                  Outcome::untold, Outcome::wrong}) {
        fmt::print("  {:12} {}\n", word(outcome), summary.count(outcome));
        for (const auto& [reason, count] : reasons) {
            if (reason.first == outcome) fmt::print("    {:10} {}\n", count, reason.second);
        }
    }
    if (const BatchReport& batch = summary.hand_overs; batch.points > 0) {
        fmt::print("batched solver: {} of {} points, {} handed over:", batch.certified,
                   batch.points, batch.handed_over);
        for (std::size_t r = 0; r < hand_over_reasons; ++r) {
            fmt::print(" {} {}", batch.reasons[r], to_string(static_cast<HandOver>(r)));
        }
        fmt::print("\n");
    }
    fmt::print("worst true error over its bound: coverages {:.3g}, rates {:.3g}\n",
               summary.worst_coverage, summary.worst_rate);
    fmt::print(
        "stability proved at {} points, branch checked at {}; {} needed 100 digits, {} have "
        "exact zeros, smallest coverage {:.2g}\n",
        summary.proved_stable, summary.branches, summary.digits100, summary.empty_states,
        summary.smallest_coverage);
    fmt::print("{:.1f} s in all with {} jobs, {:.1f} s of them solving\n", seconds, options.jobs,
               summary.solving);
}

int torture(const Options& options) {
    const double start = now();
    std::vector<std::uint64_t> seeds{options.only_network};
    if (options.only_network == 0) {
        seeds.clear();
        for (int i = 0; i < options.networks; ++i) {
            seeds.push_back(seed_of(options.seed, static_cast<std::uint64_t>(i)));
        }
    }
    // Kept by network, so that the report does not depend on who was first.
    std::vector<Summary> parts(seeds.size());
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::string broken;
    {
        Progress progress(seeds.size() * static_cast<std::size_t>(options.points), stderr);
        const auto work = [&] {
            for (std::size_t i = next++; i < seeds.size(); i = next++) {
                try {
                    parts[i] = torture_network(seeds[i], options);
                } catch (const std::exception& error) {
                    const std::lock_guard lock(mutex);
                    broken += fmt::format("--network {:#018x}: {}\n", seeds[i], error.what());
                }
                const std::lock_guard lock(mutex);
                const auto bad = parts[i].count(Outcome::failed) + parts[i].count(Outcome::wrong);
                progress.add(static_cast<std::size_t>(options.points),
                             static_cast<std::size_t>(bad));
            }
        };
        std::vector<std::jthread> workers;
        for (int j = 1; j < options.jobs; ++j) workers.emplace_back(work);
        work();
    }
    Summary summary;
    for (Summary& part : parts) summary.add(std::move(part));
    print(summary, options, now() - start);
    if (!broken.empty()) fmt::print("exceptions:\n{}", broken);
    return broken.empty() && summary.count(Outcome::wrong) == 0 &&
                   summary.count(Outcome::failed) == 0 && summary.count(Outcome::untold) == 0
               ? 0
               : 1;
}

}  // namespace
}  // namespace turnover::test

int main(int argc, char** argv) {
    turnover::test::Options options;
    CLI::App app("Random physical networks against the 100-digit judge (docs/torture.md).");
    app.add_option("--seed", options.seed, "of the set of networks")->capture_default_str();
    app.add_option("--networks", options.networks, "how many")->capture_default_str();
    app.add_option("--points", options.points, "a network")->capture_default_str();
    app.add_option("--jobs", options.jobs, "threads")->capture_default_str();
    app.add_option("--largest", options.largest, "most adsorbates of a network")
        ->capture_default_str();
    app.add_flag("--idealised", options.idealised, "with irreversible steps and absent gases here and there");
    app.add_option("--branch-every", options.branch_every,
                   "check the branch at every so-manieth point, 0: never")
        ->capture_default_str();
    app.add_option("--oracles", options.oracles,
                   "points a network, of those not settled, that are followed in 100 digits")
        ->capture_default_str();
    app.add_option("--path", options.path,
                   "the solver: batch, which hands over to the reference "
                   "path what it cannot certify, or reference alone")
        ->check(CLI::IsMember({"batch", "reference"}))
        ->capture_default_str();
    app.add_option("--network", options.only_network, "only the network of this seed");
    app.add_option("--point", options.only_point, "only this point");
    app.add_flag("--show", options.show, "print each point as code, and its answer");
    CLI11_PARSE(app, argc, argv);
    return turnover::test::torture(options);
}
