#include "turnover/analysis/reversibility.hpp"

#include <cstddef>

namespace turnover {

std::vector<double> reversibilities(const SteadyState& state) {
    std::vector<double> result(state.forward_rates.size());
    for (std::size_t j = 0; j < result.size(); ++j) {
        // 0/0 is the NaN, x/0 the infinity that the definition asks for.
        result[j] = state.reverse_rates[j] / state.forward_rates[j];
    }
    return result;
}

}  // namespace turnover
