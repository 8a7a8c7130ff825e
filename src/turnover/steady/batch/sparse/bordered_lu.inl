// Linear algebra of large networks on lanes: LU over one elimination order for all lanes, with the
// site laws at the border.
//
// Eliminating the dominant unknown d of a site type from a matrix A by the site law turns it into
// S - s q^T: S is A without row and column d, s column d, and q_j the sites of unknown j in terms
// of d's. S keeps the sparse pattern whichever unknown is dominant in a lane (its row and column
// become the unit matrix's), S - s q^T would be full. So S is factorised, and the rest follows from
// one small system a site type: with Z = S^-1 s,
//     (S - s q^T)^-1 b = y + Z t,  y = S^-1 b,  (1 - q^T Z) t = q^T y,  and x_d = -t.
#if defined(TURNOVER_BATCH_SPARSE_BORDERED_LU_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_SPARSE_BORDERED_LU_INL
#undef TURNOVER_BATCH_SPARSE_BORDERED_LU_INL
#else
#define TURNOVER_BATCH_SPARSE_BORDERED_LU_INL
#endif

#include <type_traits>

#include "turnover/steady/batch/double_double.inl"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/job.hpp"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/mass_action.inl"
#include "turnover/steady/batch/site_laws.inl"
#include "turnover/steady/batch/sparse/pattern.hpp"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// The shape of networks for which the lanes share a sparse pattern, with linear algebra in
/// `TheNumber`: Vec or Double2. Arrays of one vector an unknown may lie on the stack, matrices may
/// not.
template <class TheNumber>
struct Sparse {
    using Number = TheNumber;
    static constexpr int capacity = most_sparse_unknowns;
    static constexpr bool plain = false;
    static constexpr bool exact = std::is_same_v<Number, Double2>;
    static constexpr int size(int unknowns) { return unknowns; }
    /// Of one fused operation c + a b, relative to |c| + |a b|.
    static constexpr double unit = exact ? 0x1p-102 : 0x1p-53;
};

template <class S>
concept SparseShape = requires {
    typename S::Number;
};

/// What a relative change of each unknown displaces of its site type's dominant unknown, whose own
/// share is 0: sites of x_i over sites of the dominant one. `x`: coverages, or ones.
template <class S>
HWY_INLINE void shares(const FlatNetwork& net, const SiteLaws<S>& laws, const typename S::Number* x,
                       typename S::Number* share) {
    using Number = typename S::Number;
    const auto sites_of = [&](int i) HWY_ATTR {
        return x[i] * constant(net.occupancy[static_cast<std::size_t>(i)]);
    };
    for (int s = 0; s < net.sites; ++s) {
        Number own = Number(zero());
        laws.each(s, [&](int i) HWY_ATTR { own = select(laws.dominant(i), sites_of(i), own); });
        const Number scale = reciprocal(own);
        laws.each(s, [&](int i) HWY_ATTR {
            share[i] = zero_where(laws.dominant(i), sites_of(i) * scale);
        });
    }
}

template <class S>
class BorderedLu {
public:
    using Number = typename S::Number;

    BorderedLu(const FlatNetwork& net, const SparsePattern& pattern)
        : net_(net),
          pattern_(pattern),
          partial_(net.partial_of.size() + 1),
          values_(static_cast<std::size_t>(pattern.values())),
          border_(static_cast<std::size_t>(net.sites * net.unknowns)),
          share_(static_cast<std::size_t>(net.unknowns)),
          corner_(static_cast<std::size_t>(net.sites * net.sites)) {}

    /// diagonal I - J at the coverages `x` (one element more, which is 1), with the constants `k`.
    HWY_INLINE void assemble(const Vec* k, const Number* x, Vec diagonal) {
        take_partials(k, x);
        const int n = pattern_.size(), all = pattern_.values();
        for (int i = 0; i < n; ++i) values_[i] = Number(diagonal);
        for (int e = n; e < all; ++e) values_[e] = Number(zero());
        const int* const places = pattern_.entry_values.data();
        const auto terms = net_.entry_terms.view();
        const int count = net_.entry_terms.rows();
        for (int e = 0; e < count; ++e) {
            Number sum = values_[places[e]];
            for (const Term& term : terms[e]) {
                sum = fnma(constant(term.coefficient), partial_[term.index], sum);
            }
            values_[places[e]] = sum;
        }
    }

