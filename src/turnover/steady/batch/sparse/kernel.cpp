// The lane algorithms for large networks, in each instruction set as in batch/kernel.cpp.
#include <memory>
#include <type_traits>
#include <vector>

#include "turnover/steady/batch/job.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "turnover/steady/batch/sparse/kernel.cpp"
// One instruction set of each width is enough.
#define HWY_DISABLED_TARGETS (HWY_AVX3_DL | HWY_SSE4 | HWY_SSSE3)
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "turnover/steady/batch/single.inl"
#include "turnover/steady/batch/solver.inl"
#include "turnover/steady/batch/sparse/slowest_mode.inl"
#include "turnover/steady/batch/sparse/stability.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

template <class S>
inline constexpr bool early_attempts<S, std::enable_if_t<SparseShape<S>>> = false;

void run_sparse(const Job& job) { std::make_unique<Solver<Sparse<Vec>>>(job)->run(); }
std::vector<std::size_t> run_sparse_single(const Job& job) {
    return std::make_unique<SingleSolver<Sparse<Vec>>>(job)->run();
}
void run_exact(const Job& job) { std::make_unique<Solver<Sparse<Double2>>>(job)->run(); }

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace turnover::batch {

HWY_EXPORT(run_sparse);
HWY_EXPORT(run_sparse_single);
HWY_EXPORT(run_exact);

void run_sparse_lanes(const Job& job) { HWY_DYNAMIC_DISPATCH(run_sparse)(job); }
std::vector<std::size_t> run_sparse_single_lanes(const Job& job) {
    return HWY_DYNAMIC_DISPATCH(run_sparse_single)(job);
}
void run_exact_lanes(const Job& job) { HWY_DYNAMIC_DISPATCH(run_exact)(job); }

}  // namespace turnover::batch
#endif
