// Double-double arithmetic on lanes: about 32 digits.
//
// Error-free sum: Knuth, The Art of Computer Programming 2, 4.2.2 (1969); product by fused
// multiply-add. Bounds after Joldes, Muller and Popescu, ACM Trans. Math. Softw. 44, 15 (2017),
// with u = 2^-53: sum 3 u^2, product 5 u^2, product with a double 2 u^2, all relative, as long as
// nothing underflows.
#if defined(TURNOVER_BATCH_DOUBLE_DOUBLE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_DOUBLE_DOUBLE_INL
#undef TURNOVER_BATCH_DOUBLE_DOUBLE_INL
#else
#define TURNOVER_BATCH_DOUBLE_DOUBLE_INL
#endif

#include "turnover/steady/batch/lanes.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// The unevaluated sum high + low.
struct Double2 {
    Double2() = default;
    HWY_INLINE Double2(Vec the_high, Vec the_low) : high(the_high), low(the_low) {}
    HWY_INLINE explicit Double2(Vec value) : high(value), low(zero()) {}

    Vec high, low;
};

inline constexpr double double2_sum_error = 3.0 * 0x1p-106;
inline constexpr double double2_product_error = 5.0 * 0x1p-106;

/// a + b exactly.
HWY_INLINE Double2 exact_sum(Vec a, Vec b) {
    const Vec s = a + b;
    const Vec b_part = s - a;
    return {s, (a - (s - b_part)) + (b - b_part)};
}
/// a + b exactly where |a| >= |b|.
HWY_INLINE Double2 quick_sum(Vec a, Vec b) {
    const Vec s = a + b;
    return {s, b - (s - a)};
}

HWY_INLINE Double2 operator+(const Double2& a, const Double2& b) {
    const Double2 s = exact_sum(a.high, b.high);
    const Double2 t = exact_sum(a.low, b.low);
    const Double2 v = quick_sum(s.high, s.low + t.high);
    return quick_sum(v.high, t.low + v.low);
}
HWY_INLINE Double2 operator+(const Double2& a, Vec b) {
    const Double2 s = exact_sum(a.high, b);
    return quick_sum(s.high, a.low + s.low);
}
HWY_INLINE Double2 operator-(const Double2& a, const Double2& b) {
    return a + Double2{hn::Neg(b.high), hn::Neg(b.low)};
}
HWY_INLINE Double2 operator*(const Double2& a, const Double2& b) {
    const Vec high = a.high * b.high;
    const Vec error = fma(a.high, b.high, hn::Neg(high));
    const Vec cross = fma(a.low, b.high, a.high * b.low);
    return quick_sum(high, error + cross);
}
HWY_INLINE Double2 operator*(const Double2& a, Vec b) {
    const Vec high = a.high * b;
    const Vec error = fma(a.high, b, hn::Neg(high));
    return quick_sum(high, fma(a.low, b, error));
}
HWY_INLINE Double2 operator/(const Double2& a, Vec b) {
    const Vec first = a.high / b;
    const Vec rest = fnma(first, b, a.high) + a.low;
    return quick_sum(first, rest / b);
}
/// c + a b and c - a b, to 2^-103 (|c| + |a b|).
HWY_INLINE Double2 fma(const Double2& a, const Double2& b, const Double2& c) {
    const Vec product = a.high * b.high;
    const Vec rest = fma(a.low, b.high, fma(a.high, b.low, fma(a.high, b.high, hn::Neg(product))));
    const Double2 sum = exact_sum(c.high, product);
    return quick_sum(sum.high, sum.low + (c.low + rest));
}
HWY_INLINE Double2 fnma(const Double2& a, const Double2& b, const Double2& c) {
    return fma({hn::Neg(a.high), hn::Neg(a.low)}, b, c);
}
HWY_INLINE Double2 fma(Vec a, const Double2& b, const Double2& c) {
    return fma(Double2{a, zero()}, b, c);
}
HWY_INLINE Double2 fnma(Vec a, const Double2& b, const Double2& c) {
    return fma(Double2{hn::Neg(a), zero()}, b, c);
}
HWY_INLINE Vec reciprocal(Vec a) { return constant(1.0) / a; }
/// To 2^-102, relative.
HWY_INLINE Double2 reciprocal(const Double2& a) {
    const Vec first = constant(1.0) / a.high;
    const Vec rest = fnma(a.low, first, fnma(a.high, first, constant(1.0)));
    const Double2 near = quick_sum(first, rest * first);
    const Double2 miss = fnma(a, near, Double2{constant(1.0), zero()});
    return near + miss.high * first;
}
HWY_INLINE Vec high_of(Vec a) { return a; }
HWY_INLINE Vec high_of(const Double2& a) { return a.high; }
HWY_INLINE Double2 zero_where(Mask m, const Double2& otherwise) {
    return {zero_where(m, otherwise.high), zero_where(m, otherwise.low)};
}
HWY_INLINE Double2 negative(const Double2& a) { return {hn::Neg(a.high), hn::Neg(a.low)}; }
HWY_INLINE Vec negative(Vec a) { return hn::Neg(a); }
HWY_INLINE Double2 select(Mask m, const Double2& yes, const Double2& no) {
    return {select(m, yes.high, no.high), select(m, yes.low, no.low)};
}
HWY_INLINE Double2 double2(Vec a) { return {a, zero()}; }
HWY_INLINE void clear(Double2& a) { a.high = a.low = zero(); }

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
