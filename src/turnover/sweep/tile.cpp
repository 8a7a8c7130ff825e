#include "turnover/sweep/tile.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/steady/reference.hpp"

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

SteadyState solve_point(const Network& network, const Conditions& conditions) {
    PointKinetics point;
    try {
        point = network.at(conditions);
    } catch (const Error& error) {
        SteadyState state;
        state.status = Status::invalid_conditions;
        state.detail = error.message();
        return state;
    }
    return solve_reference(network, point);
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
    Conditions conditions = network.mechanism().conditions;
    for (std::size_t p = 0; p < tile.count; ++p) {
        if (stop.stop_requested()) return std::nullopt;
        grid.apply(conditions, tile.first + p);
        result.states.set(p, solve_point(network, conditions), Path::reference);
    }
    return result;
}

TileSolver default_tile_solver() {
    return [](const Network& network, const Grid& grid, Tile tile, const std::stop_token& stop) {
        return solve_tile(network, grid, tile, stop);
    };
}

}  // namespace turnover
