#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/sweep/tile.hpp"

namespace turnover {

/// Tiles cut into pieces where there are more workers than tiles to go round, and put together
/// again: what a point comes to depends on nothing but the point, so a tile of pieces has the bits
/// of one that was computed as a whole.
class TilePieces {
public:
    /// At least `wanted` pieces, where the tiles have so many points; tiles stay whole where there
    /// are enough of them. `network` outlives it.
    TilePieces(const Network& network, std::vector<Tile> tiles, std::size_t wanted);

    /// In the order of the tiles.
    [[nodiscard]] const std::vector<Tile>& pieces() const noexcept { return pieces_; }

    /// Takes the result of a piece; gives that of its tile where that is complete now.
    /// std::logic_error when it has not as many points as the piece.
    [[nodiscard]] std::optional<TileResult> add(TileResult&& piece);

private:
    struct Partial {
        TileResult result;
        std::size_t missing;  ///< points
    };

    const Network& network_;
    std::vector<Tile> tiles_, pieces_;
    std::map<std::size_t, Partial> partial_;  ///< by the first point of the tile
};

}  // namespace turnover
