#include "turnover/sweep/result_set.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

namespace turnover {

ResultSet::ResultSet(const Network& network, std::size_t points)
    : states_(network, 0), is_stored_(points, false) {
    states_.reserve(points);
}

void ResultSet::store(TileResult&& result) {
    const Tile tile = result.tile;
    if (result.states.points() != tile.count || tile.first > size() ||
        tile.count > size() - tile.first) {
        throw std::logic_error(fmt::format(
            "a tile of {} points from {} with {} results does not fit a map of {} points",
            tile.count, tile.first, result.states.points(), size()));
    }
    const auto first = std::next(is_stored_.begin(), static_cast<std::ptrdiff_t>(tile.first));
    const auto last = std::next(first, static_cast<std::ptrdiff_t>(tile.count));
    if (std::find(first, last, true) != last) {
        throw std::logic_error(
            fmt::format("the tile of {} points from {} is stored already", tile.count, tile.first));
    }
    std::fill(first, last, true);
    if (states_.points() < tile.first + tile.count) states_.resize(tile.first + tile.count);
    states_.insert(tile.first, result.states);
    stored_ += tile.count;
}

const StateTable& ResultSet::states() const {
    if (states_.points() < size()) states_.resize(size());
    return states_;
}

std::map<Status, std::size_t> ResultSet::count() const {
    std::map<Status, std::size_t> count;
    for (const Status status : states().status) ++count[status];
    return count;
}

}  // namespace turnover
