#pragma once

#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace turnover {

/// Why an item has no value.
enum class Failure {
    raised,       ///< the function threw
    timed_out,    ///< it took longer than the time limit
    worker_died,  ///< its worker process crashed, exited, was killed or ran out of memory each time
    cancelled,    ///< a stop was requested before its turn
};

/// What happened to the item of a map that has no value.
class ItemError : public std::runtime_error {
public:
    ItemError(std::size_t index, Failure kind, const std::string& message, std::string type = {},
              std::exception_ptr cause = {});

    [[nodiscard]] std::size_t index() const noexcept { return index_; }
    [[nodiscard]] Failure kind() const noexcept { return kind_; }
    /// Of an exception: the name of its type, "std::out_of_range"; else empty.
    [[nodiscard]] const std::string& type() const noexcept { return type_; }
    /// The exception itself where the worker was a thread; null where it was a process, from which
    /// only words come back.
    [[nodiscard]] const std::exception_ptr& cause() const noexcept { return cause_; }

private:
    std::size_t index_;
    Failure kind_;
    std::string type_;
    std::exception_ptr cause_;
};

/// The value of an item, or what happened instead.
template <class Value>
class Outcome {
public:
    Outcome(std::size_t index, Value value) : index_(index), content_(std::move(value)) {}
    explicit Outcome(ItemError error) : index_(error.index()), content_(std::move(error)) {}

    [[nodiscard]] std::size_t index() const noexcept { return index_; }
    [[nodiscard]] bool ok() const noexcept { return content_.index() == 0; }

    /// Throws the ItemError where there is no value.
    [[nodiscard]] const Value& value() const& {
        if (!ok()) throw error();
        return std::get<0>(content_);
    }
    [[nodiscard]] Value&& value() && {
        if (!ok()) throw error();
        return std::get<0>(std::move(content_));
    }
    /// Only where there is no value.
    [[nodiscard]] const ItemError& error() const { return std::get<1>(content_); }

private:
    std::size_t index_;
    std::variant<Value, ItemError> content_;
};

}  // namespace turnover
