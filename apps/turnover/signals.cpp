#include "signals.hpp"

#include <unistd.h>

#include <pthread.h>

#include "command.hpp"

namespace turnover::program {

namespace {

/// Sent to the watcher to end it: waiting with a time limit instead would hold up the program's
/// end.
int wake_signal() { return SIGRTMIN; }

}  // namespace

InterruptWatch::InterruptWatch() {
    sigemptyset(&watched_);
    for (const int signal : {SIGINT, SIGTERM, wake_signal()}) sigaddset(&watched_, signal);
    pthread_sigmask(SIG_BLOCK, &watched_, &before_);
    watcher_ = std::jthread([this](const std::stop_token& ended) {
        for (int signal = 0; !ended.stop_requested();) {
            if (sigwait(&watched_, &signal) != 0 || signal == wake_signal()) continue;
            if (!stop_.request_stop()) _exit(ExitCode::interrupted);
        }
    });
}

InterruptWatch::~InterruptWatch() {
    watcher_.request_stop();
    pthread_kill(watcher_.native_handle(), wake_signal());
    watcher_ = {};  // waits for it
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace turnover::program
