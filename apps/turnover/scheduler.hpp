#pragma once

#include "shard.hpp"

namespace turnover::program {

/// The part of an array job that this task is, where the scheduler tells how many tasks there are:
/// SLURM and Grid Engine. Throws Error anywhere else, and where the tasks are no plain range.
[[nodiscard]] Shard shard_of_this_task();

/// How many points to compute at once when the user does not say: what the scheduler gave this
/// task, but no more than the processors that this process may run on.
[[nodiscard]] int default_jobs();

}  // namespace turnover::program
