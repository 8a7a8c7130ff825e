#include "signals.hpp"

#include <ctime>
#include <unistd.h>

#include <pthread.h>

#include "command.hpp"

namespace turnover::program {

InterruptWatch::InterruptWatch() {
    sigemptyset(&watched_);
    sigaddset(&watched_, SIGINT);
    sigaddset(&watched_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &watched_, &before_);
    watcher_ = std::jthread([this](const std::stop_token& ended) {
        const timespec pause{0, 50'000'000};
        while (!ended.stop_requested()) {
            if (sigtimedwait(&watched_, nullptr, &pause) < 0) continue;
            if (!stop_.request_stop()) _exit(ExitCode::interrupted);
        }
    });
}

InterruptWatch::~InterruptWatch() {
    watcher_ = {};  // waits for it
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace turnover::program
