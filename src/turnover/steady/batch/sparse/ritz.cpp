#include "turnover/steady/batch/sparse/ritz.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include <Eigen/Eigenvalues>

namespace turnover::batch {

std::optional<double> slowest_ritz_value(const std::vector<double>& hessenberg, int steps) {
    for (const double entry : hessenberg) {
        if (!std::isfinite(entry)) return {};
    }
    using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const Matrix> whole(hessenberg.data(), steps + 1, steps);
    const Eigen::MatrixXd square = whole.topRows(steps);
    const Eigen::EigenSolver<Eigen::MatrixXd> solver(square);
    if (solver.info() != Eigen::Success) return {};
    const double last = whole(steps, steps - 1);
    // Beneath it lie modes that are so much faster than the slowest that rounding gives them signs.
    const double noise = 1e-12 * solver.eigenvalues().cwiseAbs().maxCoeff();
    std::optional<double> slowest;
    double largest_open = 0.0;  // of those that have not settled
    for (Eigen::Index e = 0; e < steps; ++e) {
        const std::complex<double> mu = solver.eigenvalues()[e];
        if (std::abs(mu) <= noise) continue;
        const double miss = std::abs(last * solver.eigenvectors().col(e)[steps - 1]);
        if (miss > 1e-6 * std::abs(mu)) {
            largest_open = std::max(largest_open, std::abs(mu));
            continue;
        }
        const double real = -mu.real() / std::norm(mu);
        if (!slowest || real > *slowest) slowest = real;
    }
    // The small ones, of fast modes, need not settle.
    if (slowest && largest_open * std::abs(*slowest) > 0.9) return {};
    return slowest;
}

}  // namespace turnover::batch
