#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "turnover/engines/codec.hpp"
#include "turnover/engines/exception_words.hpp"
#include "turnover/engines/outcome.hpp"
#include "turnover/engines/pool_options.hpp"
#include "turnover/engines/process_crew.hpp"
#include "turnover/engines/thread_crew.hpp"
#include "turnover/sweep/tile.hpp"

namespace turnover {

namespace detail {

/// Outcomes as they come, a tile of items at a time, in any order.
template <class Value>
class TileStream {
public:
    virtual ~TileStream() = default;
    /// Nothing when there are no more.
    virtual std::optional<std::vector<Outcome<Value>>> next() = 0;
    /// Items after `index` that were not begun are not wanted.
    virtual void drop_after(std::size_t index) = 0;
};

/// The function to be run, by index.
template <class Value>
struct Evaluator {
    std::function<Value(std::size_t, const std::stop_token&)> value;
    bool takes_token = false;  ///< may return early, and then what it returns is no result
};

[[nodiscard]] ItemError cancelled(std::size_t index);
[[nodiscard]] ItemError raised(std::size_t index, const std::exception_ptr& failure);
[[nodiscard]] ItemError timed_out_in_thread(std::size_t index, std::chrono::duration<double> limit);

/// 0 ... count-1 in tiles.
[[nodiscard]] std::vector<Tile> cut(std::size_t count, const PoolOptions& options);

[[noreturn]] void refuse_to_send(const std::string& type);

/// `object` stays with its owner, who outlives the pointer.
template <class T>
[[nodiscard]] std::shared_ptr<const T> borrow(const T& object) {
    return {std::shared_ptr<const T>(), &object};
}

template <class Value>
class ThreadStream : public TileStream<Value> {
public:
    ThreadStream(const PoolOptions& options, std::size_t count, Evaluator<Value> evaluator,
                 std::stop_token stop)
        : time_limit_(options.time_limit),
          crew_(
              {options.workers, options.start_worker, options.time_limit}, cut(count, options),
              [evaluator = std::move(evaluator)](Tile tile, const std::stop_token& halt) {
                  return evaluate(evaluator, tile, halt);
              },
              std::move(stop)) {}

    std::optional<std::vector<Outcome<Value>>> next() override {
        const std::optional<ThreadReport> report = crew_.next();
        if (!report) return std::nullopt;
        if (!report->timed_out) {
            return std::move(*std::static_pointer_cast<Outcomes>(report->result));
        }
        Outcomes late;
        for (std::size_t k = 0; k < report->tile.count; ++k) {
            late.emplace_back(timed_out_in_thread(report->tile.first + k, time_limit_));
        }
        return late;
    }

    void drop_after(std::size_t) override { crew_.begin_no_more(); }

private:
    using Outcomes = std::vector<Outcome<Value>>;

    std::chrono::duration<double> time_limit_;
    ThreadCrew crew_;

    static std::shared_ptr<void> evaluate(const Evaluator<Value>& evaluator, Tile tile,
                                          const std::stop_token& halt) {
        auto outcomes = std::make_shared<Outcomes>();
        outcomes->reserve(tile.count);
        for (std::size_t index = tile.first; index < tile.first + tile.count; ++index) {
            if (halt.stop_requested()) return nullptr;
            try {
                outcomes->emplace_back(index, evaluator.value(index, halt));
            } catch (...) {
                outcomes->emplace_back(raised(index, std::current_exception()));
            }
        }
        return evaluator.takes_token && halt.stop_requested() ? nullptr : outcomes;
    }
};

template <Sendable Value>
class ProcessStream : public TileStream<Value> {
public:
    ProcessStream(const PoolOptions& options, std::size_t count, Evaluator<Value> evaluator,
                  std::stop_token stop)
        : crew_(
              {options.workers, options.start_worker, options.time_limit, options.memory_limit},
              cut(count, options),
              [evaluator = std::move(evaluator)](Tile tile, ProcessAnswer& answer) {
                  evaluate(evaluator, tile, answer.bytes);
              },
              std::move(stop)) {}

    std::optional<std::vector<Outcome<Value>>> next() override {
        const std::optional<ProcessReport> report = crew_.next();
        if (!report) return std::nullopt;
        std::vector<Outcome<Value>> outcomes;
        const std::size_t first = report->part.first;
        if (!report->loss.empty()) {
            const Failure kind = report->timed_out ? Failure::timed_out : Failure::worker_died;
            outcomes.emplace_back(ItemError(first, kind, report->loss));
            return outcomes;
        }
        std::string_view bytes = report->bytes;
        for (std::size_t index = first; index < first + report->part.count; ++index) {
            if (decode<bool>(bytes)) {
                outcomes.emplace_back(index, decode<Value>(bytes));
            } else {
                const auto message = decode<std::string>(bytes);
                auto type = decode<std::string>(bytes);
                outcomes.emplace_back(ItemError(index, Failure::raised, message, std::move(type)));
            }
        }
        return outcomes;
    }

    void drop_after(std::size_t index) override { crew_.drop_after(index); }

private:
    ProcessCrew crew_;

    /// In a worker.
    static void evaluate(const Evaluator<Value>& evaluator, Tile tile, std::string& answer) {
        for (std::size_t index = tile.first; index < tile.first + tile.count; ++index) {
            const std::size_t before = answer.size();
            try {
                encode(true, answer);
                encode(evaluator.value(index, {}), answer);
            } catch (const std::bad_alloc&) {
                throw;
            } catch (...) {
                const ExceptionWords words = words_of(std::current_exception());
                answer.resize(before);
                encode(false, answer);
                encode(words.message, answer);
                encode(words.type, answer);
            }
        }
    }
};

template <class Value>
[[nodiscard]] std::unique_ptr<TileStream<Value>> make_stream(const PoolOptions& options,
                                                             std::size_t count,
                                                             Evaluator<Value> evaluator,
                                                             std::stop_token stop) {
    static_assert(!std::is_void_v<Value>, "the function must return something for each item");
    if (options.kind == WorkerKind::threads) {
        return std::make_unique<ThreadStream<Value>>(options, count, std::move(evaluator),
                                                     std::move(stop));
    }
    if constexpr (Sendable<Value>) {
        return std::make_unique<ProcessStream<Value>>(options, count, std::move(evaluator),
                                                      std::move(stop));
    } else {
        refuse_to_send(readable_name(typeid(Value)));
    }
}

}  // namespace detail

}  // namespace turnover
