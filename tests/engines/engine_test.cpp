#include "turnover/engines/engine.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <sched.h>

#include "support/small_models.hpp"
#include "turnover/base/error.hpp"
#include "turnover/engines/processes.hpp"
#include "turnover/engines/serial.hpp"
#include "turnover/engines/threads.hpp"
#include "turnover/io/csv.hpp"

namespace turnover {
namespace {

using namespace std::chrono_literals;

/// Invents a tile's results in no time.
std::optional<TileResult> invent(const Network& network, const Grid&, Tile tile,
                                 const std::stop_token&) {
    std::vector<SteadyState> states;
    for (std::size_t i = 0; i < tile.count; ++i) {
        states.push_back(support::invented_state(network, tile.first + i));
    }
    return support::tile_result(network, tile, states);
}

/// Either engine, with a solver of the test's own.
using MakeEngine = std::unique_ptr<Engine> (*)(TileSolver);

std::unique_ptr<Engine> serial(TileSolver solver) {
    return std::make_unique<SerialEngine>(std::move(solver));
}
template <int workers>
std::unique_ptr<Engine> threads(TileSolver solver) {
    return std::make_unique<ThreadsEngine>(workers, std::move(solver));
}
template <int workers>
std::unique_ptr<Engine> processes(TileSolver solver) {
    return std::make_unique<ProcessesEngine>(workers, WorkerLimits{}, std::move(solver));
}

class AnyEngine : public testing::TestWithParam<MakeEngine> {
protected:
    AnyEngine() : model_(support::co_model(20, 20)) {}

    [[nodiscard]] TileJob job() const {
        return {model_.network, model_.grid, tiles_of(model_.grid)};
    }

