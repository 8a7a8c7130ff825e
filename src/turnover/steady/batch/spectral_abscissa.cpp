#include "turnover/steady/batch/job.hpp"
#include "turnover/steady/double_double.hpp"
#include "turnover/steady/stability.hpp"

namespace turnover::batch {

double spectral_abscissa(const std::vector<double>& matrix, int n) {
    return slowest_mode<DoubleDouble>({matrix.begin(), matrix.end()}, n).real_part;
}

}  // namespace turnover::batch
