#pragma once

#include <stop_token>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/steady_state.hpp"

namespace turnover {

struct ReferenceOptions {
    double relative_tolerance = 1e-8;  ///< of the integration in double
    double extended_tolerance = 1e-4;  ///< of a step of the integration in extended precision
    double longest_time = 1e280;       ///< s; the integration gives up here
    /// Steps of the integrator in double; in extended precision two and a half times as many in
    /// double-double, or the work of them in more digits, and six times as much of that once the
    /// surface swings.
    long most_steps = 200000;
    double largest_error = 1e-15;  ///< relative error bound that is asked of Newton
};

/// The steady state that the transient from `point.initial` runs into: CVODE (BDF, analytic
/// Jacobian), or where double does not get to the end an integrator in extended precision, then
/// Newton in extended precision (34 digits, then 100 and 250 where the error estimate asks for
/// them), with stability from the eigenvalues of the reduced Jacobian. Slow truth: every faster
/// path is tested against it. Pure and reentrant; never throws for numerical failure. A request to
/// `stop` is heard between two steps of an integrator, and leaves Status::not_computed.
[[nodiscard]] SteadyState solve_reference(const Network& network, const PointKinetics& point,
                                          const ReferenceOptions& options = {},
                                          const std::stop_token& stop = {});

}  // namespace turnover
