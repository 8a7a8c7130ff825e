// One step of the transient on lanes.
//
// RODAS3 (Sandu et al., Atmos. Environ. 31, 3459 (1997)): a Rosenbrock method of four stages, order 3
// with an embedded formula of order 2, L-stable, stiffly accurate. One factorisation a step. Written
// for the scaled system: with the rates multiplied by h, (2 I - h J) K = h f + ... needs no division.
#if defined(TURNOVER_BATCH_TRANSIENT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_TRANSIENT_INL
#undef TURNOVER_BATCH_TRANSIENT_INL
#else
#define TURNOVER_BATCH_TRANSIENT_INL
#endif

#include "turnover/steady/batch.hpp"
#include "turnover/steady/batch/dense.inl"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/mass_action.inl"
#include "turnover/steady/batch/site_laws.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// Arrays whose length depends on the number of steps, shared by all algorithms of one solver.
struct Workspace {
    explicit Workspace(const FlatNetwork& net)
        : constants(size(net.directions + 1)),
          rates(size(net.directions + 1)),
          net_rates(size(net.steps)),
          partials(size(static_cast<int>(net.partial_of.size()) + 1)),
          more_partials(size(static_cast<int>(net.partial_of.size()) + 1)) {
        rates[static_cast<std::size_t>(net.directions)] = zero();
    }
    static std::size_t size(int count) { return static_cast<std::size_t>(count); }

    LaneArray constants, rates, net_rates, partials, more_partials;
};

template <class S>
struct Step {
    Vec next[S::capacity];   ///< coverages at the end, not yet cleaned
    Vec drift[S::capacity];  ///< estimate of the transient's accumulated error there
    Vec error;               ///< local error over what is allowed: at most 1 is fine
    Vec change;              ///< largest |next - x|
    Mask rests;              ///< |next - x| is small against next everywhere
    Vec worst_drift;         ///< largest drift relative to the coverage
    /// The step is short enough to follow a growing mode: 2 I - h J has the sign of h = 0 still.
    Mask follows;
};

/// One step of length `h` from `x`; `drift` is the error estimate there.
template <class S>
HWY_INLINE void take_step(const FlatNetwork& net, const BatchOptions& options, const Vec* k,
                          const Vec* x, const Vec* drift, Vec h, Vec tolerance, Vec floor, Workspace& work,
                          Step<S>& step) {
    const int n = S::size(net.unknowns);
    for (int r = 0; r < net.directions; ++r) work.constants[r] = k[r] * h;
    const Vec* scaled = work.constants.data();
    Vec matrix[S::cells], flow[S::capacity], middle[S::capacity + 1];
    Vec k1[S::capacity], k2[S::capacity], k3[S::capacity], k4[S::capacity];

    partial_derivatives(net, scaled, x, work.partials.data());
    shifted_jacobian<S>(net, work.partials.data(), constant(2.0), matrix);
    const SiteLaws<S> laws(net, x);
    laws.reduce(matrix);
    step.follows = factorise<S>(net.unknowns, matrix);

    const auto flow_at = [&](const Vec* where) HWY_ATTR {
        direction_rates(net, scaled, where, work.rates.data());
        balances<S>(net, work.rates.data(), work.net_rates.data(), flow);
    };
    const auto solve_stage = [&](Vec* stage) HWY_ATTR {
        for (int i = 0; i < n; ++i) stage[i] = zero_where(laws.dominant(i), stage[i]);
        solve<S>(net.unknowns, matrix, stage);
        laws.balance(stage);
    };
    flow_at(x);
    for (int i = 0; i < n; ++i) k1[i] = flow[i];
    solve_stage(k1);
    for (int i = 0; i < n; ++i) k2[i] = fma(constant(4.0), k1[i], flow[i]);
    solve_stage(k2);
    for (int i = 0; i < n; ++i) middle[i] = fma(constant(2.0), k1[i], x[i]);
    middle[n] = constant(1.0);
    flow_at(middle);
    for (int i = 0; i < n; ++i) k3[i] = flow[i] + (k1[i] - k2[i]);
    solve_stage(k3);
    for (int i = 0; i < n; ++i) middle[i] = middle[i] + k3[i];
    flow_at(middle);
    for (int i = 0; i < n; ++i) {
        k4[i] = fma(constant(-8.0 / 3.0), k3[i], flow[i] + (k1[i] - k2[i]));
    }
    solve_stage(k4);

    // The accumulated error is carried by (I - h J / 2)^-2, an L-stable stand-in for exp(h J).
    for (int i = 0; i < n; ++i) step.drift[i] = drift[i];
    for (int twice = 0; twice < 2; ++twice) {
        for (int i = 0; i < n; ++i) step.drift[i] = step.drift[i] + step.drift[i];
        solve_stage(step.drift);
    }

    step.error = step.change = step.worst_drift = zero();
    step.rests = everywhere();
    for (int i = 0; i < n; ++i) {
        step.next[i] = middle[i] + k4[i];
        step.drift[i] = step.drift[i] + k4[i];
        const Vec allowed = tolerance * (larger(x[i], abs(step.next[i])) + floor);
        step.error = larger(abs(k4[i]) / allowed, step.error);
        const Vec change = abs(step.next[i] - x[i]);
        step.change = larger(change, step.change);
        step.rests = both(step.rests, hn::Le(change, constant(options.resting) * step.next[i]));
        const Vec coverage = abs(step.next[i]) + constant(options.drift_floor);
        step.worst_drift = larger(abs(step.drift[i]) / coverage, step.worst_drift);
    }
    // larger() drops a NaN in its first argument: keep the last solve's.
    for (int i = 0; i < n; ++i) step.error = step.error + zero() * k4[i];
}

/// The factor for the next step's length: 0.9 error^-1/4 between 0.2 and 6. The exact root of the
/// method's order would be -1/3; this one rejects less.
HWY_INLINE Vec next_step_factor(Vec error) {
    const Vec root = sqrt(sqrt(larger(error, constant(1e-6))));
    const Vec factor = smaller(larger(constant(0.9) / root, constant(0.2)), constant(6.0));
    return select(hn::Eq(error, error), factor, constant(0.2));
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
