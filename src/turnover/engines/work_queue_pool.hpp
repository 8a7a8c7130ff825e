#pragma once

#include <memory>
#include <string>

#include "turnover/engines/engine.hpp"
#include "turnover/engines/task_pool.hpp"

namespace turnover {

/// A pool over Work Queue, listening for workers. Its tasks run the solver with two files, the
/// recipe and the task's input. One at a time in a process. Throws Error when the password file
/// will not do, the port is taken or the solver is missing.
[[nodiscard]] std::unique_ptr<TaskPool> make_work_queue_pool(const WorkQueueOptions& options,
                                                             const std::string& recipe);

}  // namespace turnover