    Model model_;
};

TEST_P(AnyEngine, HandsOverEveryTileOnce) {
    const auto engine = GetParam()(invent);
    ResultSet results(model_.network, model_.grid.size());
    EXPECT_TRUE(engine->run(job(), [&](TileResult&& r) { results.store(std::move(r)); }, {}));
    ASSERT_TRUE(results.complete());
    for (std::size_t i = 0; i < results.size(); ++i) {
        const auto found = results.states().coverages(i);
        EXPECT_EQ(std::vector(found.begin(), found.end()),
                  support::invented_state(model_.network, i).coverages);
    }
}

TEST_P(AnyEngine, RunsOnlyTheTilesOfTheJob) {
    const auto engine = GetParam()(invent);
    TileJob some = job();
    some.tiles = {{7, 3}, {100, 1}};
    std::set<std::size_t> firsts;
    EXPECT_TRUE(engine->run(some, [&](TileResult&& r) { firsts.insert(r.tile.first); }, {}));
    EXPECT_EQ(firsts, (std::set<std::size_t>{7, 100}));

    some.tiles.clear();
    EXPECT_TRUE(engine->run(some, [&](TileResult&&) { ADD_FAILURE(); }, {}));
}

TEST_P(AnyEngine, CallsTheSinkInTheCallingThread) {
    const auto engine = GetParam()(invent);
    engine->run(job(),
                [caller = std::this_thread::get_id()](TileResult&&) {
                    EXPECT_EQ(std::this_thread::get_id(), caller);
                },
                {});
}

TEST_P(AnyEngine, RunsNothingWhenStoppedBefore) {
    std::atomic<int> solved = 0;
    const auto engine = GetParam()([&](auto&&...) -> std::optional<TileResult> {
        ++solved;
        return std::nullopt;
    });
    std::stop_source source;
    source.request_stop();
    EXPECT_FALSE(engine->run(
        job(), [](TileResult&&) { ADD_FAILURE(); }, source.get_token()));
    EXPECT_EQ(solved, 0);
}

TEST_P(AnyEngine, StopsBetweenTilesAndKeepsWhatIsFinished) {
    const auto engine = GetParam()(invent);
    std::stop_source source;
    std::size_t handed_over = 0;
    const bool all = engine->run(
        job(),
        [&](TileResult&& r) {
            EXPECT_EQ(r.states.points(), r.tile.count);
            if (++handed_over == 10) source.request_stop();
            std::this_thread::sleep_for(1ms);
        },
        source.get_token());
    EXPECT_FALSE(all);
    EXPECT_GE(handed_over, 10U);
    EXPECT_LT(handed_over, 100U);  // of 400: what was on its way when the stop came
}

TEST_P(AnyEngine, AStopReachesIntoASlowTile) {
    const auto slow = [](const Network& network, const Grid& grid, Tile tile,
                         const std::stop_token& stop) -> std::optional<TileResult> {
        for (int point = 0; point < 60000; ++point) {  // a minute
            if (stop.stop_requested()) return std::nullopt;
            std::this_thread::sleep_for(1ms);
        }
        return invent(network, grid, tile, stop);
    };
    const auto engine = GetParam()(slow);
    std::stop_source source;
    const std::jthread user([&] {
        std::this_thread::sleep_for(20ms);
        source.request_stop();
    });
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(engine->run(
        job(), [](TileResult&&) { ADD_FAILURE(); }, source.get_token()));
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST_P(AnyEngine, AnExceptionOfTheSinkReachesTheCaller) {
    std::atomic<int> solving = 0;
    const auto engine = GetParam()(
        [&](const Network& network, const Grid& grid, Tile tile, const std::stop_token& stop) {
            ++solving;
            std::this_thread::sleep_for(100us);
            auto result = invent(network, grid, tile, stop);
            --solving;
            return result;
        });
    int calls = 0;
    EXPECT_THROW(engine->run(job(),
                             [&](TileResult&&) {
                                 if (++calls == 3) throw Error("the disk is full");
                             },
                             {}),
                 Error);
    EXPECT_EQ(calls, 3);
    EXPECT_EQ(solving, 0);  // nobody works on
}

TEST_P(AnyEngine, AnExceptionOfTheSolverReachesTheCaller) {
    const auto engine = GetParam()(
        [](const Network& network, const Grid& grid, Tile tile, const std::stop_token& stop) {
            if (tile.first == 57) throw std::runtime_error("broken");
            return invent(network, grid, tile, stop);
        });
    std::size_t handed_over = 0;
    EXPECT_THROW(engine->run(job(), [&](TileResult&&) { ++handed_over; }, {}), std::runtime_error);
    EXPECT_LT(handed_over, 400U);
}

TEST_P(AnyEngine, CanRunAgain) {
    const auto engine = GetParam()(invent);
    for (int round = 0; round < 3; ++round) {
        std::size_t points = 0;
        EXPECT_TRUE(engine->run(job(), [&](TileResult&& r) { points += r.tile.count; }, {}));
        EXPECT_EQ(points, 400U);
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, AnyEngine,
                         testing::Values(&serial, &threads<1>, &threads<2>, &threads<7>,
                                         &processes<1>, &processes<2>, &processes<7>));

TEST(ThreadsEngine, UsesAllItsWorkersAtOnce) {
    const Model model = support::co_model(2, 2);
    // Each tile waits for the other three: fewer than four workers would never finish one.
    std::atomic<int> waiting = 0;
    ThreadsEngine engine(
        4, [&](const Network& network, const Grid& grid, Tile tile, const std::stop_token& stop) {
            ++waiting;
            const auto deadline = std::chrono::steady_clock::now() + 20s;
            while (waiting < 4 && std::chrono::steady_clock::now() < deadline) {
                std::this_thread::sleep_for(1ms);
            }
            return invent(network, grid, tile, stop);
        });
    EXPECT_EQ(engine.workers(), 4);
    engine.run({model.network, model.grid, tiles_of(model.grid)}, [](TileResult&&) {}, {});
    EXPECT_EQ(waiting, 4);
}

TEST(ThreadsEngine, WaitsForASlowSinkInsteadOfPilingUpResults) {
    const Model model = support::co_model(20, 20);
    std::atomic<std::size_t> solved = 0;
    ThreadsEngine engine(
        2, [&](const Network& network, const Grid& grid, Tile tile, const std::stop_token& stop) {
            ++solved;
            return invent(network, grid, tile, stop);
        });
    std::size_t stored = 0;
    std::size_t most_ahead = 0;
    engine.run({model.network, model.grid, tiles_of(model.grid)},
               [&](TileResult&&) {
                   std::this_thread::sleep_for(200us);
                   most_ahead = std::max(most_ahead, solved - stored);
                   ++stored;
               },
               {});
    EXPECT_EQ(stored, 400U);
    EXPECT_LE(most_ahead,
              24U);  // a batch at the sink, one in the outbox, one in each worker's hand
}

TEST(ThreadsEngine, NeedsAWorker) { EXPECT_THROW(ThreadsEngine(0), std::invalid_argument); }
TEST(ProcessesEngine, NeedsAWorker) { EXPECT_THROW(ProcessesEngine(0), std::invalid_argument); }

TEST(MakeEngine, KnowsItsNames) {
    for (const std::string& name : engine_names()) {
        if (name == "work-queue") continue;  // needs a password, or is not there
        if (name == "mpi") continue;  // for processes that mpirun started (apps/mpi_test.cpp)
        const auto engine = make_engine(name, {.workers = 1});
        EXPECT_EQ(engine->name(), name);
        EXPECT_EQ(engine->workers(), 1);
    }
    EXPECT_EQ(make_engine("threads", {.workers = 3})->workers(), 3);
    EXPECT_EQ(make_engine("threads", {})->workers(), available_cores());
    EXPECT_EQ(make_engine("processes", {})->workers(), available_cores());
    EXPECT_EQ(make_engine("serial", {.workers = 3})->workers(), 1);
}

TEST(MakeEngine, MakesNoWorkQueueWithoutAPassword) {
    try {
        (void)make_engine("work-queue", {});
        FAIL() << "anybody may come";
    } catch (const Error& error) {
        const std::string words = error.message() + error.advice();
        // Where it is not built in, it says which package brings it.
        EXPECT_TRUE(words.find("--password-file") != std::string::npos ||
                    words.find("coop-computing-tools-dev") != std::string::npos)
            << words;
    }
}

TEST(MakeEngine, SaysWhatThereIs) {
    try {
        (void)make_engine("thraeds", {});
        FAIL() << "no such engine";
    } catch (const Error& error) {
        EXPECT_NE(error.message().find("thraeds"), std::string::npos);
        EXPECT_NE(error.advice().find("serial, threads, processes"), std::string::npos);
    }
    EXPECT_THROW((void)make_engine("threads", {.workers = -1}), Error);
    EXPECT_THROW((void)make_engine("serial", {.workers = -1}), Error);
    EXPECT_THROW((void)make_engine("mpi", {}), Error);  // without a session
}

TEST(AvailableCores, FollowsTheAffinityMask) {
    cpu_set_t before;
    ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
    EXPECT_EQ(available_cores(), CPU_COUNT(&before));

    cpu_set_t one;
    CPU_ZERO(&one);
    int first = 0;
    while (!CPU_ISSET(first, &before)) ++first;
    CPU_SET(first, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(available_cores(), 1);
    ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
}

// ---- The whole way: real solver, real output --------------------------------------------------

std::string csv_by(Engine& engine, const Model& model) {
    ResultSet results(model.network, model.grid.size());
    engine.run({model.network, model.grid, tiles_of(model.grid)},
               [&](TileResult&& r) { results.store(std::move(r)); }, {});
    std::ostringstream out;
    write_csv(out, model, results);
    return out.str();
}

TEST(Map, IsTheSameToTheByteWhateverTheEngine) {
    const Model model = support::co_model(4, 5);
    SerialEngine serial;
    const std::string expected = csv_by(serial, model);
    EXPECT_EQ(std::count(expected.begin(), expected.end(), '\n'), 21);
    EXPECT_NE(expected.find(",converged\n"), std::string::npos);
    for (const int workers : {1, 2, 3}) {
        ThreadsEngine threads(workers);
        EXPECT_EQ(csv_by(threads, model), expected) << workers << " threads";
        ProcessesEngine processes(workers);
        EXPECT_EQ(csv_by(processes, model), expected) << workers << " processes";
    }
}

TEST(Map, TheOtherOrderOfAxesIsTheTranspose) {
    const Mechanism mechanism = support::co_oxidation();
    const Axis co = support::pressure_axis(mechanism, "CO_g", 3);
    const Axis o2 = support::pressure_axis(mechanism, "O2_g", 4);
    const Model one = support::model_of(mechanism, {co, o2});
    const Model other = support::model_of(mechanism, {o2, co});
    const TileResult a = solve_tile(one.network, one.grid, {0, 12});
    const TileResult b = solve_tile(other.network, other.grid, {0, 12});
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 4; ++j) {
            EXPECT_TRUE(
                std::ranges::equal(a.states.coverages(i * 4 + j), b.states.coverages(j * 3 + i)));
            EXPECT_TRUE(
                std::ranges::equal(a.states.net_rates(i * 4 + j), b.states.net_rates(j * 3 + i)));
        }
    }
    EXPECT_FALSE(std::ranges::equal(a.states.coverages(1), b.states.coverages(1)));
}

}  // namespace
}  // namespace turnover
