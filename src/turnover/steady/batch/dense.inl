// Small dense linear algebra on lanes, row-major, without pivoting: the matrices are I/(gamma h) -
// J and -J with the dominant coverages eliminated, whose diagonal carries what each balance loses.
// Where that is not enough, the certificate sees it (it multiplies the inverse by the matrix).
#if defined(TURNOVER_BATCH_DENSE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_DENSE_INL
#undef TURNOVER_BATCH_DENSE_INL
#else
#define TURNOVER_BATCH_DENSE_INL
#endif

#include "turnover/steady/batch/lanes.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// L U in place: L with a unit diagonal, the reciprocals of U's diagonal on the diagonal. Returns
/// where the determinant is positive.
template <class S>
HWY_INLINE Mask factorise(int unknowns, Vec* a) {
    const int n = S::size(unknowns);
    Vec sign = constant(1.0);
    for (int p = 0; p < n; ++p) {
        const Vec reciprocal = constant(1.0) / a[p * n + p];
        a[p * n + p] = reciprocal;
        sign = sign * hn::CopySign(constant(1.0), reciprocal);
        for (int i = p + 1; i < n; ++i) {
            const Vec multiple = a[i * n + p] * reciprocal;
            a[i * n + p] = multiple;
            for (int j = p + 1; j < n; ++j) {
                a[i * n + j] = fnma(multiple, a[p * n + j], a[i * n + j]);
            }
        }
    }
    return hn::Gt(sign, zero());
}

/// Solves with what `factorise` left.
template <class S>
HWY_INLINE void solve(int unknowns, const Vec* a, Vec* b) {
    const int n = S::size(unknowns);
    for (int i = 1; i < n; ++i) {
        Vec sum = b[i];
        for (int j = 0; j < i; ++j) sum = fnma(a[i * n + j], b[j], sum);
        b[i] = sum;
    }
    for (int i = n - 1; i >= 0; --i) {
        Vec sum = b[i];
        for (int j = i + 1; j < n; ++j) sum = fnma(a[i * n + j], b[j], sum);
        b[i] = sum * a[i * n + i];
    }
}

/// The inverse from what `factorise` left.
template <class S>
HWY_INLINE void invert(int unknowns, const Vec* a, Vec* inverse) {
    const int n = S::size(unknowns);
    Vec column[S::capacity];
    for (int j = 0; j < n; ++j) {
        for (int i = 0; i < n; ++i) column[i] = i == j ? constant(1.0) : zero();
        solve<S>(unknowns, a, column);
        for (int i = 0; i < n; ++i) inverse[i * n + j] = column[i];
    }
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
