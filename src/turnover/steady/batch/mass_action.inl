// Rates, balances and Jacobians of a FlatNetwork on lanes.
//
// Arrays of coverages hold one element more than there are unknowns, which is 1 (the filler of
// short products); arrays of rates one more than there are directions, which is 0.
#if defined(TURNOVER_BATCH_MASS_ACTION_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_MASS_ACTION_INL
#undef TURNOVER_BATCH_MASS_ACTION_INL
#else
#define TURNOVER_BATCH_MASS_ACTION_INL
#endif

#include "turnover/steady/batch/double_double.inl"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/lanes.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// Rate of every direction: constant times coverages.
HWY_INLINE void direction_rates(const FlatNetwork& net, const Vec* k, const Vec* x, Vec* rate) {
    const int* factor = net.factors.data();
    const int directions = net.directions, order = net.order;
    if (order == 2) {
        for (int r = 0; r < directions; ++r, factor += 2) {
            rate[r] = k[r] * x[factor[0]] * x[factor[1]];
        }
        return;
    }
    for (int r = 0; r < directions; ++r) {
        Vec product = k[r];
        for (int f = 0; f < order; ++f) product = product * x[*factor++];
        rate[r] = product;
    }
}

/// The same in double-double.
HWY_INLINE void direction_rates(const FlatNetwork& net, const Vec* k, const Double2* x,
                                Double2* rate) {
    const int* factor = net.factors.data();
    for (int r = 0; r < net.directions; ++r) {
        Double2 product = double2(k[r]);
        for (int f = 0; f < net.order; ++f, ++factor) {
            if (*factor < net.unknowns) product = product * x[*factor];
        }
        rate[r] = product;
    }
}

/// dx/dt from the rates of the directions.
template <class S>
HWY_INLINE void balances(const FlatNetwork& net, const Vec* rate, Vec* net_rate, Vec* derivative) {
    const int* forward = net.forward_of.data();
    const int* reverse = net.reverse_of.data();
    const int steps = net.steps, n = S::size(net.unknowns);
    for (int j = 0; j < steps; ++j) net_rate[j] = rate[forward[j]] - rate[reverse[j]];
    const auto terms = net.balances.view();
    for (int i = 0; i < n; ++i) {
        Vec sum = zero();
        for (const Term& term : terms[i]) {
            sum = fma(constant(term.coefficient), net_rate[term.index], sum);
        }
        derivative[i] = sum;
    }
}

/// Derivative of each direction's rate by each of its unknowns (as if it stood there once; the
/// exponent is in the coefficients of the Jacobian's terms).
HWY_INLINE void partial_derivatives(const FlatNetwork& net, const Vec* k, const Vec* x,
                                    Vec* partial) {
    const int* other = net.partial_others.data();
    const int* direction = net.partial_of.data();
    const int count = static_cast<int>(net.partial_of.size()), order = net.order;
    if (order == 2) {
        for (int p = 0; p < count; ++p) partial[p] = k[direction[p]] * x[other[p]];
        return;
    }
    for (int p = 0; p < count; ++p) {
        Vec product = k[direction[p]];
        for (int f = 1; f < order; ++f) product = product * x[*other++];
        partial[p] = product;
    }
}

/// diagonal I - J from the partial derivatives, row-major.
template <class S>
HWY_INLINE void shifted_jacobian(const FlatNetwork& net, const Vec* partial, Vec diagonal,
                                 Vec* matrix) {
    const int n = S::size(net.unknowns);
    for (int e = 0; e < n * n; ++e) matrix[e] = zero();
    for (int i = 0; i < n; ++i) matrix[i * n + i] = diagonal;
    const Entry* entries = net.entries.data();
    const auto terms = net.entry_terms.view();
    const int count = net.entry_terms.rows();
    for (int e = 0; e < count; ++e) {
        Vec* const place = matrix + entries[e].row * n + entries[e].column;
        Vec sum = *place;
        for (const Term& term : terms[e]) {
            sum = fnma(constant(term.coefficient), partial[term.index], sum);
        }
        *place = sum;
    }
}

/// Bounds of the Jacobian's entries where every partial derivative lies between `low` and `high`,
/// widened by more than rounding can do: sums of at most a few hundred terms.
template <class S>
HWY_INLINE void jacobian_range(const FlatNetwork& net, const Vec* low, const Vec* high, Vec* lowest,
                               Vec* highest) {
    const int n = S::size(net.unknowns);
    const Vec up = constant(1.0 + 1e-13), down = constant(1.0 - 1e-13);
    for (int e = 0; e < n * n; ++e) lowest[e] = highest[e] = zero();
    const Entry* entries = net.entries.data();
    const auto terms = net.entry_terms.view();
    const int count = net.entry_terms.rows();
    for (int e = 0; e < count; ++e) {
        const Entry entry = entries[e];
        Vec gain_low = zero(), gain_high = zero(), loss_low = zero(), loss_high = zero();
        int position = 0;
        for (const Term& term : terms[e]) {
            const Vec c = constant(std::fabs(term.coefficient));
            if (position++ < entry.positive) {
                gain_low = fma(c, low[term.index], gain_low);
                gain_high = fma(c, high[term.index], gain_high);
            } else {
                loss_low = fma(c, low[term.index], loss_low);
                loss_high = fma(c, high[term.index], loss_high);
            }
        }
        lowest[entry.row * n + entry.column] = gain_low * down - loss_high * up;
        highest[entry.row * n + entry.column] = gain_high * up - loss_low * down;
    }
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
