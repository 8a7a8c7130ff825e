#pragma once

#include <cmath>
#include <limits>

namespace turnover {

/// An unevaluated sum of two doubles: about 32 decimal digits over the exponent range of double,
/// for linear algebra whose entries span more than double's 16 digits, at a tenth of the cost of a
/// software floating-point type.
///
/// Error-free sum: Knuth, The Art of Computer Programming 2, 4.2.2 (1969); product by fused
/// multiply-add; the combinations follow Joldes, Muller and Popescu, ACM Trans. Math. Softw. 44, 15
/// (2017): sum to 3 u^2 relative, product to 5 u^2, quotient to 15 u^2, with u = 2^-53.
class DoubleDouble {
public:
    constexpr DoubleDouble() = default;
    constexpr DoubleDouble(double value) : high_(value) {}  // a number, like any other
    constexpr DoubleDouble(double high, double low) : high_(high), low_(low) {}

    [[nodiscard]] constexpr double high() const { return high_; }
    [[nodiscard]] constexpr double low() const { return low_; }
    explicit constexpr operator double() const { return high_; }

    friend DoubleDouble operator+(const DoubleDouble& a, const DoubleDouble& b) {
        const DoubleDouble s = sum(a.high_, b.high_);
        const DoubleDouble t = sum(a.low_, b.low_);
        const DoubleDouble v = quick_sum(s.high_, s.low_ + t.high_);
        return quick_sum(v.high_, t.low_ + v.low_);
    }
    friend constexpr DoubleDouble operator-(const DoubleDouble& a) { return {-a.high_, -a.low_}; }
    friend DoubleDouble operator-(const DoubleDouble& a, const DoubleDouble& b) { return a + -b; }
    friend DoubleDouble operator*(const DoubleDouble& a, const DoubleDouble& b) {
        const double high = a.high_ * b.high_;
        const double error = std::fma(a.high_, b.high_, -high);
        const double cross = std::fma(a.low_, b.high_, std::fma(a.high_, b.low_, a.low_ * b.low_));
        return quick_sum(high, error + cross);
    }
    friend DoubleDouble operator/(const DoubleDouble& a, const DoubleDouble& b) {
        const double first = a.high_ / b.high_;
        const DoubleDouble rest = a - b * DoubleDouble(first);
        return quick_sum(first, rest.high_ / b.high_);
    }
    DoubleDouble& operator+=(const DoubleDouble& b) { return *this = *this + b; }
    DoubleDouble& operator-=(const DoubleDouble& b) { return *this = *this - b; }
    DoubleDouble& operator*=(const DoubleDouble& b) { return *this = *this * b; }
    DoubleDouble& operator/=(const DoubleDouble& b) { return *this = *this / b; }

    friend constexpr bool operator==(const DoubleDouble& a, const DoubleDouble& b) {
        return a.high_ == b.high_ && a.low_ == b.low_;
    }
    friend constexpr bool operator!=(const DoubleDouble& a, const DoubleDouble& b) {
        return !(a == b);
    }
    friend constexpr bool operator<(const DoubleDouble& a, const DoubleDouble& b) {
        return a.high_ < b.high_ || (a.high_ == b.high_ && a.low_ < b.low_);
    }
    friend constexpr bool operator>(const DoubleDouble& a, const DoubleDouble& b) { return b < a; }
    friend constexpr bool operator<=(const DoubleDouble& a, const DoubleDouble& b) {
        return a < b || a == b;
    }
    friend constexpr bool operator>=(const DoubleDouble& a, const DoubleDouble& b) {
        return b <= a;
    }

    friend constexpr DoubleDouble abs(const DoubleDouble& a) { return a.high_ < 0.0 ? -a : a; }
    friend DoubleDouble sqrt(const DoubleDouble& a) {
        if (!(a.high_ > 0.0)) return std::sqrt(a.high_);
        const double root = std::sqrt(a.high_);
        const DoubleDouble rest = a - DoubleDouble(root) * DoubleDouble(root);
        return quick_sum(root, rest.high_ / (2.0 * root));
    }
    friend DoubleDouble ldexp(const DoubleDouble& a, int exponent) {
        return {std::ldexp(a.high_, exponent), std::ldexp(a.low_, exponent)};
    }
    friend bool isfinite(const DoubleDouble& a) { return std::isfinite(a.high_); }

private:
    /// a + b exactly.
    static constexpr DoubleDouble sum(double a, double b) {
        const double s = a + b;
        const double b_part = s - a;
        return {s, (a - (s - b_part)) + (b - b_part)};
    }
    /// a + b exactly where |a| >= |b|.
    static constexpr DoubleDouble quick_sum(double a, double b) {
        const double s = a + b;
        return {s, b - (s - a)};
    }

    double high_ = 0.0;
    double low_ = 0.0;
};

}  // namespace turnover

template <>
class std::numeric_limits<turnover::DoubleDouble> {
public:
    static constexpr bool is_specialized = true;
    static constexpr bool is_signed = true;
    static constexpr bool is_integer = false;
    static constexpr bool is_exact = false;
    static constexpr bool has_infinity = true;
    static constexpr bool has_quiet_NaN = true;
    static constexpr int radix = 2;
    static constexpr int digits = 104;
    static constexpr int digits10 = 31;
    static constexpr int max_digits10 = 33;
    static constexpr turnover::DoubleDouble epsilon() { return 0x1p-103; }
    static constexpr turnover::DoubleDouble min() { return std::numeric_limits<double>::min(); }
    static constexpr turnover::DoubleDouble max() { return std::numeric_limits<double>::max(); }
    static constexpr turnover::DoubleDouble lowest() { return -max(); }
    static constexpr turnover::DoubleDouble infinity() {
        return std::numeric_limits<double>::infinity();
    }
    static constexpr turnover::DoubleDouble quiet_NaN() {
        return std::numeric_limits<double>::quiet_NaN();
    }
};
