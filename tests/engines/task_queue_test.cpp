#include "turnover/engines/task_queue.hpp"

#include <gtest/gtest.h>

namespace turnover {
namespace {

TEST(TaskQueue, GivesTheTilesInOrder) {
    TaskQueue queue({{0, 3}, {3, 2}});
    EXPECT_EQ(queue.size(), 2U);
    const Task first = queue.take();
    EXPECT_EQ(first.whole, (Tile{0, 3}));
    EXPECT_EQ(first.part, (Tile{0, 3}));
    EXPECT_FALSE(first.alone);
    EXPECT_EQ(queue.take().part, (Tile{3, 2}));
    EXPECT_TRUE(queue.empty());
}

TEST(TaskQueue, WhatComesBackUntouchedComesFirst) {
    TaskQueue queue({{0, 1}, {1, 1}, {2, 1}});
    const Task task = queue.take();
    (void)queue.take();
    queue.put_back(task);
    EXPECT_EQ(queue.take().part, (Tile{0, 1}));
    EXPECT_EQ(queue.take().part, (Tile{2, 1}));
}

TEST(TaskQueue, TriesATileTwiceThenItsPointsAlone) {
    TaskQueue queue({{4, 2}, {6, 2}});
    EXPECT_FALSE(queue.try_again(queue.take(), false));
    EXPECT_FALSE(queue.next_is_alone());
    const Task second = queue.take();
    EXPECT_EQ(second.part, (Tile{4, 2}));
    EXPECT_FALSE(queue.try_again(second, false));

    ASSERT_TRUE(queue.next_is_alone());
    const Task point = queue.take();
    EXPECT_TRUE(point.alone);
    EXPECT_EQ(point.whole, (Tile{4, 2}));
    EXPECT_EQ(point.part, (Tile{4, 1}));
    EXPECT_TRUE(queue.try_again(point, false));  // given up
    EXPECT_EQ(queue.take().part, (Tile{5, 1}));
    EXPECT_EQ(queue.take().part, (Tile{6, 2}));
    EXPECT_TRUE(queue.empty());
}

TEST(TaskQueue, ForgivesAPointForWhatComesFromOutside) {
    TaskQueue queue({{0, 1}});
    int tries = 1;
    while (!queue.try_again(queue.take(), true)) ++tries;
    EXPECT_EQ(tries, 2 + 5);
}

TEST(TaskQueue, DropsWhatComesAfter) {
    TaskQueue queue({{0, 2}, {2, 2}, {4, 2}, {6, 2}});
    const Task first = queue.take();
    const Task second = queue.take();
    queue.put_back(second);
    queue.put_back(first);
    queue.drop_after(1);
    EXPECT_EQ(queue.take().part, (Tile{0, 2}));
    EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace turnover
