#pragma once

#include <chrono>
#include <cstddef>
#include <ctime>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "summary.hpp"
#include "support/answers.hpp"
#include "support/examination.hpp"
#include "turnover/kinetics/network.hpp"

namespace turnover::test {

/// CPU time of this thread, s.
[[nodiscard]] inline double cpu_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The same point from surfaces that are nine tenths covered by one adsorbate, for every adsorbate
/// in turn.
[[nodiscard]] inline std::vector<PointKinetics> from_covered_surfaces(const Network& network,
                                                                      const PointKinetics& point) {
    std::vector<PointKinetics> points;
    const auto sites = static_cast<std::size_t>(network.sites());
    for (int a = 0; a < network.adsorbates(); ++a) {
        const auto i = static_cast<std::size_t>(a);
        PointKinetics covered = point;
        double most = 1e300;
        for (std::size_t s = 0; s < sites; ++s) {
            const int taken = network.conservation_laws()[s].coefficients[i];
            if (taken > 0) most = std::min(most, point.totals[s] / taken);
        }
        covered.initial.assign(point.initial.size(), 0.0);
        covered.initial[i] = 0.9 * most;
        for (std::size_t s = 0; s < sites; ++s) {
            const int taken = network.conservation_laws()[s].coefficients[i];
            covered.initial[static_cast<std::size_t>(network.adsorbates()) + s] =
                point.totals[s] - taken * covered.initial[i];
        }
        points.push_back(std::move(covered));
    }
    return points;
}

/// Whether different surfaces lead to different states at the first or the middle point. Networks
/// that conserve more than their sites are not asked, for there the surface itself chooses.
[[nodiscard]] inline bool has_several_states(const Network& network,
                                             const std::vector<PointKinetics>& points) {
    if (static_cast<int>(network.conservation_laws().size()) != network.sites()) return false;
    for (const std::size_t p : {std::size_t{0}, points.size() / 2}) {
        std::vector<PointKinetics> starts = from_covered_surfaces(network, points[p]);
        starts.push_back(points[p]);
        const Answers answers = batch_answers(network, starts);
        for (const SteadyState& state : answers.states) {
            if (state.status != Status::converged ||
                answers.states.back().status != Status::converged) {
                continue;
            }
            if (!difference(network, state, answers.states.back()).empty()) return true;
        }
    }
    return false;
}

/// How points are solved and how much of the answers is examined.
struct Examination {
    bool batch = true;      ///< or the reference path alone
    int branch_every = 10;  ///< points between two whose branch is checked; 0: none
    int oracles = 1;        ///< points a network, of those that oscillate, that 100 digits follow
};

/// Solves the points as a map would and judges every answer. `origin` names a point for the report.
[[nodiscard]] inline Summary examine_set(const Network& network,
                                         const std::vector<PointKinetics>& points, std::size_t c,
                                         const Examination& how,
                                         const std::function<std::string(std::size_t)>& origin) {
    Summary summary;
    Summary::Class& own = summary.by_class[c];
    own.networks = 1;
    double start = cpu_time();
    const Answers answers =
        how.batch ? batch_answers(network, points) : reference_answers(network, points);
    own.solving = cpu_time() - start;
    summary.add(answers.report);

    start = cpu_time();
    const bool several = how.branch_every > 1 && has_several_states(network, points);
    summary.several_states = several;
    Examiner examine(network, how.oracles);
    for (std::size_t p = 0; p < points.size(); ++p) {
        const SteadyState& state = answers.states[p];
        const bool by_batch = answers.paths[p] == Path::batch;
        const bool branch = how.branch_every > 0 &&
                            (several || p % static_cast<std::size_t>(how.branch_every) == 0);
        const Finding finding = examine(points[p], state, branch);
        own.branches += branch;
        summary.add(c, finding, state, by_batch);
        if (finding.outcome != Outcome::certified) {
            summary.reports.push_back(
                {origin(p), network.adsorbates(), by_batch, finding.outcome, finding.reason});
        }
    }
    summary.judging = cpu_time() - start;
    return summary;
}

}  // namespace turnover::test
