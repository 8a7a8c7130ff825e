#include "turnover/engines/tile_pieces.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace turnover {

TilePieces::TilePieces(const Network& network, std::vector<Tile> tiles, std::size_t wanted)
    : network_(network), tiles_(std::move(tiles)) {
    std::ranges::sort(tiles_, {}, &Tile::first);
    const std::size_t tile_count = std::max<std::size_t>(1, tiles_.size());
    const std::size_t of_each = (wanted + tile_count - 1) / tile_count;
    for (const Tile& tile : tiles_) {
        const std::size_t cuts = std::clamp<std::size_t>(of_each, 1, tile.count);
        for (std::size_t k = 0; k < cuts; ++k) {
            const std::size_t begin = k * tile.count / cuts, end = (k + 1) * tile.count / cuts;
            pieces_.push_back({tile.first + begin, end - begin});
        }
    }
}

std::optional<TileResult> TilePieces::add(TileResult&& piece) {
    const std::size_t first = piece.tile.first;
    if (piece.states.points() != piece.tile.count) {
        throw std::logic_error(fmt::format("{} results for a piece of {} points",
                                           piece.states.points(), piece.tile.count));
    }
    const Tile tile = *std::prev(std::ranges::upper_bound(tiles_, first, {}, &Tile::first));
    if (piece.tile == tile) return std::move(piece);
    const auto at = partial_.find(tile.first);
    Partial& partial =
        at != partial_.end()
            ? at->second
            : partial_[tile.first] = {{tile, StateTable(network_, tile.count)}, tile.count};
    partial.result.states.insert(first - tile.first, piece.states);
    partial.missing -= piece.tile.count;
    if (partial.missing > 0) return std::nullopt;
    return std::move(partial_.extract(tile.first).mapped().result);
}

}  // namespace turnover
