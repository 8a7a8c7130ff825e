#include "turnover/sweep/result_set.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "support/small_models.hpp"

namespace turnover {
namespace {

const Network network(support::co_oxidation());

TileResult tile(Tile place, const std::vector<SteadyState>& states) {
    return support::tile_result(network, place, states);
}

SteadyState state(Status status, int steps) {
    SteadyState s;
    s.status = status;
    s.integration_steps = steps;
    return s;
}

TEST(ResultSet, KeepsResultsByIndexInWhateverOrderTheyCome) {
    ResultSet results(network, 5);
    results.store(tile({3, 2}, {state(Status::converged, 3), state(Status::unstable, 4)}));
    EXPECT_FALSE(results.complete());
    EXPECT_EQ(results.states().status[0], Status::not_computed);
    results.store(tile({0, 1}, {state(Status::converged, 0)}));
    results.store(tile({1, 2}, {state(Status::converged, 1), state(Status::converged, 2)}));
    EXPECT_TRUE(results.complete());
    EXPECT_EQ(results.stored(), 5U);
    for (std::size_t i = 0; i < 5; ++i)
        EXPECT_EQ(results.states().integration_steps[i], static_cast<int>(i));
}

TEST(ResultSet, CountsStatuses) {
    ResultSet results(network, 4);
    results.store(tile({1, 2}, {state(Status::converged, 0), state(Status::unstable, 0)}));
    const std::map<Status, std::size_t> expected = {
        {Status::converged, 1}, {Status::not_computed, 2}, {Status::unstable, 1}};
    EXPECT_EQ(results.count(), expected);
}

TEST(ResultSet, RefusesATileThatDoesNotFitOrIsThere) {
    ResultSet results(network, 4);
    const SteadyState s = state(Status::converged, 7);
    EXPECT_THROW(results.store(tile({3, 2}, {s, s})), std::logic_error);
    EXPECT_THROW(results.store(tile({9, 1}, {s})), std::logic_error);
    EXPECT_THROW(results.store(tile({0, 2}, {s})), std::logic_error);
    EXPECT_EQ(results.stored(), 0U);

    results.store(tile({2, 1}, {s}));
    EXPECT_THROW(results.store(tile({1, 2}, {s, s})), std::logic_error);
    EXPECT_EQ(results.stored(), 1U);
    EXPECT_EQ(results.states().status[1],
              Status::not_computed);  // nothing of the refused tile went in
    results.store(tile({1, 1}, {s}));
    EXPECT_EQ(results.stored(), 2U);
}

}  // namespace
}  // namespace turnover
