// That a root is the one which the transient runs into: a box around the root, holding the
// transient's present state, from which no trajectory leaves and in which all trajectories approach
// each other.
//
// In a norm max |dx_i| / w_i the distance of two solutions shrinks wherever every row of the
// comparison matrix M (the diagonal of J, magnitudes elsewhere) has sum_j M_ij w_j < 0: the
// logarithmic norm is negative (Coppel, Stability and Asymptotic Behavior of Differential Equations
// (1965); Lohmiller and Slotine, Automatica 34, 683 (1998)). With M bounded over the whole box
// |x - root| <= w the box is itself a ball of that norm around the root: it is invariant, holds one
// root only, and that root is stable.
#if defined(TURNOVER_BATCH_CONTRACTION_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_CONTRACTION_INL
#undef TURNOVER_BATCH_CONTRACTION_INL
#else
#define TURNOVER_BATCH_CONTRACTION_INL
#endif

#include "turnover/steady/batch/dense.inl"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/mass_action.inl"
#include "turnover/steady/batch/root.inl"
#include "turnover/steady/batch/transient.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// Bounds of the comparison matrix over the box |x - root| <= half_width (cut to the coverages that
/// exist), -1 on the diagonal and 0 elsewhere in dominant rows and columns. Every partial
/// derivative grows with every coverage, so the corners bound it.
template <class S>
HWY_INLINE void comparison_matrix(const FlatNetwork& net, const Vec* k, const Vec* totals,
                                  const Root<S>& root, const Vec* half_width, Workspace& work,
                                  Vec* matrix) {
    const int n = S::size(net.unknowns);
    const SiteLaws<S>& laws = *root.laws;
    Vec low[S::capacity + 1], high[S::capacity + 1], lowest[S::cells], highest[S::cells];
    const Vec slack = constant(1e-14);
    for (int i = 0; i < n; ++i) {
        const auto s = static_cast<std::size_t>(i);
        const Vec most =
            totals[S::plain ? 0 : net.site_of[s]] / constant(S::plain ? 1.0 : net.occupancy[s]);
        const Vec x = root.x[i].high;
        low[i] = larger(x - fma(slack, x, half_width[i]), zero());
        high[i] = smaller(x + fma(slack, x, half_width[i]), most);
    }
    low[n] = high[n] = constant(1.0);
    partial_derivatives(net, k, low, work.partials.data());
    partial_derivatives(net, k, high, work.more_partials.data());
    jacobian_range<S>(net, work.partials.data(), work.more_partials.data(), lowest, highest);
    const Vec up = constant(1.0 + 1e-13);
    for (int i = 0; i < n; ++i) {
        for (int s = 0; s < laws.sites(); ++s) {
            const Vec dominant_low = laws.dominant_of(s, lowest + i * n);
            const Vec dominant_high = laws.dominant_of(s, highest + i * n);
            const Vec rounding = constant(1e-15);
            laws.each(s, [&](int j) HWY_ATTR {
                const Vec away_low = laws.displaced(j, dominant_low);
                const Vec away_high = laws.displaced(j, dominant_high);
                const Vec low_entry = lowest[i * n + j] - away_high;
                const Vec high_entry = highest[i * n + j] - away_low;
                const Vec size = larger(abs(low_entry), abs(high_entry)) * up;
                const Vec top = fma(rounding, abs(highest[i * n + j]) + abs(away_low), high_entry);
                const Vec entry = i == j ? top : size;
                const Vec unit = i == j ? constant(-1.0) : zero();
                matrix[i * n + j] = select(either(laws.dominant(i), laws.dominant(j)), unit, entry);
            });
        }
    }
}

/// Where the transient at `y`, known to `uncertainty`, is proved to run into the root.
template <class S>
HWY_INLINE Mask runs_into(const FlatNetwork& net, const Vec* k, const Vec* totals, const Vec* y,
                          const Vec* uncertainty, const Root<S>& root, Workspace& work) {
    constexpr int tries = 2;
    const int n = S::size(net.unknowns);
    const SiteLaws<S>& laws = *root.laws;
    Vec matrix[S::cells], factors[S::cells];
    Vec distance[S::capacity], width_[S::capacity], full_width[S::capacity];
    for (int i = 0; i < n; ++i) {
        // A thousandth more, for what the estimate of the uncertainty does not see.
        distance[i] = fma(constant(1e-3), y[i], abs(y[i] - root.x[i].high) + uncertainty[i]);
        width_[i] = zero_where(laws.dominant(i), distance[i]);
    }
    // The half width of a dominant coverage is what the others can displace.
    const auto complete = [&]() HWY_ATTR {
        for (int i = 0; i < n; ++i) full_width[i] = width_[i];
        for (int s = 0; s < laws.sites(); ++s) {
            Vec sum = zero();
            laws.each(s, [&](int i) HWY_ATTR {
                sum = sum + zero_where(laws.dominant(i), laws.displaced(i, width_[i]));
            });
            sum = sum * constant(1.0 + 1e-14);
            laws.each(s, [&](int i) HWY_ATTR {
                full_width[i] = select(laws.dominant(i), sum, full_width[i]);
            });
        }
    };
    complete();
    Mask proved = nowhere();
    for (int attempt = 0; attempt < tries; ++attempt) {
        // Half widths that M, taken over the last box, would contract: M w = -right, right > 0.
        comparison_matrix<S>(net, k, totals, root, full_width, work, matrix);
        for (int i = 0; i < n; ++i) {
            Vec sum = zero();
            for (int j = 0; j < n; ++j) {
                sum = fma(matrix[i * n + j], zero_where(laws.dominant(j), distance[j]), sum);
            }
            const Vec least = abs(matrix[i * n + i]) *
                              fma(constant(0.05), distance[i], constant(1e-6) * root.x[i].high);
            width_[i] = zero_where(laws.dominant(i), larger(hn::Neg(sum), least));
        }
        for (int e = 0; e < n * n; ++e) factors[e] = hn::Neg(matrix[e]);
        (void)factorise<S>(net.unknowns, factors);
        solve<S>(net.unknowns, factors, width_);
        Mask holds = root.bounded;
        for (int i = 0; i < n; ++i) {
            const Mask dominant = laws.dominant(i);
            holds = both(holds, either(dominant, hn::Le(width_[i], constant(1e6))));
            holds = both(holds, either(dominant, hn::Ge(width_[i], constant(0.999) * distance[i])));
            width_[i] = zero_where(dominant, larger(width_[i], distance[i]));
        }
        complete();
        // The proof, whatever the way to it: M over this box contracts it.
        comparison_matrix<S>(net, k, totals, root, full_width, work, matrix);
        for (int i = 0; i < n; ++i) {
            Vec gain = zero();
            for (int j = 0; j < n; ++j) {
                if (j != i) gain = fma(matrix[i * n + j], width_[j], gain);
            }
            const Vec loss = matrix[i * n + i] * width_[i];
            const Vec sum = gain + loss + constant(1e-13) * (gain + abs(loss));
            holds = both(holds, either(laws.dominant(i), hn::Lt(sum, zero())));
        }
        proved = either(proved, holds);
        if (all(either(proved, negation(root.bounded)))) break;
    }
    return proved;
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
