// The slowest mode at a root: the eigenvalue of smallest magnitude of the reduced Jacobian.
#if defined(TURNOVER_BATCH_SLOWEST_MODE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_SLOWEST_MODE_INL
#undef TURNOVER_BATCH_SLOWEST_MODE_INL
#else
#define TURNOVER_BATCH_SLOWEST_MODE_INL
#endif

#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/root.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

struct SlowestMode2 {
    Vec eigenvalue;  ///< 1/s
    Mask settled;    ///< power iteration converged: the mode is real and slower than the others
};

/// Where two coverages are free: the smaller real part of the roots of mu^2 - trace mu +
/// determinant, those of -J.
template <class S>
HWY_INLINE SlowestMode2 slowest_of_two(const FlatNetwork& net, const Root<S>& root) {
    const int n = S::size(net.unknowns);
    Vec trace = zero(), determinant = root.determinant;
    for (int i = 0; i < n; ++i) {
        const Mask dominant = root.laws->dominant(i);
        const Vec rate = select(dominant, constant(1.0), root.gross[i] / root.x[i].high);
        trace = trace + zero_where(dominant, rate * root.matrix[i * n + i]);
        determinant = determinant * rate;
    }
    const Vec half = constant(0.5) * trace;
    const Vec discriminant = fma(half, half, hn::Neg(determinant));
    const Vec reach = sqrt(larger(discriminant, zero()));
    const Vec real = select(hn::Gt(half, zero()), determinant / (half + reach), half - reach);
    const Vec slowest = select(hn::Gt(discriminant, zero()), real, half);
    return {hn::Neg(slowest), hn::Eq(slowest, slowest)};
}

/// By power iteration with the inverse that the root's proof left: in relative changes the inverse
/// of -J is B diag(x / gross). Complex or close slowest modes do not settle; spectral_abscissa
/// serves those lanes one by one.
template <class S>
HWY_INLINE SlowestMode2 slowest_mode(const FlatNetwork& net, const Root<S>& root) {
    constexpr int most_iterations = 20;
    const int n = S::size(net.unknowns);
    if (n - root.laws->sites() == 2) return slowest_of_two<S>(net, root);
    Vec lifetime[S::capacity], mode[S::capacity], next[S::capacity];
    for (int i = 0; i < n; ++i) {
        const Mask dominant = root.laws->dominant(i);
        lifetime[i] = zero_where(dominant, root.x[i].high / root.gross[i]);
        mode[i] = zero_where(dominant, constant(1.0));
    }
    SlowestMode2 slowest{zero(), nowhere()};
    for (int iteration = 0; iteration < most_iterations && !all(slowest.settled); ++iteration) {
        Vec most = zero(), lead = zero(), lead_before = constant(1.0);
        for (int i = 0; i < n; ++i) {
            Vec sum = zero();
            for (int j = 0; j < n; ++j) {
                sum = fma(root.inverse[i * n + j], lifetime[j] * mode[j], sum);
            }
            next[i] = zero_where(root.laws->dominant(i), sum);
            const Mask new_lead = hn::Gt(abs(next[i]), most);
            most = select(new_lead, abs(next[i]), most);
            lead = select(new_lead, next[i], lead);
            lead_before = select(new_lead, mode[i], lead_before);
        }
        // next = mu mode within 1e-7: mu = lead / lead_before.
        Vec miss = zero();
        const Vec mu = lead / lead_before;
        for (int i = 0; i < n; ++i) {
            miss = larger(abs(fnma(mu, mode[i], next[i])), miss);
        }
        const Mask now = both(hn::Le(miss, constant(1e-7) * most), hn::Gt(most, zero()));
        const Vec scale = constant(1.0) / most;
        for (int i = 0; i < n; ++i) mode[i] = select(slowest.settled, mode[i], next[i] * scale);
        slowest.eigenvalue = select(slowest.settled, slowest.eigenvalue, constant(-1.0) / mu);
        slowest.settled = either(slowest.settled, now);
    }
    return slowest;
}

/// J at the root in relative changes, row-major; rows and columns of dominant unknowns mean
/// nothing.
template <class S>
HWY_INLINE void jacobian(const FlatNetwork& net, const Root<S>& root, LaneRows& matrix) {
    const int n = S::size(net.unknowns);
    for (int i = 0; i < n; ++i) {
        const Vec rate = root.gross[i] / root.x[i].high;
        for (int j = 0; j < n; ++j) {
            matrix.put(i * n + j, hn::Neg(rate * root.matrix[i * n + j]));
        }
    }
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
