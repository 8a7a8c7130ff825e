// The lane algorithms compiled for AVX-512, AVX2 and the least that x86-64 has; run_lanes takes the
// best that the machine runs.
#include <memory>

#include "turnover/steady/batch/job.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "turnover/steady/batch/kernel.cpp"
// One instruction set of each width is enough.
#define HWY_DISABLED_TARGETS (HWY_AVX3_DL | HWY_SSE4 | HWY_SSSE3)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "turnover/steady/batch/solver.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

template <int Size, bool Plain>
void solve_points_of(const Job& job) {
    std::make_unique<Solver<Shape<Size, Plain>>>(job)->run();
}

/// The smallest networks, compiled for their size, and all others.
void run(const Job& job) {
    const int n = job.flat.unknowns;
    if (job.flat.plain && n == 2) return solve_points_of<2, true>(job);
    if (job.flat.plain && n == 3) return solve_points_of<3, true>(job);
    if (job.flat.plain && n == 4) return solve_points_of<4, true>(job);
    if (job.flat.plain && n == 5) return solve_points_of<5, true>(job);
    solve_points_of<0, false>(job);
}

const char* name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace turnover::batch {

HWY_EXPORT(run);
HWY_EXPORT(name);

void run_lanes(const Job& job) { HWY_DYNAMIC_DISPATCH(run)(job); }
const char* instruction_set() { return HWY_DYNAMIC_DISPATCH(name)(); }

}  // namespace turnover::batch
#endif
