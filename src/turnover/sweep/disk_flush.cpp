#include "turnover/sweep/disk_flush.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

/// A signal that the program waits for in a thread of its choice must not end up in ours.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

DiskFlush::Descriptor::Descriptor(const std::string& path)
    : number_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (number_ < 0) {
        throw Error(fmt::format("cannot open {}: {}", path, std::generic_category().message(errno)),
                    "Give the same command again once the disk is well.");
    }
}

DiskFlush::Descriptor::~Descriptor() { close(number_); }

DiskFlush::DiskFlush(const std::vector<std::string>& growing, const std::string& beside,
                     std::chrono::milliseconds pause)
    : pause_(pause),
      growing_(growing.begin(), growing.end()),
      beside_(beside),
      directory_(std::filesystem::absolute(beside).parent_path().string()) {
    const SignalsBlocked blocked;
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

DiskFlush::~DiskFlush() { stop(); }

void DiskFlush::stop() { thread_ = {}; }

void DiskFlush::flush(const Descriptor& file) {
    // EINVAL, EROFS: the file system cannot flush this; how it keeps it is then its own affair.
    if (fdatasync(file.number()) == 0 || errno == EINVAL || errno == EROFS) return;
    int none = 0;
    failure_.compare_exchange_strong(none, errno);
}

void DiskFlush::run(const std::stop_token& stop) {
    bool first = true;
    std::mutex unshared;
    std::unique_lock lock(unshared);
    while (!wake_.wait_for(lock, stop, pause_, [&] { return stop.stop_requested(); })) {
        for (const Descriptor& file : growing_) flush(file);
        if (first) {
            flush(beside_);
            flush(directory_);
        }
        first = false;
    }
}

}  // namespace turnover
