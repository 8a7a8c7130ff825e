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

#include "turnover/steady/batch/single.inl"
#include "turnover/steady/batch/solver.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// `solve` is called with the shape that the job's network is compiled for: the smallest networks
/// each for their own size, and all others.
template <class Solve>
auto with_shape(const Job& job, const Solve& solve) {
    const int n = job.flat.unknowns;
    if (job.flat.plain && n == 2) return solve(Shape<2, true>());
    if (job.flat.plain && n == 3) return solve(Shape<3, true>());
    if (job.flat.plain && n == 4) return solve(Shape<4, true>());
    if (job.flat.plain && n == 5) return solve(Shape<5, true>());
    return solve(Shape<0, false>());
}

void run(const Job& job) {
    with_shape(job, [&](auto shape) { std::make_unique<Solver<decltype(shape)>>(job)->run(); });
}

std::vector<std::size_t> run_single(const Job& job) {
    return with_shape(job, [&](auto shape) {
        return std::make_unique<SingleSolver<decltype(shape)>>(job)->run();
    });
}

const char* name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace turnover::batch {

HWY_EXPORT(run);
HWY_EXPORT(run_single);
HWY_EXPORT(name);

void run_lanes(const Job& job) { HWY_DYNAMIC_DISPATCH(run)(job); }
std::vector<std::size_t> run_single_lanes(const Job& job) {
    return HWY_DYNAMIC_DISPATCH(run_single)(job);
}
const char* instruction_set() { return HWY_DYNAMIC_DISPATCH(name)(); }

}  // namespace turnover::batch
#endif
