// Worker processes that crash, hang, exit, eat memory or are killed: what is left of the map.
#include "turnover/engines/processes.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <poll.h>
#include <sys/wait.h>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/process_watch.hpp"
#include "support/small_models.hpp"
#include "turnover/base/error.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover {
namespace {

using namespace std::chrono_literals;
using process_test::children_of;
using process_test::Shared;
using testing::HasSubstr;

constexpr std::size_t points = 40;
constexpr std::size_t bad_point = 17;

/// Invents the results of a tile, calling `at_point` before each point.
template <class AtPoint>
TileSolver inventing(const AtPoint& at_point) {
    return [at_point](const Network& network, const Grid&, Tile tile, const std::stop_token&) {
        std::vector<SteadyState> states;
        for (std::size_t p = tile.first; p < tile.first + tile.count; ++p) {
            at_point(p);
            states.push_back(support::invented_state(network, p));
        }
        return std::optional(support::tile_result(network, tile, states));
    };
}

/// Memory that the compiler cannot do without.
void eat_memory() {
    std::vector<std::vector<char>> eaten;
    for (;;) eaten.emplace_back(1'000'000, 'x');
}

class ProcessesEngineTest : public process_test::LeavesNothing {
protected:
    ProcessesEngineTest() : model_(support::co_model(4, 10)) {}

    /// Eight tiles of five points.
    [[nodiscard]] TileJob job() const {
        std::vector<Tile> tiles;
        for (std::size_t first = 0; first < points; first += 5) tiles.push_back({first, 5});
        return {model_.network, model_.grid, tiles};
    }

    [[nodiscard]] ResultSet run(const TileSolver& solver, WorkerLimits limits = {}) const {
        ProcessesEngine engine(2, limits, solver);
        ResultSet results(model_.network, points);
        EXPECT_TRUE(engine.run(job(), [&](TileResult&& r) { results.store(std::move(r)); }, {}));
        EXPECT_TRUE(results.complete());
        return results;
    }

    /// All points are right, but for the bad one, which says so.
    void expect_one_lost_point(const ResultSet& results, const std::string& reason) const {
        const StateTable& states = results.states();
        for (std::size_t p = 0; p < points; ++p) {
            if (p == bad_point) continue;
            EXPECT_EQ(states.status[p], Status::converged) << p;
            const auto found = states.coverages(p);
            EXPECT_EQ(std::vector(found.begin(), found.end()),
                      support::invented_state(model_.network, p).coverages)
                << p;
        }
        EXPECT_EQ(states.status[bad_point], Status::worker_failed);
        ASSERT_EQ(states.detail.size(), 1U);
        EXPECT_THAT(states.detail.at(bad_point), HasSubstr(reason));
    }

