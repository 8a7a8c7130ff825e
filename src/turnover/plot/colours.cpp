#include "turnover/plot/colours.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace turnover {

namespace {

using Rgb = std::array<int, 3>;

// Nine points along viridis, evenly spaced; between them colours change linearly.
constexpr std::array<Rgb, 9> viridis{{{0x44, 0x01, 0x54},
                                      {0x47, 0x2c, 0x7a},
                                      {0x3b, 0x51, 0x8b},
                                      {0x2c, 0x71, 0x8e},
                                      {0x21, 0x90, 0x8d},
                                      {0x27, 0xad, 0x81},
                                      {0x5c, 0xc8, 0x63},
                                      {0xaa, 0xdc, 0x32},
                                      {0xfd, 0xe7, 0x25}}};

constexpr std::array<std::string_view, curve_colours> okabe_ito{
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#56b4e9", "#e69f00"};

}  // namespace

std::string map_colour(double share) {
    const double position = std::clamp(share, 0.0, 1.0) * (viridis.size() - 1);
    const auto left = std::min(static_cast<std::size_t>(position), viridis.size() - 2);
    const double t = position - static_cast<double>(left);
    const auto mixed = [&](std::size_t channel) {
        return std::lround((1.0 - t) * viridis[left][channel] + t * viridis[left + 1][channel]);
    };
    return fmt::format("#{:02x}{:02x}{:02x}", mixed(0), mixed(1), mixed(2));
}

std::string_view curve_colour(std::size_t k) { return okabe_ito[k % okabe_ito.size()]; }

}  // namespace turnover
