// One step of the transient on lanes.
//
// RODAS3 (Sandu et al., Atmos. Environ. 31, 3459 (1997)): a Rosenbrock method of four stages, order
// 3 with an embedded formula of order 2, L-stable, stiffly accurate. One factorisation a step.
// Written for the scaled system: with the rates multiplied by h, (2 I - h J) K = h f + ... needs no
// division.
#if defined(TURNOVER_BATCH_TRANSIENT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_TRANSIENT_INL
#undef TURNOVER_BATCH_TRANSIENT_INL
#else
#define TURNOVER_BATCH_TRANSIENT_INL
#endif

#include "turnover/steady/batch.hpp"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/mass_action.inl"
#include "turnover/steady/batch/site_laws.inl"
#include "turnover/steady/batch/step_system.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

template <class S>
struct Step {
    Vec next[S::capacity];   ///< coverages at the end, not yet cleaned
    Vec drift[S::capacity];  ///< estimate of the transient's accumulated error there
    Vec error, allowed;      ///< local error, and what is allowed, where their ratio is largest
    Vec change;              ///< largest |next - x|
    Mask rests;              ///< |next - x| is small against next everywhere
    Mask drifted;            ///< the drift is too large against a coverage
    /// The step is short enough to follow a growing mode: 2 I - h J has the sign of h = 0 still,
    /// and the local error is small against how far the step goes. Decaying modes keep the latter
    /// whatever the step; beside an unstable state, where nothing moves much, an error far beneath
    /// the tolerance could lie across the separatrix.
    Mask follows;
};

/// One step of length h from `x`; `scaled` are the constants times h, `drift` is the error estimate
/// at `x`.
template <class S>
HWY_INLINE void take_step(const FlatNetwork& net, const BatchOptions& options, const Vec* scaled,
                          const Vec* x, const Vec* drift, Vec tolerance, Vec floor,
                          typename StepSystem<S>::Work& work, Step<S>& step) {
    using Side = typename StepSystem<S>::Side;
    const int n = S::size(net.unknowns);
    Vec middle[S::capacity + 1];
    Side flow[S::capacity], k1[S::capacity], k2[S::capacity], k3[S::capacity], k4[S::capacity];
    Side carried[S::capacity];

    const SiteLaws<S> laws(net, x);
    StepSystem<S> system(net, laws, work, scaled, x);
    step.follows = system.positive();

    // The accumulated error is carried by (I - h J / 2)^-2, an L-stable stand-in for exp(h J),
    // along with the first two stages.
    system.flow(x, flow);
    for (int i = 0; i < n; ++i) {
        k1[i] = flow[i];
        carried[i] = Side(drift[i] + drift[i]);
    }
    system.solve(k1, carried);
    for (int i = 0; i < n; ++i) {
        k2[i] = fma(constant(4.0), k1[i], flow[i]);
        carried[i] = carried[i] + carried[i];
    }
    system.solve(k2, carried);
    for (int i = 0; i < n; ++i) middle[i] = fma(constant(2.0), high_of(k1[i]), x[i]);
    middle[n] = constant(1.0);
    system.flow(middle, flow);
    for (int i = 0; i < n; ++i) k3[i] = flow[i] + (k1[i] - k2[i]);
    system.solve(k3);
    for (int i = 0; i < n; ++i) middle[i] = middle[i] + high_of(k3[i]);
    system.flow(middle, flow);
    for (int i = 0; i < n; ++i) {
        k4[i] = fma(constant(-8.0 / 3.0), k3[i], flow[i] + (k1[i] - k2[i]));
    }
    system.solve(k4);

    step.change = zero();
    step.rests = everywhere();
    step.drifted = nowhere();
    const Vec largest_drift = constant(options.largest_drift);
    const Vec drift_floor = constant(options.drift_floor), resting = constant(options.resting);
    // The largest error / allowed as a fraction, to divide once.
    Vec error = zero(), allowed = constant(1.0), doubt = zero(), largest_local = zero();
    for (int i = 0; i < n; ++i) {
        const Vec last = high_of(k4[i]);
        step.next[i] = middle[i] + last;
        step.drift[i] = high_of(carried[i]) + last;
        const Vec size = abs(step.next[i]), local = abs(last);
        const Vec own = tolerance * (larger(x[i], size) + floor);
        const Mask worse = hn::Gt(local * allowed, error * own);
        largest_local = larger(local, largest_local);
        error = select(worse, local, error);
        allowed = select(worse, own, allowed);
        doubt = fma(zero(), last, doubt);  // NaN, which no comparison sees, where there is one
        const Vec change = abs(step.next[i] - x[i]);
        step.change = larger(change, step.change);
        step.rests = both(step.rests, hn::Le(change, resting * step.next[i]));
        const Mask near = hn::Le(abs(step.drift[i]), largest_drift * (size + drift_floor));
        step.drifted = either(step.drifted, negation(near));
    }
    step.error = error + doubt;
    step.allowed = allowed;
    const Vec visible = larger(constant(0.2) * step.change, constant(1e-12));
    step.follows = both(step.follows, hn::Le(largest_local, visible));
}

/// The factor for the next step's length: 0.9 (error / allowed)^-1/4 between 0.2 and 6, within some
/// 7 %. The exact root of the method's order would be -1/3; this one rejects less. By treating the
/// bits of a double as its logarithm, which they are within 0.09 (Blinn, IEEE Comput. Graph. Appl.
/// 17(4), 80 (1997)): two divisions and two square roots less.
HWY_INLINE Vec next_step_factor(Vec error, Vec allowed) {
    const hn::RebindToSigned<Tag> as_bits;
    const auto log_error = hn::BitCast(as_bits, larger(error, constant(1e-6) * allowed));
    const auto log_ratio = log_error - hn::BitCast(as_bits, allowed);
    const auto log_target = hn::BitCast(as_bits, constant(0.9));
    const Vec factor = hn::BitCast(Tag(), log_target - hn::ShiftRight<2>(log_ratio));
    const Vec limited = smaller(larger(factor, constant(0.2)), constant(6.0));
    return select(hn::Eq(error, error), limited, constant(0.2));
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
