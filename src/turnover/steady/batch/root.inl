// The root beside a state of the transient, to double-double, with a bound on its error.
#if defined(TURNOVER_BATCH_ROOT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_ROOT_INL
#undef TURNOVER_BATCH_ROOT_INL
#else
#define TURNOVER_BATCH_ROOT_INL
#endif

#include "turnover/steady/batch/dense.inl"
#include "turnover/steady/batch/double_double.inl"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/free_system.inl"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/mass_action.inl"
#include "turnover/steady/batch/site_laws.inl"
#include "turnover/steady/batch/transient.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// Smallest coverage and gross rate (1/s) with which the error-free transformations stay clear of
/// underflow.
inline constexpr double smallest_coverage = 1e-150;
inline constexpr double smallest_rate = 1e-270;

/// How far to trust Newton's method.
struct NewtonLimits {
    double lowest_share;  ///< where the new iterate is not positive: of the old one
    int most_iterations;
};
/// Beside a state of the transient.
inline constexpr NewtonLimits from_nearby{0.05, 14};

/// Newton's method in double from `x` (and to it), in the form -J x_new = f - J x = sum (1 - order)
/// nu rate: a coverage that only decays to 1e-32 gets there in one iteration, because nothing is
/// subtracted. One iteration more once the changes are small: what is left is then as small as
/// their square, and the Jacobian there serves all later corrections. Returns where it settled;
/// adds to `iterations`.
template <class S>
HWY_INLINE Mask newton(const FlatNetwork& net, const Vec* k, const Vec* totals, NewtonLimits limits,
                       Workspace& work, Vec* x, Vec& iterations) {
    const int n = S::size(net.unknowns);
    const Vec lowest_share = constant(limits.lowest_share);
    Vec matrix[S::cells], fresh[S::capacity];
    for (int i = 0; i < n; ++i) x[i] = larger(x[i], constant(smallest_coverage));
    Mask nearly = nowhere(), settled = nowhere();
    for (int iteration = 0; iteration < limits.most_iterations; ++iteration) {
        direction_rates(net, k, x, work.rates.data());
        partial_derivatives(net, k, x, work.partials.data());
        shifted_jacobian<S>(net, work.partials.data(), zero(), matrix);
        const SiteLaws<S> laws(net, x);
        for (int i = 0; i < n; ++i) {
            Vec sum = zero();
            for (const Term& term : net.new_iterate[i]) {
                sum = fma(constant(term.coefficient), work.rates[term.index], sum);
            }
            for (int s = 0; s < laws.sites(); ++s) {
                sum = fnma(laws.dominant_of(s, matrix + i * n), laws.capacity(s, totals), sum);
            }
            fresh[i] = sum;
        }
        FreeSystem<S>(net, laws, matrix).solve_coverages(totals, fresh);

        Mask still = everywhere();
        for (int i = 0; i < n; ++i) {
            const Vec lowest = lowest_share * x[i];
            const Vec next = select(hn::Gt(fresh[i], zero()), fresh[i], lowest);
            still = both(still, hn::Le(abs(next - x[i]), constant(1e-5) * next));
            x[i] = select(settled, x[i], next);
        }
        iterations = iterations + zero_where(settled, constant(1.0));
        settled = either(settled, both(nearly, still));
        nearly = either(nearly, still);
        if (all(settled)) break;
    }
    return settled;
}

