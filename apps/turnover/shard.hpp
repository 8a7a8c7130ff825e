#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "turnover/sweep/tile.hpp"

namespace turnover::program {

/// One part of a map that is shared out over several runs of the program: part `index` of `count`,
/// from 1.
struct Shard {
    int index = 1;
    int count = 1;

    /// "2/4"
    [[nodiscard]] std::string text() const;
    /// "shard-2-of-4.sqlite": the journal that holds it.
    [[nodiscard]] std::string file() const;
};

/// Reads "2/4", or takes "auto" from the scheduler's environment (scheduler.hpp). Throws Error.
[[nodiscard]] Shard read_shard(const std::string& text);

/// Which shard of `count`, from 1, computes tile number `tile` of a map. Tiles are dealt out one by
/// one, each round beginning one shard later than the round before: neighbours, which cost about
/// the same, go to different shards, and so do tiles at the same place in rows of any length.
[[nodiscard]] int dealt_to(std::size_t tile, int count);

/// The tiles of a map that are dealt to `shard`, in order.
[[nodiscard]] std::vector<Tile> deal(const std::vector<Tile>& tiles, const Shard& shard);

}  // namespace turnover::program
