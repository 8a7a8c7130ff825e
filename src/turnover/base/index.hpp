#pragma once

#include <cstddef>

namespace turnover {

/// Networks number things with int; containers count with std::size_t.
[[nodiscard]] constexpr std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace turnover