/// A root with what its proof left behind. "Scaled": balance i over its gross rate sum |nu|
/// (forward
/// + reverse), coverage j in relative changes; the dominant unknowns eliminated.
template <class S>
struct Root {
    Double2 x[S::capacity];
    Vec matrix[S::cells];     ///< the scaled -J
    Vec inverse[S::cells];    ///< an approximate inverse B of it
    Vec gross[S::capacity];   ///< 1/s; the coverage itself where dominant
    Vec bound[S::capacity];   ///< on the relative error of x
    Vec noise[S::capacity];   ///< bound on each scaled balance at x
    Vec share[S::capacity];   ///< sites of x_j over sites of the dominant unknown; 0 where dominant
    Vec remainder;            ///< bound on q max |u|: what linear estimates leave out
    Vec defect;               ///< q of the contraction, below 1/2 where it is bounded
    Vec curvature;            ///< defect added per relative distance from x
    Vec residual;             ///< largest scaled balance
    Vec rounding;             ///< relative error of one rate by double-double arithmetic
    const SiteLaws<S>* laws;  ///< dominant unknowns, outliving the root
    Vec determinant;          ///< of `matrix`
    Mask found, bounded;
};

/// Largest of the scaled balances' magnitudes, all unknowns counted; the scaled balances into
/// `scaled`, 0 where dominant.
template <class S>
HWY_INLINE Vec scaled_balances(const FlatNetwork& net, const SiteLaws<S>& laws,
                               const Double2* net_rates, const Vec* per_gross,
                               const Vec* per_own_gross, Vec* scaled) {
    Vec residual = zero();
    for (int i = 0; i < S::size(net.unknowns); ++i) {
        Double2 sum = double2(zero());
        for (const Term& term : net.balances[i]) {
            sum = sum + net_rates[term.index] * constant(term.coefficient);
        }
        residual = larger(abs(sum.high) * per_own_gross[i], residual);
        scaled[i] = zero_where(laws.dominant(i), sum.high * per_gross[i]);
    }
    return residual;
}

