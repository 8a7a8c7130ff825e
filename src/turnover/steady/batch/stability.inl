// Stability of a root where no contraction box was found, and whether the transient has all but
// arrived there.
#if defined(TURNOVER_BATCH_STABILITY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_STABILITY_INL
#undef TURNOVER_BATCH_STABILITY_INL
#else
#define TURNOVER_BATCH_STABILITY_INL
#endif

#include "turnover/steady/batch/dense.inl"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/root.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// Where the transient at `y`, known to `uncertainty`, is within the ball of relative changes
/// around the root in which the root's own contraction still holds: no other root is as near.
template <class S>
HWY_INLINE Mask has_arrived(const FlatNetwork& net, const Vec* y, const Vec* uncertainty,
                            const Root<S>& root) {
    constexpr double nearest = 0.02;
    Vec farthest = zero();
    for (int i = 0; i < S::size(net.unknowns); ++i) {
        const Vec distance = abs(y[i] - root.x[i].high) + uncertainty[i];
        farthest = larger(distance / root.x[i].high, farthest);
    }
    const Vec defect = fma(root.curvature, farthest, root.defect);
    return both(root.bounded,
                both(hn::Le(farthest, constant(nearest)), hn::Le(defect, constant(0.5))));
}

/// Where all eigenvalues of the reduced Jacobian at the root have negative real parts, among the
/// lanes `asked`: Newton's iteration for the matrix sign, X <- (c X + (c X)^-1) / 2 (Roberts, Int.
/// J. Control 32, 677 (1980); scaled after Higham, SIAM J. Sci. Stat. Comput. 7, 1160 (1986)),
/// keeps the sign of every eigenvalue's real part and drives them to 1 or -1. Once |X - I| < 1/2
/// all are positive. Starts from -J in relative changes, whose inverse the root's proof has left.
/// In double: evidence, not proof.
template <class S>
HWY_INLINE Mask is_stable(const FlatNetwork& net, const Root<S>& root, Mask asked) {
    constexpr int most_iterations = 24;
    const int n = S::size(net.unknowns);
    Vec x[S::cells], factors[S::cells], inverse[S::cells];
    Vec rate[S::capacity];
    for (int i = 0; i < n; ++i) {
        rate[i] = select(root.laws->dominant(i), constant(1.0), root.gross[i] / root.x[i].high);
    }
    for (int i = 0; i < n; ++i) {
        for (int j = 0; j < n; ++j) {
            x[i * n + j] = rate[i] * root.matrix[i * n + j];
            inverse[i * n + j] = root.inverse[i * n + j] / rate[j];
        }
    }
    const auto norm = [&](const Vec* a) HWY_ATTR {
        Vec most = zero();
        for (int i = 0; i < n; ++i) {
            Vec sum = zero();
            for (int j = 0; j < n; ++j) sum = sum + abs(a[i * n + j]);
            most = larger(sum, most);
        }
        return most;
    };
    Mask stable = nowhere();
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
        const Vec scale = sqrt(norm(inverse) / norm(x));
        const Vec direct = constant(0.5) * scale, inverted = constant(0.5) / scale;
        for (int e = 0; e < n * n; ++e) x[e] = fma(direct, x[e], inverted * inverse[e]);
        Vec distance = zero();
        for (int i = 0; i < n; ++i) {
            Vec sum = zero();
            for (int j = 0; j < n; ++j) {
                sum = sum + abs(i == j ? x[i * n + j] - constant(1.0) : x[i * n + j]);
            }
            distance = larger(sum, distance);
        }
        stable = either(stable, both(asked, hn::Lt(distance, constant(0.5))));
        if (all(either(stable, negation(asked)))) break;
        for (int e = 0; e < n * n; ++e) factors[e] = x[e];
        (void)factorise<S>(net.unknowns, factors);
        invert<S>(net.unknowns, factors, inverse);
    }
    return stable;
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
