// A request to stop is heard in the middle of the work.
#include <chrono>
#include <cstddef>
#include <stop_token>
#include <thread>

#include <gtest/gtest.h>

#include "sized_networks.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

std::size_t computed(const StateTable& states) {
    std::size_t count = 0;
    for (std::size_t p = 0; p < states.points(); ++p) count += states.path[p] != Path::none;
    return count;
}

TEST(Stop, IsHeardInTheLanesAndBetweenSteps) {
    // All of this would take minutes.
    const Network network = network_of(sized_surface(200, 1));
    const KineticsTable table = pressure_points(network, 2000);
    for (const bool before : {true, false}) {
        StateTable states(network, table.points());
        std::stop_source source;
        if (before) source.request_stop();
        const std::jthread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            source.request_stop();
        });
        solve_points(network, table, states, {}, source.get_token());
        EXPECT_LT(computed(states), before ? 1u : table.points() / 2);
        for (std::size_t p = 0; p < states.points(); ++p) {
            if (states.path[p] == Path::none) {
                EXPECT_EQ(states.status[p], Status::not_computed);
            }
        }
    }
}

TEST(Stop, IsHeardOnTheReferencePath) {
    const Network network = network_of(sized_surface(20, 1));
    const KineticsTable table = pressure_points(network, 1);
    std::stop_source source;
    EXPECT_EQ(solve_reference(network, table.get(0), {}, source.get_token()).status,
              Status::converged);
    source.request_stop();
    EXPECT_EQ(solve_reference(network, table.get(0), {}, source.get_token()).status,
              Status::not_computed);
}

TEST(Stop, AnUnusedTokenChangesNoBit) {
    const Network network = network_of(sized_surface(12, 3));
    const KineticsTable table = pressure_points(network, 9);
    StateTable plain(network, 9), listening(network, 9);
    std::stop_source source;
    solve_points(network, table, plain);
    solve_points(network, table, listening, {}, source.get_token());
    for (std::size_t p = 0; p < 9; ++p) {
        for (std::size_t i = 0; i < plain.unknowns; ++i) {
            EXPECT_EQ(plain.coverages(p)[i], listening.coverages(p)[i]);
        }
    }
}

}  // namespace
}  // namespace turnover::test
