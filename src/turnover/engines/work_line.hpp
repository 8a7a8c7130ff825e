#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "turnover/engines/block_scheduler.hpp"
#include "turnover/engines/engine.hpp"
#include "turnover/sweep/tile.hpp"

namespace turnover {

/// All points of a job's tiles, one after the other, so that a scheduler can cut them anywhere; and
/// the tiles put together again from what comes back. A point's result does not depend on the piece
/// that it was solved in.
class WorkLine {
public:
    /// `network` outlives this.
    WorkLine(const Network& network, std::vector<Tile> tiles);

    [[nodiscard]] std::size_t points() const noexcept { return ends_.empty() ? 0 : ends_.back(); }
    /// Where each tile ends.
    [[nodiscard]] const std::vector<std::size_t>& ends() const noexcept { return ends_; }
    /// The grid's points that a range of the line is, as pieces of tiles, in order.
    [[nodiscard]] std::vector<Tile> pieces(PointRange range) const;

    /// Takes of `results`, those of the pieces of `range`, the points of `fresh`, a part of it that
    /// was not stored before. Each tile that is complete now goes to `sink`.
    void store(PointRange range, std::vector<TileResult>&& results, PointRange fresh,
               const TileSink& sink);

private:
    struct Begun {
        TileResult result;
        std::size_t points = 0;
    };

    /// The tile that the point `place` of the line is in.
    [[nodiscard]] std::size_t tile_at(std::size_t place) const;
    [[nodiscard]] std::size_t begin_of(std::size_t tile) const {
        return ends_[tile] - tiles_[tile].count;
    }

    const Network& network_;
    std::vector<Tile> tiles_;
    std::vector<std::size_t> ends_;
    std::map<std::size_t, Begun> begun_;  ///< by number of the tile
};

}  // namespace turnover
