// The transients and their certificates compiled for AVX-512, AVX2 and the least that x86-64 has;
// run_lanes takes the best that the machine runs.
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

void run(const Job& job) {
    with_shape(job.flat.unknowns, job.flat.plain,
               [&](auto shape) { std::make_unique<Solver<decltype(shape)>>(job)->run(); });
}

const char* name() { return hwy::TargetName(HWY_TARGET); }

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace turnover::batch {

HWY_EXPORT(run);
HWY_EXPORT(name);

void run_lanes(const Job& job) {
    if (job.flat.unknowns > most_dense_unknowns) return run_sparse_lanes(job);
    HWY_DYNAMIC_DISPATCH(run)(job);
}
const char* instruction_set() { return HWY_DYNAMIC_DISPATCH(name)(); }

}  // namespace turnover::batch
#endif