    Model model_;
};

TEST_F(ProcessesEngineTest, MarksThePointThatAborts) {
    const Shared<std::array<std::atomic<int>, points>> tries;
    const ResultSet results = run(inventing([&](std::size_t p) {
        ++(*tries)[p];
        if (p == bad_point) std::abort();
    }));
    expect_one_lost_point(results, "its worker process was ended by signal 6 (Aborted)");
    EXPECT_EQ((*tries)[bad_point], 3);  // its tile, again, and alone
    EXPECT_EQ((*tries)[bad_point - 1], 3);
    EXPECT_EQ((*tries)[bad_point + 1], 1);
    EXPECT_EQ((*tries)[0], 1);
}

TEST_F(ProcessesEngineTest, MarksThePointThatExits) {
    const ResultSet results = run(inventing([](std::size_t p) {
        if (p == bad_point) std::exit(3);
    }));
    expect_one_lost_point(results, "its worker process exited with code 3");
}

TEST_F(ProcessesEngineTest, MarksThePointThatHangs) {
    const auto start = std::chrono::steady_clock::now();
    const ResultSet results = run(inventing([](std::size_t p) {
                                      while (p == bad_point) std::this_thread::sleep_for(1s);
                                  }),
                                  {.tile_time = 200ms});
    expect_one_lost_point(results, "it did not finish within 0.2 s");
    EXPECT_GT(std::chrono::steady_clock::now() - start, 600ms);
}

TEST_F(ProcessesEngineTest, MarksThePointThatEatsMemory) {
    if (process_test::sanitized) GTEST_SKIP() << "a sanitizer takes all address space";
    const ResultSet results = run(inventing([](std::size_t p) {
                                      if (p == bad_point) eat_memory();
                                  }),
                                  {.memory = std::size_t{64} << 20U});
    expect_one_lost_point(results, "its worker process ran out of memory (limit 64 MiB)");
}

TEST_F(ProcessesEngineTest, MarksThePointThatKillsItselfFromOutside) {
    const Shared<std::atomic<int>> tries;
    const ResultSet results = run(inventing([&](std::size_t p) {
        if (p != bad_point) return;
        ++*tries;
        kill(getpid(), SIGKILL);
    }));
    expect_one_lost_point(results, "its worker process was ended by signal 9 (Killed)");
    EXPECT_EQ(*tries, 2 + 5);
}

TEST_F(ProcessesEngineTest, ForgivesAPointThatCrashesOnce) {
    const Shared<std::atomic<bool>> crashed;
    const ResultSet results = run(inventing([&](std::size_t p) {
        if (p == bad_point && !crashed->exchange(true)) std::abort();
    }));
    EXPECT_EQ(results.count(), (std::map<Status, std::size_t>{{Status::converged, points}}));
}

TEST_F(ProcessesEngineTest, MarksAllWhenAllCrash) {
    const ResultSet results = run(inventing([](std::size_t) { std::abort(); }));
    EXPECT_EQ(results.count(), (std::map<Status, std::size_t>{{Status::worker_failed, points}}));
}

TEST_F(ProcessesEngineTest, WorkersDoNotHearCtrlC) {
    const ResultSet results = run(inventing([](std::size_t) { std::raise(SIGINT); }));
    EXPECT_EQ(results.count(), (std::map<Status, std::size_t>{{Status::converged, points}}));
}

TEST_F(ProcessesEngineTest, KeepsWorkersAndDoesNotForkForEachTile) {
    std::map<double, int> points_of_worker;
    const auto solver = [](const Network& network, const Grid&, Tile tile, const std::stop_token&) {
        std::vector<SteadyState> states(tile.count, support::invented_state(network, 1));
        for (SteadyState& state : states) state.residual = getpid();
        std::this_thread::sleep_for(1ms);
        return std::optional(support::tile_result(network, tile, states));
    };
    const ResultSet results = run(solver);
    for (const double process : results.states().residual) ++points_of_worker[process];
    EXPECT_LE(points_of_worker.size(), 2U);
    EXPECT_FALSE(points_of_worker.contains(getpid()));
}

TEST_F(ProcessesEngineTest, AnErrorOfTheSolverComesBackWhole) {
    ProcessesEngine engine(2, {}, inventing([](std::size_t p) {
                               if (p == 3) throw Error("odd", "do so", {"model.yaml", 4, 5});
                           }));
    try {
        engine.run(job(), [](TileResult&&) {}, {});
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_EQ(error.message(), "odd");
        EXPECT_EQ(error.advice(), "do so");
        EXPECT_EQ(error.place().text(), "model.yaml:4");
        EXPECT_EQ(error.place().column, 5);
    }
}

TEST_F(ProcessesEngineTest, AStopEndsWorkersThatDoNotListen) {
    ProcessesEngine engine(2, {}, inventing([](std::size_t) { std::this_thread::sleep_for(1h); }));
    std::stop_source source;
    const std::jthread user([&] {
        std::this_thread::sleep_for(50ms);
        source.request_stop();
    });
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(engine.run(
        job(), [](TileResult&&) { ADD_FAILURE(); }, source.get_token()));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

TEST_F(ProcessesEngineTest, WorkersDieWithTheProgram) {
    // Workers hold the writing end of this pipe; its end means that none is left.
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const pid_t program = fork();
    ASSERT_GE(program, 0);
    if (program == 0) {
        ProcessesEngine engine(2, {}, inventing([&](std::size_t) {
                                   (void)!write(pipe_ends[1], "w", 1);
                                   std::this_thread::sleep_for(1h);
                               }));
        engine.run(job(), [](TileResult&&) {}, {});
        _exit(0);
    }
    close(pipe_ends[1]);
    const auto readable = [&] {
        pollfd waiting{pipe_ends[0], POLLIN, 0};
        return poll(&waiting, 1, 20000) == 1;
    };
    char mark = 0;
    for (int worker = 0; worker < 2; ++worker) {
        ASSERT_TRUE(readable());
        ASSERT_EQ(read(pipe_ends[0], &mark, 1), 1);
    }
    kill(program, SIGKILL);
    waitpid(program, nullptr, 0);
    EXPECT_TRUE(readable());
    EXPECT_EQ(read(pipe_ends[0], &mark, 1), 0);
    close(pipe_ends[0]);
}

}  // namespace
}  // namespace turnover