    /// Turns entry (i, j) into entry x_j / row_i.
    HWY_INLINE void scale(const Number* x, const Vec* row) {
        Number factor[S::capacity];
        for (int i = 0; i < pattern_.size(); ++i) factor[i] = reciprocal(Number(row[i]));
        for (const SparsePattern::Place& place : pattern_.entries) {
            Number& value = values_[place.value];
            value = value * x[place.column] * factor[place.row];
        }
    }

    /// Moves the dominant columns to the border. `share`: q, zero where dominant.
    HWY_INLINE void detach(const SiteLaws<S>& laws, const Number* share) {
        const int n = pattern_.size();
        for (int i = 0; i < n; ++i) share_[i] = share[i];
        for (int e = 0; e < net_.sites * n; ++e) border_[e] = Number(zero());
        for (int d = 0; d < n; ++d) {
            const Mask dominant = laws.dominant(d);
            if (none(dominant)) continue;
            Number* const border = &border_[net_.site_of[static_cast<std::size_t>(d)] * n];
            for (const int e : pattern_.in_column[d]) {
                const SparsePattern::Place& place = pattern_.entries[static_cast<std::size_t>(e)];
                const Mask moves = hn::AndNot(laws.dominant(place.row), dominant);
                Number& value = values_[place.value];
                border[place.row] = select(moves, value, border[place.row]);
                value = zero_where(dominant, value);
            }
            for (const int e : pattern_.in_row[d]) {
                Number& value = values_[pattern_.entries[static_cast<std::size_t>(e)].value];
                value = zero_where(dominant, value);
            }
            Number& own = values_[pattern_.position_of[static_cast<std::size_t>(d)]];
            own = select(dominant, Number(constant(1.0)), own);
        }
    }

    /// Column of the dominant unknown of site type s, by unknowns; after `factorise` S^-1 of it.
    [[nodiscard]] HWY_INLINE const Number* border(int s) { return &border_[s * pattern_.size()]; }
    /// Entry number e of the pattern, before `factorise`.
    [[nodiscard]] HWY_INLINE const Number& entry(int e) {
        return values_[pattern_.entries[static_cast<std::size_t>(e)].value];
    }

    /// Factorises without pivoting. Returns where the determinant of S - s q^T is positive.
    HWY_INLINE Mask factorise() {
        const int n = pattern_.size(), sites = net_.sites;
        Vec sign = constant(1.0);
        const int* target = pattern_.targets.data();
        for (int p = 0; p < n; ++p) {
            const Number pivot = reciprocal(values_[p]);
            values_[p] = pivot;
            sign = sign * hn::CopySign(constant(1.0), high_of(pivot));
            const auto count = static_cast<int>(pattern_.neighbours(p).size());
            const Number* const upper = &values_[pattern_.upper(p)];
            Number* const lower = &values_[pattern_.lower(p)];
            for (int i = 0; i < count; ++i) {
                const Number multiple = lower[i] * pivot;
                lower[i] = multiple;
                for (int j = 0; j < count; ++j, ++target) {
                    values_[*target] = fnma(multiple, upper[j], values_[*target]);
                }
            }
        }
        for (int s = 0; s < sites; ++s) {
            Number* const column[1] = {&border_[s * n]};
            solve_inner<1>(column, 0);
            for (int t = 0; t < sites; ++t) {
                const Number unit = Number(s == t ? constant(1.0) : zero());
                corner_[t * sites + s] = unit - displaced(t, column[0]);
            }
        }
        factorise_corner(sign);
        return hn::Gt(sign, zero());
    }

    /// Solves for `Count` right-hand sides at once. What they hold in dominant places is not looked
    /// at; the solutions there are -q^T x, which keeps the site totals.
    template <int Count>
    HWY_INLINE void solve(const SiteLaws<S>& laws, Number* const (&sides)[Count]) {
        for (Number* const side : sides) {
            for (int i = 0; i < pattern_.size(); ++i) {
                side[i] = zero_where(laws.dominant(i), side[i]);
            }
        }
        solve_inner<Count>(sides, 0);
        for (Number* const side : sides) close(laws, side);
    }
    /// The column of the inverse that belongs to unknown j, zero where j is dominant.
    HWY_INLINE void inverse_column(const SiteLaws<S>& laws, int j, Number* column) {
        for (int i = 0; i < pattern_.size(); ++i) column[i] = Number(zero());
        column[j] = Number(zero_where(laws.dominant(j), constant(1.0)));
        Number* const sides[1] = {column};
        solve_inner<1>(sides, pattern_.position_of[static_cast<std::size_t>(j)]);
        close(laws, column);
    }

