#include "turnover/engines/threads.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

/// Finished tiles on their way from the workers to the thread that called run().
class Outbox {
public:
    explicit Outbox(std::size_t capacity) : capacity_(capacity) {}

    /// A worker hands over a tile; waits while the outbox is full, so that a slow sink slows the
    /// workers down instead of filling the memory. After close_entrance() the tile is dropped.
    void put(TileResult&& result) {
        std::unique_lock lock(mutex_);
        space_.wait(lock, [&] { return tiles_.size() < capacity_ || closed_; });
        if (closed_) return;
        tiles_.push_back(std::move(result));
        arrived_.notify_one();
    }

    void worker_starts() {
        const std::lock_guard lock(mutex_);
        ++running_;
    }

    /// A worker's last word: `failure` is null, or the exception that ended it.
    void worker_ends(std::exception_ptr failure) {
        const std::lock_guard lock(mutex_);
        --running_;
        if (failure && !failure_) failure_ = std::move(failure);
        arrived_.notify_one();
    }

    /// All tiles at hand; waits for one while any worker runs. Empty: nothing will come any more.
    [[nodiscard]] std::vector<TileResult> take() {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [&] { return !tiles_.empty() || running_ == 0; });
        space_.notify_all();
        return std::exchange(tiles_, {});
    }

    void close_entrance() {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        space_.notify_all();
    }

    /// The first exception that ended a worker. To be asked after all have ended.
    [[nodiscard]] std::exception_ptr failure() const {
        const std::lock_guard lock(mutex_);
        return failure_;
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable space_, arrived_;
    std::vector<TileResult> tiles_;
    std::size_t capacity_;
    std::size_t running_ = 0;
    std::exception_ptr failure_;
    bool closed_ = false;
};

}  // namespace

ThreadsEngine::ThreadsEngine(int workers, TileSolver solver)
    : workers_(workers), solver_(std::move(solver)) {
    if (workers < 1) throw std::invalid_argument("a threads engine needs at least one worker");
}

bool ThreadsEngine::run(const TileJob& job, const TileSink& sink, std::stop_token stop) {
    const std::size_t threads = std::min(static_cast<std::size_t>(workers_), job.tiles.size());
    Outbox outbox(4 * threads);
    std::atomic<std::size_t> next{0};
    std::stop_source halt;  // by the caller's stop, by a worker's failure, or by the sink's
    const std::stop_callback forward(stop, [&halt] { halt.request_stop(); });

    const auto work = [&] {
        std::exception_ptr failure;
        try {
            while (!halt.stop_requested()) {
                const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed);
                if (mine >= job.tiles.size()) break;
                std::optional<TileResult> result =
                    solver_(job.network, job.grid, job.tiles[mine], halt.get_token());
                if (!result) break;
                outbox.put(std::move(*result));
            }
        } catch (...) {
            failure = std::current_exception();
            halt.request_stop();
        }
        outbox.worker_ends(std::move(failure));
    };

    std::size_t handed_over = 0;
    std::vector<std::jthread> crew;  // joins in its destructor, also when something is thrown below
    crew.reserve(threads);
    try {
        for (std::size_t t = 0; t < threads; ++t) {
            outbox.worker_starts();
            try {
                crew.emplace_back(work);
            } catch (const std::system_error& error) {
                outbox.worker_ends(nullptr);
                throw Error(fmt::format("cannot start thread {} of {}: {}", t + 1, threads,
                                        error.code().message()),
                            "use fewer workers (-j)");
            }
        }
        for (std::vector<TileResult> batch; !(batch = outbox.take()).empty();) {
            for (TileResult& result : batch) {
                sink(std::move(result));
                ++handed_over;
            }
        }
    } catch (...) {
        halt.request_stop();
        outbox.close_entrance();
        throw;
    }
    crew.clear();
    if (const std::exception_ptr failure = outbox.failure()) std::rethrow_exception(failure);
    return handed_over == job.tiles.size();
}

}  // namespace turnover
