#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Dense>
#include <boost/multiprecision/eigen.hpp>

#include "turnover/steady/extended.hpp"

namespace turnover::test {

enum class Stability { stable, unstable, unknown };

/// Coefficients of z^n, z^(n-1), ..., 1 of det(z - a): to Hessenberg's form by elimination with
/// pivoting (Wilkinson, The Algebraic Eigenvalue Problem, chapter 6), then its leading minors one
/// after the other.
template <class Number>
[[nodiscard]] std::vector<Number> characteristic_polynomial(
    Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic> a) {
    const Eigen::Index n = a.rows();
    for (Eigen::Index m = 1; m + 1 < n; ++m) {
        Eigen::Index pivot = m;
        for (Eigen::Index r = m + 1; r < n; ++r) {
            if (abs(a(r, m - 1)) > abs(a(pivot, m - 1))) pivot = r;
        }
        if (a(pivot, m - 1) == 0) continue;
        if (pivot != m) {
            a.row(pivot).swap(a.row(m));
            a.col(pivot).swap(a.col(m));
        }
        for (Eigen::Index r = m + 1; r < n; ++r) {
            const Number factor = a(r, m - 1) / a(m, m - 1);
            if (factor == 0) continue;
            a(r, m - 1) = 0;
            for (Eigen::Index c = m; c < n; ++c) a(r, c) -= factor * a(m, c);
            for (Eigen::Index c = 0; c < n; ++c) a(c, m) += factor * a(c, r);
        }
    }
    // p_k(z) = (z - a_kk) p_(k-1)(z) - sum_i a_(k-i)k (product of the i subdiagonals) p_(k-i-1)(z).
    std::vector<std::vector<Number>> minors{{Number(1)}};
    for (Eigen::Index k = 0; k < n; ++k) {
        std::vector<Number> next = minors.back();
        next.push_back(Number(0));
        const auto subtract = [&](const Number& factor, const std::vector<Number>& p) {
            const std::size_t shift = next.size() - p.size();
            for (std::size_t e = 0; e < p.size(); ++e) next[shift + e] -= factor * p[e];
        };
        subtract(a(k, k), minors.back());
        Number product(1);
        for (Eigen::Index i = 1; i <= k; ++i) {
            product *= a(k - i + 1, k - i);
            if (product == 0) break;
            subtract(a(k - i, k) * product, minors[static_cast<std::size_t>(k - i)]);
        }
        minors.push_back(std::move(next));
    }
    return minors.back();
}

/// Whether all eigenvalues of `matrix` have a negative real part, without computing one: the
/// criterion of Routh and Hurwitz (Gantmacher, The Theory of Matrices II, chapter XV) in 400
/// digits. Beyond `largest_proof` rows only the sign of the determinant, which is that of (-1)^n
/// where the number of growing modes is even.
template <class Number>
[[nodiscard]] Stability stability(
    const Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>& matrix) {
    using Wide = ExtendedNumber<400>;
    using WideMatrix = Eigen::Matrix<Wide, Eigen::Dynamic, Eigen::Dynamic>;
    constexpr Eigen::Index largest_proof = 24;

    const Eigen::Index n = matrix.rows();
    if (n == 0) return Stability::stable;
    if (n > largest_proof) {
        const Number determinant =
            Eigen::PartialPivLU<Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>>(-matrix)
                .determinant();
        return determinant > 0 ? Stability::unknown : Stability::unstable;
    }
    WideMatrix a(n, n);
    for (Eigen::Index r = 0; r < n; ++r) {
        for (Eigen::Index c = 0; c < n; ++c) a(r, c) = Wide(matrix(r, c));
    }
    const std::vector<Wide> polynomial = characteristic_polynomial<Wide>(std::move(a));
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
