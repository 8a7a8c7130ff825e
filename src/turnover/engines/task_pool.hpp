#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "turnover/engines/engine.hpp"

namespace turnover {

/// What became of a task.
struct TaskEnd {
    enum Kind {
        answered,  ///< it ended with exit code 0
        failed,    ///< the program ended otherwise, or ran out of time
        lost,      ///< its worker went
    };
    std::uint64_t id = 0;
    Kind kind = lost;
    std::string output;         ///< what it printed, up to a first zero byte
    std::string reason;         ///< of a failure, for a person
    bool is_killed = false;     ///< the failed program was killed from outside
    bool cannot_start = false;  ///< the machine cannot run such programs
    std::string host;           ///< the name that the worker gives its machine; may be empty
    std::string worker;         ///< which of its workers: address and port
    double seconds = 0.0;       ///< from sending the task until its output was here
};

/// Workers elsewhere that take tasks: a program that is the same for all tasks of the pool, with a
/// small input each. Implemented by Work Queue; by an invention in tests. To be used by one thread.
class TaskPool {
public:
    virtual ~TaskPool() = default;

    /// Hands a task to whichever worker has a free core, low ids first. It is ended when it takes
    /// longer than `time_limit` seconds (0: never).
    virtual void submit(std::uint64_t id, const std::string& input, double time_limit) = 0;
    /// Waits about a second at most for the end of a task.
    [[nodiscard]] virtual std::optional<TaskEnd> wait() = 0;
    /// Whether a worker has it.
    [[nodiscard]] virtual bool is_running(std::uint64_t id) const = 0;
    /// Forgets the task, wherever it is.
    virtual void cancel(std::uint64_t id) = 0;
    /// Workers that are here and their cores.
    [[nodiscard]] virtual Crew crew() const = 0;
    /// No more tasks for workers of this machine, for `seconds`; 0: for good.
    virtual void turn_away(const std::string& host, double seconds) = 0;
    /// What has happened beside the tasks since the last call: lines for a person.
    [[nodiscard]] virtual std::vector<std::string> notices() = 0;
    /// How many more tasks are to come, about: what starts workers may want to know.
    virtual void expect(std::size_t tasks) = 0;
    /// The work is done: workers may end.
    virtual void dismiss() = 0;
};

}  // namespace turnover
