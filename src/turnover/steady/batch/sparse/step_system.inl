// The linear systems of transient and Newton's method over the sparse pattern, in double or
// double-double.
#if defined(TURNOVER_BATCH_SPARSE_STEP_SYSTEM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_SPARSE_STEP_SYSTEM_INL
#undef TURNOVER_BATCH_SPARSE_STEP_SYSTEM_INL
#else
#define TURNOVER_BATCH_SPARSE_STEP_SYSTEM_INL
#endif

#include "turnover/steady/batch/sparse/bordered_lu.inl"
#include "turnover/steady/batch/step_system.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

template <class S>
struct SparseWorkspace : Workspace {
    using Number = typename S::Number;

    explicit SparseWorkspace(const FlatNetwork& net)
        : Workspace(net),
          pattern(net),
          lu(net, pattern),
          exact_rates(size(net.directions + 1)),
          exact_net_rates(size(net.steps)),
          newton_x(size(net.unknowns + 1)),
          matrix(pattern.entries.size()),
          border(size(net.sites * net.unknowns)),
          step_weight(size(net.steps)),
          step_sums(size(3 * net.steps)),
          gas_sums(size(3 * net.gases)) {}

    /// The rate of every direction at the coverages `x`.
    HWY_INLINE const Number* rates_at(const FlatNetwork& net, const Vec* k, const Number* x) {
        if constexpr (S::exact) {
            direction_rates(net, k, x, exact_rates.data());
            return exact_rates.data();
        } else {
            direction_rates(net, k, x, rates.data());
            return rates.data();
        }
    }

    SparsePattern pattern;
    BorderedLu<S> lu;
    LaneArray<Double2> exact_rates, exact_net_rates;
    LaneArray<Number> newton_x;  ///< where Newton's method ended
    LaneArray<Number> matrix,
        border;  ///< of the root's proof: as BorderedLu has it before factorising
    LaneArray<Number> step_weight;
    LaneArray<Vec> step_sums, gas_sums;  ///< of the root's proof: three a step, three a gas
};

/// diagonal I - J within the surface that the site laws allow.
template <class S>
class SparseSystem {
public:
    using Number = typename S::Number;

    /// At the coverages `x` (one element more, which is 1), with the rate constants `k`.
    HWY_INLINE SparseSystem(const FlatNetwork& net, const SiteLaws<S>& laws,
                            SparseWorkspace<S>& work, const Vec* k, const Number* x, Vec diagonal)
        : net_(net), laws_(laws), lu_(work.lu) {
        Number ones[S::capacity], share[S::capacity];
        for (int i = 0; i < net.unknowns; ++i) ones[i] = Number(constant(1.0));
        shares(net, laws, ones, share);
        lu_.assemble(k, x, diagonal);
        lu_.detach(laws, share);
    }

    /// Takes from the right-hand side what the dominant unknowns contribute with each site type all
    /// their own. Before `factorise`.
    HWY_INLINE void subtract_capacities(const Vec* totals, Number* side) {
        for (int s = 0; s < net_.sites; ++s) {
            Number own = Number(constant(1.0));
            laws_.each(s, [&](int i) HWY_ATTR {
                const Vec occupied = constant(net_.occupancy[static_cast<std::size_t>(i)]);
                own = select(laws_.dominant(i), Number(occupied), own);
            });
            const Number capacity = Number(totals[s]) * reciprocal(own);
            for (int i = 0; i < net_.unknowns; ++i) {
                side[i] = fnma(lu_.border(s)[i], capacity, side[i]);
            }
        }
    }
    /// Returns where the determinant is positive.
    HWY_INLINE Mask factorise() { return lu_.factorise(); }
    /// Overwrites the sides with the solutions, which keep the site totals.
    HWY_INLINE void solve(Number* side) {
        Number* const sides[1] = {side};
        lu_.template solve<1>(laws_, sides);
    }
    HWY_INLINE void solve(Number* first, Number* second) {
        Number* const sides[2] = {first, second};
        lu_.template solve<2>(laws_, sides);
    }

private:
    const FlatNetwork& net_;
    const SiteLaws<S>& laws_;
    BorderedLu<S>& lu_;
};

/// Coverages, as the numbers that the linear algebra is done in.
template <class S>
struct Coverages {
    HWY_INLINE Coverages(const FlatNetwork& net, const Vec* doubles) {
        using Number = typename S::Number;
        for (int i = 0; i <= net.unknowns; ++i) x[i] = Number(doubles[i]);
    }
    typename S::Number x[S::capacity + 1];
};

template <class N>
class StepSystem<Sparse<N>> {
public:
    using S = Sparse<N>;
    using Work = SparseWorkspace<S>;
    using Side = N;

    HWY_INLINE StepSystem(const FlatNetwork& net, const SiteLaws<S>& laws, Work& work,
                          const Vec* scaled, const Vec* x)
        : net_(net),
          work_(work),
          scaled_(scaled),
          system_(net, laws, work, scaled, Coverages<S>(net, x).x, constant(2.0)),
          positive_(system_.factorise()) {}

    [[nodiscard]] HWY_INLINE Mask positive() const { return positive_; }

    /// In double-double the two ends of a fast step, rounded each for itself in double, leave no
    /// noise that would drive the slow modes.
    HWY_INLINE void flow(const Vec* x, N* derivative) {
        if constexpr (!S::exact) {
            direction_rates(net_, scaled_, x, work_.rates.data());
            balances<S>(net_, work_.rates.data(), work_.net_rates.data(), derivative);
        } else {
            Double2* const rates = work_.exact_rates.data();
            direction_rates(net_, scaled_, Coverages<S>(net_, x).x, rates);
            Double2* const net_rates = work_.exact_net_rates.data();
            for (int j = 0; j < net_.steps; ++j) {
                net_rates[j] = rates[net_.forward_of[static_cast<std::size_t>(j)]] -
                               rates[net_.reverse_of[static_cast<std::size_t>(j)]];
            }
            for (int i = 0; i < net_.unknowns; ++i) {
                derivative[i] = Double2(zero());
                for (const Term& term : net_.balances[i]) {
                    derivative[i] =
                        fma(constant(term.coefficient), net_rates[term.index], derivative[i]);
                }
            }
        }
    }
    HWY_INLINE void solve(N* side) { system_.solve(side); }
    HWY_INLINE void solve(N* first, N* second) { system_.solve(first, second); }

private:
    const FlatNetwork& net_;
    Work& work_;
    const Vec* scaled_;
    SparseSystem<S> system_;
    Mask positive_;
};

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
