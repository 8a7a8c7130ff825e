#pragma once

#include <string>
#include <string_view>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// A tile's result as bytes, to be kept in a journal or sent to another process or machine: the
/// same bytes for the same result, on every platform. They have no checksum: what they are given to
/// has (a journal keeps one for each tile).
[[nodiscard]] std::string encode_tile(const TileResult& result);

/// The result that `bytes` hold. Throws Error when they are incomplete, of another layout, or made
/// for a network with other numbers of unknowns, steps or gases than `network`.
[[nodiscard]] TileResult decode_tile(std::string_view bytes, const Network& network);

}  // namespace turnover
