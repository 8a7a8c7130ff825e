#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Dense>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/eigen.hpp>

namespace turnover::test {

enum class Stability { stable, unstable, unknown };

/// Whether all eigenvalues of `matrix` have a negative real part, without computing one.
///
/// Up to `largest_proof` rows the characteristic polynomial (Faddeev and LeVerrier) and the
/// criterion of Routh and Hurwitz (Gantmacher, The Theory of Matrices II, chapter XV) in 400
/// digits, enough for modes 1e40 apart; beyond that only the sign of the determinant, which is that
/// of (-1)^n where the number of growing modes is even.
template <class Number>
[[nodiscard]] Stability stability(
    const Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>& matrix) {
    using Wide = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<400>,
                                               boost::multiprecision::et_off>;
    using WideMatrix = Eigen::Matrix<Wide, Eigen::Dynamic, Eigen::Dynamic>;
    constexpr Eigen::Index largest_proof = 8;

    const Eigen::Index n = matrix.rows();
    if (n == 0) return Stability::stable;
    if (n > largest_proof) {
        const Number determinant =
            Eigen::PartialPivLU<Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>>(-matrix)
                .determinant();
        return determinant > 0 ? Stability::unknown : Stability::unstable;
    }
    WideMatrix a(n, n), m = WideMatrix::Zero(n, n);
    for (Eigen::Index r = 0; r < n; ++r) {
        for (Eigen::Index c = 0; c < n; ++c) a(r, c) = Wide(matrix(r, c));
    }
    // Coefficients of z^n, z^(n-1), ..., 1.
    std::vector<Wide> polynomial{Wide(1)};
    for (Eigen::Index k = 1; k <= n; ++k) {
        WideMatrix next = a * m;
        for (Eigen::Index r = 0; r < n; ++r) next(r, r) += polynomial.back();
        m = next;
        const WideMatrix product = a * m;
        polynomial.push_back(-product.trace() / Wide(static_cast<int>(k)));
    }
    // Routh's array: every entry of the first column must be positive.
    std::vector<Wide> upper, lower;
    for (std::size_t k = 0; k < polynomial.size(); ++k) {
        (k % 2 == 0 ? upper : lower).push_back(polynomial[k]);
    }
    while (!lower.empty()) {
        if (!(lower.front() > 0)) return Stability::unstable;
        std::vector<Wide> next;
        for (std::size_t k = 1; k < upper.size(); ++k) {
            const Wide below = k < lower.size() ? lower[k] : Wide(0);
            next.push_back(upper[k] - upper.front() * below / lower.front());
        }
        upper = std::move(lower);
        lower = std::move(next);
    }
    return Stability::stable;
}

}  // namespace turnover::test
