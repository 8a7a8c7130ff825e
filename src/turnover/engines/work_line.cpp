#include "turnover/engines/work_line.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace turnover {

WorkLine::WorkLine(const Network& network, std::vector<Tile> tiles)
    : network_(network), tiles_(std::move(tiles)) {
    std::size_t end = 0;
    for (const Tile& tile : tiles_) ends_.push_back(end += tile.count);
}

std::size_t WorkLine::tile_at(std::size_t place) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(ends_, place) - ends_.begin());
}

std::vector<Tile> WorkLine::pieces(PointRange range) const {
    std::vector<Tile> pieces;
    std::size_t place = range.begin;
    for (std::size_t t = tile_at(place); place < range.end; ++t) {
        const std::size_t end = std::min(range.end, ends_[t]);
        pieces.push_back({tiles_[t].first + (place - begin_of(t)), end - place});
        place = end;
    }
    return pieces;
}

void WorkLine::store(PointRange range, std::vector<TileResult>&& results, PointRange fresh,
                     const TileSink& sink) {
    std::size_t place = range.begin;
    std::size_t t = tile_at(place);
    for (TileResult& piece : results) {
        const std::size_t count = piece.tile.count;
        const PointRange part{std::max(place, fresh.begin), std::min(place + count, fresh.end)};
        if (part.begin >= part.end) {
            // None of it.
        } else if (part.size() == tiles_[t].count && count == part.size()) {
            sink(std::move(piece));
        } else {
            const auto [entry, is_new] = begun_.try_emplace(t);
            Begun& begun = entry->second;
            if (is_new) begun.result = {tiles_[t], StateTable(network_, tiles_[t].count)};
            const std::size_t to = part.begin - begin_of(t);
            if (part.size() == count) {
                begun.result.states.insert(to, piece.states);
            } else {
                std::vector<std::size_t> places(part.size());
                std::iota(places.begin(), places.end(), part.begin - place);
                begun.result.states.insert(to, piece.states.picked(places));
            }
            begun.points += part.size();
            if (begun.points == tiles_[t].count) {
                TileResult whole = std::move(begun.result);
                begun_.erase(entry);
                sink(std::move(whole));
            }
        }
        place += count;
        if (place == ends_[t]) ++t;
    }
}

}  // namespace turnover
