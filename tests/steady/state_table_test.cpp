#include "turnover/steady/state_table.hpp"

#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

#include "support/small_models.hpp"

namespace turnover {
namespace {

const Network network(support::co_oxidation());

StateTable invented(std::size_t points, std::size_t seed) {
    StateTable table(network, points);
    for (std::size_t p = 0; p < points; ++p) {
        SteadyState state = support::invented_state(network, seed + p);
        if (p == 1) state.detail = "of " + std::to_string(seed);
        table.set(p, state, Path::batch);
    }
    return table;
}

void expect_point(const StateTable& table, std::size_t p, std::size_t seed) {
    const SteadyState expected = support::invented_state(network, seed);
    const auto equal = [](std::span<const double> a, const std::vector<double>& b) {
        return std::vector(a.begin(), a.end()) == b;
    };
    EXPECT_TRUE(equal(table.coverages(p), expected.coverages));
    EXPECT_TRUE(equal(table.net_rates(p), expected.net_rates));
    EXPECT_TRUE(equal(table.turnover_frequencies(p), expected.turnover_frequencies));
    EXPECT_EQ(table.status[p], Status::converged);
    EXPECT_EQ(table.path[p], Path::batch);
    EXPECT_EQ(table.integration_steps[p], expected.integration_steps);
    EXPECT_EQ(table.slowest_eigenvalue[p], expected.slowest_eigenvalue);
}

TEST(StateTable, StartsWithNothingComputed) {
    const StateTable table(network, 3);
    EXPECT_EQ(table.points(), 3U);
    EXPECT_EQ(table.status[2], Status::not_computed);
    EXPECT_EQ(table.path[2], Path::none);
}

TEST(StateTable, ColumnsLeaveNothingOut) {
    const auto count = std::tuple_size_v<decltype(columns(std::declval<StateTable&>()))>;
    EXPECT_EQ(sizeof(StateTable), 3 * sizeof(std::size_t) + count * sizeof(std::vector<double>) +
                                      sizeof(std::map<std::size_t, std::string>));
    StateTable table(network, 2);
    std::set<const void*> all;
    std::apply([&](const auto&... column) { (all.insert(&column), ...); }, columns(table));
    EXPECT_EQ(all.size(), count);
}

TEST(StateTable, TakesARunOfPoints) {
    StateTable table(network, 5);
    table.insert(2, invented(3, 70));
    EXPECT_EQ(table.status[1], Status::not_computed);
    for (std::size_t p = 2; p < 5; ++p) expect_point(table, p, 68 + p);
    EXPECT_EQ(table.detail.at(3), "of 70");
}

TEST(StateTable, TakesScatteredPoints) {
    StateTable table(network, 6);
    const std::array<std::size_t, 2> places{4, 1};
    table.insert(places, invented(2, 10));
    expect_point(table, 4, 10);
    expect_point(table, 1, 11);
    EXPECT_EQ(table.status[0], Status::not_computed);
    EXPECT_EQ(table.detail.at(1), "of 10");
}

TEST(StateTable, PicksPoints) {
    const StateTable table = invented(4, 20);
    const std::array<std::size_t, 3> places{3, 1, 1};
    const StateTable picked = table.picked(places);
    ASSERT_EQ(picked.points(), 3U);
    expect_point(picked, 0, 23);
    expect_point(picked, 1, 21);
    expect_point(picked, 2, 21);
    EXPECT_EQ(picked.detail, (std::map<std::size_t, std::string>{{1, "of 20"}, {2, "of 20"}}));
}

}  // namespace
}  // namespace turnover