/// Improves `x` to double-double and bounds what is left: with B an approximate inverse of the
/// scaled -J, the map u -> u - B F(u) (Krawczyk, Computing 4, 187 (1969)) is a contraction with
/// q < 1/2 on a ball of relative changes around x and takes it into itself, so that the ball holds
/// exactly one root. q counts every rounding: of the Jacobian's entries, of B A, and the change of
/// the Jacobian over the ball. `laws` are those of `x`; `rates` and `net_rates` are left as at the
/// root.
template <class S>
HWY_INLINE void polish(const FlatNetwork& net, const SiteLaws<S>& laws, const Vec* k,
                       const Vec* totals, const Vec* x, Mask settled, Workspace& work,
                       Double2* rates, Double2* net_rates, Root<S>& root, Vec& iterations) {
    constexpr double unit = 0x1p-53;
    constexpr int most_passes = 6;
    const int n = S::size(net.unknowns);
    root.laws = &laws;

    // The scaled matrix, its inverse, and q of the linear part.
    Vec factors[S::cells], per_gross[S::capacity], per_own_gross[S::capacity];
    Vec* const matrix = root.matrix;
    partial_derivatives(net, k, x, work.partials.data());
    shifted_jacobian<S>(net, work.partials.data(), zero(), matrix);
    laws.reduce(matrix);
    direction_rates(net, k, x, work.rates.data());
    Mask usable = settled;
    for (int i = 0; i < n; ++i) {
        Vec sum = zero();
        for (const Term& term : net.balances[i]) {
            const auto j = static_cast<std::size_t>(term.index);
            const Vec both_ways = work.rates[net.forward_of[j]] + work.rates[net.reverse_of[j]];
            sum = fma(constant(std::fabs(term.coefficient)), both_ways, sum);
        }
        per_own_gross[i] = constant(1.0) / sum;
        per_gross[i] = select(laws.dominant(i), constant(1.0) / x[i], per_own_gross[i]);
        root.gross[i] = select(laws.dominant(i), x[i], sum);
        usable = both(usable, hn::Gt(sum, constant(smallest_rate)));
        usable = both(usable, hn::Gt(x[i], constant(smallest_coverage)));
    }
    for (int i = 0; i < n; ++i) {
        for (int j = 0; j < n; ++j) {
            const Vec entry = matrix[i * n + j] * x[j] * per_gross[i];
            const Vec unit_entry = i == j ? constant(1.0) : zero();
            matrix[i * n + j] =
                select(either(laws.dominant(i), laws.dominant(j)), unit_entry, entry);
            factors[i * n + j] = matrix[i * n + j];
        }
    }
    (void)factorise<S>(net.unknowns, factors);
    invert<S>(net.unknowns, factors, root.inverse);
    Vec reciprocal_determinant = constant(1.0);
    for (int i = 0; i < n; ++i) {
        reciprocal_determinant = reciprocal_determinant * factors[i * n + i];
    }
    root.determinant = constant(1.0) / reciprocal_determinant;

    // kappa: how much larger a relative change of a dominant coverage can be than the others'.
    Vec kappa = constant(1.0);
    for (int s = 0; s < laws.sites(); ++s) {
        const Vec dominant = laws.dominant_of(s, x);
        Vec sum = zero();
        laws.each(s, [&](int i) HWY_ATTR {
            root.share[i] = zero_where(laws.dominant(i), laws.displaced(i, x[i]) / dominant);
            sum = sum + root.share[i];
        });
        kappa = larger(sum, kappa);
    }
    const double p = net.order;
    const double entry_roundings = 2.0 * net.longest_balance + p + 8.0;
    const Vec entry_error = constant(unit * entry_roundings * p) * (constant(1.0) + kappa);
    const Vec product_error = constant(unit * (n + 2.0));
    Vec row_sum[S::capacity];
    for (int i = 0; i < n; ++i) {
        row_sum[i] = entry_error;
        for (int j = 0; j < n; ++j)
            row_sum[i] = fma(product_error, abs(matrix[i * n + j]), row_sum[i]);
    }
    Vec linear_defect = zero(), norm = zero();
    for (int i = 0; i < n; ++i) {
        Vec defect = zero(), sum = zero();
        for (int j = 0; j < n; ++j) {
            Vec entry = i == j ? constant(1.0) : zero();
            for (int m = 0; m < n; ++m) {
                entry = fnma(root.inverse[i * n + m], matrix[m * n + j], entry);
            }
            const Vec size = abs(root.inverse[i * n + j]);
            defect = fma(size, row_sum[j], defect + abs(entry));
            sum = sum + size;
        }
        linear_defect = larger(defect, linear_defect);
        norm = larger(sum, norm);
    }
    // Second derivatives: p (p - 1) pairs of factors, either of which may be the dominant coverage.
    root.curvature = constant(1.2 * p * (p - 1.0)) * kappa * kappa * norm;

    // Corrections, until they are noise. The dominant coverage is exact to 3 n^2 units.
    const double conservation_error = 3.0 * n * n * 0x1p-106;
    const double rate_error = p * (double2_product_error + conservation_error);
    root.rounding = constant(rate_error);
    const Vec balance_error = constant(
        rate_error + (net.longest_balance + 1.0) * double2_sum_error + double2_product_error);
    const Vec enough = balance_error * norm;
    for (int i = 0; i < n; ++i) root.x[i] = double2(x[i]);
    laws.fill(totals, root.x);
    Vec scaled[S::capacity], update[S::capacity], moved = zero();
    Mask done = nowhere();
    for (int pass = 0; pass < most_passes; ++pass) {
        direction_rates(net, k, root.x, rates);
        for (int j = 0; j < net.steps; ++j) {
            net_rates[j] = rates[net.forward_of[static_cast<std::size_t>(j)]] -
                           rates[net.reverse_of[static_cast<std::size_t>(j)]];
        }
        root.residual = scaled_balances<S>(net, laws, net_rates, per_gross, per_own_gross, scaled);
        Vec largest = zero();
        for (int i = 0; i < n; ++i) {
            update[i] = zero();
            for (int j = 0; j < n; ++j) {
                update[i] = fma(root.inverse[i * n + j], scaled[j], update[i]);
            }
            largest = larger(abs(update[i]), largest);
        }
        done = either(either(done, hn::Le(largest, enough)), negation(usable));
        if (all(done) || pass + 1 == most_passes) break;
        moved = moved + zero_where(done, largest);
        iterations = iterations + zero_where(done, constant(1.0));
        for (int i = 0; i < n; ++i) {
            const Vec change = zero_where(done, update[i] * x[i]);
            root.x[i] = root.x[i] + change;
        }
        laws.fill(totals, root.x);
    }

    // The ball: |u_i| <= eta_i + q max |u|, max |u| <= 2 max eta.
    Vec largest = zero();
    Mask positive = usable;
    for (int i = 0; i < n; ++i) {
        root.noise[i] = zero_where(laws.dominant(i), abs(scaled[i]) + balance_error);
    }
    for (int i = 0; i < n; ++i) {
        Vec eta = zero();
        for (int j = 0; j < n; ++j) eta = fma(abs(root.inverse[i * n + j]), root.noise[j], eta);
        root.bound[i] = constant(1.01) * eta;
        largest = larger(root.bound[i], largest);
        positive = both(positive, hn::Gt(root.x[i].high, constant(smallest_coverage)));
    }
    root.defect = fma(root.curvature, fma(constant(2.0), largest, moved), linear_defect);
    root.remainder = constant(2.0) * root.defect * largest;
    for (int s = 0; s < laws.sites(); ++s) {
        Vec of_dominant = constant(conservation_error);
        laws.each(s, [&](int i) HWY_ATTR {
            root.bound[i] = root.bound[i] + root.remainder;
            of_dominant = fma(root.share[i], root.bound[i], of_dominant);
        });
        laws.each(s, [&](int i) HWY_ATTR {
            root.bound[i] = select(laws.dominant(i), of_dominant, root.bound[i]);
        });
    }
    root.found = positive;
    root.bounded =
        both(both(positive, hn::Lt(root.defect, constant(0.5))), hn::Lt(moved, constant(1e-3)));
    for (int i = 0; i < n; ++i) {
        root.bounded = both(root.bounded, hn::Lt(root.bound[i], constant(1e-12)));
    }
}

