#include "turnover/engines/pool.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/engines/engine.hpp"
#include "turnover/engines/exception_words.hpp"

namespace turnover {

Pool::Pool(PoolOptions options) : options_(std::move(options)) {
    if (options_.workers < 0) {
        throw Error(fmt::format("{} workers cannot compute anything", options_.workers),
                    "give 1 or more, or 0 for all cores");
    }
    if (options_.kind == WorkerKind::threads && options_.memory_limit > 0) {
        throw Error("the memory of threads cannot be limited, because they share it",
                    "use worker processes");
    }
    if (options_.workers == 0) options_.workers = available_cores();
}

namespace detail {

ItemError cancelled(std::size_t index) {
    return {index, Failure::cancelled, "not computed, because a stop was requested"};
}

ItemError raised(std::size_t index, const std::exception_ptr& failure) {
    const ExceptionWords words = words_of(failure);
    return {index, Failure::raised, words.message, words.type, failure};
}

ItemError timed_out_in_thread(std::size_t index, std::chrono::duration<double> limit) {
    return {index, Failure::timed_out,
            fmt::format("it did not finish within {:.4g} s", limit.count())};
}

std::vector<Tile> cut(std::size_t count, const PoolOptions& options) {
    // A time limit is one item's, and a worker tells of nothing smaller than a chunk.
    constexpr std::size_t most = 256, chunks_per_worker = 32;
    const bool one_by_one = options.time_limit.count() > 0.0;
    const std::size_t fair =
        count / (chunks_per_worker * static_cast<std::size_t>(options.workers));
    const std::size_t chunk = one_by_one          ? 1
                              : options.chunk > 0 ? options.chunk
                                                  : std::clamp(fair, std::size_t{1}, most);
    std::vector<Tile> tiles;
    for (std::size_t first = 0; first < count; first += chunk) {
        tiles.push_back({first, std::min(chunk, count - first)});
    }
    return tiles;
}

void refuse_to_send(const std::string& type) {
    throw Error(fmt::format("worker processes cannot send back a {}", type),
                "specialise turnover::Codec for it (turnover/engines/codec.hpp), or use threads");
}

}  // namespace detail

}  // namespace turnover
