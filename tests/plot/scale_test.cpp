#include "turnover/plot/scale.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "turnover/plot/colours.hpp"

namespace turnover {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

TEST(RoundStep, IsTheNextOfOneTwoFive) {
    EXPECT_DOUBLE_EQ(round_step(1.0), 1.0);
    EXPECT_DOUBLE_EQ(round_step(1.1), 2.0);
    EXPECT_DOUBLE_EQ(round_step(0.03), 0.05);
    EXPECT_DOUBLE_EQ(round_step(700.0), 1000.0);
}

TEST(RoundLevels, EncloseTheRangeAtRoundNumbers) {
    EXPECT_EQ(round_levels(-1.3, 4.2, 6.0), (std::vector<double>{-2, -1, 0, 1, 2, 3, 4, 5}));
    for (const double width : {1e-3, 0.7, 3.0, 29.0, 512.0}) {
        const auto levels = round_levels(-11.7, -11.7 + width, 20.0);
        EXPECT_LE(levels.front(), -11.7);
        EXPECT_GE(levels.back(), -11.7 + width);
        EXPECT_GE(levels.size(), 8U);
        EXPECT_LE(levels.size(), 23U);
    }
}

TEST(RoundLevels, WidenARangeOfNoWidth) {
    const auto levels = round_levels(6.25, 6.25, 20.0);
    EXPECT_LE(levels.front(), 5.75);
    EXPECT_GE(levels.back(), 6.75);
    EXPECT_GE(round_levels(0.0, 0.0, 20.0).size(), 2U);
}

TEST(LabelDistance, IsARoundMultipleOfTheBands) {
    EXPECT_DOUBLE_EQ(label_distance({0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, 5.0), 10.0);
    EXPECT_DOUBLE_EQ(label_distance({0, 0.5, 1.0, 1.5, 2.0}, 100.0), 0.5);
    EXPECT_DOUBLE_EQ(label_distance({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 4.0), 5.0);
}

TEST(WantsLogarithm, OnlyWhereALinearScaleWouldShowNothing) {
    EXPECT_TRUE(wants_logarithm({1e-12, 1e-3, not_a_number}));
    EXPECT_FALSE(wants_logarithm({1e-12, 0.5}));
    EXPECT_FALSE(wants_logarithm({0.0, 0.0}));  // nothing to take the logarithm of
    EXPECT_FALSE(wants_logarithm({not_a_number}));
}

TEST(Log10Magnitudes, HaveNoValueForZero) {
    const auto logs = log10_magnitudes({100.0, -0.01, 0.0, not_a_number});
    EXPECT_DOUBLE_EQ(logs[0], 2.0);
    EXPECT_DOUBLE_EQ(logs[1], -2.0);
    EXPECT_TRUE(std::isnan(logs[2]));
    EXPECT_TRUE(std::isnan(logs[3]));
}

TEST(SignedHeights, RiseOnBothSidesOfZero) {
    const auto heights = signed_heights({100.0, -0.01, 0.0, -1e-9, not_a_number}, -3.0);
    EXPECT_DOUBLE_EQ(heights[0], 5.0);
    EXPECT_DOUBLE_EQ(heights[1], -1.0);
    EXPECT_EQ(heights[2], 0.0);
    EXPECT_EQ(heights[3], 0.0);  // below the bottom
    EXPECT_TRUE(std::isnan(heights[4]));
}

TEST(RangeOf, LooksAtFiniteValuesOnly) {
    const auto range = range_of({not_a_number, 3.0, -1.0, std::numeric_limits<double>::infinity()});
    ASSERT_TRUE(range.has_value());
    EXPECT_EQ(range->low, -1.0);
    EXPECT_EQ(range->high, 3.0);
    EXPECT_FALSE(range_of({not_a_number, not_a_number}).has_value());
}

TEST(Colours, RunFromTheFirstToTheLastOfViridis) {
    EXPECT_EQ(map_colour(0.0), "#440154");
    EXPECT_EQ(map_colour(0.5), "#21908d");
    EXPECT_EQ(map_colour(1.0), "#fde725");
    EXPECT_EQ(map_colour(7.0), "#fde725");
}

TEST(Colours, OfNeighbouringCurvesDiffer) {
    for (std::size_t k = 0; k < curve_colours; ++k) EXPECT_NE(curve_colour(k), curve_colour(k + 1));
    EXPECT_EQ(curve_colour(0), curve_colour(curve_colours));
}

}  // namespace
}  // namespace turnover
