#pragma once

#include <optional>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/cycle.hpp"
#include "turnover/steady/live_network.hpp"

namespace turnover {

/// What is known of the steady state that an orbit goes around.
struct RootInside {
    std::vector<double> coverages;
    double slowest = 0.0;   ///< largest real part of its modes, 1/s
    bool unstable = false;  ///< a mode grows for certain
};

/// Looks for the steady state inside `orbit`: Newton's method in 100 digits, by relative changes of
/// the coverages and damped, from the averages over a period, the middles of the ranges, and places
/// drawn from them. Inside
/// means: every coverage above `resolved` within its range, or not far outside. Empty where no root
/// is found there.
[[nodiscard]] std::optional<RootInside> root_inside(const Network& network,
                                                    const PointKinetics& point,
                                                    const LiveNetwork& live, const Orbit& orbit,
                                                    double resolved);

}  // namespace turnover