/// The root that Newton's method finds from `x`, polished; `laws` become those that it stands on.
template <class S>
HWY_INLINE void find_root(const FlatNetwork& net, const Vec* k, const Vec* totals,
                          NewtonLimits limits, Vec* x, Workspace& work, Double2* rates,
                          Double2* net_rates, SiteLaws<S>& laws, Root<S>& root, Vec& iterations) {
    const Mask settled = newton<S>(net, k, totals, limits, work, x, iterations);
    laws.choose(x);
    const Vec before = iterations;
    polish<S>(net, laws, k, totals, x, settled, work, rates, net_rates, root, iterations);
    // Where steps in quasi-equilibrium left `x` too far off for its Jacobian to hold, once more
    // from the better one. The other lanes repeat themselves.
    const Mask again = hn::AndNot(root.bounded, root.found);
    if (none(again)) return;
    const Vec first = iterations;
    iterations = select(again, iterations, before);
    for (int i = 0; i < S::size(net.unknowns); ++i) x[i] = select(again, root.x[i].high, x[i]);
    laws.choose(x);
    polish<S>(net, laws, k, totals, x, settled, work, rates, net_rates, root, iterations);
    iterations = select(again, iterations, first);
}

/// The error bound of the coverages, rounding to double included.
template <class S>
HWY_INLINE Vec coverage_error_of(const FlatNetwork& net, const Root<S>& root) {
    Vec worst = zero();
    for (int i = 0; i < S::size(net.unknowns); ++i) {
        const Vec rounding = abs(root.x[i].low) / (root.x[i].high - abs(root.x[i].low));
        worst = larger(fma(constant(1.001), root.bound[i], rounding), worst);
    }
    return worst;
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
