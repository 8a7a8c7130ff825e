#include "map_run.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "map_journal.hpp"
#include "turnover/io/recipe.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover::program {

namespace {

std::size_t failures_in(const TileResult& tile) {
    const std::vector<Status>& all = tile.states.status;
    return all.size() - static_cast<std::size_t>(std::ranges::count(all, Status::converged));
}

std::string words_of(const Crew& crew) {
    const auto count = [](int n, const char* what) {
        return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
    };
    return fmt::format("{}, {}, {} out", count(crew.workers, "worker"), count(crew.cores, "core"),
                       count(crew.blocks, "block"));
}

}  // namespace

MapRun::MapRun(const Model& model, std::vector<Tile> tiles, Journal* journal, Take take)
    : model_(model), work_(work_grid(model)), journal_(journal), take_(std::move(take)) {
    for (const Tile& tile : tiles) state_.total += tile.count;
    if (journal_ == nullptr) {
        missing_ = std::move(tiles);
        return;
    }
    std::vector<std::size_t> found;
    const DamagedTiles damaged =
        read_tiles(*journal_, model_.network, tiles, [&](TileResult&& result, std::string_view) {
            // What failed for its worker's sake may do better this time.
            const std::vector<Status>& ends = result.states.status;
            if (std::ranges::find(ends, Status::worker_failed) != ends.end()) return;
            found.push_back(result.tile.first);
            state_.done += result.tile.count;
            state_.failed += failures_in(result);
            take_(std::move(result));
        });
    state_.kept = state_.done;
    std::ranges::copy_if(tiles, std::back_inserter(missing_), [&](const Tile& tile) {
        return !std::ranges::binary_search(found, tile.first);
    });
    if (damaged.entries > 0) {
        fmt::print(stderr,
                   "turnover: the journal {} is damaged in places: {} of its points {} computed "
                   "again\n",
                   journal_->path(), damaged.points, damaged.points == 1 ? "is" : "are");
    }
}

bool MapRun::compute(Engine& engine, EventLog& log, std::FILE* screen,
                     const std::stop_token& stop) {
    Progress progress(state_, screen);
    engine.observe({.say =
                        [&](const std::string& line) {
                            progress.say("turnover: " + line);
                            log.write("notice", {{"message", line}});
                        },
                    .crew =
                        [&](const Crew& crew) {
                            progress.crew(words_of(crew));
                            log.crew(crew);
                        }});
    const TileSink keep = [&](TileResult&& tile) {
        if (journal_ != nullptr) {
            const EncodedTile encoded(tile);
            journal_->store(tile.tile, encoded.pieces());
        }
        log.failures(tile, model_.network.surfaces());
        const std::size_t done = tile.states.points(), failed = failures_in(tile);
        take_(std::move(tile));
        progress.add(done, failed);
        state_ = progress.state();
        log.progress(state_);
    };
    const bool all = engine.run({model_.network, work_, missing_, recipe_of(model_)}, keep, stop);
    engine.observe({});
    engine_ = fmt::format("{}, {} at once", engine.name(), engine.workers());
    return all;
}

std::string MapRun::describe() const {
    const std::string kept =
        state_.kept == 0 ? "" : fmt::format("  kept        {} points of before\n", state_.kept);
    return kept + fmt::format("  time        {}, {:.3g} points/s ({})\n",
                              describe_duration(state_.seconds), state_.points_per_second(),
                              engine_);
}

}  // namespace turnover::program
