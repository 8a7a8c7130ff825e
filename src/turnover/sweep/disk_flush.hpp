#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace turnover {

/// Flushes files that grow to the disk every few seconds, from a thread of its own, so that
/// nobody waits for the disk.
class DiskFlush {
public:
    /// `growing` are flushed in this order, `pause` after the last time. `beside`, a file that lies
    /// in the same directory, and the directory's entries are flushed once. Throws Error when they
    /// cannot be opened.
    ///
    /// `beside` stays open until this object is gone: when a process closes any descriptor of a
    /// file, it loses the POSIX locks that it holds on it. So whoever locks `beside` must be done
    /// with it first.
    DiskFlush(const std::vector<std::string>& growing, const std::string& beside,
              std::chrono::milliseconds pause);
    ~DiskFlush();
    DiskFlush(const DiskFlush&) = delete;
    DiskFlush& operator=(const DiskFlush&) = delete;

    /// The error number of the first flush that failed; 0 when none has.
    [[nodiscard]] int failure() const noexcept { return failure_; }

    /// Ends the thread; a flush in flight is finished.
    void stop();

private:
    class Descriptor {
    public:
        explicit Descriptor(const std::string& path);
        ~Descriptor();
        Descriptor(const Descriptor&) = delete;
        Descriptor& operator=(const Descriptor&) = delete;
        [[nodiscard]] int number() const noexcept { return number_; }

    private:
        int number_;
    };

    void run(const std::stop_token& stop);
    void flush(const Descriptor& file);

    std::chrono::milliseconds pause_;
    std::deque<Descriptor> growing_;
    Descriptor beside_, directory_;
    std::atomic<int> failure_{0};
    std::condition_variable_any wake_;  ///< of nobody but the stop token
    std::jthread thread_;
};

}  // namespace turnover
