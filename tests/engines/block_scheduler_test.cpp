#include "turnover/engines/block_scheduler.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace turnover {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::size_t> even_cuts(std::size_t points, std::size_t tile) {
    std::vector<std::size_t> cuts;
    for (std::size_t end = tile; end < points; end += tile) cuts.push_back(end);
    cuts.push_back(points);
    return cuts;
}

/// A scheduler that knows that a point takes `cost` seconds and handing out a block 10 ms.
BlockScheduler experienced(std::vector<std::size_t> cuts, double cost, BlockPolicy policy = {}) {
    BlockScheduler scheduler(std::move(cuts), policy);
    const Block first = scheduler.next(0.0, 1, true).value();
    (void)scheduler.answered(first.id, cost * static_cast<double>(first.points.size()), 0.01);
    return scheduler;
}

TEST(BlockScheduler, NoPointsAreDoneAtOnce) {
    BlockScheduler scheduler({});
    EXPECT_TRUE(scheduler.done());
    EXPECT_FALSE(scheduler.next(0.0, 4, true));
}

TEST(BlockScheduler, BeginsWithSmallBlocksInOrder) {
    BlockScheduler scheduler(even_cuts(1000, 100));
    EXPECT_EQ(scheduler.next(0.0, 8, true)->points, (PointRange{0, 16}));
    EXPECT_EQ(scheduler.next(0.0, 8, true)->points, (PointRange{16, 32}));
}

TEST(BlockScheduler, BlocksTakeAHundredTimesTheOverhead) {
    // 1 ms a point, 10 ms a block: 1 s, that is 1000 points, to the end of a tile.
    BlockScheduler scheduler = experienced(even_cuts(1'000'000, 300), 1e-3);
    const PointRange block = scheduler.next(0.0, 4, true)->points;
    EXPECT_EQ(block.begin, 16U);
    EXPECT_EQ(block.end, 900U);
}

TEST(BlockScheduler, AnOverheadOnceDoesNotCount) {
    BlockScheduler scheduler = experienced(even_cuts(1'000'000, 1), 1e-3);
    for (const double overhead : {5.0, 0.01, 0.01}) {
        const Block block = scheduler.next(0.0, 4, true).value();
        (void)scheduler.answered(block.id, 1e-3 * static_cast<double>(block.points.size()),
                                 overhead);
    }
    EXPECT_NEAR(static_cast<double>(scheduler.next(0.0, 4, true)->points.size()), 1000.0, 1.0);
}

