#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "support/judge.hpp"
#include "support/oracle.hpp"
#include "support/orbit_claim.hpp"
#include "turnover/steady/reference.hpp"
#include "turnover/steady/steady_state.hpp"

namespace turnover::test {

enum class Outcome {
    certified,   ///< a state with a bound, and right as far as the judge can tell
    oscillates,  ///< a periodic orbit, and the same one in 100 digits where these were asked
    failed,      ///< no answer
    untold,      ///< an answer that the judge could not judge
    wrong,       ///< beyond the printed bound, unstable, or not where the transient goes
};

struct Finding {
    Outcome outcome = Outcome::certified;
    std::string reason;  ///< for anything but a certified point
    Judgement judgement;
};

/// Whether two answers are the same state, as far as their bounds say. Empty, or where they differ.
[[nodiscard]] inline std::string difference(const Network& network, const SteadyState& a,
                                            const SteadyState& b) {
    constexpr double unit = std::numeric_limits<double>::epsilon();
    for (std::size_t i = 0; i < a.coverages.size(); ++i) {
        const double x = a.coverages[i], y = b.coverages[i];
        const double bound = a.coverage_error + b.coverage_error + unit;
        if (std::abs(x - y) > bound * std::max(x, y)) {
            return fmt::format("{} is {:.17g} against {:.17g}", network.unknown_names()[i], x, y);
        }
    }
    return {};
}

/// Judges one answer after the other of a network.
class Examiner {
public:
    /// `most_oracles`: how many points that oscillate, and how many that failed, are followed in
    /// 100 digits; the other orbits are believed.
    Examiner(const Network& network, int most_oracles)
        : network_(network),
          judge_(network),
          orbits_left_(most_oracles),
          failures_left_(most_oracles) {}

    /// `with_branch`: also whether the transient runs into this state, by the reference path; with
    /// tolerances ten times tighter where the answer is the reference path's own.
    [[nodiscard]] Finding operator()(const PointKinetics& point, const SteadyState& answer,
                                     bool with_branch) {
        Finding finding;
        if (answer.status != Status::converged) {
            judge_failure(point, answer, finding);
            return finding;
        }
        finding.judgement = judge_(point, answer);
        if (!finding.judgement.wrong.empty() || !finding.judgement.unknown.empty()) {
            finding.judgement = PatientJudge(network_)(point, answer);
        }
        if (!finding.judgement.wrong.empty()) {
            finding.outcome = Outcome::wrong;
            finding.reason = finding.judgement.wrong;
        } else if (!finding.judgement.unknown.empty()) {
            finding.outcome = Outcome::untold;
            finding.reason = finding.judgement.unknown;
        } else if (with_branch) {
            check_branch(point, answer, finding);
        }
        return finding;
    }

private:
    static constexpr int most_oracle_steps = 6000;
    static constexpr int most_orbit_steps = 30000;
    /// Of a range or a period, between the two integrators.
    static constexpr double orbit_tolerance = 0.02;
    static constexpr int digits_of_batch = 32;

    void judge_failure(const PointKinetics& point, const SteadyState& answer, Finding& finding) {
        finding.outcome = Outcome::failed;
        finding.reason = fmt::format("{}: {}", to_string(answer.status), answer.detail);
        if (answer.status == Status::oscillates) judge_orbit(point, answer, finding);
        if (answer.status != Status::not_settled || failures_left_ == 0) return;
        --failures_left_;
        const Fate fate = Oracle(network_, judge_)(point, 1e100, most_oracle_steps);
        finding.reason += fmt::format("; 100 digits: {} at {:.3g} s after {} steps",
                                      fate.settled ? "settled" : "moving", fate.time, fate.steps);
    }

    /// Follows the transient for as long as the solver did before it saw the orbit. Where the steps
    /// do not suffice for that, follows the last surface that the solver saw for three periods and
    /// a half: this says that there is such an orbit, or one that drifts by less than the
    /// tolerance, but not that the transient leads there.
    void judge_orbit(const PointKinetics& point, const SteadyState& answer, Finding& finding) {
        const OrbitClaim claim = read_claim(network_, answer);
        if (claim.unknown < 0) {
            finding.reason += "; the judge cannot read this";
            return;
        }
        finding.outcome = Outcome::oscillates;
        if (orbits_left_ == 0) return;
        --orbits_left_;
        Oracle follow(network_, judge_);
        Fate fate = follow(point, answer.integration_time, most_orbit_steps, 1e-4, claim.unknown);
        const bool from_there = !fate.settled && fate.steps >= most_orbit_steps;
        if (from_there) {
            PointKinetics start = point;
            start.initial = answer.coverages;
            fate = follow(start, 3.5 * claim.period, most_orbit_steps, 1e-4, claim.unknown);
        }
        const std::string differs = disagreement(claim, fate, orbit_tolerance);
        finding.reason +=
            fmt::format("; 100 digits, {} steps{}: {}", fate.steps, from_there ? " from there" : "",
                        differs.empty() ? "the same" : differs);
        if (!differs.empty()) finding.outcome = Outcome::failed;
    }

    void check_branch(const PointKinetics& point, const SteadyState& answer, Finding& finding) {
        ReferenceOptions tight;
        // The batched solver's transient is a million times as coarse as the reference path's.
        if (answer.digits != digits_of_batch) {
            tight.relative_tolerance *= 0.1;
            tight.extended_tolerance *= 0.1;
            tight.most_steps *= 2;
        }
        const SteadyState other = solve_reference(network_, point, tight);
        if (other.status != Status::converged) {
            finding.outcome = Outcome::untold;
            finding.reason = "to be compared with: " + std::string(to_string(other.status)) + ": " +
                             other.detail;
        } else if (const std::string where = difference(network_, answer, other); !where.empty()) {
            finding.outcome = Outcome::wrong;
            finding.reason = "not where the reference path's transient goes: " + where;
        }
    }

    const Network& network_;
    Judge judge_;
    int orbits_left_, failures_left_;
};

}  // namespace turnover::test
