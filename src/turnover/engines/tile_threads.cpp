#include "turnover/engines/tile_threads.hpp"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

TileThreads::TileThreads(int threads, TileFunction work) : work_(std::move(work)) {
    for (int t = 0; t < threads; ++t) {
        try {
            threads_.emplace_back([this] { be_worker(); });
        } catch (const std::system_error& error) {
            stop();
            threads_.clear();
            throw Error(fmt::format("cannot start thread {} of {}: {}", t + 1, threads,
                                    error.code().message()),
                        "use fewer workers (-j)");
        } catch (...) {
            stop();
            threads_.clear();
            throw;
        }
    }
}

TileThreads::~TileThreads() {
    stop();
    threads_.clear();  // waits for them, while what they use is still there
}

void TileThreads::give(Tile tile) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(tile);
    given_.notify_one();
}

std::optional<TileResult> TileThreads::take(std::chrono::microseconds patience) {
    std::unique_lock lock(mutex_);
    finished_.wait_for(lock, patience, [this] { return !results_.empty() || failure_; });
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    if (results_.empty()) return std::nullopt;
    TileResult result = std::move(results_.front());
    results_.pop_front();
    return result;
}

void TileThreads::stop() {
    halt_.request_stop();
    const std::lock_guard lock(mutex_);
    given_.notify_all();
}

std::optional<Tile> TileThreads::next() {
    std::unique_lock lock(mutex_);
    given_.wait(lock, [this] { return !waiting_.empty() || halt_.stop_requested(); });
    if (halt_.stop_requested()) return std::nullopt;
    const Tile tile = waiting_.front();
    waiting_.pop_front();
    return tile;
}

void TileThreads::be_worker() {
    try {
        while (const std::optional<Tile> tile = next()) {
            std::optional<TileResult> result = work_(*tile, halt_.get_token());
            if (!result) return;
            const std::lock_guard lock(mutex_);
            results_.push_back(std::move(*result));
            finished_.notify_one();
        }
    } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        finished_.notify_one();
    }
}

}  // namespace turnover