TEST(BlockScheduler, BlocksAreNeverLongerThanAllowed) {
    BlockPolicy policy;
    policy.most_points = 50;
    BlockScheduler scheduler = experienced(even_cuts(100'000, 10), 1e-6, policy);
    EXPECT_EQ(scheduler.next(0.0, 1, true)->points.size(), 50U);
    policy.most_points = SIZE_MAX;
    policy.longest = 0.2;
    scheduler = experienced(even_cuts(100'000, 10), 1e-3, policy);
    EXPECT_LE(scheduler.next(0.0, 1, true)->points.size(), 200U);
}

TEST(BlockScheduler, BlocksShrinkTowardsTheEnd) {
    // 10 s of work for 4 slots: a quarter of an even share is 0.6 s; no block under 0.1 s.
    BlockScheduler scheduler = experienced(even_cuts(10'000, 1), 1e-3);
    std::vector<std::size_t> sizes;
    while (const auto block = scheduler.next(0.0, 4, false)) sizes.push_back(block->points.size());
    EXPECT_EQ(sizes.front(), 624U);
    EXPECT_TRUE(std::ranges::is_sorted(sizes, std::greater<>()));
    EXPECT_EQ(std::accumulate(sizes.begin(), sizes.end(), std::size_t{16}), 10'000U);
    EXPECT_EQ(sizes[sizes.size() - 2], 100U);
}

TEST(BlockScheduler, NothingIsHandedOutTwiceWhileThereIsFreshWork) {
    BlockScheduler scheduler = experienced(even_cuts(2000, 10), 1e-3);
    std::vector<int> times(2000);
    while (const auto block = scheduler.next(0.0, 3, true)) {
        EXPECT_FALSE(block->is_copy);
        for (std::size_t p = block->points.begin; p < block->points.end; ++p) ++times[p];
    }
    EXPECT_TRUE(std::all_of(times.begin() + 16, times.end(), [](int n) { return n == 1; }));
}

/// Blocks of 200 points at 10 ms are out since 0 s, and nothing else is left.
struct AtTheEnd : testing::Test {
    AtTheEnd() : scheduler(experienced({16, 116, 216}, 0.01)) {
        while (const auto block = scheduler.next(0.0, 1, true)) {
            blocks.push_back(*block);
            scheduler.started(block->id, 0.0);
        }
    }
    BlockScheduler scheduler;
    std::vector<Block> blocks;
};

TEST_F(AtTheEnd, WhatIsOverdueIsGivenOutAgainToIdleSlots) {
    const auto [smallest, largest] =
        std::ranges::minmax(blocks, {}, [](const Block& block) { return block.points.size(); });
    const double soon = scheduler.expected_seconds(smallest.points.size());
    const double late = 2.0 * scheduler.expected_seconds(largest.points.size());
    EXPECT_FALSE(scheduler.next(soon, 4, true));
    EXPECT_FALSE(scheduler.next(late, 4, false));
    const std::optional<Block> copy = scheduler.next(late, 4, true);
    ASSERT_TRUE(copy);
    EXPECT_TRUE(copy->is_copy);
    EXPECT_TRUE(std::ranges::any_of(blocks, [&](const Block& block) {
        return copy->points.end == block.points.end;
    })) << "from the end of one";
}

TEST_F(AtTheEnd, TheFirstAnswerCountsAndTheOtherIsTakenBack) {
    std::vector<Block> copies;
    std::size_t copied = 0;
    while (const auto copy = scheduler.next(10.0, 4, true)) {
        copies.push_back(*copy);
        copied += copy->points.size();
    }
    EXPECT_EQ(copied, 200U) << "each point once more, and no more than that for now";
    std::size_t fresh = 0;
    std::vector<std::uint64_t> taken_back;
    for (const Block& copy : copies) {
        const auto accepted = scheduler.answered(copy.id, 0.1, 0.01);
        for (const PointRange& range : accepted.fresh) fresh += range.size();
        taken_back.insert(taken_back.end(), accepted.superfluous.begin(),
                          accepted.superfluous.end());
    }
    EXPECT_EQ(fresh, 200U);
    EXPECT_TRUE(scheduler.done());
    std::vector<std::uint64_t> originals;
    for (const Block& block : blocks) originals.push_back(block.id);
    EXPECT_THAT(taken_back, testing::UnorderedElementsAreArray(originals));
}

TEST_F(AtTheEnd, TheSlowOneMayStillWin) {
    const Block copy = scheduler.next(10.0, 1000, true).value();
    const auto accepted = scheduler.answered(blocks[0].id, 5.0, 0.01);
    EXPECT_THAT(accepted.fresh, ElementsAre(blocks[0].points));
    EXPECT_THAT(accepted.superfluous, ElementsAre(copy.id));
}

TEST_F(AtTheEnd, ACopyThatIsSilentTooIsCopiedAgain) {
    std::size_t copies = 0;
    double now = 10.0;
    for (; copies < 50 && now < 1000.0; now += 1.0) {
        while (const auto copy = scheduler.next(now, 4, true)) {
            scheduler.started(copy->id, now);
            ++copies;
        }
    }
    EXPECT_GE(copies, 50U) << "nobody ever answers, and new slots are always tried";
    EXPECT_GT(now, 12.0) << "but not all at once";
}

TEST(BlockScheduler, ALateBlockGoesBeforeFreshWork) {
    BlockScheduler scheduler = experienced(even_cuts(100'000, 1), 1e-3);
    const Block late = scheduler.next(0.0, 4, true).value();
    scheduler.started(late.id, 0.0);
    EXPECT_FALSE(scheduler.next(5.0, 4, true)->is_copy);
    const Block copy = scheduler.next(100.0, 4, true).value();
    EXPECT_TRUE(copy.is_copy);
    EXPECT_GE(copy.points.begin, late.points.begin);
    EXPECT_LE(copy.points.end, late.points.end);
}

TEST(BlockScheduler, WhatIsLostGoesOutAgain) {
    BlockScheduler scheduler = experienced(even_cuts(1000, 10), 1e-3);
    const Block block = scheduler.next(0.0, 1, true).value();
    EXPECT_THAT(scheduler.failed(block.id, BlockFailure::lost), IsEmpty());
    EXPECT_EQ(scheduler.next(0.0, 1, true)->points, block.points);
    EXPECT_EQ(scheduler.left(), 990U);  // without the first block, to the end of a tile
}

TEST(BlockScheduler, WhatACopyAnsweredDoesNotGoOutAgainWhenTheOriginalIsLost) {
    BlockScheduler scheduler = experienced({16, 116}, 0.01);
    const Block original = scheduler.next(0.0, 1, true).value();
    const Block rest = scheduler.next(0.0, 1, true).value_or(Block{});
    scheduler.started(original.id, 0.0);
    const Block copy = scheduler.next(50.0, 100, true).value();
    ASSERT_LT(copy.points.size(), original.points.size());
    (void)scheduler.answered(copy.id, 0.1, 0.01);
    (void)scheduler.failed(original.id, BlockFailure::lost);
    if (rest.id != 0) (void)scheduler.failed(rest.id, BlockFailure::lost);
    std::size_t again = 0;
    while (const auto block = scheduler.next(50.0, 1, false)) {
        EXPECT_TRUE(block->points.end <= copy.points.begin ||
                    block->points.begin >= copy.points.end);
        again += block->points.size();
    }
    EXPECT_EQ(again, 100 - copy.points.size());
}

TEST(BlockScheduler, APointThatCrashesItsSolverIsFoundAndGivenUpAndNoOther) {
    BlockScheduler scheduler = experienced(even_cuts(1000, 100), 1e-3);
    const std::size_t poison = 777;
    std::vector<std::size_t> given_up;
    int crashes = 0;
    while (const auto block = scheduler.next(0.0, 1, false)) {
        if (block->points.begin <= poison && poison < block->points.end) {
            ++crashes;
            for (const std::size_t p : scheduler.failed(block->id, BlockFailure::crashed)) {
                given_up.push_back(p);
            }
        } else {
            (void)scheduler.answered(block->id, 0.001, 0.01);
        }
    }
    EXPECT_TRUE(scheduler.done());
    EXPECT_THAT(given_up, ElementsAre(poison));
    EXPECT_LE(crashes, 15);
}

TEST(BlockScheduler, WorkersThatAreLostDoNotCostAPoint) {
    BlockScheduler scheduler = experienced(even_cuts(100, 100), 1e-3);
    for (int k = 0; k < 4; ++k) {
        const Block block = scheduler.next(0.0, 1, false).value();
        EXPECT_THAT(scheduler.failed(block.id, BlockFailure::lost), IsEmpty());
    }
    while (const auto block = scheduler.next(0.0, 1, false)) {
        (void)scheduler.answered(block->id, 0.001, 0.01);
    }
    EXPECT_TRUE(scheduler.done());
}

/// Whatever happens in whatever order: each point is stored once, and all of them.
TEST(BlockScheduler, EveryPointIsStoredOnceWhateverHappens) {
    for (unsigned seed = 0; seed < 200; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        const auto draw = [&](int n) { return std::uniform_int_distribution<>(0, n - 1)(random); };
        const std::size_t points = 1 + static_cast<std::size_t>(draw(3000));
        BlockScheduler scheduler(even_cuts(points, 1 + static_cast<std::size_t>(draw(50))));
        std::vector<int> stored(points);
        std::map<std::uint64_t, PointRange> out;
        double now = 0.0;
        const auto store = [&](PointRange range) {
            for (std::size_t p = range.begin; p < range.end; ++p) ++stored[p];
        };
        for (int step = 0; !scheduler.done() && step < 1'000'000; ++step) {
            now += 0.3;
            const auto block =
                draw(2) == 0 ? scheduler.next(now, 1 + draw(20), draw(2) == 0) : std::nullopt;
            if (block) {
                out[block->id] = block->points;
                if (draw(4) != 0) scheduler.started(block->id, now);
            }
            if (out.empty() || draw(3) == 0) continue;
            const auto it = std::next(out.begin(), draw(static_cast<int>(out.size())));
            const auto [id, range] = *it;
            out.erase(it);
            const int fate = draw(10);
            if (fate < 7) {
                const auto accepted = scheduler.answered(
                    id, 0.01 * static_cast<double>(range.size()), 0.01 * (1 + draw(5)));
                for (const PointRange& fresh : accepted.fresh) store(fresh);
                for (const std::uint64_t other : accepted.superfluous) {
                    EXPECT_EQ(out.erase(other), 1U);
                }
            } else {
                const auto why = fate == 9 ? BlockFailure::crashed : BlockFailure::lost;
                for (const std::size_t p : scheduler.failed(id, why)) store({p, p + 1});
            }
        }
        EXPECT_TRUE(scheduler.done());
        EXPECT_TRUE(std::ranges::all_of(stored, [](int n) { return n == 1; }));
        EXPECT_EQ(scheduler.left(), 0U);
        EXPECT_EQ(scheduler.blocks_out(), out.size());
    }
}

}  // namespace
}  // namespace turnover
