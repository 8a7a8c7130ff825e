#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace turnover {

/// How a point ended. Only `converged` counts as solved; everything else is a reason.
enum class Status : std::uint8_t {
    converged,
    not_computed,        ///< the map was interrupted before this point
    invalid_conditions,  ///< no rate constants at this point, e.g. outside a Shomate range
    integration_failed,  ///< the integrator gave up
    not_settled,         ///< the transient is still moving at the end of the longest integration
    newton_failed,       ///< no root near the end of the transient
    unstable,            ///< the root is not stable, and the transient did not leave it
    worker_failed,       ///< the worker process at it crashed, hung or ran out of memory each time
    oscillates,          ///< the transient runs into a periodic orbit: there is no steady state
};

/// "converged", "not-settled", ...: what stands in the `status` column.
[[nodiscard]] std::string_view to_string(Status status);
/// The inverse. Throws Error on an unknown word.
[[nodiscard]] Status status_from(std::string_view word);
/// One sentence for a person: what happened and what to try.
[[nodiscard]] std::string_view explain(Status status);

/// A steady state with what proves it. Vectors are in the network's order (unknowns, steps, gases).
/// Where `status` is not `converged` the numbers are the last ones reached, never to be reported as
/// a solution; the errors and the residual are then infinite, and the eigenvalue is NaN unless a
/// steady state was found beside the transient.
///
/// A coverage is exactly zero where the adsorbate cannot be made from the initial surface, or has
/// died out for good. A net rate or turnover frequency is exactly zero where no reaction route
/// passes, and where it is below 1e-200 or so of the rates that it is the difference of. The bounds
/// are with respect to the point's rate constants taken as exact, count the rounding to double, and
/// leave out zeros. docs/numerics.md has the formulas.
struct SteadyState {
    Status status = Status::not_computed;
    std::string detail;  ///< particulars of a failure, may be empty

    std::vector<double> coverages;             ///< per unknown
    std::vector<double> forward_rates;         ///< per step, 1/s per reference site
    std::vector<double> reverse_rates;         ///< per step
    std::vector<double> net_rates;             ///< per step; exactly zero off every reaction route
    std::vector<double> turnover_frequencies;  ///< per gas, net production, 1/s per reference site

    double residual = 0.0;  ///< max_i |sum_j nu_ij r_j| / sum_j |nu_ij| (forward_j + reverse_j)
    double coverage_error = 0.0;  ///< bound on the relative error of every coverage
    double rate_error = 0.0;      ///< the same of every net rate and turnover frequency
    /// Largest real part of the eigenvalues of the Jacobian reduced by the conservation laws, 1/s;
    /// -infinity where the laws leave nothing to move.
    double slowest_eigenvalue = 0.0;
    double integration_time = 0.0;  ///< time from the initial surface to where Newton took over, s
    int integration_steps = 0;
    int newton_iterations = 0;
    int digits = 0;  ///< decimal digits of the arithmetic that the root was found in
};

}  // namespace turnover
