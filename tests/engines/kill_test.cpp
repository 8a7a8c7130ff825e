// Worker processes killed at random while a map is computed: the map is that of an undisturbed run,
// byte for byte. TURNOVER_KILLS=300 kills that many (default 20); TURNOVER_SEED=7 begins with that
// seed (default 1).
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engines/process_watch.hpp"
#include "support/small_models.hpp"
#include "turnover/engines/pool.hpp"
#include "turnover/engines/processes.hpp"
#include "turnover/engines/serial.hpp"
#include "turnover/sweep/result_set.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover {
namespace {

using process_test::Killer;

unsigned from_environment(const char* name, unsigned otherwise) {
    const char* const value = std::getenv(name);
    return value == nullptr ? otherwise : static_cast<unsigned>(std::stoul(value));
}

class RandomKills : public process_test::LeavesNothing {
protected:
    /// What is to be killed adds one for each item that it has finished.
    std::atomic<int>& progress() const { return *progress_; }

    /// Calls `run` with one killer after the other at work, each from its own seed and killing
    /// after about `step` items, until they have killed as many processes as wanted.
    template <class Run>
    void under_fire(unsigned step, const Run& run) {
        unsigned seed = from_environment("TURNOVER_SEED", 1);
        const int wanted = static_cast<int>(from_environment("TURNOVER_KILLS", 20));
        for (int killed = 0; killed < wanted; ++seed) {
            SCOPED_TRACE(fmt::format("seed {}", seed));
            progress() = 0;
            Killer killer(seed, progress(), step);
            run();
            const int now = killer.stop();
            killed += now;
            fmt::print("seed {}: {} kills, {} in all\n", seed, now, killed);
            if (HasFailure()) return;
        }
    }

    /// solve_tile with a rest before it.
    TileSolver counting(std::chrono::microseconds rest) const {
        return [this, rest](const Network& network, const Grid& grid, Tile tile,
                            const std::stop_token& stop) {
            std::this_thread::sleep_for(rest);
            auto result = solve_tile(network, grid, tile, stop);
            ++progress();
            return result;
        };
    }

    /// Every bit of the results of a map.
    static std::string map_bytes(const Model& model, Engine& engine) {
        ResultSet results(model.network, model.grid.size());
        EXPECT_TRUE(engine.run({model.network, model.grid, tiles_of(model.grid)},
                               [&](TileResult&& tile) { results.store(std::move(tile)); }, {}));
        EXPECT_TRUE(results.complete());
        return encode_tile({{0, model.grid.size()}, results.states()});
    }

private:
    process_test::Shared<std::atomic<int>> progress_;
};

TEST_F(RandomKills, LeaveAMapOfQuickTilesAsItIs) {
    const Model model = support::co_model(200, 200);
    SerialEngine undisturbed;
    const std::string expected = map_bytes(model, undisturbed);
    under_fire(40, [&] {
        ProcessesEngine engine(3, {}, counting(std::chrono::microseconds(0)));
        // Not EXPECT_EQ, which would print megabytes.
        EXPECT_TRUE(map_bytes(model, engine) == expected);
    });
}

TEST_F(RandomKills, LeaveAMapOfSlowPointsAsItIs) {
    const Model model = support::co_model(16, 16);
    SerialEngine undisturbed;
    const std::string expected = map_bytes(model, undisturbed);
    under_fire(20, [&] {
        ProcessesEngine engine(3, {}, counting(std::chrono::microseconds(1000)));
        EXPECT_TRUE(map_bytes(model, engine) == expected);
    });
}

TEST_F(RandomKills, LeaveAPoolsValuesAsTheyAre) {
    // Some go through the memory that is shared, some through a socket in many pieces.
    const auto text = [](std::size_t k) {
        return std::string(k % 50 == 0 ? 1'200'000 : 10, static_cast<char>('a' + k % 26));
    };
    under_fire(50, [&] {
        Pool pool({.kind = WorkerKind::processes, .workers = 3, .chunk = 5});
        const auto values = pool.map(1000, [&](std::size_t k) {
            std::this_thread::sleep_for(std::chrono::microseconds(300));
            ++progress();
            return text(k);
        });
        for (std::size_t k = 0; k < values.size(); ++k) ASSERT_TRUE(values[k] == text(k));
    });
}

}  // namespace
}  // namespace turnover
