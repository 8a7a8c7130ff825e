#include "turnover/sweep/tile_codec.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/small_models.hpp"
#include "turnover/base/error.hpp"

namespace turnover {
namespace {

const Network co_network(support::co_oxidation());

TileResult two_points() {
    SteadyState good = support::invented_state(co_network, 1);
    SteadyState bad = support::invented_state(co_network, 2);
    good.coverages[0] = 5e-324;
    good.slowest_eigenvalue = -std::numeric_limits<double>::infinity();
    bad.status = Status::not_settled;
    bad.detail = "still falls";
    return support::tile_result(co_network, {40, 2}, {good, bad});
}

TEST(TileCodec, GivesBackEveryBit) {
    const TileResult before = two_points();
    const std::string bytes = encode_tile(before);
    const TileResult after = decode_tile(bytes, co_network);
    EXPECT_EQ(after.tile, before.tile);
    EXPECT_EQ(after.states.status, before.states.status);
    EXPECT_EQ(after.states.coverage, before.states.coverage);
    EXPECT_EQ(after.states.net_rate, before.states.net_rate);
    EXPECT_EQ(after.states.turnover_frequency, before.states.turnover_frequency);
    EXPECT_EQ(after.states.slowest_eigenvalue, before.states.slowest_eigenvalue);
    EXPECT_EQ(after.states.digits, before.states.digits);
    EXPECT_EQ(after.states.detail, before.states.detail);
    EXPECT_EQ(encode_tile(after), bytes);
}

TEST(TileCodec, IncompleteTilesAreRefused) {
    const std::string bytes = encode_tile(two_points());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_THROW((void)decode_tile(std::string_view(bytes).substr(0, length), co_network),
                     Error)
            << length;
    }
}

TEST(TileCodec, DamagedBytesGiveATileOfTheRightShapeOrNone) {
    const std::string bytes = encode_tile(two_points());
    for (std::size_t k = 0; k < bytes.size(); ++k) {
        std::string damaged = bytes;
        damaged[k] = static_cast<char>(damaged[k] ^ 0x90);
        try {
            const TileResult result = decode_tile(damaged, co_network);
            EXPECT_EQ(result.states.points(), result.tile.count);
            EXPECT_LE(result.tile.count, 2U);
        } catch (const Error&) {
        }
    }
}

TEST(TileCodec, AnotherNetworksTileIsRefused) {
    Mechanism mechanism = support::co_oxidation();
    support::add_plain_step(mechanism, "CO_s <-> OC_s", 1.0, 1.0);
    EXPECT_THROW((void)decode_tile(encode_tile(two_points()), Network(mechanism)), Error);
}

}  // namespace
}  // namespace turnover
