#include "turnover/engines/lost_point.hpp"

#include <limits>

namespace turnover {

SteadyState lost_point(const std::string& reason) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    SteadyState state;
    state.status = Status::worker_failed;
    state.detail = reason;
    state.residual = state.coverage_error = state.rate_error = infinity;
    state.slowest_eigenvalue = std::numeric_limits<double>::quiet_NaN();
    return state;
}

}  // namespace turnover
