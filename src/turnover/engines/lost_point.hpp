#pragma once

#include <string>

#include "turnover/steady/steady_state.hpp"

namespace turnover {

/// What stands for a point whose worker was lost with it each time, for `reason`.
[[nodiscard]] SteadyState lost_point(const std::string& reason);

}  // namespace turnover
