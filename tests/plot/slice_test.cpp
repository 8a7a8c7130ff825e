#include "turnover/plot/slice.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "turnover/base/error.hpp"
#include "turnover/plot/map_plot.hpp"

namespace turnover {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// 2 x 3 x 2 points whose value is their index.
MapData counted_map() {
    MapData map;
    map.title = "test_map";
    map.axes = {{"pressure.A_g", "bar", true, {1.0, 10.0}},
                {"temperature", "K", false, {400.0, 500.0, 600.0}},
                {"pressure.B_g", "Pa", false, {7.0, 3.0}}};
    std::vector<double> index;
    for (int k = 0; k < 12; ++k) index.push_back(k);
    map.variables = {{"coverage.A_s", "1", index},
                     {"rate.r1", "1/s", index},
                     {"tof.A_g", "1/s", std::vector<double>(12, -1.0)},
                     {"tof.B_g", "1/s", index}};
    return map;
}

TEST(DefaultGas, IsTheFirstProduct) {
    MapData map = counted_map();
    EXPECT_EQ(default_gas(map), "B_g");
    map.variables[3].values.assign(12, 0.0);
    EXPECT_EQ(default_gas(map), "A_g");  // no product: the first that changes at all
    map.variables[2].values.assign(12, 0.0);
    EXPECT_EQ(default_gas(map), "A_g");
    map.variables.resize(2);
    EXPECT_THROW((void)default_gas(map), Error);
}

TEST(Slice, HoldsFurtherAxesAtTheirMiddle) {
    const Slice slice = slice_of(counted_map(), "B_g");
    ASSERT_EQ(slice.axes.size(), 2U);
    EXPECT_EQ(slice.axes[0].name, "pressure.A_g");
    EXPECT_EQ(slice.axes[1].name, "temperature");
    // Of two values the lower one, 3 Pa, which is the second of its axis: the odd indices.
    EXPECT_THAT(slice.turnover_frequency.values, ElementsAre(1, 3, 5, 7, 9, 11));
    EXPECT_EQ(slice.turnover_frequency.label, "B");
    EXPECT_EQ(slice.title, "test\\_map at {/:Italic p}(B) = 3 Pa");
    ASSERT_EQ(slice.coverages.size(), 1U);
    EXPECT_EQ(slice.coverages[0].label, "θ(A)");
}

TEST(Slice, HoldsAxesWhereTheUserSays) {
    const MapData map = counted_map();
    // 0.06 mbar is 6 Pa, nearest to 7 Pa, the first of its axis: the even indices.
    EXPECT_THAT(slice_of(map, "B_g", {"pressure.B_g=0.06 mbar"}).turnover_frequency.values,
                ElementsAre(0, 2, 4, 6, 8, 10));
    const Slice plane = slice_of(map, "B_g", {"temperature=520"});
    EXPECT_EQ(plane.axes[1].name, "pressure.B_g");
    EXPECT_THAT(plane.turnover_frequency.values, ElementsAre(3, 2, 9, 8));
    EXPECT_THAT(plane.title, HasSubstr("= 500 K"));
    const Slice line = slice_of(map, "B_g", {"temperature=600", "pressure.A_g=1e6 Pa"});
    EXPECT_THAT(line.turnover_frequency.values, ElementsAre(11, 10));
    for (const char* const wrong : {"temperature=700", "temprature=500", "temperature=1 bar",
                                    "temperature", "temperature=warm"}) {
        EXPECT_THROW((void)slice_of(map, "B_g", {wrong}), Error) << wrong;
    }
    EXPECT_THROW(
        (void)slice_of(map, "B_g", {"temperature=500", "pressure.A_g=1", "pressure.B_g=3"}), Error);
}

TEST(Slice, PassesOverAxesOfOneValueAndSortsTheOthers) {
    MapData map = counted_map();
    map.axes[1].values = {400.0};
    map.axes[0].values = {1.0};
    map.variables[3].values = {10.0, 20.0};
    for (std::size_t v = 0; v < 3; ++v) map.variables[v].values.resize(2);
    const Slice slice = slice_of(map, "B_g");
    ASSERT_EQ(slice.axes.size(), 1U);
    EXPECT_THAT(slice.axes[0].values, ElementsAre(3.0, 7.0));
    EXPECT_THAT(slice.turnover_frequency.values, ElementsAre(20.0, 10.0));
    EXPECT_THAT(slice.title, HasSubstr("{/:Italic T} = 400 K"));
}

TEST(Slice, RefusesASinglePointAndAnUnknownGas) {
    MapData map = counted_map();
    try {
        (void)slice_of(map, "C_g");
        FAIL() << "an unknown gas was accepted";
    } catch (const Error& error) {
        EXPECT_THAT(error.message(), HasSubstr("C_g"));
        EXPECT_THAT(error.advice(), HasSubstr("A_g, B_g"));
    }
    for (MapAxis& axis : map.axes) axis.values.resize(1);
    EXPECT_THROW((void)slice_of(map, "B_g"), Error);
}

}  // namespace
}  // namespace turnover
