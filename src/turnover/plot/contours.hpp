#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace turnover {

struct PlanePoint {
    double x = 0.0;
    double y = 0.0;

    friend bool operator==(const PlanePoint&, const PlanePoint&) = default;
};

/// Values on a rectangular grid: `z[i * y.size() + j]` at (x[i], y[j]), x and y increasing. NaN
/// where there is no value.
struct Field {
    std::vector<double> x, y, z;

    [[nodiscard]] double at(std::size_t i, std::size_t j) const { return z[i * y.size() + j]; }
};

using Polygon = std::vector<PlanePoint>;

struct Segment {
    PlanePoint from, to;
};

/// The areas in which the field lies between consecutive levels: entry k holds the polygons of
/// [levels[k], levels[k + 1]). Values outside of all levels count to the first or last band. At
/// least two levels, increasing.
///
/// The field is taken as linear over triangles: four a cell, meeting in the mean of its corners. It
/// reaches half-way to a point without a value, towards the mean of that point's neighbours, so
/// that its rim lies where contour_line draws the border of a field of ones and zeros. The areas of
/// the bands do not overlap and add up to that of the field.
[[nodiscard]] std::vector<std::vector<Polygon>> filled_bands(const Field& field,
                                                             const std::vector<double>& levels);

/// Where the field passes through `level`, over the same triangles, leaving out cells whose corners
/// differ by more than `steepest`: there so many lines would run side by side that they blot.
[[nodiscard]] std::vector<Segment> contour_line(
    const Field& field, double level, double steepest = std::numeric_limits<double>::infinity());

}  // namespace turnover
