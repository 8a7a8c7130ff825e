// Stability and slowest mode of a large network's root.
#if defined(TURNOVER_BATCH_SPARSE_STABILITY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_SPARSE_STABILITY_INL
#undef TURNOVER_BATCH_SPARSE_STABILITY_INL
#else
#define TURNOVER_BATCH_SPARSE_STABILITY_INL
#endif

#include <algorithm>

#include "turnover/steady/batch/contraction.inl"
#include "turnover/steady/batch/slowest_mode.inl"
#include "turnover/steady/batch/sparse/root.inl"
#include "turnover/steady/batch/stability.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// No box is tried: the comparison matrix of a large network has hardly ever one.
template <SparseShape S>
HWY_INLINE Mask runs_into(const FlatNetwork&, const Vec*, const Vec*, const Vec*, const Vec*,
                          const Root<S>&, SparseWorkspace<S>&) {
    return nowhere();
}

/// The inverse in place of the row-major n x n matrix `a`, by elimination without pivoting. Four
/// pivots at a time, because the matrix is far larger than the nearest cache.
HWY_INLINE void invert_in_place(int n, Vec* a) {
    constexpr int block = 4;
    for (int first = 0; first < n; first += block) {
        const int count = std::min(block, n - first);
        Vec* const pivots = a + first * n;
        for (int p = 0; p < count; ++p) {
            Vec* const pivot = pivots + p * n;
            const Vec reciprocal = constant(1.0) / pivot[first + p];
            pivot[first + p] = constant(1.0);
            for (int j = 0; j < n; ++j) pivot[j] = pivot[j] * reciprocal;
            for (int q = 0; q < count; ++q) {
                if (q == p) continue;
                Vec* const row = pivots + q * n;
                const Vec multiple = row[first + p];
                row[first + p] = zero();
                for (int j = 0; j < n; ++j) row[j] = fnma(multiple, pivot[j], row[j]);
            }
        }
        for (int i = 0; i < n; ++i) {
            if (i >= first && i < first + count) continue;
            Vec* const row = a + i * n;
            Vec multiple[block];
            for (int p = 0; p < block; ++p) {
                multiple[p] = p < count ? row[first + p] : zero();
                if (p < count) row[first + p] = zero();
            }
            const Vec* const last = pivots + (count - 1) * n;
            const Vec* const second = count > 1 ? pivots + n : last;
            const Vec* const third = count > 2 ? pivots + 2 * n : last;
            const Vec* const fourth = count > 3 ? pivots + 3 * n : last;
            for (int j = 0; j < n; ++j) {
                Vec sum = fnma(multiple[0], pivots[j], row[j]);
                sum = fnma(multiple[1], second[j], sum);
                sum = fnma(multiple[2], third[j], sum);
                row[j] = fnma(multiple[3], fourth[j], sum);
            }
        }
    }
}

/// -J at the root within the surface that the site laws allow, in relative changes: row-major, unit
/// rows and columns for dominant unknowns.
template <class S>
HWY_INLINE void dense_jacobian(const FlatNetwork& net, const Root<S>& root, Vec* a) {
    const int n = net.unknowns;
    SparseWorkspace<S>& work = *root.work;
    const SiteLaws<S>& laws = *root.laws;
    for (int e = 0; e < n * n; ++e) a[e] = zero();
    for (int e = 0; e < static_cast<int>(work.pattern.entries.size()); ++e) {
        const SparsePattern::Place& place = work.pattern.entries[static_cast<std::size_t>(e)];
        a[place.row * n + place.column] = high_of(work.matrix[e]);
    }
    for (int i = 0; i < n; ++i) {
        const Vec rate = root.gross[i] / root.x[i].high;
        for (int s = 0; s < net.sites; ++s) {
            for (const int j : net.members[s]) {
                a[i * n + j] =
                    fnma(high_of(work.border[s * n + i]), high_of(root.share[j]), a[i * n + j]);
            }
        }
        for (int j = 0; j < n; ++j) {
            a[i * n + j] = select(laws.dominant(i), a[i * n + j], rate * a[i * n + j]);
        }
    }
}

/// `is_stable` of stability.inl.
template <SparseShape S>
HWY_INLINE Mask is_stable(const FlatNetwork& net, const Root<S>& root, Mask asked) {
    constexpr int most_iterations = 24;
    const int n = net.unknowns;
    LaneArray<Vec> x(static_cast<std::size_t>(n * n)), inverse(static_cast<std::size_t>(n * n));
    const SiteLaws<S>& laws = *root.laws;
    dense_jacobian(net, root, x.data());
    typename S::Number column[S::capacity];
    for (int j = 0; j < n; ++j) {
        root.work->lu.inverse_column(laws, j, column);
        const Vec lifetime = root.x[j].high / root.gross[j];
        for (int i = 0; i < n; ++i) {
            const Vec unit = i == j ? constant(1.0) : zero();
            inverse[i * n + j] = select(either(laws.dominant(i), laws.dominant(j)), unit,
                                        high_of(column[i]) * lifetime);
        }
    }
    const auto norm = [&](LaneArray<Vec>& a) HWY_ATTR {
        Vec most = zero();
        for (int i = 0; i < n; ++i) {
            Vec sum = zero();
            for (int j = 0; j < n; ++j) sum = sum + abs(a[i * n + j]);
            most = larger(sum, most);
        }
        return most;
    };
    Mask stable = nowhere();
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
        const Vec scale = sqrt(norm(inverse) / norm(x));
        const Vec direct = constant(0.5) * scale, inverted = constant(0.5) / scale;
        Vec distance = zero();
        for (int i = 0; i < n; ++i) {
            Vec sum = zero();
            for (int j = 0; j < n; ++j) {
                Vec& entry = x[i * n + j];
                entry = fma(direct, entry, inverted * inverse[i * n + j]);
                sum = sum + abs(i == j ? entry - constant(1.0) : entry);
                inverse[i * n + j] = entry;
            }
            distance = larger(sum, distance);
        }
        stable = either(stable, both(asked, hn::Lt(distance, constant(0.5))));
        if (all(either(stable, negation(asked)))) break;
        invert_in_place(n, inverse.data());
    }
    return stable;
}

/// `jacobian` of slowest_mode.inl.
template <class N>
HWY_INLINE void jacobian(const FlatNetwork& net, const Root<Sparse<N>>& root, LaneRows& matrix) {
    const int n = net.unknowns;
    LaneArray<Vec> negative(static_cast<std::size_t>(n * n));
    dense_jacobian(net, root, negative.data());
    for (int e = 0; e < n * n; ++e) matrix.put(e, hn::Neg(negative[e]));
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
