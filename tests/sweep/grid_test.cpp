#include "turnover/sweep/grid.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "support/small_models.hpp"
#include "turnover/base/error.hpp"

namespace turnover {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(Spaced, LinearGivesTheDoublesOfNumpyLinspace) {
    // numpy.linspace(1e-5, 0.5, 10), printed with 17 digits.
    const std::vector<double> expected = {1.0000000000000001e-05, 0.055564444444444444,
                                          0.11111888888888888,    0.16667333333333334,
                                          0.22222777777777777,    0.27778222222222221,
                                          0.33333666666666667,    0.38889111111111108,
                                          0.44444555555555554,    0.5};
    EXPECT_EQ(spaced(Spacing::linear, 1e-5, 0.5, 10), expected);
}

TEST(Spaced, LinearEndsExactlyWhereTheLastStepWouldMiss) {
    ASSERT_NE(0.1 + 7.0 * ((1.0 - 0.1) / 7.0), 1.0);
    const std::vector<double> values = spaced(Spacing::linear, 0.1, 1.0, 8);
    EXPECT_EQ(values.front(), 0.1);
    EXPECT_EQ(values.back(), 1.0);
}

TEST(Spaced, LogarithmicDecadesAreDecades) {
    EXPECT_EQ(spaced(Spacing::logarithmic, 1e-5, 1.0, 6),
              (std::vector<double>{1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0}));
}

TEST(Spaced, LogarithmicHasEqualRatiosAndExactEnds) {
    const std::vector<double> values = spaced(Spacing::logarithmic, 3e-7, 0.7, 12);
    EXPECT_EQ(values.front(), 3e-7);
    EXPECT_EQ(values.back(), 0.7);
    const double ratio = std::pow(0.7 / 3e-7, 1.0 / 11.0);
    for (std::size_t i = 1; i < values.size(); ++i) {
        EXPECT_NEAR(values[i] / values[i - 1], ratio, 1e-12 * ratio);
    }
}

TEST(Spaced, MayRunDownwards) {
    EXPECT_EQ(spaced(Spacing::linear, 3.0, 1.0, 3), (std::vector<double>{3.0, 2.0, 1.0}));
    EXPECT_EQ(spaced(Spacing::logarithmic, 100.0, 1.0, 3), (std::vector<double>{100.0, 10.0, 1.0}));
}

TEST(Spaced, OnePointIsTheFirstEnd) {
    EXPECT_EQ(spaced(Spacing::linear, 2.0, 5.0, 1), std::vector<double>{2.0});
    EXPECT_EQ(spaced(Spacing::logarithmic, 2.0, 5.0, 1), std::vector<double>{2.0});
}

TEST(Spaced, CloseNeighboursStayApart) {
    const std::vector<double> values = spaced(Spacing::linear, 1.0, 1.0 + 4e-15, 5);
    for (std::size_t i = 1; i < values.size(); ++i) EXPECT_LT(values[i - 1], values[i]);
}

TEST(Spaced, RefusesWhatIsNoAxis) {
    EXPECT_THROW((void)spaced(Spacing::linear, 0.0, 1.0, 0), Error);
    EXPECT_THROW((void)spaced(Spacing::linear, 0.0, infinity, 3), Error);
    EXPECT_THROW((void)spaced(Spacing::linear, std::nan(""), 1.0, 3), Error);
    EXPECT_THROW((void)spaced(Spacing::linear, -1.7e308, 1.7e308, 3), Error);
    EXPECT_THROW((void)spaced(Spacing::linear, 0.0, 1.0, std::size_t{1} << 41), Error);
    EXPECT_THROW((void)spaced(Spacing::logarithmic, 0.0, 1.0, 3), Error);
    EXPECT_THROW((void)spaced(Spacing::logarithmic, 1.0, -1.0, 3), Error);
    EXPECT_THROW((void)spaced(Spacing::listed, 0.0, 1.0, 3), Error);
}

Axis axis(std::size_t index, std::vector<double> values) {
    return {"pressure",       {Parameter::Kind::pressure, index}, "bar", 1e5, Spacing::listed,
            std::move(values)};
}

TEST(Grid, NoAxisIsOnePoint) {
    const Grid grid;
    EXPECT_EQ(grid.size(), 1U);
    EXPECT_TRUE(grid.position(0).empty());
    EXPECT_EQ(Grid(std::vector<Axis>{}).size(), 1U);
}

TEST(Grid, TheFirstAxisIsSlowest) {
    const Grid grid({axis(0, {1.0, 2.0}), axis(1, {10.0, 20.0, 30.0})});
    ASSERT_EQ(grid.size(), 6U);
    EXPECT_EQ(grid.values(0), (std::vector<double>{1.0, 10.0}));
    EXPECT_EQ(grid.values(1), (std::vector<double>{1.0, 20.0}));
    EXPECT_EQ(grid.values(3), (std::vector<double>{2.0, 10.0}));
    EXPECT_EQ(grid.position(5), (std::vector<std::size_t>{1, 2}));
    EXPECT_THROW((void)grid.position(6), std::out_of_range);
}

TEST(Grid, ConditionsAreInSiUnitsAndElseUntouched) {
    const Mechanism mechanism = support::co_oxidation();
    const Grid grid({support::pressure_axis(mechanism, "O2_g", 2)});
    const Conditions conditions = grid.conditions(mechanism.conditions, 1);
    const std::size_t o2 = mechanism.find_species("O2_g").value();
    const std::size_t co = mechanism.find_species("CO_g").value();
    EXPECT_EQ(conditions.pressures[o2], 0.5 * 1e5);
    EXPECT_EQ(conditions.pressures[co], mechanism.conditions.pressures[co]);
    EXPECT_EQ(conditions.temperature, 500.0);
    EXPECT_EQ(mechanism.conditions.pressures[o2], 2e4);
}

TEST(Grid, AppliedOverAnotherPointLeavesNothingOfIt) {
    const Mechanism mechanism = support::co_oxidation();
    const Grid grid({support::pressure_axis(mechanism, "O2_g", 3),
                     support::pressure_axis(mechanism, "CO_g", 4)});
    Conditions reused = mechanism.conditions;
    for (const std::size_t index : {11U, 0U, 7U, 6U}) {
        grid.apply(reused, index);
        const Conditions fresh = grid.conditions(mechanism.conditions, index);
        for (const char* gas : {"O2_g", "CO_g"}) {
            const std::size_t g = mechanism.find_species(gas).value();
            EXPECT_EQ(reused.pressures[g], fresh.pressures[g]);
        }
    }
    EXPECT_THROW(grid.apply(reused, 12), std::out_of_range);
}

TEST(Grid, RefusesWhatCannotBeSwept) {
    EXPECT_THROW(Grid({axis(0, {})}), Error);
    EXPECT_THROW(Grid({axis(0, {1.0, std::nan("")})}), Error);
    EXPECT_THROW(Grid({axis(0, {1e305})}), Error);  // not finite in Pa
    EXPECT_THROW(Grid({axis(0, {1.0}), axis(1, {1.0}), axis(0, {2.0})}), Error);
    const std::vector<double> many(100000, 1.0);
    EXPECT_THROW(Grid({axis(0, many), axis(1, many), axis(2, many)}), Error);
}

}  // namespace
}  // namespace turnover
