// The one file that knows the C interface of Work Queue (CCTools).
#include "turnover/engines/work_queue_pool.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <map>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

extern "C" {
#include <cctools/debug.h>
#include <cctools/work_queue.h>
}
// debug.h makes macros of these words.
#undef debug
#undef fatal
#undef notice
#undef warn

#include "turnover/base/error.hpp"
#include "turnover/engines/password_file.hpp"
#include "turnover/engines/shipped_solver.hpp"

namespace turnover {

namespace {

/// A worker that is silent for `interval` is asked whether it is there, and given up when it has
/// not answered after `timeout` more. Its blocks then go to others; the scheduler's copies do not
/// wait for that.
constexpr int keepalive_interval = 10, keepalive_timeout = 20;  // s

/// The same complaint about one address is told so often, at most.
/// Cores are what workers claim; nobody has more.
constexpr std::int64_t most_cores = 1'000'000;
constexpr std::chrono::seconds between_complaints{60};

struct QueueDeleter {
    void operator()(work_queue* queue) const { work_queue_delete(queue); }
};
struct TaskDeleter {
    void operator()(work_queue_task* task) const { work_queue_task_delete(task); }
};
using TaskPointer = std::unique_ptr<work_queue_task, TaskDeleter>;

/// Where Work Queue writes what it would otherwise tell the terminal. It wants a file by name,
/// which is deleted as soon as both have it open.
class NoticeFile {
public:
    NoticeFile() {
        std::string folder = "/tmp/turnover-XXXXXX";
        if (const char* const set = std::getenv("TMPDIR"))
            folder = std::string(set) + folder.substr(4);
        if (mkdtemp(folder.data()) == nullptr) {
            throw Error("cannot write to the directory for temporary files",
                        "Say in the environment variable TMPDIR where one is.");
        }
        const std::string path = folder + "/notices";
        cctools_debug_config("turnover");
        cctools_debug_config_file_size(0);  // never begins another one
        cctools_debug_config_file(path.c_str());
        file_ = Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC));
        unlink(path.c_str());
        rmdir(folder.c_str());
    }

    /// Whole lines that are new.
    std::vector<std::string> read() {
        std::array<char, 4096> buffer{};
        ssize_t got = 0;
        while ((got = pread(file_.number(), buffer.data(), buffer.size(), at_)) > 0) {
            text_.append(buffer.data(), static_cast<std::size_t>(got));
            at_ += got;
        }
        std::vector<std::string> lines;
        for (std::size_t end = 0; (end = text_.find('\n')) != std::string::npos;) {
            lines.push_back(text_.substr(0, end));
            text_.erase(0, end + 1);
        }
        return lines;
    }

private:
    Descriptor file_;
    off_t at_ = 0;
    std::string text_;
};

/// "worker 10.0.0.7:53008 presented ..." -> "10.0.0.7"
std::string address_in(const std::string& line) {
    const std::size_t word = line.find("worker ");
    if (word == std::string::npos) return {};
    const std::string rest = line.substr(word + 7);
    const std::string address = rest.substr(0, rest.find(' '));
    return address.substr(0, address.rfind(':'));
}

class WorkQueuePool : public TaskPool {
public:
    WorkQueuePool(const WorkQueueOptions& options, const std::string& recipe)
        : solver_(options.solver), recipe_(recipe) {
        const Descriptor password = open_password_file(options.password_file);
        queue_.reset(work_queue_create(options.port == 0 ? -1 : options.port));
        if (!queue_) {
            throw Error(fmt::format("cannot listen on port {}", options.port),
                        "Is another manager listening there? Choose another port with --port, or "
                        "--port 0 for any that is free.");
        }
        const std::string path = fmt::format("/proc/self/fd/{}", password.number());
        if (work_queue_specify_password_file(queue_.get(), path.c_str()) == 0) {
            throw Error("cannot read the password file " + options.password_file, "Try again.");
        }
        // The environment (WORK_QUEUE_NAME) could have the queue reported to a public catalogue.
        work_queue_specify_name(queue_.get(), nullptr);
        work_queue_specify_keepalive_interval(queue_.get(), keepalive_interval);
        work_queue_specify_keepalive_timeout(queue_.get(), keepalive_timeout);
        std::array<char, 256> host{};
        if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
        lines_.push_back(
            fmt::format("waiting for workers: turnover worker {}:{} --password-file FILE",
                        host[0] == '\0' ? "HOST" : host.data(), work_queue_port(queue_.get())));
    }

    ~WorkQueuePool() override {
        while (!tasks_.empty()) cancel(tasks_.begin()->first);
    }
    WorkQueuePool(const WorkQueuePool&) = delete;
    WorkQueuePool& operator=(const WorkQueuePool&) = delete;

    void submit(std::uint64_t id, const std::string& input, double time_limit) override {
        // Work Queue's own limit on the time of a task ends tasks of seconds as if it were in
        // microseconds (CCTools 9.9 of Debian), so the solver keeps it.
        const auto limit = static_cast<long long>(std::clamp(std::ceil(time_limit), 0.0, 1e9));
        const std::string command = fmt::format("{} recipe block {}", solver_.command(), limit);
        TaskPointer task(work_queue_task_create(command.c_str()));
        work_queue_task* const t = task.get();
        const auto send = [t](const MemoryFile& file, const std::string& name) {
            work_queue_task_specify_file(t, file.path().c_str(), name.c_str(), WORK_QUEUE_INPUT,
                                         WORK_QUEUE_CACHE);
        };
        for (const ShippedSolver::File& file : solver_.files()) send(file.content, file.name);
        send(recipe_, "recipe");
        work_queue_task_specify_buffer(t, input.data(), static_cast<int>(input.size()), "block",
                                       WORK_QUEUE_NOCACHE);
        // What is not said Work Queue shares out, rounded up, so that the last core gets nothing.
        work_queue_task_specify_cores(t, 1);
        work_queue_task_specify_memory(t, 1);
        work_queue_task_specify_disk(t, 1);
        // Low ids first. And never tried again by Work Queue: who counts failures is the scheduler.
        work_queue_task_specify_priority(t, -static_cast<double>(id));
        work_queue_task_specify_max_retries(t, 1);
        const int number = work_queue_submit(queue_.get(), task.release());
        tasks_[id] = number;
        ids_[number] = id;
    }

