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
#include "turnover/steady/batch/free_system.inl"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/mass_action.inl"
#include "turnover/steady/batch/site_laws.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// Arrays whose length depends on the number of steps, shared by all algorithms of one solver.
struct Workspace {
    explicit Workspace(const FlatNetwork& net)
        : rates(size(net.directions + 1)),
          net_rates(size(net.steps)),
          partials(size(static_cast<int>(net.partial_of.size()) + 1)),
          more_partials(size(static_cast<int>(net.partial_of.size()) + 1)) {
        rates[static_cast<std::size_t>(net.directions)] = zero();
    }
    static std::size_t size(int count) { return static_cast<std::size_t>(count); }

    LaneArray<Vec> rates, net_rates, partials, more_partials;
};

template <class S>
struct Step {
    Vec next[S::capacity];   ///< coverages at the end, not yet cleaned
    Vec drift[S::capacity];  ///< estimate of the transient's accumulated error there
    Vec error, allowed;      ///< local error, and what is allowed, where their ratio is largest
    Vec change;              ///< largest |next - x|
    Mask rests;              ///< |next - x| is small against next everywhere
    Mask drifted;            ///< the drift is too large against a coverage
    /// The step is short enough to follow a growing mode: 2 I - h J has the sign of h = 0 still, and
    /// the local error is small against how far the step goes. Decaying modes keep the latter
    /// whatever the step; beside an unstable state, where nothing moves much, an error far beneath
    /// the tolerance could lie across the separatrix.
    Mask follows;
};

/// One step of length h from `x`; `scaled` are the constants times h, `drift` is the error estimate
/// at `x`.
template <class S>
HWY_INLINE void take_step(const FlatNetwork& net, const BatchOptions& options, const Vec* scaled,
                          const Vec* x, const Vec* drift, Vec tolerance, Vec floor, Workspace& work,
                          Step<S>& step) {
    const int n = S::size(net.unknowns);
    Vec* const rates = work.rates.data();
    Vec* const net_rates = work.net_rates.data();
    Vec matrix[S::cells], flow[S::capacity], middle[S::capacity + 1];
    Vec k1[S::capacity], k2[S::capacity], k3[S::capacity], k4[S::capacity];

    partial_derivatives(net, scaled, x, work.partials.data());
    shifted_jacobian<S>(net, work.partials.data(), constant(2.0), matrix);
    const SiteLaws<S> laws(net, x);
    const FreeSystem<S> system(net, laws, matrix);
    step.follows = system.positive();

    const auto flow_at = [&](const Vec* where) HWY_ATTR {
        direction_rates(net, scaled, where, rates);
        balances<S>(net, rates, net_rates, flow);
    };
    flow_at(x);
    for (int i = 0; i < n; ++i) k1[i] = flow[i];
    system.solve_change(k1);
    for (int i = 0; i < n; ++i) k2[i] = fma(constant(4.0), k1[i], flow[i]);
    system.solve_change(k2);
    for (int i = 0; i < n; ++i) middle[i] = fma(constant(2.0), k1[i], x[i]);
    middle[n] = constant(1.0);
    flow_at(middle);
    for (int i = 0; i < n; ++i) k3[i] = flow[i] + (k1[i] - k2[i]);
    system.solve_change(k3);
    for (int i = 0; i < n; ++i) middle[i] = middle[i] + k3[i];
    flow_at(middle);
    for (int i = 0; i < n; ++i) {
        k4[i] = fma(constant(-8.0 / 3.0), k3[i], flow[i] + (k1[i] - k2[i]));
    }
    system.solve_change(k4);

    // The accumulated error is carried by (I - h J / 2)^-2, an L-stable stand-in for exp(h J).
    for (int i = 0; i < n; ++i) step.drift[i] = drift[i] + drift[i];
    system.solve_change(step.drift);
    for (int i = 0; i < n; ++i) step.drift[i] = step.drift[i] + step.drift[i];
    system.solve_change(step.drift);

    step.change = zero();
    step.rests = everywhere();
    step.drifted = nowhere();
    const Vec largest_drift = constant(options.largest_drift);
    const Vec drift_floor = constant(options.drift_floor), resting = constant(options.resting);
    // The largest error / allowed as a fraction, to divide once.
    Vec error = zero(), allowed = constant(1.0), doubt = zero(), largest_local = zero();
    for (int i = 0; i < n; ++i) {
        step.next[i] = middle[i] + k4[i];
        step.drift[i] = step.drift[i] + k4[i];
        const Vec size = abs(step.next[i]), local = abs(k4[i]);
        const Vec own = tolerance * (larger(x[i], size) + floor);
        const Mask worse = hn::Gt(local * allowed, error * own);
        largest_local = larger(local, largest_local);
        error = select(worse, local, error);
        allowed = select(worse, own, allowed);
        doubt = fma(zero(), k4[i], doubt);  // NaN, which no comparison sees, where there is one
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