    /// q^T v of site type s.
    template <class Item>
    [[nodiscard]] HWY_INLINE Item displaced(int s, const Item* v) {
        Item sum = Item(zero());
        for (const int j : net_.members[s]) sum = fma(as<Item>(share_[j]), v[j], sum);
        return sum;
    }

private:
    template <class Item>
    [[nodiscard]] HWY_INLINE static Item as(const Number& number) {
        if constexpr (std::is_same_v<Item, Number>) {
            return number;
        } else {
            return high_of(number);
        }
    }

    HWY_INLINE void take_partials(const Vec* k, const Number* x) {
        if constexpr (!S::exact) {
            partial_derivatives(net_, k, x, partial_.data());
        } else {
            const int* other = net_.partial_others.data();
            for (int p = 0; p < static_cast<int>(net_.partial_of.size()); ++p) {
                Number product = Number(k[net_.partial_of[static_cast<std::size_t>(p)]]);
                for (int f = 1; f < net_.order; ++f, ++other) {
                    if (*other < net_.unknowns) product = product * x[*other];
                }
                partial_[p] = product;
            }
        }
    }

    /// S^-1, where the sides are zero in all positions before `first`.
    template <int Count>
    HWY_INLINE void solve_inner(Number* const (&sides)[Count], int first) {
        const int n = pattern_.size();
        const int* const unknown_at = pattern_.unknown_at.data();
        for (int p = first; p < n; ++p) {
            const auto near = pattern_.neighbour_unknowns(p);
            const Number* const lower = &values_[pattern_.lower(p)];
            Number own[Count];
            for (int c = 0; c < Count; ++c) own[c] = sides[c][unknown_at[p]];
            for (std::size_t i = 0; i < near.size(); ++i) {
                for (int c = 0; c < Count; ++c) {
                    sides[c][near[i]] = fnma(lower[i], own[c], sides[c][near[i]]);
                }
            }
        }
        for (int p = n - 1; p >= 0; --p) {
            const auto near = pattern_.neighbour_unknowns(p);
            const Number* const upper = &values_[pattern_.upper(p)];
            Number sum[Count];
            for (int c = 0; c < Count; ++c) sum[c] = sides[c][unknown_at[p]];
            for (std::size_t i = 0; i < near.size(); ++i) {
                for (int c = 0; c < Count; ++c) {
                    sum[c] = fnma(upper[i], sides[c][near[i]], sum[c]);
                }
            }
            for (int c = 0; c < Count; ++c) sides[c][unknown_at[p]] = sum[c] * values_[p];
        }
    }

    /// y + Z t from y, and -t in the dominant places.
    HWY_INLINE void close(const SiteLaws<S>& laws, Number* y) {
        const int n = pattern_.size(), sites = net_.sites;
        Number t[S::capacity];
        for (int s = 0; s < sites; ++s) t[s] = displaced(s, y);
        solve_corner(t);
        for (int s = 0; s < sites; ++s) {
            const Number* const z = border(s);
            for (int i = 0; i < n; ++i) y[i] = fma(z[i], t[s], y[i]);
        }
        for (int s = 0; s < sites; ++s) {
            laws.each(
                s, [&](int i) HWY_ATTR { y[i] = select(laws.dominant(i), negative(t[s]), y[i]); });
        }
    }

    /// LU of the corner 1 - q^T Z; `sign` takes that of its determinant.
    HWY_INLINE void factorise_corner(Vec& sign) {
        const int m = net_.sites;
        for (int p = 0; p < m; ++p) {
            const Number pivot = reciprocal(corner_[p * m + p]);
            corner_[p * m + p] = pivot;
            sign = sign * hn::CopySign(constant(1.0), high_of(pivot));
            for (int i = p + 1; i < m; ++i) {
                const Number multiple = corner_[i * m + p] * pivot;
                corner_[i * m + p] = multiple;
                for (int j = p + 1; j < m; ++j) {
                    corner_[i * m + j] = fnma(multiple, corner_[p * m + j], corner_[i * m + j]);
                }
            }
        }
    }
    HWY_INLINE void solve_corner(Number* t) {
        const int m = net_.sites;
        for (int i = 0; i < m; ++i) {
            for (int j = 0; j < i; ++j) t[i] = fnma(corner_[i * m + j], t[j], t[i]);
        }
        for (int i = m - 1; i >= 0; --i) {
            for (int j = i + 1; j < m; ++j) t[i] = fnma(corner_[i * m + j], t[j], t[i]);
            t[i] = t[i] * corner_[i * m + i];
        }
    }

    const FlatNetwork& net_;
    const SparsePattern& pattern_;
    LaneArray<Number> partial_, values_, border_, share_, corner_;
};

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
