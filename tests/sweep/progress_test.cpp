#include "turnover/sweep/progress.hpp"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <poll.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

namespace turnover {
namespace {

TEST(DescribeDuration, UsesTheUnitsThatAPersonWould) {
    EXPECT_EQ(describe_duration(0.0), "0 s");
    EXPECT_EQ(describe_duration(0.035), "35 ms");
    EXPECT_EQ(describe_duration(0.35), "0.35 s");
    EXPECT_EQ(describe_duration(4.2), "4.2 s");
    EXPECT_EQ(describe_duration(12.3), "12 s");
    EXPECT_EQ(describe_duration(200.0), "3 min 20 s");
    EXPECT_EQ(describe_duration(180.0), "3 min");
    EXPECT_EQ(describe_duration(7500.0), "2 h 5 min");
    EXPECT_EQ(describe_duration(76.0 * 3600.0), "3 d 4 h");
}

TEST(DescribeDuration, RoundsUpIntoTheNextUnit) {
    EXPECT_EQ(describe_duration(0.0996), "0.1 s");
    EXPECT_EQ(describe_duration(9.97), "10 s");
    EXPECT_EQ(describe_duration(59.7), "1 min");
    EXPECT_EQ(describe_duration(3599.8), "1 h");
    EXPECT_EQ(describe_duration(48.0 * 3600.0 - 1.0), "2 d");
}

TEST(DescribeDuration, TakesAnyNumber) {
    EXPECT_EQ(describe_duration(-1.0), "0 s");
    EXPECT_EQ(describe_duration(std::numeric_limits<double>::infinity()), "unknown");
    EXPECT_EQ(describe_duration(std::numeric_limits<double>::quiet_NaN()), "unknown");
    EXPECT_FALSE(describe_duration(1e300).empty());
}

TEST(ProgressLine, SaysWhatThereIsToSay) {
    // 450 points in 3.6 s are 125 points/s; 550 more take 4.4 s.
    EXPECT_EQ(progress_line({1000, 450, 2, 3.6}, 90),
              "[#############................]   45%  450/1000 points  125 points/s  4.4 s left  "
              "2 failed");
    EXPECT_EQ(progress_line({1000, 450, 2, 3.6}, 90).size(), 90U);
}

TEST(ProgressLine, SaysWhoIsAtWorkWhereThatIsSaid) {
    const ProgressState state{1000, 450, 0, 3.6, 0, "2 workers, 16 cores, 18 blocks out"};
    const std::string line = progress_line(state, 120);
    EXPECT_NE(line.find("4.4 s left  2 workers, 16 cores, 18 blocks out"), std::string::npos)
        << line;
}

TEST(ProgressLine, LeavesOutWhatDoesNotFit) {
    const ProgressState state{1000, 450, 0, 3.6};
    EXPECT_EQ(progress_line(state, 60),
              "[####.....]   45%  450/1000 points  125 points/s  4.4 s left");
    EXPECT_EQ(progress_line(state, 55), " 45%  450/1000 points  125 points/s  4.4 s left");
    for (std::size_t columns = 0; columns < 120; ++columns) {
        EXPECT_LE(progress_line(state, columns).size(), columns);
    }
}

TEST(ProgressLine, StartAndEnd) {
    EXPECT_EQ(progress_line({100, 0, 0, 2.0}, 50), "  0%  0/100 points  0 points/s  unknown left");
    EXPECT_EQ(progress_line({100, 100, 0, 2.0}, 70),
              "[############################]  100%  100/100 points  50 points/s  2 s");
    EXPECT_NE(progress_line({100000, 99999, 0, 2.0}, 70).find(" 99%"), std::string::npos);
}

TEST(Progress, IsSilentWhereNobodyWatches) {
    std::FILE* file = std::tmpfile();
    ASSERT_NE(file, nullptr);
    {
        Progress progress(2, file);
        progress.add(1, 0);
        EXPECT_GT(progress.seconds(), 0.0);
        EXPECT_GT(progress.points_per_second(), 0.0);
    }
    EXPECT_EQ(std::ftell(file), 0);
    std::fclose(file);
}

TEST(Progress, DrawsOneLineOnATerminal) {
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
        GTEST_SKIP() << "no pseudo-terminal here";
    }
    std::FILE* screen = std::fopen(ptsname(terminal), "w");
    ASSERT_NE(screen, nullptr);
    fcntl(terminal, F_SETFL, O_NONBLOCK);
    char seen[4096];
    {
        Progress progress(1000, screen);
        for (int i = 0; i < 1000; ++i) progress.add(1, i == 5 ? 1 : 0);
    }
    // The kernel passes a terminal's output on when it gets to it: read until the line ends.
    std::string text;
    pollfd ready{terminal, POLLIN, 0};
    while ((text.empty() || text.back() != '\n') && poll(&ready, 1, 10000) == 1) {
        const ssize_t length = read(terminal, seen, sizeof seen);
        ASSERT_GT(length, 0);
        text.append(seen, static_cast<std::size_t>(length));
    }
    // A thousand calls in an instant: one drawing, and the last one when the bar goes.
    EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 3);  // the terminal makes \n into \r\n
    EXPECT_NE(text.find("1000/1000 points"), std::string::npos);
    EXPECT_NE(text.find("1 failed"), std::string::npos);
    EXPECT_EQ(text.back(), '\n');
    std::fclose(screen);
    close(terminal);
}

}  // namespace
}  // namespace turnover
