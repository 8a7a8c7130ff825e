#include "turnover/plot/contours.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

namespace turnover {
namespace {

double area(const Polygon& polygon) {
    double twice = 0.0;
    for (std::size_t k = 0; k < polygon.size(); ++k) {
        const PlanePoint& a = polygon[k];
        const PlanePoint& b = polygon[(k + 1) % polygon.size()];
        twice += a.x * b.y - b.x * a.y;
    }
    return 0.5 * std::abs(twice);
}

std::vector<double> band_areas(const Field& field, const std::vector<double>& levels) {
    std::vector<double> areas;
    for (const auto& band : filled_bands(field, levels)) {
        double sum = 0.0;
        for (const Polygon& polygon : band) sum += area(polygon);
        areas.push_back(sum);
    }
    return areas;
}

/// z = f(x, y) on n x m points of the unit square.
template <class Function>
Field field_over_unit_square(std::size_t n, std::size_t m, Function f) {
    Field field;
    for (std::size_t i = 0; i < n; ++i) {
        field.x.push_back(static_cast<double>(i) / static_cast<double>(n - 1));
    }
    for (std::size_t j = 0; j < m; ++j) {
        field.y.push_back(static_cast<double>(j) / static_cast<double>(m - 1));
    }
    for (const double x : field.x) {
        for (const double y : field.y) field.z.push_back(f(x, y));
    }
    return field;
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(FilledBands, CutARampAtItsLevels) {
    // z = x on one cell: the band [0.25, 1) is the right three quarters of it.
    const Field ramp = field_over_unit_square(2, 2, [](double x, double) { return x; });
    const auto areas = band_areas(ramp, {0.0, 0.25, 1.0});
    ASSERT_EQ(areas.size(), 2U);
    EXPECT_NEAR(areas[0], 0.25, 1e-15);
    EXPECT_NEAR(areas[1], 0.75, 1e-15);
}

TEST(FilledBands, KeepTheFirstAxisSlowest) {
    // z = y: the band of small values lies along the bottom.
    const Field ramp = field_over_unit_square(3, 2, [](double, double y) { return y; });
    const auto bands = filled_bands(ramp, {0.0, 0.5, 1.0});
    ASSERT_FALSE(bands[0].empty());
    for (const Polygon& polygon : bands[0]) {
        for (const PlanePoint& p : polygon) EXPECT_LE(p.y, 0.5);
    }
}

TEST(FilledBands, CoverEverythingOnceWhateverTheField) {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> value(-3.0, 3.0);
    for (int trial = 0; trial < 50; ++trial) {
        const Field noise =
            field_over_unit_square(6, 9, [&](double, double) { return value(random); });
        double sum = 0.0;
        for (const double a : band_areas(noise, {-2.0, -1.0, 0.5, 2.0})) sum += a;
        EXPECT_NEAR(sum, 1.0, 1e-12);
    }
}

TEST(FilledBands, PutValuesBeyondTheLevelsIntoTheOuterBands) {
    const Field flat = field_over_unit_square(2, 2, [](double, double) { return 9.0; });
    EXPECT_EQ(band_areas(flat, {0.0, 1.0, 2.0}), (std::vector<double>{0.0, 1.0}));
}

TEST(FilledBands, MergeCellsOfOneBand) {
    const Field flat = field_over_unit_square(5, 5, [](double, double) { return 0.5; });
    EXPECT_EQ(filled_bands(flat, {0.0, 1.0})[0].size(), 4U);  // one polygon a column
}

TEST(FilledBands, LeaveOutWhatHasNoValue) {
    // Half-way to the middle point along the axes, two thirds towards it across: a sixth is blank.
    Field field = field_over_unit_square(3, 3, [](double, double) { return 0.5; });
    field.z[4] = nan;
    EXPECT_NEAR(band_areas(field, {0.0, 1.0})[0], 5.0 / 6.0, 1e-15);
    for (double& z : field.z) z = nan;
    EXPECT_EQ(band_areas(field, {0.0, 1.0})[0], 0.0);
}

TEST(FilledBands, ShowAPointThatStandsAlone) {
    Field field = field_over_unit_square(3, 3, [](double, double) { return nan; });
    field.z[4] = 0.5;
    EXPECT_NEAR(band_areas(field, {0.0, 1.0})[0], 1.0 / 6.0, 1e-15);
}

TEST(FilledBands, EndWhereTheBorderOfWhatIsKnownIsDrawn) {
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> value(-3.0, 3.0);
    for (int trial = 0; trial < 20; ++trial) {
        Field part = field_over_unit_square(6, 7, [&](double, double) { return value(random); });
        Field known = part;
        for (std::size_t k = 0; k < part.z.size(); ++k) {
            known.z[k] = value(random) > 0.5 ? 1.0 : 0.0;
            if (known.z[k] == 0.0) part.z[k] = nan;
        }
        double sum = 0.0;
        for (const double a : band_areas(part, {-2.0, -1.0, 0.5, 2.0})) sum += a;
        EXPECT_NEAR(sum, band_areas(known, {0.0, 0.5, 1.0})[1], 1e-12);
    }
}

TEST(FilledBands, ConvergeToTheAreaOfADisc) {
    const Field bowl = field_over_unit_square(
        101, 101, [](double x, double y) { return std::hypot(x - 0.5, y - 0.5); });
    EXPECT_NEAR(band_areas(bowl, {0.0, 0.4, 1.0})[0], std::numbers::pi * 0.16, 1e-3);
}

TEST(ContourLine, RunsWhereTheFieldHasTheLevel) {
    const Field ramp = field_over_unit_square(4, 4, [](double x, double y) { return x + 2.0 * y; });
    const auto line = contour_line(ramp, 1.3);
    ASSERT_FALSE(line.empty());
    double length = 0.0;
    for (const Segment& s : line) {
        EXPECT_NEAR(s.from.x + 2.0 * s.from.y, 1.3, 1e-14);
        EXPECT_NEAR(s.to.x + 2.0 * s.to.y, 1.3, 1e-14);
        length += std::hypot(s.to.x - s.from.x, s.to.y - s.from.y);
    }
    // From (1, 0.15) to (0, 0.65).
    EXPECT_NEAR(length, std::hypot(1.0, 0.5), 1e-12);
}

TEST(ContourLine, IsEmptyWhereTheLevelIsNotReached) {
    const Field flat = field_over_unit_square(3, 3, [](double, double) { return 1.0; });
    EXPECT_TRUE(contour_line(flat, 2.0).empty());
    EXPECT_TRUE(contour_line(flat, 0.0).empty());
}

TEST(ContourLine, LeavesOutCliffs) {
    // A cliff of 10 between x = 0 and 1/2, a slope of 1 beyond.
    Field field = field_over_unit_square(3, 2, [](double x, double) { return 20.0 * x; });
    field.z[4] = field.z[5] = 11.0;
    EXPECT_FALSE(contour_line(field, 5.0).empty());
    EXPECT_TRUE(contour_line(field, 5.0, 2.0).empty());
    EXPECT_FALSE(contour_line(field, 10.5, 2.0).empty());
}

}  // namespace
}  // namespace turnover