    std::optional<TaskEnd> wait() override {
        const TaskPointer task(work_queue_wait(queue_.get(), 1));
        if (!task) return std::nullopt;
        TaskEnd end;
        end.id = ids_.at(task->taskid);
        tasks_.erase(end.id);
        ids_.erase(task->taskid);
        if (task->output != nullptr) end.output = task->output;
        if (task->hostname != nullptr) end.host = task->hostname;
        if (task->host != nullptr) end.worker = task->host;
        if (task->time_when_done > task->time_when_commit_start) {
            end.seconds =
                1e-6 * static_cast<double>(task->time_when_done - task->time_when_commit_start);
        }
        judge(*task, end);
        return end;
    }

    bool is_running(std::uint64_t id) const override {
        const auto task = tasks_.find(id);
        if (task == tasks_.end()) return false;
        const work_queue_task_state_t state = work_queue_task_state(queue_.get(), task->second);
        return state != WORK_QUEUE_TASK_READY && state != WORK_QUEUE_TASK_UNKNOWN;
    }

    void cancel(std::uint64_t id) override {
        const auto task = tasks_.find(id);
        if (task == tasks_.end()) return;
        TaskPointer cancelled(work_queue_cancel_by_taskid(queue_.get(), task->second));
        ids_.erase(task->second);
        tasks_.erase(task);
    }

    Crew crew() const override {
        work_queue_stats stats{};
        work_queue_get_stats(queue_.get(), &stats);
        return {stats.workers_connected,
                static_cast<int>(std::clamp<std::int64_t>(stats.total_cores, 0, most_cores)), 0};
    }

    void turn_away(const std::string& host, double seconds) override {
        work_queue_block_host_with_timeout(queue_.get(), host.c_str(),
                                           static_cast<time_t>(seconds));
    }

    std::vector<std::string> notices() override {
        for (const std::string& line : notices_.read()) translate(line);
        return std::exchange(lines_, {});
    }

    void expect(std::size_t tasks) override {
        const std::size_t more = tasks - std::min(tasks, tasks_.size());
        work_queue_specify_num_tasks_left(queue_.get(),
                                          static_cast<int>(std::min<std::size_t>(more, 1'000'000)));
    }

    void dismiss() override { work_queue_shut_down_workers(queue_.get(), 0); }

private:
    static void judge(const work_queue_task& task, TaskEnd& end) {
        switch (task.result) {
            case WORK_QUEUE_RESULT_SUCCESS:
                break;
            case WORK_QUEUE_RESULT_SIGNAL:
                end.kind = TaskEnd::failed;
                end.reason = "the solver was ended by a signal";
                return;
            default:
                end.kind = TaskEnd::lost;
                end.reason =
                    fmt::format("its worker was lost ({})", work_queue_result_str(task.result));
                return;
        }
        if (task.return_status == 0) {
            end.kind = TaskEnd::answered;
            return;
        }
        end.kind = TaskEnd::failed;
        end.reason = fmt::format("the solver ended with code {}", task.return_status);
        // As the shell tells of a signal.
        end.is_killed = task.return_status == 128 + SIGKILL || task.return_status == 128 + SIGTERM;
        // 126 and 127 are the shell's and the loader's words for a program that they cannot run.
        end.cannot_start = task.return_status == 126 || task.return_status == 127 ||
                           end.output.find("Exec format error") != std::string::npos;
    }

    /// Work Queue's words in ours, each about one address once a minute.
    void translate(const std::string& line) {
        const bool wrong = line.find("presented the wrong password") != std::string::npos;
        const std::string address = address_in(line);
        std::string key =
            wrong ? address : line.substr(std::min(line.size(), line.find("notice:")));
        // Every connection has a port of its own.
        if (!wrong) std::erase_if(key, [](char c) { return c >= '0' && c <= '9'; });
        const auto now = std::chrono::steady_clock::now();
        std::erase_if(told_,
                      [&](const auto& entry) { return now - entry.second >= between_complaints; });
        const auto [told, is_new] = told_.try_emplace(key, now);
        if (!is_new && now - told->second < between_complaints) return;
        told->second = now;
        lines_.push_back(
            wrong ? fmt::format("a worker at {} was turned away: it has a wrong password, or none. "
                                "Give it this manager's password file",
                                address)
                  : "Work Queue says: " + line);
    }

    NoticeFile notices_;  // before the queue, which may have something to tell at once
    ShippedSolver solver_;
    MemoryFile recipe_;
    std::unique_ptr<work_queue, QueueDeleter> queue_;
    std::map<std::uint64_t, int> tasks_;  ///< Work Queue's number of each task
    std::map<int, std::uint64_t> ids_;
    std::map<std::string, std::chrono::steady_clock::time_point> told_;
    std::vector<std::string> lines_;
};

}  // namespace

std::unique_ptr<TaskPool> make_work_queue_pool(const WorkQueueOptions& options,
                                               const std::string& recipe) {
    return std::make_unique<WorkQueuePool>(options, recipe);
}

}  // namespace turnover
