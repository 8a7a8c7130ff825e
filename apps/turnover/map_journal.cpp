#include "map_journal.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "command.hpp"
#include "turnover/base/error.hpp"
#include "turnover/base/lines.hpp"
#include "turnover/base/version.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover::program {

namespace {

const char* const version_fact = "Turnover's version";
const char* const model_fact = "the model file";
const char* const settings_fact = "--set";
const char* const points_fact = "--points";
const char* const branches_fact = "--branches";
const char* const path_fact = "the model's path";

/// As a shell reads it back.
std::string quoted(const std::string& word) {
    const auto plain = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("./_-=+:,@%^").find(c) != std::string_view::npos;
    };
    if (!word.empty() && std::ranges::all_of(word, plain)) return word;
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

}  // namespace

std::vector<JournalFact> describe_map(const Model& model) {
    const Grid work = work_grid(model);
    return {
        {version_fact, std::string(version)},
        {model_fact, model.text},
        {"its title", model.title},
        {settings_fact, fmt::format("{}", fmt::join(model.overrides.settings, "\n"))},
        {points_fact, fmt::format("{}", fmt::join(model.overrides.points, "x"))},
        {branches_fact, model.overrides.branches ? "given" : ""},
        {"the grid", fmt::format("{} points in {} blocks", work.size(), tiles_of(work).size())},
        {path_fact, model.path, false},
    };
}

Model model_of(const Journal& journal) {
    if (const std::string made_by = journal.fact(version_fact); made_by != version) {
        throw Error(fmt::format("{} was written by Turnover {}, and this is {}", journal.path(),
                                made_by, version),
                    "Use the version that wrote it.");
    }
    return parse_model(
        journal.fact(model_fact), journal.fact(path_fact),
        {lines_of(journal.fact(settings_fact)), parse_points(journal.fact(points_fact)),
         !journal.fact(branches_fact).empty()});
}

std::string command_of(const Journal& journal) {
    std::string text = "turnover map " + quoted(journal.fact(path_fact));
    for (const std::string& setting : lines_of(journal.fact(settings_fact))) {
        text += " --set " + quoted(setting);
    }
    const std::string points = journal.fact(points_fact);
    if (!points.empty()) text += " --points " + points;
    if (!journal.fact(branches_fact).empty()) text += " --branches";
    return text;
}

DamagedTiles read_tiles(Journal& journal, const Network& network, const std::vector<Tile>& tiles,
                        const std::function<void(TileResult&&, std::string_view bytes)>& take) {
    const auto place_of = [&](const Tile& tile) {
        return std::ranges::lower_bound(tiles, tile.first, {}, &Tile::first);
    };
    const auto damaged = journal.read([&](Tile tile, std::string_view bytes) {
        const auto at = place_of(tile);
        if (at == tiles.end() || *at != tile) return false;
        std::optional<TileResult> result;
        try {
            result = decode_tile(bytes, network);
        } catch (const Error&) {
            return false;
        }
        if (result->tile != tile) return false;
        take(std::move(*result), bytes);
        return true;
    });
    DamagedTiles found{damaged.size(), 0};
    for (const Tile& tile : damaged) {
        const auto at = place_of(tile);
        if (at != tiles.end() && at->first == tile.first) found.points += at->count;
    }
    return found;
}

}  // namespace turnover::program
