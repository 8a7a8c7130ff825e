#pragma once

#include <cstddef>
#include <deque>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "turnover/engines/outcome.hpp"
#include "turnover/engines/tile_stream.hpp"

namespace turnover {

/// The order in which imap gives its outcomes.
enum class Order {
    ordered,  ///< the items' order; what comes early is kept until its turn
    as_they_come,
};

/// The outcomes of Pool::imap, each once:
///
///     for (Outcome<double>& outcome : pool.imap(n, f)) ...
///
/// One thread at a time may use it. When it goes, what is not computed yet is given up: worker
/// processes are killed, threads are asked to stop and waited for.
template <class Value>
class Imap {
public:
    Imap(std::unique_ptr<detail::TileStream<Value>> stream, Order order)
        : stream_(std::move(stream)), order_(order) {}

    /// The next outcome; waits for it. Nothing when there are no more.
    [[nodiscard]] std::optional<Outcome<Value>> next() {
        while (ready_.empty()) {
            auto outcomes = stream_->next();
            if (!outcomes) return std::nullopt;
            for (auto& outcome : *outcomes) receive(std::move(outcome));
        }
        Outcome<Value> outcome = std::move(ready_.front());
        ready_.pop_front();
        return outcome;
    }

    class Iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = Outcome<Value>;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;
        explicit Iterator(Imap& imap) : imap_(&imap) { ++*this; }

        [[nodiscard]] Outcome<Value>& operator*() const { return *imap_->shown_; }
        Iterator& operator++() {
            imap_->shown_ = imap_->next();
            return *this;
        }
        void operator++(int) { ++*this; }
        [[nodiscard]] bool operator==(std::default_sentinel_t) const { return !imap_->shown_; }

    private:
        Imap* imap_ = nullptr;
    };

    [[nodiscard]] Iterator begin() { return Iterator(*this); }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

private:
    std::unique_ptr<detail::TileStream<Value>> stream_;
    Order order_;
    std::deque<Outcome<Value>> ready_;
    std::map<std::size_t, Outcome<Value>> early_;
    std::size_t next_index_ = 0;
    std::optional<Outcome<Value>> shown_;

    void receive(Outcome<Value>&& outcome) {
        if (order_ == Order::as_they_come) {
            ready_.push_back(std::move(outcome));
            return;
        }
        if (outcome.index() != next_index_) {
            early_.emplace(outcome.index(), std::move(outcome));
            return;
        }
        ready_.push_back(std::move(outcome));
        ++next_index_;
        for (auto at = early_.begin(); at != early_.end() && at->first == next_index_;
             at = early_.erase(at), ++next_index_) {
            ready_.push_back(std::move(at->second));
        }
    }
};

}  // namespace turnover
