#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnover/sweep/grid.hpp"

namespace turnover {

/// All combinations of the elements of some lists, the last list fastest: the grid of a function of
/// several variables. Element i is a tuple.
template <class... Elements>
class Product {
public:
    explicit Product(std::vector<Elements>... lists) : lists_(std::move(lists)...) {}

    [[nodiscard]] std::size_t size() const {
        return std::apply([](const auto&... list) { return (std::size_t{1} * ... * list.size()); },
                          lists_);
    }
    [[nodiscard]] std::tuple<Elements...> operator[](std::size_t index) const {
        return element(index, std::index_sequence_for<Elements...>());
    }

private:
    std::tuple<std::vector<Elements>...> lists_;

    template <std::size_t... list>
    [[nodiscard]] std::tuple<Elements...> element(std::size_t index,
                                                  std::index_sequence<list...>) const {
        return {std::get<list>(lists_)[index / stride<list>() % std::get<list>(lists_).size()]...};
    }
    /// How many combinations the lists behind this one have.
    template <std::size_t list>
    [[nodiscard]] std::size_t stride() const {
        if constexpr (list + 1 == sizeof...(Elements)) {
            return 1;
        } else {
            return std::get<list + 1>(lists_).size() * stride<list + 1>();
        }
    }
};

/// product(a, b): all pairs of an element of a and one of b.
template <class... Elements>
[[nodiscard]] Product<Elements...> product(std::vector<Elements>... lists) {
    return Product<Elements...>(std::move(lists)...);
}

namespace detail {

// Items are a number n, which stands for 0 ... n-1; a Grid, which stands for its points' indices;
// or whatever has size() and operator[].

template <std::integral Number>
[[nodiscard]] std::size_t item_count(Number items) {
    if (std::cmp_less(items, 0)) throw std::invalid_argument("a negative number of items");
    return static_cast<std::size_t>(items);
}
template <class Items>
requires(!std::integral<Items>) [[nodiscard]] std::size_t item_count(const Items& items) {
    return static_cast<std::size_t>(items.size());
}

template <std::integral Number>
[[nodiscard]] std::size_t item_at(Number, std::size_t index) {
    return index;
}
inline std::size_t item_at(const Grid&, std::size_t index) { return index; }
template <class Items>
requires(!std::integral<Items>) [[nodiscard]] decltype(auto)
    item_at(const Items& items, std::size_t index) {
    return items[index];
}

/// A function may want the elements of a tuple one by one, and the token as its last argument.
template <class Function, class Item>
concept TakesItem = std::is_invocable_v<const Function&, Item>;
template <class Function, class Item>
concept TakesItemAndToken = std::is_invocable_v<const Function&, Item, std::stop_token>;

template <class Function, class Tuple>
struct TakesElements : std::false_type {};
template <class Function, class... Elements>
struct TakesElements<Function, std::tuple<Elements...>>
    : std::is_invocable<const Function&, Elements...> {};

template <class Function, class Tuple>
struct TakesElementsAndToken : std::false_type {};
template <class Function, class... Elements>
struct TakesElementsAndToken<Function, std::tuple<Elements...>>
    : std::is_invocable<const Function&, Elements..., std::stop_token> {};

template <class Function, class Item>
concept TakesToken =
    TakesItemAndToken<Function, Item> || TakesElementsAndToken<Function, std::decay_t<Item>>::value;

template <class Function, class Item>
decltype(auto) call(const Function& function, Item&& item, const std::stop_token& stop) {
    if constexpr (TakesItemAndToken<Function, Item>) {
        return std::invoke(function, std::forward<Item>(item), stop);
    } else if constexpr (TakesItem<Function, Item>) {
        return std::invoke(function, std::forward<Item>(item));
    } else if constexpr (TakesElementsAndToken<Function, std::decay_t<Item>>::value) {
        return std::apply(function, std::tuple_cat(std::forward<Item>(item), std::tuple(stop)));
    } else {
        return std::apply(function, std::forward<Item>(item));
    }
}

template <class Items>
using ItemOf = decltype(item_at(std::declval<const Items&>(), std::size_t{}));

template <class Function, class Items>
using ValueOf = std::decay_t<decltype(call(std::declval<const Function&>(),
                                           std::declval<ItemOf<Items>>(), std::stop_token()))>;

}  // namespace detail

}  // namespace turnover
