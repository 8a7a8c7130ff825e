#include "turnover/engines/thread_crew.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

using Clock = std::chrono::steady_clock;

/// The tile that a worker is at, where there is a time limit.
struct Watched {
    std::stop_source stop{std::nostopstate};
    Clock::time_point since;
    bool is_at_work = false;
};

}  // namespace

class ThreadCrew::Floor {
public:
    Floor(ThreadCrewOptions options, std::vector<Tile> tiles, Work work, std::stop_token stop)
        : options_(std::move(options)),
          tiles_(std::move(tiles)),
          work_(std::move(work)),
          forward_(std::move(stop), [this] { halt_.request_stop(); }) {
        const std::size_t threads =
            std::min(static_cast<std::size_t>(options_.workers), tiles_.size());
        capacity_ = 4 * threads;
        watched_.resize(threads);
        try {
            start(threads);
        } catch (...) {
            end();
            throw;
        }
    }

    ~Floor() { end(); }
    Floor(const Floor&) = delete;
    Floor& operator=(const Floor&) = delete;

    std::optional<ThreadReport> next() {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [this] { return !finished_.empty() || running_ == 0; });
        if (finished_.empty()) {
            if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
            return std::nullopt;
        }
        ThreadReport report = std::move(finished_.front());
        finished_.pop_front();
        space_.notify_one();
        return report;
    }

    void begin_no_more() {
        const std::lock_guard lock(mutex_);
        next_ = tiles_.size();
    }

private:
    ThreadCrewOptions options_;
    std::vector<Tile> tiles_;
    Work work_;
    std::stop_source halt_;  // by the caller's stop, by a worker's failure, or at the end
    std::stop_callback<std::function<void()>> forward_;

    std::mutex mutex_;  // guards what follows, but for the threads
    std::condition_variable space_, arrived_;
    std::condition_variable_any watch_changed_;
    std::size_t next_ = 0;
    std::size_t running_ = 0;
    std::size_t capacity_ = 0;
    std::deque<ThreadReport> finished_;
    std::vector<Watched> watched_;
    std::exception_ptr failure_;
    bool closed_ = false;      ///< nobody fetches any more
    bool watch_anew_ = false;  ///< a tile was begun

    std::vector<std::jthread> crew_;
    std::jthread watch_;

    void start(std::size_t threads) {
        crew_.reserve(threads);
        for (std::size_t t = 0; t < threads; ++t) {
            {
                const std::lock_guard lock(mutex_);
                ++running_;
            }
            try {
                crew_.emplace_back([this, t] { be_worker(t); });
            } catch (const std::system_error& error) {
                const std::lock_guard lock(mutex_);
                --running_;
                throw Error(fmt::format("cannot start thread {} of {}: {}", t + 1, threads,
                                        error.code().message()),
                            "use fewer workers (-j)");
            }
        }
        if (has_limit() && threads > 0) {
            watch_ = std::jthread([this](const std::stop_token& end) { watch(end); });
        }
    }

    void end() {
        halt_.request_stop();
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
            space_.notify_all();
        }
        crew_.clear();
        watch_ = {};
    }

    [[nodiscard]] bool has_limit() const { return options_.time_limit.count() > 0.0; }

    // ---- In a worker ----------------------------------------------------------------------------

    void be_worker(std::size_t t) {
        std::exception_ptr failure;
        try {
            if (options_.start_worker) options_.start_worker();
            while (const std::optional<Tile> tile = next_tile()) {
                ThreadReport report =
                    has_limit() ? run_watched(*tile, watched_[t]) : run(*tile, halt_.get_token());
                if (!report.result && !report.timed_out) break;
                hand_over(std::move(report));
            }
        } catch (...) {
            failure = std::current_exception();
            halt_.request_stop();
        }
        const std::lock_guard lock(mutex_);
        --running_;
        if (failure && !failure_) failure_ = std::move(failure);
        arrived_.notify_one();
    }

    std::optional<Tile> next_tile() {
        if (halt_.stop_requested()) return std::nullopt;
        const std::lock_guard lock(mutex_);
        if (next_ >= tiles_.size()) return std::nullopt;
        return tiles_[next_++];
    }

    ThreadReport run(Tile tile, const std::stop_token& stop) { return {tile, work_(tile, stop)}; }

    ThreadReport run_watched(Tile tile, Watched& watched) {
        std::stop_source stop;
        {
            const std::lock_guard lock(mutex_);
            watched = {stop, Clock::now(), true};
            watch_anew_ = true;
            watch_changed_.notify_one();
        }
        ThreadReport report;
        {
            const std::stop_callback forward(halt_.get_token(), [&stop] { stop.request_stop(); });
            report = run(tile, stop.get_token());
        }
        const std::lock_guard lock(mutex_);
        watched.is_at_work = false;
        report.timed_out = Clock::now() - watched.since >= options_.time_limit;
        return report;
    }

    /// Waits while there is no room, so that a slow caller slows the workers down instead of
    /// filling the memory.
    void hand_over(ThreadReport&& report) {
        std::unique_lock lock(mutex_);
        space_.wait(lock, [this] { return finished_.size() < capacity_ || closed_; });
        if (closed_) return;
        finished_.push_back(std::move(report));
        arrived_.notify_one();
    }

    // ---- In the thread that watches the time ----------------------------------------------------

    void watch(const std::stop_token& end) {
        const auto limit = std::chrono::ceil<Clock::duration>(options_.time_limit);
        std::unique_lock lock(mutex_);
        while (!end.stop_requested()) {
            const auto now = Clock::now();
            auto wake = now + std::chrono::hours(1);
            std::vector<std::stop_source> late;
            for (const Watched& watched : watched_) {
                if (!watched.is_at_work || watched.stop.stop_requested()) continue;
                if (now - watched.since >= limit) {
                    late.push_back(watched.stop);
                } else {
                    wake = std::min(wake, watched.since + limit);
                }
            }
            if (!late.empty()) {
                // What the user's function does about it may take its time, or take our lock.
                lock.unlock();
                for (std::stop_source& stop : late) stop.request_stop();
                lock.lock();
                continue;
            }
            watch_changed_.wait_until(lock, end, wake, [this] { return watch_anew_; });
            watch_anew_ = false;
        }
    }
};

ThreadCrew::ThreadCrew(ThreadCrewOptions options, std::vector<Tile> tiles, Work work,
                       std::stop_token stop)
    : floor_(std::make_unique<Floor>(std::move(options), std::move(tiles), std::move(work),
                                     std::move(stop))) {}

ThreadCrew::~ThreadCrew() = default;

std::optional<ThreadReport> ThreadCrew::next() { return floor_->next(); }

void ThreadCrew::begin_no_more() { floor_->begin_no_more(); }

}  // namespace turnover
