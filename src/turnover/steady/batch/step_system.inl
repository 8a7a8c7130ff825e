// What a step of the transient asks of the network: dx/dt, and the linear system 2 I - h J within
// the surface that the site laws allow. Small networks hold the full matrix;
// sparse/step_system.inl serves the others.
#if defined(TURNOVER_BATCH_STEP_SYSTEM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_STEP_SYSTEM_INL
#undef TURNOVER_BATCH_STEP_SYSTEM_INL
#else
#define TURNOVER_BATCH_STEP_SYSTEM_INL
#endif

#include "turnover/steady/batch/double_double.inl"
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
class StepSystem {
public:
    using Work = Workspace;
    using Side = Vec;  ///< an element of a right-hand side

    /// At the coverages `x`; `scaled` are the rate constants times h.
    HWY_INLINE StepSystem(const FlatNetwork& net, const SiteLaws<S>& laws, Work& work,
                          const Vec* scaled, const Vec* x)
        : net_(net), work_(work), scaled_(scaled), system_(net, laws, filled(x)) {}

    /// Where the determinant is positive.
    [[nodiscard]] HWY_INLINE Mask positive() const { return system_.positive(); }

    /// h dx/dt at `x`.
    HWY_INLINE void flow(const Vec* x, Vec* derivative) const {
        direction_rates(net_, scaled_, x, work_.rates.data());
        balances<S>(net_, work_.rates.data(), work_.net_rates.data(), derivative);
    }

    /// Overwrites the sides with the solutions, which keep the site totals.
    HWY_INLINE void solve(Vec* side) const { system_.solve_change(side); }
    HWY_INLINE void solve(Vec* first, Vec* second) const {
        system_.solve_change(first);
        system_.solve_change(second);
    }

private:
    HWY_INLINE Vec* filled(const Vec* x) {
        partial_derivatives(net_, scaled_, x, work_.partials.data());
        shifted_jacobian<S>(net_, work_.partials.data(), constant(2.0), matrix_);
        return matrix_;
    }

    const FlatNetwork& net_;
    Work& work_;
    const Vec* scaled_;
    Vec matrix_[S::cells];
    FreeSystem<S> system_;
};

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
