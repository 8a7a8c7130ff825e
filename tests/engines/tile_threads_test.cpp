#include "turnover/engines/tile_threads.hpp"

#include <atomic>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

namespace turnover {
namespace {

using namespace std::chrono_literals;

TileResult empty_result(Tile tile) { return {tile, {}}; }

/// Waits as long as it takes.
TileResult next_of(TileThreads& crew) {
    for (;;) {
        if (std::optional<TileResult> result = crew.take(1s)) return std::move(*result);
    }
}

TEST(TileThreads, ComputeWhatTheyAreGiven) {
    TileThreads crew(3, [](Tile tile, const std::stop_token&) { return empty_result(tile); });
    EXPECT_FALSE(crew.take(0us));
    std::set<std::size_t> first;
    for (std::size_t k = 0; k < 20; ++k) crew.give({5 * k, 5});
    for (std::size_t k = 0; k < 20; ++k) first.insert(next_of(crew).tile.first);
    EXPECT_EQ(first.size(), 20u);
    EXPECT_FALSE(crew.take(0us));
    crew.give({7, 1});
    EXPECT_EQ(next_of(crew).tile, (Tile{7, 1}));
}

TEST(TileThreads, AreAtAsManyTilesAtOnceAsTheyAre) {
    std::atomic<int> at_work = 0;
    TileThreads crew(2, [&](Tile tile, const std::stop_token&) {
        ++at_work;
        while (at_work < 2) std::this_thread::sleep_for(100us);
        return empty_result(tile);
    });
    crew.give({0, 1});
    crew.give({1, 1});
    (void)next_of(crew);
    (void)next_of(crew);
    EXPECT_EQ(at_work, 2);
}

TEST(TileThreads, StopGivesUpWhatIsInWorkAndKeepsWhatIsDone) {
    std::atomic<int> begun = 0;
    TileThreads crew(1, [&](Tile tile, const std::stop_token& stop) -> std::optional<TileResult> {
        ++begun;
        if (tile.first == 0) return empty_result(tile);
        while (!stop.stop_requested()) std::this_thread::sleep_for(100us);
        return std::nullopt;
    });
    for (std::size_t k = 0; k < 3; ++k) crew.give({k, 1});
    while (begun < 2) std::this_thread::sleep_for(100us);
    crew.stop();
    EXPECT_EQ(next_of(crew).tile.first, 0u);
    EXPECT_FALSE(crew.take(1ms));
    EXPECT_EQ(begun, 2);
}

TEST(TileThreads, PassOnWhatIsThrown) {
    TileThreads crew(2, [](Tile, const std::stop_token&) -> std::optional<TileResult> {
        throw std::domain_error("no such tile");
    });
    crew.give({0, 1});
    EXPECT_THROW((void)next_of(crew), std::domain_error);
}

}  // namespace
}  // namespace turnover
