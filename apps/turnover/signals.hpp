#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace turnover::program {

/// While it lives, SIGINT and SIGTERM ask for a stop instead of ending the program; a second one
/// ends it at once, with the exit code of an interrupted run. To be made before any other thread
/// is, so that no other thread receives the signals.
class InterruptWatch {
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
    [[nodiscard]] bool interrupted() const { return stop_.stop_requested(); }

private:
    sigset_t watched_{};
    sigset_t before_{};
    std::stop_source stop_;
    std::jthread watcher_;
};

}  // namespace turnover::program
