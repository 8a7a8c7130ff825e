#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// A tile's result as bytes, to be kept in a journal or sent to another process or machine: the
/// same bytes for the same result, on every platform. They have no checksum: what they are given to
/// has (a journal keeps one for each tile).
[[nodiscard]] std::string encode_tile(const TileResult& result);

/// The same bytes in pieces, most of which lie where the result has them: for what writes them out
/// without a copy in between. It refers to the result.
class EncodedTile {
public:
    explicit EncodedTile(const TileResult& result);
    EncodedTile(const EncodedTile&) = delete;
    EncodedTile& operator=(const EncodedTile&) = delete;

    [[nodiscard]] std::span<const std::string_view> pieces() const& { return pieces_; }
    std::span<const std::string_view> pieces() const&& = delete;

private:
    std::string head_, tail_;
    std::vector<std::string_view> pieces_;
};

/// The result that `bytes` hold. Throws Error when they are incomplete, of another layout, or made
/// for a network with other numbers of unknowns, steps or gases than `network`.
[[nodiscard]] TileResult decode_tile(std::string_view bytes, const Network& network);

}  // namespace turnover
