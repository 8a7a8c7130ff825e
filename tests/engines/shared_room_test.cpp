#include "turnover/engines/shared_room.hpp"

#include <limits>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <gtest/gtest.h>

namespace turnover {
namespace {

TEST(SharedRoom, ShowsWhatAChildWrites) {
    const SharedRoom room(10'000);
    ASSERT_EQ(room.bytes().size(), 10'000U);
    EXPECT_EQ(room.bytes()[9'999], 0);
    const pid_t child = fork();
    if (child == 0) {
        room.bytes()[9'999] = 'x';
        _exit(0);
    }
    waitpid(child, nullptr, 0);
    EXPECT_EQ(room.bytes()[9'999], 'x');
}

TEST(SharedRoom, HasOneOwner) {
    SharedRoom room(100);
    room.bytes()[0] = 'x';
    SharedRoom other(std::move(room));
    EXPECT_EQ(other.bytes()[0], 'x');
    room = SharedRoom(50);
    std::swap(room, other);
    EXPECT_EQ(room.bytes()[0], 'x');
    EXPECT_EQ(other.bytes().size(), 50U);
}

TEST(SharedRoom, IsEmptyWhereThereIsNoSpace) {
    EXPECT_TRUE(SharedRoom().bytes().empty());
    EXPECT_TRUE(SharedRoom(0).bytes().empty());
    EXPECT_TRUE(SharedRoom(std::numeric_limits<std::size_t>::max() / 2).bytes().empty());
}

}  // namespace
}  // namespace turnover
