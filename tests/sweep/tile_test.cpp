#include "turnover/sweep/tile.hpp"

#include <algorithm>
#include <stdexcept>

#include <gtest/gtest.h>

#include "support/small_models.hpp"

namespace turnover {
namespace {

Grid grid_of(const std::vector<std::size_t>& lengths) {
    std::vector<Axis> axes;
    for (std::size_t a = 0; a < lengths.size(); ++a) {
        axes.push_back({"axis",
                        {Parameter::Kind::energy, a},
                        "eV",
                        1.0,
                        Spacing::listed,
                        std::vector<double>(lengths[a], 1.0)});
    }
    return Grid(std::move(axes));
}

class Tiles : public testing::TestWithParam<std::vector<std::size_t>> {};

TEST_P(Tiles, CoverEveryPointOnceInOrderAlongWholeRowsOrWithinOne) {
    const Grid grid = grid_of(GetParam());
    const std::size_t row = GetParam().empty() ? 1 : GetParam().back();
    std::size_t next = 0;
    for (const Tile& tile : tiles_of(grid)) {
        EXPECT_EQ(tile.first, next);
        EXPECT_GE(tile.count, 1U);
        EXPECT_LE(tile.count, 2048U);
        const std::size_t into_row = tile.first % row;
        EXPECT_TRUE(into_row + tile.count <= row || (into_row == 0 && tile.count % row == 0));
        next += tile.count;
    }
    EXPECT_EQ(next, grid.size());
}

TEST_P(Tiles, AreManyEnoughForManyCores) {
    const Grid grid = grid_of(GetParam());
    EXPECT_GE(tiles_of(grid).size(), std::min<std::size_t>(grid.size(), 256));
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, Tiles,
    testing::Values(std::vector<std::size_t>{}, std::vector<std::size_t>{1},
                    std::vector<std::size_t>{10, 10}, std::vector<std::size_t>{100, 100},
                    std::vector<std::size_t>{1000, 1000}, std::vector<std::size_t>{1000003},
                    std::vector<std::size_t>{1, 999983}, std::vector<std::size_t>{40000, 3},
                    std::vector<std::size_t>{7, 11, 13, 17, 5}));

TEST(TilesOf, SmallMapsFallIntoPointsAndLargeOnesIntoBlocks) {
    EXPECT_EQ(tiles_of(grid_of({10, 10})).size(), 100U);
    EXPECT_EQ(tiles_of(grid_of({1000, 1000})).size(), 500U);
    EXPECT_EQ(tiles_of(grid_of({1000, 1000})).front(), (Tile{0, 2000}));
}

TEST(SolveTile, GivesTheSameAsPointByPoint) {
    const Model model = support::co_model(2, 3);
    const TileResult whole = solve_tile(model.network, model.grid, {1, 4});
    ASSERT_EQ(whole.states.points(), 4U);
    EXPECT_EQ(whole.tile, (Tile{1, 4}));
    for (std::size_t i = 0; i < 4; ++i) {
        const TileResult single = solve_tile(model.network, model.grid, {1 + i, 1});
        EXPECT_EQ(single.states.status[0], Status::converged);
        EXPECT_TRUE(std::ranges::equal(single.states.coverages(0), whole.states.coverages(i)));
        EXPECT_TRUE(std::ranges::equal(single.states.turnover_frequencies(0),
                                       whole.states.turnover_frequencies(i)));
    }
    EXPECT_FALSE(std::ranges::equal(whole.states.coverages(0), whole.states.coverages(1)));
}

TEST(SolveTile, APointWithoutRateConstantsCarriesItsReason) {
    // k = A T^b overflows at the hot point only.
    Mechanism mechanism = support::co_oxidation();
    std::get<ArrheniusTheory>(mechanism.steps[0].theory).forward.temperature_exponent = 100.0;
    const Axis temperature{
        "temperature", {Parameter::Kind::temperature, 0}, "K", 1.0, Spacing::listed, {10.0, 1e4}};
    const Grid grid({temperature});
    const TileResult result = solve_tile(Network(mechanism), grid, {0, 2});
    EXPECT_NE(result.states.status[0], Status::invalid_conditions);
    EXPECT_EQ(result.states.status[1], Status::invalid_conditions);
    EXPECT_FALSE(result.states.detail.at(1).empty());
}

TEST(SolveTile, IsGivenUpWhenAskedTo) {
    const Model model = support::co_model(2, 2);
    std::stop_source source;
    EXPECT_TRUE(solve_tile(model.network, model.grid, {0, 1}, source.get_token()).has_value());
    source.request_stop();
    EXPECT_FALSE(solve_tile(model.network, model.grid, {0, 1}, source.get_token()).has_value());
}

TEST(SolveTile, StaysWithinTheGrid) {
    const Model model = support::co_model(2, 2);
    EXPECT_THROW((void)solve_tile(model.network, model.grid, {3, 2}), std::out_of_range);
    EXPECT_THROW((void)solve_tile(model.network, model.grid, {5, 0}), std::out_of_range);
}

}  // namespace
}  // namespace turnover
