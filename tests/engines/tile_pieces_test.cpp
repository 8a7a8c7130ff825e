#include "turnover/engines/tile_pieces.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "support/small_models.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover {
namespace {

using Tiles = std::vector<Tile>;

TEST(TilePieces, LeaveTilesWholeWhereThereAreEnough) {
    const Model model = support::co_model(2, 2);
    TilePieces pieces(model.network, {{0, 10}, {20, 10}}, 2);
    EXPECT_EQ(pieces.pieces(), (Tiles{{0, 10}, {20, 10}}));
    const auto whole = pieces.add({{20, 10}, StateTable(model.network, 10)});
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->tile, (Tile{20, 10}));
}

TEST(TilePieces, AreAsManyAsWantedButNoSmallerThanAPoint) {
    const Model model = support::co_model(2, 2);
    EXPECT_EQ(TilePieces(model.network, {{0, 10}, {20, 10}}, 5).pieces(),
              (Tiles{{0, 3}, {3, 3}, {6, 4}, {20, 3}, {23, 3}, {26, 4}}));
    EXPECT_EQ(TilePieces(model.network, {{4, 2}, {6, 1}}, 100).pieces(),
              (Tiles{{4, 1}, {5, 1}, {6, 1}}));
    EXPECT_TRUE(TilePieces(model.network, {}, 7).pieces().empty());
}

TEST(TilePieces, RefuseResultsOfAnotherSize) {
    const Model model = support::co_model(2, 2);
    TilePieces pieces(model.network, {{0, 10}}, 5);
    EXPECT_THROW((void)pieces.add({{0, 2}, StateTable(model.network, 10)}), std::logic_error);
}

TEST(TilePieces, MakeTheTileThatTheyAreOf) {
    const Model model = support::co_model(8, 6);
    const Tiles tiles{{0, 16}, {16, 16}, {40, 8}};
    TilePieces pieces(model.network, tiles, 15);
    Tiles order = pieces.pieces();
    ASSERT_EQ(order.size(), 15u);
    std::ranges::shuffle(order, std::mt19937(7));
    std::vector<TileResult> made;
    for (const Tile& piece : order) {
        if (auto tile = pieces.add(solve_tile(model.network, model.grid, piece))) {
            made.push_back(std::move(*tile));
        }
    }
    ASSERT_EQ(made.size(), tiles.size());
    for (const TileResult& result : made) {
        const TileResult whole = solve_tile(model.network, model.grid, result.tile);
        EXPECT_TRUE(encode_tile(result) == encode_tile(whole)) << result.tile.first;
    }
}

}  // namespace
}  // namespace turnover
