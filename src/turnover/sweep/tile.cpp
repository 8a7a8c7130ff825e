#include "turnover/sweep/tile.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/kinetics/kinetics_table.hpp"
#include "turnover/steady/batch.hpp"

namespace turnover {

namespace {

constexpr std::size_t fewest_tiles = 256;
constexpr std::size_t most_points_per_tile = 2048;

/// Cuts one row into the fewest pieces of at most `largest` points, as even as can be.
void cut_row(std::vector<Tile>& tiles, std::size_t first, std::size_t row, std::size_t largest) {
    const std::size_t pieces = (row + largest - 1) / largest;
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        const std::size_t count = row / pieces + (piece < row % pieces ? 1 : 0);
        tiles.push_back({first, count});
        first += count;
    }
}

/// The points of a tile that have rate constants, ready to be solved; those that have none carry
/// their reason in `result` already.
struct SolvablePoints {
    KineticsTable kinetics;
    std::vector<std::size_t> places;  ///< in the tile
};

SolvablePoints solvable_points(const Network& network, const Grid& grid, Tile tile,
                               StateTable& states) {
    SolvablePoints points{KineticsTable(network, tile.count), {}};
    points.places.reserve(tile.count);
    KineticsFiller filler(network);
    Conditions conditions = network.mechanism().conditions;
    for (std::size_t p = 0; p < tile.count; ++p) {
        grid.apply(conditions, tile.first + p);
        try {
            filler.fill(points.kinetics, points.places.size(), conditions);
            points.places.push_back(p);
        } catch (const Error& error) {
            SteadyState state;
            state.status = Status::invalid_conditions;
            state.detail = error.message();
            states.set(p, state, Path::none);
        }
    }
    points.kinetics.truncate(points.places.size());
    return points;
}

}  // namespace

std::vector<Tile> tiles_of(const Grid& grid) {
    const std::size_t size = grid.size();
    const std::size_t row = grid.axes().empty() ? 1 : grid.axes().back().values.size();
    const std::size_t largest =
        std::clamp(size / fewest_tiles, std::size_t{1}, most_points_per_tile);

    std::vector<Tile> tiles;
    if (largest < row) {
        for (std::size_t first = 0; first < size; first += row) cut_row(tiles, first, row, largest);
    } else {
        const std::size_t whole_rows = largest / row * row;
        for (std::size_t first = 0; first < size; first += whole_rows) {
            tiles.push_back({first, std::min(whole_rows, size - first)});
        }
    }
    return tiles;
}

TileResult solve_tile(const Network& network, const Grid& grid, Tile tile) {
    // Without a stop state behind it this token never asks for a stop, so there is always a result.
    return *solve_tile(network, grid, tile, std::stop_token{});
}

std::optional<TileResult> solve_tile(const Network& network, const Grid& grid, Tile tile,
                                     const std::stop_token& stop) {
    if (tile.first > grid.size() || tile.count > grid.size() - tile.first) {
        throw std::out_of_range(fmt::format("a tile of {} points from {} in a grid of {}",
                                            tile.count, tile.first, grid.size()));
    }
    TileResult result{tile, StateTable(network, tile.count)};
    const SolvablePoints points = solvable_points(network, grid, tile, result.states);
    if (points.places.size() == tile.count) {
        solve_points(network, points.kinetics, result.states, {}, stop);
    } else {
        StateTable solved(network, points.places.size());
        solve_points(network, points.kinetics, solved, {}, stop);
        result.states.insert(points.places, solved);
    }
    if (stop.stop_requested()) return std::nullopt;
    return result;
}

TileSolver default_tile_solver() {
    return [](const Network& network, const Grid& grid, Tile tile, const std::stop_token& stop) {
        return solve_tile(network, grid, tile, stop);
    };
}

}  // namespace turnover
