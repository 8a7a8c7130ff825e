// The conservation of sites in linear algebra on lanes.
//
// In each lane and for each site type the unknown that covers most of it is *dominant*: it follows
// from the others by the conservation law, and its balance, which the others imply, is left out.
// The dominant one, because then nothing cancels: free sites, say, may be 1 or 1e-12 of the
// surface. What is left is the dynamics within the surface that the laws allow; its matrices keep
// the size of the whole with a unit row and column for the dominant unknown, so that lanes may
// differ in it.
#if defined(TURNOVER_BATCH_SITE_LAWS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_SITE_LAWS_INL
#undef TURNOVER_BATCH_SITE_LAWS_INL
#else
#define TURNOVER_BATCH_SITE_LAWS_INL
#endif

#include "turnover/steady/batch/double_double.inl"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/lanes.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

template <class S>
class SiteLaws {
public:
    /// Chooses the dominant unknowns of `x`, the first of equals.
    HWY_INLINE SiteLaws(const FlatNetwork& net, const Vec* x) : net_(net) { choose(x); }
    HWY_INLINE void choose(const Vec* x) {
        for (int s = 0; s < sites(); ++s) {
            Vec most = zero(), own = constant(1.0);
            each(s, [&](int i) HWY_ATTR { most = larger(occupied(i, x[i]), most); });
            Mask found = nowhere();
            each(s, [&](int i) HWY_ATTR {
                dominant_[i] = hn::AndNot(found, hn::Ge(occupied(i, x[i]), most));
                found = either(found, dominant_[i]);
                if (!S::plain) own = select(dominant_[i], occupancy(i), own);
            });
            if (S::plain) continue;
            each(s, [&](int i) HWY_ATTR { ratio_[i] = occupancy(i) / own; });
        }
    }

    [[nodiscard]] HWY_INLINE Mask dominant(int i) const { return dominant_[i]; }
    /// Sites that `value` of unknown i take, in terms of its site type's dominant unknown.
    [[nodiscard]] HWY_INLINE Vec displaced(int i, Vec value) const {
        return S::plain ? value : ratio_[i] * value;
    }
    /// The dominant unknown's element of `v` on site type s.
    [[nodiscard]] HWY_INLINE Vec dominant_of(int s, const Vec* v) const {
        Vec chosen = zero();
        each(s, [&](int i) HWY_ATTR { chosen = select(dominant_[i], v[i], chosen); });
        return chosen;
    }

    /// Matrix entries by x_j into those at fixed site totals: A_ij - A_id ratio_j; the dominant
    /// unknown's row and column become those of the unit matrix.
    HWY_INLINE void reduce(Vec* matrix) const {
        const int n = S::size(net_.unknowns);
        for (int i = 0; i < n; ++i) {
            Vec* row = matrix + i * n;
            for (int s = 0; s < sites(); ++s) {
                const Vec by_dominant = dominant_of(s, row);
                each(s, [&](int j) HWY_ATTR {
                    const Vec entry = row[j] - displaced(j, by_dominant);
                    const Vec unit = i == j ? constant(1.0) : zero();
                    row[j] = select(either(dominant_[i], dominant_[j]), unit, entry);
                });
            }
        }
    }

    /// The dominant elements of a change that keeps the site totals.
    HWY_INLINE void balance(Vec* change) const {
        for (int s = 0; s < sites(); ++s) {
            Vec sum = zero();
            each(s, [&](int i) HWY_ATTR {
                sum = sum - zero_where(dominant_[i], displaced(i, change[i]));
            });
            each(s, [&](int i) HWY_ATTR { change[i] = select(dominant_[i], sum, change[i]); });
        }
    }

    /// The dominant coverages that fill each site type to its total.
    HWY_INLINE void fill(const Vec* totals, Vec* x) const {
        for (int s = 0; s < sites(); ++s) {
            Vec rest = capacity(s, totals);
            each(s, [&](int i)
                        HWY_ATTR { rest = rest - zero_where(dominant_[i], displaced(i, x[i])); });
            each(s, [&](int i) HWY_ATTR { x[i] = select(dominant_[i], rest, x[i]); });
        }
    }
    HWY_INLINE void fill(const Vec* totals, Double2* x) const {
        for (int s = 0; s < sites(); ++s) {
            Double2 rest = double2(totals[s]);
            Vec own = constant(1.0);
            each(s, [&](int i) HWY_ATTR {
                const Vec negative = hn::Neg(zero_where(dominant_[i], occupancy(i)));
                rest = rest + x[i] * negative;
                own = select(dominant_[i], occupancy(i), own);
            });
            rest = rest / own;
            each(s, [&](int i) HWY_ATTR { x[i] = select(dominant_[i], rest, x[i]); });
        }
    }

    /// Coverage of site type s if the dominant unknown had it alone.
    [[nodiscard]] HWY_INLINE Vec capacity(int s, const Vec* totals) const {
        if (S::plain) return totals[0];
        Vec own = constant(1.0);
        each(s, [&](int i) HWY_ATTR { own = select(dominant_[i], occupancy(i), own); });
        return totals[s] / own;
    }

    [[nodiscard]] HWY_INLINE int sites() const { return S::plain ? 1 : net_.sites; }
    /// Calls f(i) for every unknown i on site type s.
    template <class F>
    HWY_INLINE void each(int s, const F& f) const {
        if constexpr (S::plain) {
            for (int i = 0; i < S::size(net_.unknowns); ++i) f(i);
        } else {
            for (const int i : net_.members[s]) f(i);
        }
    }

private:
    [[nodiscard]] HWY_INLINE Vec occupancy(int i) const {
        return constant(S::plain ? 1.0 : net_.occupancy[static_cast<std::size_t>(i)]);
    }
    [[nodiscard]] HWY_INLINE Vec occupied(int i, Vec x) const {
        return S::plain ? x : occupancy(i) * x;
    }

    const FlatNetwork& net_;
    Mask dominant_[S::capacity];
    Vec ratio_[S::plain ? 1 : S::capacity];  ///< sites of i per sites of the dominant unknown
};

/// Cuts negative coverages off and scales each site type back to its total.
template <class S>
HWY_INLINE void clean(const FlatNetwork& net, const Vec* totals, Vec* x) {
    for (int s = 0; s < (S::plain ? 1 : net.sites); ++s) {
        Vec sum = zero();
        const auto each = [&](const auto& f) HWY_ATTR {
            if constexpr (S::plain) {
                for (int i = 0; i < S::size(net.unknowns); ++i) f(i);
            } else {
                for (const int i : net.members[s]) f(i);
            }
        };
        each([&](int i) HWY_ATTR {
            x[i] = larger(x[i], zero());
            sum = S::plain ? sum + x[i]
                           : fma(constant(net.occupancy[static_cast<std::size_t>(i)]), x[i], sum);
        });
        const Vec scale = totals[s] / sum;
        each([&](int i) HWY_ATTR { x[i] = x[i] * scale; });
    }
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
