// The vocabulary of the lane algorithms: one vector holds the same quantity of as many points as
// the machine has lanes. Included once per instruction set (Highway, foreach_target.h).
//
// Bit equality: everything here is an IEEE operation on each lane by itself: + - * / sqrt, fused
// multiply-add, comparison and selection. Nothing adds up or compares across lanes, except to ask
// whether all lanes are done, which must not change what a lane that is done holds.
#if defined(TURNOVER_BATCH_LANES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_LANES_INL
#undef TURNOVER_BATCH_LANES_INL
#else
#define TURNOVER_BATCH_LANES_INL
#endif

#include <cmath>
#include <cstddef>

#include <hwy/aligned_allocator.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<double>;
using Vec = hn::Vec<Tag>;
using Mask = hn::Mask<Tag>;
inline constexpr std::size_t width = HWY_LANES(double);

HWY_INLINE Vec constant(double value) { return hn::Set(Tag(), value); }
HWY_INLINE Vec zero() { return hn::Zero(Tag()); }

/// a b + c, rounded once.
HWY_INLINE Vec fma(Vec a, Vec b, Vec c) {
#if HWY_NATIVE_FMA
    return hn::MulAdd(a, b, c);
#else
    // The same bits on a machine without the instruction, slowly.
    HWY_ALIGN double x[width], y[width], z[width];
    hn::Store(a, Tag(), x);
    hn::Store(b, Tag(), y);
    hn::Store(c, Tag(), z);
    for (std::size_t lane = 0; lane < width; ++lane) {
        x[lane] = std::fma(x[lane], y[lane], z[lane]);
    }
    return hn::Load(Tag(), x);
#endif
}
/// c - a b, rounded once.
HWY_INLINE Vec fnma(Vec a, Vec b, Vec c) {
#if HWY_NATIVE_FMA
    return hn::NegMulAdd(a, b, c);
#else
    return fma(hn::Neg(a), b, c);
#endif
}

HWY_INLINE void clear(Vec& a) { a = zero(); }
HWY_INLINE Vec abs(Vec a) { return hn::Abs(a); }
HWY_INLINE Vec sqrt(Vec a) { return hn::Sqrt(a); }
HWY_INLINE Vec select(Mask m, Vec yes, Vec no) { return hn::IfThenElse(m, yes, no); }
HWY_INLINE Vec select_or_zero(Mask m, Vec yes) { return hn::IfThenElseZero(m, yes); }
HWY_INLINE Vec zero_where(Mask m, Vec otherwise) { return hn::IfThenZeroElse(m, otherwise); }
// Written out, because the instructions of different machines treat NaN differently: `b` where
// unordered.
HWY_INLINE Vec larger(Vec a, Vec b) { return hn::IfThenElse(hn::Gt(a, b), a, b); }
HWY_INLINE Vec smaller(Vec a, Vec b) { return hn::IfThenElse(hn::Lt(a, b), a, b); }

HWY_INLINE Mask both(Mask a, Mask b) { return hn::And(a, b); }
HWY_INLINE Mask either(Mask a, Mask b) { return hn::Or(a, b); }
HWY_INLINE Mask negation(Mask a) { return hn::Not(a); }
HWY_INLINE Mask nowhere() { return hn::Lt(zero(), zero()); }
HWY_INLINE Mask everywhere() { return hn::Eq(zero(), zero()); }
HWY_INLINE bool all(Mask m) { return hn::AllTrue(Tag(), m); }
HWY_INLINE bool none(Mask m) { return hn::AllFalse(Tag(), m); }
/// Bit i: lane i.
HWY_INLINE unsigned bits_of(Mask m) {
    unsigned char bytes[8] = {};
    hn::StoreMaskBits(Tag(), m, bytes);
    return bytes[0];
}

/// Rows of one number a lane in memory, where a single lane can be read and written.
class LaneRows {
public:
    explicit LaneRows(int rows)
        : values_(hwy::AllocateAligned<double>(static_cast<std::size_t>(rows) * width)) {
        for (int row = 0; row < rows; ++row) put(row, zero());
    }
    HWY_INLINE Vec get(int row) const { return hn::Load(Tag(), place(row)); }
    HWY_INLINE void put(int row, Vec value) { hn::Store(value, Tag(), place(row)); }
    [[nodiscard]] double& at(int row, std::size_t lane) { return place(row)[lane]; }

private:
    [[nodiscard]] double* place(int row) const {
        return values_.get() + static_cast<std::size_t>(row) * width;
    }
    hwy::AlignedFreeUniquePtr<double[]> values_;
};

/// Vectors, or structures of them, whose number is known at run time only. Not std::vector, whose
/// allocator takes the alignment from what the whole program is compiled for.
template <class Item>
class LaneArray {
public:
    explicit LaneArray(std::size_t size) : items_(hwy::AllocateAligned<Item>(size)) {
        for (std::size_t e = 0; e < size; ++e) clear(items_[e]);
    }
    HWY_INLINE Item& operator[](std::size_t e) { return items_[e]; }
    HWY_INLINE Item& operator[](int e) { return items_[static_cast<std::size_t>(e)]; }
    HWY_INLINE Item* data() { return items_.get(); }

private:
    hwy::AlignedFreeUniquePtr<Item[]> items_;
};

/// How many unknowns a piece of code is compiled for: `Size` unknowns, or any number up to the
/// capacity where `Size` is 0. `Plain`: one site type, one site for every unknown.
template <int Size, bool Plain>
struct Shape {
    static constexpr int capacity = Size > 0 ? Size : 32;
    static constexpr int cells = capacity * capacity;
    static constexpr bool plain = Plain;
    static constexpr bool exact = false;  ///< linear systems in double-double
    static constexpr int size(int unknowns) { return Size > 0 ? Size : unknowns; }
};

/// Calls `solve` with the shape that a network is compiled for: the smallest ones each for their
/// own size, and all others.
template <class Solve>
auto with_shape(int unknowns, bool plain, const Solve& solve) {
    if (plain && unknowns == 2) return solve(Shape<2, true>());
    if (plain && unknowns == 3) return solve(Shape<3, true>());
    if (plain && unknowns == 4) return solve(Shape<4, true>());
    if (plain && unknowns == 5) return solve(Shape<5, true>());
    return solve(Shape<0, false>());
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
