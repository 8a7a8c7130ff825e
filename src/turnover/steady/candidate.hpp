#pragma once

#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/newton.hpp"
#include "turnover/steady/stability.hpp"
#include "turnover/steady/steady_state.hpp"

namespace turnover {

/// A root beside the transient, and whether it is what the transient runs into.
struct Candidate {
    enum class Verdict {
        none,       ///< no root within reach, or one too far away to tell
        stable,     ///< the answer; `state` is complete but for the integration's part
        unstable,   ///< a mode grows: the transient must leave it
        undecided,  ///< the slowest mode neither grows nor decays
    };
    Verdict verdict = Verdict::none;
    SteadyState state;
    double slowest = 0.0;  ///< largest real part, 1/s
};

/// Looks for a root within the relative distance `closeness` of the transient's coverages and
/// judges it; `empty` (per unknown) are taken as exactly zero. Error bounds above `largest_error`
/// are met with more digits.
[[nodiscard]] Candidate find_candidate(const Network& network, const PointKinetics& point,
                                       const LiveNetwork& live, const std::vector<bool>& empty,
                                       const NewtonStart& start, double closeness,
                                       double largest_error);

}  // namespace turnover
