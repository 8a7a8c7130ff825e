// What cluster schedulers tell their tasks through the environment.
#include "scheduler.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/engines/engine.hpp"

namespace turnover::program {

namespace {

/// The number in an environment variable; none when it holds anything else (Grid Engine says
/// "undefined" outside of an array).
std::optional<int> variable(const char* name) {
    const char* const text = std::getenv(name);
    if (text == nullptr) return std::nullopt;
    const std::string_view all = text;
    int value = 0;
    const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
    if (error != std::errc{} || end != all.data() + all.size()) return std::nullopt;
    return value;
}

const char* const advice =
    "Say it by number, as in --shard $TASK/4 with the variable in which your scheduler counts the "
    "tasks from 1.";

/// Where a scheduler tells the ids of an array: first, first + step, ..., last. `count` is null
/// where there are no arrays with gaps.
struct TaskArray {
    const char *scheduler, *id, *first, *last, *step, *count;
};

constexpr TaskArray arrays[] = {
    {"SLURM", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX",
     "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"},
    {"Grid Engine", "SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE", nullptr},
};

Shard shard_of(const TaskArray& array, int id) {
    const std::optional<int> first = variable(array.first), last = variable(array.last);
    if (!first || !last || *last < *first) {
        throw Error(fmt::format("--shard auto: {} does not tell how many tasks there are ({}, {})",
                                array.scheduler, array.first, array.last),
                    advice);
    }
    const int step = std::max(1, variable(array.step).value_or(1));
    const Shard shard{(id - *first) / step + 1, (*last - *first) / step + 1};
    const bool inside = id >= *first && id <= *last && (id - *first) % step == 0;
    // SLURM also takes lists of ids, such as 1,3,4: fewer than from the first to the last.
    const std::optional<int> told = array.count == nullptr ? std::nullopt : variable(array.count);
    if (!inside || told.value_or(shard.count) != shard.count) {
        throw Error(fmt::format("--shard auto: the tasks of this {} array are not numbered evenly",
                                array.scheduler),
                    advice);
    }
    return shard;
}

}  // namespace

Shard shard_of_this_task() {
    for (const TaskArray& array : arrays) {
        if (const std::optional<int> id = variable(array.id)) return shard_of(array, *id);
    }
    throw Error("--shard auto: this is no task of a SLURM or Grid Engine array", advice);
}

int default_jobs() {
    const int cores = available_cores();
    // Of SLURM, Grid Engine, LSF and PBS.
    for (const char* const name : {"SLURM_CPUS_PER_TASK", "NSLOTS", "LSB_DJOB_NUMPROC", "NCPUS"}) {
        if (const std::optional<int> given = variable(name); given && *given > 0) {
            return std::min(*given, cores);
        }
    }
    return cores;
}

}  // namespace turnover::program
