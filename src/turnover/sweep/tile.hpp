#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/state_table.hpp"
#include "turnover/sweep/grid.hpp"

namespace turnover {

/// A run of consecutive points: [first, first + count).
struct Tile {
    std::size_t first = 0;
    std::size_t count = 0;

    friend bool operator==(const Tile&, const Tile&) = default;
};

/// Cuts the grid into tiles, in order. The cut depends on the grid alone, never on who computes it.
///
/// A tile is what a worker takes at once, what a journal keeps or loses at once, and a block within
/// which a solver may go from a point to its neighbour along the last axis. So a tile is a piece of
/// one row of the last axis or a number of whole rows, and holds about size/256 points, at least 1
/// and at most 2048: small maps fall into single points and keep every core busy to the end; large
/// ones into blocks of milliseconds at a million points a second, against microseconds to hand one
/// out; and no block is so large that losing one hurts.
[[nodiscard]] std::vector<Tile> tiles_of(const Grid& grid);

/// The results of a tile's points, in index order.
struct TileResult {
    Tile tile;
    StateTable states;
};

/// Solves every point of `tile`. A pure function: the same bits for the same arguments, in any
/// thread, process or machine of the same build. A point that fails carries its reason; nothing is
/// thrown for it. std::out_of_range when the tile reaches over the end of the grid.
[[nodiscard]] TileResult solve_tile(const Network& network, const Grid& grid, Tile tile);

/// The same, given up between two points when `stop` is requested: whole tiles or nothing, so that
/// what is stored never depends on when somebody pressed Ctrl-C, and nobody waits for more than one
/// point.
[[nodiscard]] std::optional<TileResult> solve_tile(const Network& network, const Grid& grid,
                                                   Tile tile, const std::stop_token& stop);

/// What an engine within this process calls for each tile: solve_tile, or another function with the
/// same promise.
using TileSolver = std::function<std::optional<TileResult>(const Network&, const Grid&, Tile,
                                                           const std::stop_token&)>;

/// solve_tile as a TileSolver.
[[nodiscard]] TileSolver default_tile_solver();

}  // namespace turnover
