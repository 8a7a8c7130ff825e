#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/io/model_file.hpp"
#include "turnover/sweep/journal.hpp"
#include "turnover/sweep/tile.hpp"

namespace turnover::program {

/// What the tiles of a map depend on, for its journal: the model file's text, the settings, the
/// points, Turnover's version, the cut into tiles; and, for merging, where the model came from.
[[nodiscard]] std::vector<JournalFact> describe_map(const Model& model);

/// The model that a map's or a shard's journal was made for. Throws Error when the journal was
/// written by another version.
[[nodiscard]] Model model_of(const Journal& journal);

/// The first words of the command that a journal was made by: model, settings, points.
[[nodiscard]] std::string command_of(const Journal& journal);

/// What of a journal is of no use.
struct DamagedTiles {
    std::size_t entries = 0;
    std::size_t points = 0;  ///< of the map, that these entries were to hold
};

/// Hands those of `tiles` (in order) that are in the journal to `take`. Returns what was left out
/// because it is damaged.
[[nodiscard]] DamagedTiles read_tiles(
    Journal& journal, const Network& network, const std::vector<Tile>& tiles,
    const std::function<void(TileResult&&, std::string_view bytes)>& take);

}  // namespace turnover::program
