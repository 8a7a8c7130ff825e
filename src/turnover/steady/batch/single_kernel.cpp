// The short way of networks with one steady state only, compiled as kernel.cpp is.
#include <memory>
#include <vector>

#include "turnover/steady/batch/job.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "turnover/steady/batch/single_kernel.cpp"
// One instruction set of each width is enough.
#define HWY_DISABLED_TARGETS (HWY_AVX3_DL | HWY_SSE4 | HWY_SSSE3)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "turnover/steady/batch/single.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

std::vector<std::size_t> run_single(const Job& job) {
    return with_shape(job.flat.unknowns, job.flat.plain, [&](auto shape) {
        return std::make_unique<SingleSolver<decltype(shape)>>(job)->run();
    });
}

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace turnover::batch {

HWY_EXPORT(run_single);

std::vector<std::size_t> run_single_lanes(const Job& job) {
    if (job.flat.unknowns > most_dense_unknowns) return run_sparse_single_lanes(job);
    return HWY_DYNAMIC_DISPATCH(run_single)(job);
}

}  // namespace turnover::batch
#endif
