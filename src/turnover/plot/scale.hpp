#pragma once

#include <optional>
#include <vector>

namespace turnover {

/// The smallest of 1, 2 and 5 times a power of ten that is not below `width` (> 0).
[[nodiscard]] double round_step(double width);

/// Edges of the bands of a scale: evenly spaced round numbers (steps of 1, 2 or 5 times a power of
/// ten) from at or below `low` to at or above `high`, at least two and at most about `most_bands`
/// steps. A range of no width is widened by a half on either side.
[[nodiscard]] std::vector<double> round_levels(double low, double high, double most_bands);

/// Distance of the numbers beside a scale of `levels`: round, a multiple of the bands' width, and
/// such that there are at most about `most` of them.
[[nodiscard]] double label_distance(const std::vector<double>& levels, double most);

/// Whether coverages show more on a logarithmic scale: their largest one is below 2 %.
[[nodiscard]] bool wants_logarithm(const std::vector<double>& coverages);

/// log10 of the absolute values; NaN for zero and where there is no value.
[[nodiscard]] std::vector<double> log10_magnitudes(const std::vector<double>& values);

/// sign(v) (log10|v| - bottom), 0 for zero and for what is below 10^bottom: what may be taken as
/// linear between two values of different sign, which log10|v| may not, as it dips there without
/// bound.
[[nodiscard]] std::vector<double> signed_heights(const std::vector<double>& values, double bottom);

/// Smallest and largest of the finite values; empty when there is none.
struct Range {
    double low = 0.0;
    double high = 0.0;
};
[[nodiscard]] std::optional<Range> range_of(const std::vector<double>& values);

}  // namespace turnover
