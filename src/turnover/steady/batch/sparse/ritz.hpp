#pragma once

#include <optional>
#include <vector>

namespace turnover::batch {

/// The largest real part of -1/mu over the eigenvalues mu of an operator, from `steps` steps of
/// Arnoldi's process with it: `hessenberg` is (steps + 1) x steps, row-major. Of the
/// eigenvalues that have settled to 1e-6; nothing where one that has not is as large as theirs.
[[nodiscard]] std::optional<double> slowest_ritz_value(const std::vector<double>& hessenberg,
                                                       int steps);

}  // namespace turnover::batch
