#include "turnover/engines/nursery.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

// ---- What the two say to each other: records of fixed size over a stream ------------------------

enum class Command : int { spawn, kill };

struct Request {
    Command command;
    std::size_t slot;
};

struct Notice {
    Nursery::Event::Kind kind;
    int detail;
    std::size_t slot;
};

void send_request(int control, Command command, std::size_t slot) {
    const Request request{command, slot};
    // A nursery that is gone is noticed by whoever waits for its answer.
    while (send(control, &request, sizeof request, MSG_NOSIGNAL) < 0 && errno == EINTR) continue;
}

/// Sends a notice, with a descriptor that the other side gets a copy of where there is one.
void send_notice(int control, Notice notice, int descriptor = -1) {
    iovec part{&notice, sizeof notice};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> extra{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (descriptor >= 0) {
        message.msg_control = extra.data();
        message.msg_controllen = extra.size();
        cmsghdr* const head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
    }
    while (sendmsg(control, &message, MSG_NOSIGNAL) < 0 && errno == EINTR) continue;
}

/// The next notice if one is there. Throws NurseryLost.
std::optional<Nursery::Event> receive_notice(int control) {
    Notice notice{};
    iovec part{&notice, sizeof notice};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> extra{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = extra.data();
    message.msg_controllen = extra.size();
    ssize_t got = 0;
    do {
        got = recvmsg(control, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
    // A record is sent by one call and far smaller than the buffer: it comes whole or not at all.
    if (got != static_cast<ssize_t>(sizeof notice)) throw NurseryLost();
    Nursery::Event event{notice.kind, notice.slot, notice.detail, {}};
    const cmsghdr* const head = CMSG_FIRSTHDR(&message);
    if (head != nullptr && head->cmsg_type == SCM_RIGHTS) {
        int descriptor = -1;
        std::memcpy(&descriptor, CMSG_DATA(head), sizeof descriptor);
        event.socket = Descriptor(descriptor);
    }
    return event;
}

// ---- In a worker --------------------------------------------------------------------------------

/// The copy of the caller's process must not run the caller's exit handlers, nor write once more
/// what the caller had buffered.
[[noreturn]] void leave(int status, void*) {
    std::fflush(stdout);
    std::fflush(stderr);
    _exit(status);
}

/// Signals as a fresh process has them, but for Ctrl-C: what that means is for the caller to say.
void set_worker_signals() {
    for (const int number :
         {SIGTERM, SIGHUP, SIGQUIT, SIGCHLD, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2}) {
        std::signal(number, SIG_DFL);
    }
    std::signal(SIGINT, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void be_worker(pid_t nursery, std::size_t slot, int socket,
                            const Nursery::WorkerMain& worker_main,
                            const Nursery::Options& options) noexcept {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != nursery) _exit(1);  // it was killed before the kernel knew what to do then
    prctl(PR_SET_NAME, "turnover-worker");
    set_worker_signals();
    on_exit(leave, nullptr);
    if (options.address_space > 0) {
        const rlimit limit{options.address_space, options.address_space};
        setrlimit(RLIMIT_AS, &limit);
    }
    worker_main(slot, socket);
    leave(0, nullptr);
}

// ---- In the nursery -----------------------------------------------------------------------------

/// How often a nursery looks whether the caller still lives. Only where some other copy of the
/// caller's process keeps the connection open does that take longer than no time.
constexpr int look_for_caller_ms = 500;

class Nurse {
public:
    Nurse(int control, pid_t caller, const Nursery::WorkerMain& worker_main,
          const Nursery::Options& options)
        : control_(control), caller_(caller), worker_main_(worker_main), options_(options) {
        sigset_t child;
        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        std::signal(SIGCHLD, SIG_DFL);
        sigprocmask(SIG_BLOCK, &child, nullptr);
        deaths_ = Descriptor(signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
        if (!deaths_.is_open()) _exit(1);
    }

    void work() {
        std::array<pollfd, 2> waiting{{{control_, POLLIN, 0}, {deaths_.number(), POLLIN, 0}}};
        while (getppid() == caller_) {
            if (poll(waiting.data(), waiting.size(), look_for_caller_ms) < 0) continue;
            if (waiting[1].revents != 0) reap();
            if (waiting[0].revents != 0 && !serve()) break;
        }
        for (const auto& [slot, process] : workers_) ::kill(process, SIGKILL);
        for (const auto& [slot, process] : workers_) waitpid(process, nullptr, 0);
    }

private:
    int control_;
    pid_t caller_;
    const Nursery::WorkerMain& worker_main_;
    const Nursery::Options& options_;
    Descriptor deaths_;
    std::map<std::size_t, pid_t> workers_;  ///< by slot, those that were not reaped

    void reap() {
        signalfd_siginfo ignored;
        while (read(deaths_.number(), &ignored, sizeof ignored) > 0) continue;
        for (auto worker = workers_.begin(); worker != workers_.end();) {
            int status = 0;
            if (waitpid(worker->second, &status, WNOHANG) == worker->second) {
                send_notice(control_, {Nursery::Event::Kind::gone, status, worker->first});
                worker = workers_.erase(worker);
            } else {
                ++worker;
            }
        }
    }

    /// One request. False when the caller wants no more.
    bool serve() {
        Request request{};
        const ssize_t got = recv(control_, &request, sizeof request, MSG_DONTWAIT);
        if (got < 0) return errno == EAGAIN || errno == EINTR;
        if (got != static_cast<ssize_t>(sizeof request)) return false;
        if (request.command == Command::spawn) {
            spawn(request.slot);
        } else if (const auto worker = workers_.find(request.slot); worker != workers_.end()) {
            ::kill(worker->second, SIGKILL);
        }
        return true;
    }

    void spawn(std::size_t slot) {
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
            send_notice(control_, {Nursery::Event::Kind::refused, errno, slot});
            return;
        }
        Descriptor callers(ends[0]), workers(ends[1]);
        const pid_t nursery = getpid();
        const pid_t process = fork();
        if (process == 0) {
            callers.close();
            deaths_.close();
            ::close(control_);
            be_worker(nursery, slot, workers.number(), worker_main_, options_);
        }
        if (process < 0) {
            send_notice(control_, {Nursery::Event::Kind::refused, errno, slot});
            return;
        }
        workers_[slot] = process;
        send_notice(control_, {Nursery::Event::Kind::born, 0, slot}, callers.number());
    }
};

[[noreturn]] void be_nursery(int control, pid_t caller, const Nursery::WorkerMain& worker_main,
                             const Nursery::Options& options) noexcept {
    prctl(PR_SET_NAME, "turnover-nurse");
    // The caller decides what these mean; the nursery ends when the caller does.
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) std::signal(number, SIG_IGN);
    Nurse(control, caller, worker_main, options).work();
    _exit(0);
}

}  // namespace

Nursery::Nursery(const WorkerMain& worker_main, Options options) {
    // Two runs may begin at once in two threads; no nursery shall keep an end of the other's
    // connection that its owner is about to close.
    static std::mutex one_at_a_time;
    std::unique_lock lock(one_at_a_time);
    auto [mine, theirs] = socket_pair();
    // What is still buffered would be there twice. Not all files: another thread may be waiting in
    // one, say for input, and hold its lock.
    std::fflush(stdout);
    std::fflush(stderr);
    const pid_t caller = getpid();
    process_ = fork();
    if (process_ == 0) {
        lock.unlock();  // a worker may want a pool of its own
        mine.close();
        be_nursery(theirs.number(), caller, worker_main, options);
    }
    if (process_ < 0) {
        throw Error(fmt::format("cannot start worker processes: {}", std::strerror(errno)),
                    "Raise the limit of processes (`ulimit -u`), or use the engine `threads`.");
    }
    control_ = std::move(mine);
}

Nursery::~Nursery() {
    // Not by closing the connection: a copy of this process may hold it open.
    shutdown(control_.number(), SHUT_RDWR);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
}

void Nursery::spawn(std::size_t slot) { send_request(control_.number(), Command::spawn, slot); }

void Nursery::kill(std::size_t slot) { send_request(control_.number(), Command::kill, slot); }

std::vector<Nursery::Event> Nursery::events() {
    std::vector<Event> events;
    while (std::optional<Event> event = receive_notice(control_.number())) {
        events.push_back(std::move(*event));
    }
    return events;
}

}  // namespace turnover
