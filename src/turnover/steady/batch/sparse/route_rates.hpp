#pragma once

#include <span>
#include <vector>

#include "turnover/steady/batch/flat_network.hpp"

namespace turnover::batch {

/// Net rates of one point with bounds on their errors, 1/s: value high + low. Per step or per gas.
struct BoundedRates {
    std::vector<double> high, low, error;
};

/// At a steady state the net rates of the steps are a combination of reaction routes, exactly: the
/// net rate of a step in equilibrium, which as the difference of its two directions drowns in their
/// rounding, is a small integer combination of the net rates of slow steps, which does not.
class RouteRates {
public:
    explicit RouteRates(const FlatNetwork& net);

    /// Expresses the net rates with large errors by those with small ones, and turnover frequencies
    /// by the latter, wherever that makes the bound smaller. Steps off every route are left alone.
    void improve(BoundedRates& steps, BoundedRates& gases) const;

private:
    struct Routes;
    [[nodiscard]] Routes routes_by(const std::vector<double>& errors) const;

    const FlatNetwork& net_;
    std::vector<int> steps_;       ///< those that run and are on a route
    std::vector<double> changes_;  ///< stoichiometric matrix, unknowns x steps_
};

}  // namespace turnover::batch
