#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace turnover {

/// The colour at `share` (0 to 1) of viridis, as "#rrggbb": perceptually uniform, readable without
/// red-green vision and in grey (S. van der Walt and N. Smith, 2015; public domain).
[[nodiscard]] std::string map_colour(double share);

/// The k-th colour of curves, repeating after `curve_colours`: they stay apart without red-green
/// vision (M. Okabe and K. Ito, Color Universal Design, 2008).
[[nodiscard]] std::string_view curve_colour(std::size_t k);
inline constexpr std::size_t curve_colours = 7;

}  // namespace turnover
