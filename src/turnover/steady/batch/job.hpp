#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <vector>

#include "turnover/kinetics/kinetics_table.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/state_table.hpp"

namespace turnover::batch {

/// Points of one table that share their flat network.
struct Job {
    const Network& network;
    const FlatNetwork& flat;
    const KineticsTable& kinetics;
    std::span<const std::size_t> points;
    const BatchOptions& options;
    StateTable& out;
    BatchReport& report;  ///< grows by what is done
    /// Where not null: grows by the points that are handed over for a reason that more digits in
    /// the linear algebra may mend, in ascending order when all is done.
    std::vector<std::size_t>* for_more_digits = nullptr;
    /// Asked between two steps of the lanes: then what is not done yet is left as it is.
    std::stop_token stop = {};
};

/// Up to so many unknowns dense matrices are faster (docs/numerics-batch.md).
inline constexpr int most_dense_unknowns = 9;
/// Beyond so many the batched solver does not go.
inline constexpr int most_sparse_unknowns = 256;

/// Runs the job in the lanes of the best instruction set that this machine has.
void run_lanes(const Job& job);

/// The same with sparse linear algebra, for large networks.
void run_sparse_lanes(const Job& job);

/// The same in double-double, for points that double cannot do.
void run_exact_lanes(const Job& job);

/// The same where the job's network has one steady state only and every transient runs into it:
/// without transients. Returns the points that are left without an answer; the report counts
/// nothing of them but the attempt.
[[nodiscard]] std::vector<std::size_t> run_single_lanes(const Job& job);
[[nodiscard]] std::vector<std::size_t> run_sparse_single_lanes(const Job& job);

/// The largest real part of the eigenvalues of a row-major `n` x `n` matrix, in double-double.
[[nodiscard]] double spectral_abscissa(const std::vector<double>& matrix, int n);

/// The name of that instruction set, e.g. "AVX3".
[[nodiscard]] const char* instruction_set();

}  // namespace turnover::batch
