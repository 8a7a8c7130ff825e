#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace turnover {

/// Whether `x` is exactly nothing, without making a zero to compare it with where `Number` can
/// tell.
template <class Number>
[[nodiscard]] bool is_zero(const Number& x) {
    if constexpr (requires { x.is_zero(); }) {
        return x.is_zero();
    } else {
        return x == Number(0.0);
    }
}

/// LU factors of a dense row-major matrix with partial pivoting, for any number type. Zeros are
/// skipped, which is what makes the sparse matrices of large networks bearable here.
template <class Number>
class Lu {
public:
    /// Factors the `n` x `n` matrix. False when it is singular or not finite.
    [[nodiscard]] bool factor(std::vector<Number> matrix, int n) {
        using std::abs;
        using std::isfinite;
        n_ = static_cast<std::size_t>(n);
        a_ = std::move(matrix);
        order_.resize(n_);
        for (std::size_t i = 0; i < n_; ++i) order_[i] = i;
        determinant_is_negative_ = false;
        for (std::size_t k = 0; k < n_; ++k) {
            std::size_t pivot = k;
            Number largest = abs(at(k, k));
            for (std::size_t i = k + 1; i < n_; ++i) {
                if (is_zero(at(i, k))) continue;
                if (Number size = abs(at(i, k)); size > largest) {
                    largest = std::move(size);
                    pivot = i;
                }
            }
            if (is_zero(at(pivot, k)) || !isfinite(at(pivot, k))) return false;
            if (pivot != k) {
                for (std::size_t c = 0; c < n_; ++c) std::swap(at(pivot, c), at(k, c));
                std::swap(order_[pivot], order_[k]);
                determinant_is_negative_ = !determinant_is_negative_;
            }
            if (at(k, k) < Number(0.0)) determinant_is_negative_ = !determinant_is_negative_;
            const Number inverse = Number(1.0) / at(k, k);
            for (std::size_t i = k + 1; i < n_; ++i) {
                if (is_zero(at(i, k))) continue;
                const Number factor = at(i, k) * inverse;
                at(i, k) = factor;
                for (std::size_t c = k + 1; c < n_; ++c) {
                    if (!is_zero(at(k, c))) at(i, c) -= factor * at(k, c);
                }
            }
        }
        return true;
    }

    /// Of the matrix last factored.
    [[nodiscard]] bool determinant_is_negative() const { return determinant_is_negative_; }

    /// Overwrites the right-hand side `b` with the solution.
    void solve(std::vector<Number>& b) const {
        std::vector<Number> x(n_);
        for (std::size_t i = 0; i < n_; ++i) {
            x[i] = b[order_[i]];
            for (std::size_t c = 0; c < i; ++c) {
                if (!is_zero(at(i, c))) x[i] -= at(i, c) * x[c];
            }
        }
        for (std::size_t i = n_; i-- > 0;) {
            for (std::size_t c = i + 1; c < n_; ++c) {
                if (!is_zero(at(i, c))) x[i] -= at(i, c) * x[c];
            }
            x[i] /= at(i, i);
        }
        b = std::move(x);
    }

private:
    [[nodiscard]] Number& at(std::size_t i, std::size_t c) { return a_[i * n_ + c]; }
    [[nodiscard]] const Number& at(std::size_t i, std::size_t c) const { return a_[i * n_ + c]; }

    std::size_t n_ = 0;
    bool determinant_is_negative_ = false;
    std::vector<Number> a_;
    std::vector<std::size_t> order_;
};

}  // namespace turnover
