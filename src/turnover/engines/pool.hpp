#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "turnover/engines/imap.hpp"
#include "turnover/engines/items.hpp"
#include "turnover/engines/outcome.hpp"
#include "turnover/engines/pool_options.hpp"
#include "turnover/engines/tile_stream.hpp"

namespace turnover {

/// Runs any function over many items on all cores, in threads or in worker processes, with one
/// signature (docs/engines.md).
///
/// `items` are a number n (0 ... n-1), a Grid (the indices of its points), a `product` of lists, or
/// anything with size() and operator[]. The function is called with the item, of a product with its
/// elements one by one, and with a std::stop_token behind it where it takes one. It is called in
/// several workers at once, as const. Items are handed out in order, over the whole grid, as
/// workers fall idle.
///
/// In worker processes the function and the items are inherited by fork when the call begins; what
/// it changes outside of its result, the caller does not see; its result must be Sendable
/// (codec.hpp). An item whose worker dies is tried again (task_queue.hpp says how often), so it may
/// run more than once.
class Pool {
public:
    /// Throws Error on a negative number of workers.
    explicit Pool(PoolOptions options = {});

    [[nodiscard]] WorkerKind kind() const noexcept { return options_.kind; }
    [[nodiscard]] int workers() const noexcept { return options_.workers; }

    /// The values of all items, in their order. Throws the ItemError of the first item that has
    /// none: the same one however many workers there are, because all items before it are computed.
    /// After a stop that is the first item without a value.
    template <class Items, class Function>
    [[nodiscard]] auto map(const Items& items, Function function, std::stop_token stop = {})
        -> std::vector<detail::ValueOf<Function, Items>>;

    /// What became of every item, in their order. An item that fails does not keep the others from
    /// being computed.
    template <class Items, class Function>
    [[nodiscard]] auto try_map(const Items& items, Function function, std::stop_token stop = {})
        -> std::vector<Outcome<detail::ValueOf<Function, Items>>>;

    /// The outcomes one by one, while the rest is being computed: in the items' order, or as they
    /// come. Items that a stop leaves out do not appear.
    template <class Items, class Function>
    [[nodiscard]] auto imap(Items items, Function function, Order order = Order::ordered,
                            std::stop_token stop = {}) -> Imap<detail::ValueOf<Function, Items>>;

private:
    PoolOptions options_;

    template <class Items, class Function>
    [[nodiscard]] auto start(std::shared_ptr<const Items> items,
                             std::shared_ptr<const Function> function, std::stop_token stop) const;
};

// ---- Implementation -----------------------------------------------------------------------------

template <class Items, class Function>
auto Pool::start(std::shared_ptr<const Items> items, std::shared_ptr<const Function> function,
                 std::stop_token stop) const {
    using Value = detail::ValueOf<Function, Items>;
    const std::size_t count = detail::item_count(*items);
    detail::Evaluator<Value> evaluator{
        [items = std::move(items), function = std::move(function)](
            std::size_t index, const std::stop_token& halt) -> Value {
            return detail::call(*function, detail::item_at(*items, index), halt);
        },
        detail::TakesToken<Function, detail::ItemOf<Items>>};
    return detail::make_stream<Value>(options_, count, std::move(evaluator), std::move(stop));
}

template <class Items, class Function>
auto Pool::map(const Items& items, Function function, std::stop_token stop)
    -> std::vector<detail::ValueOf<Function, Items>> {
    using Value = detail::ValueOf<Function, Items>;
    const std::size_t count = detail::item_count(items);
    const auto stream = start(detail::borrow(items), detail::borrow(function), std::move(stop));

    std::vector<std::optional<Value>> values(count);
    std::optional<ItemError> first_error;
    std::size_t missing = count;  // of the items before the first error, or of all
    while (missing > 0) {
        auto outcomes = stream->next();
        if (!outcomes) break;
        for (auto& outcome : *outcomes) {
            const std::size_t index = outcome.index();
            if (first_error && index > first_error->index()) continue;
            if (outcome.ok()) {
                values[index] = std::move(outcome).value();
                --missing;
                continue;
            }
            first_error = outcome.error();
            stream->drop_after(index);
            missing = 0;
            for (std::size_t k = 0; k < index; ++k) missing += values[k] ? 0 : 1;
        }
    }
    if (first_error) throw *first_error;
    std::vector<Value> all;
    all.reserve(count);
    for (std::size_t k = 0; k < count; ++k) {
        if (!values[k]) throw detail::cancelled(k);
        all.push_back(std::move(*values[k]));
    }
    return all;
}

template <class Items, class Function>
auto Pool::try_map(const Items& items, Function function, std::stop_token stop)
    -> std::vector<Outcome<detail::ValueOf<Function, Items>>> {
    using Value = detail::ValueOf<Function, Items>;
    const std::size_t count = detail::item_count(items);
    const auto stream = start(detail::borrow(items), detail::borrow(function), std::move(stop));

    std::vector<std::optional<Outcome<Value>>> found(count);
    while (auto outcomes = stream->next()) {
        for (auto& outcome : *outcomes) found[outcome.index()] = std::move(outcome);
    }
    std::vector<Outcome<Value>> all;
    all.reserve(count);
    for (std::size_t k = 0; k < count; ++k) {
        all.push_back(found[k] ? std::move(*found[k]) : Outcome<Value>(detail::cancelled(k)));
    }
    return all;
}

template <class Items, class Function>
auto Pool::imap(Items items, Function function, Order order, std::stop_token stop)
    -> Imap<detail::ValueOf<Function, Items>> {
    using Value = detail::ValueOf<Function, Items>;
    return Imap<Value>(
        start(std::make_shared<const Items>(std::move(items)),
              std::make_shared<const Function>(std::move(function)), std::move(stop)),
        order);
}

}  // namespace turnover
