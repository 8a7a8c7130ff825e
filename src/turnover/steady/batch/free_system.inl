// Linear systems for the unknowns that the site laws leave free.
#if defined(TURNOVER_BATCH_FREE_SYSTEM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_FREE_SYSTEM_INL
#undef TURNOVER_BATCH_FREE_SYSTEM_INL
#else
#define TURNOVER_BATCH_FREE_SYSTEM_INL
#endif

#include "turnover/steady/batch/dense.inl"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/site_laws.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// `matrix` with its dominant unknowns eliminated by `laws`, ready to solve.
template <class S>
class FreeSystem {
public:
    /// `matrix` is used up and has to live as long as this.
    HWY_INLINE FreeSystem(const FlatNetwork& net, const SiteLaws<S>& laws, Vec* matrix)
        : net_(net), laws_(laws), matrix_(matrix) {
        laws_.reduce(matrix_);
        positive_ = factorise<S>(net_.unknowns, matrix_);
    }

    /// Where the determinant is positive.
    [[nodiscard]] HWY_INLINE Mask positive() const { return positive_; }

    /// Solves for `b`; the dominant elements of the solution keep the site totals.
    HWY_INLINE void solve_change(Vec* b) const {
        solve_free(b);
        laws_.balance(b);
    }
    /// The same; the dominant elements fill the site totals.
    HWY_INLINE void solve_coverages(const Vec* totals, Vec* b) const {
        solve_free(b);
        laws_.fill(totals, b);
    }

private:
    HWY_INLINE void solve_free(Vec* b) const {
        for (int i = 0; i < S::size(net_.unknowns); ++i) b[i] = zero_where(laws_.dominant(i), b[i]);
        solve<S>(net_.unknowns, matrix_, b);
    }

    const FlatNetwork& net_;
    const SiteLaws<S>& laws_;
    Vec* matrix_;
    Mask positive_;
};

/// Two unknowns are free, the first and the last of the three that are not dominant: by the inverse
/// of their 2 x 2 matrix.
template <>
class FreeSystem<Shape<3, true>> {
public:
    HWY_INLINE FreeSystem(const FlatNetwork&, const SiteLaws<Shape<3, true>>& laws,
                          const Vec* matrix)
        : first_out_(laws.dominant(0)), last_out_(laws.dominant(2)) {
        Vec one[3], other[3];
        for (int j = 0; j < 3; ++j) {
            one[j] = select(first_out_, matrix[3 + j], matrix[j]);
            other[j] = select(last_out_, matrix[3 + j], matrix[6 + j]);
        }
        const Vec of_one = dominant(one), of_other = dominant(other);
        const Vec a = first(one) - of_one, b = last(one) - of_one;
        const Vec c = first(other) - of_other, d = last(other) - of_other;
        const Vec determinant = fnma(b, c, a * d);
        const Vec reciprocal = constant(1.0) / determinant;
        inverse_[0] = d * reciprocal;
        inverse_[1] = b * reciprocal;
        inverse_[2] = c * reciprocal;
        inverse_[3] = a * reciprocal;
        positive_ = hn::Gt(determinant, zero());
    }

    [[nodiscard]] HWY_INLINE Mask positive() const { return positive_; }

    HWY_INLINE void solve_change(Vec* b) const {
        const auto [one, other] = solve_free(b);
        put(one, other, zero() - (one + other), b);
    }
    HWY_INLINE void solve_coverages(const Vec* totals, Vec* b) const {
        const auto [one, other] = solve_free(b);
        put(one, other, (totals[0] - one) - other, b);
    }

private:
    struct Pair {
        Vec one, other;
    };
    HWY_INLINE Pair solve_free(const Vec* b) const {
        const Vec one = first(b), other = last(b);
        return {fnma(inverse_[1], other, inverse_[0] * one),
                fnma(inverse_[2], one, inverse_[3] * other)};
    }
    HWY_INLINE Vec first(const Vec* v) const { return select(first_out_, v[1], v[0]); }
    HWY_INLINE Vec last(const Vec* v) const { return select(last_out_, v[1], v[2]); }
    HWY_INLINE Vec dominant(const Vec* v) const {
        return select(first_out_, v[0], select(last_out_, v[2], v[1]));
    }
    HWY_INLINE void put(Vec one, Vec other, Vec dominant, Vec* v) const {
        v[0] = select(first_out_, dominant, one);
        v[1] = select(first_out_, one, select(last_out_, other, dominant));
        v[2] = select(last_out_, dominant, other);
    }

    Mask first_out_, last_out_, positive_;
    Vec inverse_[4];
};

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
