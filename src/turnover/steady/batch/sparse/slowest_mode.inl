// The slowest mode at a large network's root.
#if defined(TURNOVER_BATCH_SPARSE_SLOWEST_MODE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_SPARSE_SLOWEST_MODE_INL
#undef TURNOVER_BATCH_SPARSE_SLOWEST_MODE_INL
#else
#define TURNOVER_BATCH_SPARSE_SLOWEST_MODE_INL
#endif

#include <algorithm>
#include <vector>

#include "turnover/steady/batch/slowest_mode.inl"
#include "turnover/steady/batch/sparse/ritz.hpp"
#include "turnover/steady/batch/sparse/root.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// `slowest_mode` of slowest_mode.inl, by Arnoldi's process (Quart. Appl. Math. 9, 17 (1951)) with
/// the inverse: slow modes of large networks lie close to each other, which is too much for a power
/// iteration.
template <SparseShape S>
HWY_INLINE SlowestMode2 slowest_mode(const FlatNetwork& net, const Root<S>& root) {
    using Number = typename S::Number;
    constexpr int stage = 8, most_steps = 48;
    const int n = net.unknowns, steps = std::min(most_steps, n - net.sites);
    LaneArray<Vec> basis(static_cast<std::size_t>((steps + 1) * n));
    LaneRows hessenberg((steps + 1) * steps);
    HWY_ALIGN double eigenvalue[width] = {}, settled[width] = {};
    // What the first k steps tell the lanes that know nothing yet.
    const auto look = [&](int k) {
        bool all_settled = true;
        for (std::size_t lane = 0; lane < width; ++lane) {
            if (settled[lane] > 0.0) continue;
            std::vector<double> own;
            for (int row = 0; row <= k; ++row) {
                for (int j = 0; j < k; ++j) {
                    own.push_back(hessenberg.at(row * steps + j, lane));
                }
            }
            const auto value = slowest_ritz_value(own, k);
            eigenvalue[lane] = value.value_or(0.0);
            settled[lane] = value ? 1.0 : 0.0;
            all_settled = all_settled && value;
        }
        return all_settled;
    };
    Vec lifetime[S::capacity];
    Number next[S::capacity];
    // In relative changes the inverse of -J is B diag(x / gross).
    for (int i = 0; i < n; ++i) {
        const Mask dominant = root.laws->dominant(i);
        lifetime[i] = zero_where(dominant, root.x[i].high / root.gross[i]);
        // Not the same for all, lest a symmetry hide a mode.
        basis[i] = zero_where(dominant, constant(1.0 + 0.5 * (i % 7)));
    }
    const auto along = [&](const Vec* a, const Vec* b) HWY_ATTR {
        Vec sum = zero();
        for (int i = 0; i < n; ++i) sum = fma(a[i], b[i], sum);
        return sum;
    };
    // To length 1; what is no longer than `nothing` becomes zero.
    const auto normalise = [&](Vec* v, Vec nothing) HWY_ATTR {
        const Vec length = sqrt(along(v, v));
        const Mask something = hn::Gt(length, nothing);
        for (int i = 0; i < n; ++i) v[i] = select_or_zero(something, v[i] / length);
        return select_or_zero(something, length);
    };
    (void)normalise(&basis[0], zero());
    for (int k = 0; k < steps; ++k) {
        const Vec* const last = &basis[k * n];
        Vec* const fresh = &basis[(k + 1) * n];
        for (int i = 0; i < n; ++i) next[i] = Number(lifetime[i] * last[i]);
        Number* const sides[1] = {next};
        root.work->lu.template solve<1>(*root.laws, sides);
        for (int i = 0; i < n; ++i) {
            fresh[i] = zero_where(root.laws->dominant(i), high_of(next[i]));
        }
        // Where the vectors so far hold all that the operator makes of them, or there are no more
        // directions, what is left is rounding.
        const Vec rounding = constant(1e-13) * sqrt(along(fresh, fresh));
        for (const bool again : {false, true}) {
            for (int j = 0; j <= k; ++j) {
                const Vec* const other = &basis[j * n];
                const Vec part = along(other, fresh);
                for (int i = 0; i < n; ++i) fresh[i] = fnma(part, other[i], fresh[i]);
                const int place = j * steps + k;
                hessenberg.put(place, again ? hessenberg.get(place) + part : part);
            }
        }
        const Vec length = normalise(fresh, rounding);
        hessenberg.put((k + 1) * steps + k, k + 1 == n - net.sites ? zero() : length);
        if (((k + 1) % stage == 0 || k + 1 == steps) && look(k + 1)) break;
    }
    return {hn::Load(Tag(), eigenvalue), hn::Gt(hn::Load(Tag(), settled), zero())};
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
