#include "turnover/plot/scale.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace turnover {

double round_step(double width) {
    const double decade = std::pow(10.0, std::floor(std::log10(width)));
    for (const double digit : {1.0, 2.0, 5.0}) {
        if (digit * decade >= width * (1.0 - 1e-9)) return digit * decade;
    }
    return 10.0 * decade;
}

std::vector<double> round_levels(double low, double high, double most_bands) {
    // Below this the width is rounding noise of the values, not worth a scale of its own.
    if (high - low < 1e-6 * std::max({std::abs(low), std::abs(high), 1.0})) {
        low -= 0.5;
        high += 0.5;
    }
    const double step = round_step((high - low) / most_bands);
    const double first = std::floor(low / step + 1e-9);
    const double last = std::ceil(high / step - 1e-9);
    std::vector<double> levels;
    for (double k = first; k <= last; k += 1.0) levels.push_back(k * step);
    return levels;
}

double label_distance(const std::vector<double>& levels, double most) {
    const double band = levels[1] - levels[0];
    double distance = std::max(band, round_step((levels.back() - levels.front()) / most));
    const auto fits = [&] {
        return std::abs(distance / band - std::round(distance / band)) < 1e-6;
    };
    while (!fits()) distance = round_step(1.01 * distance);
    return distance;
}

bool wants_logarithm(const std::vector<double>& coverages) {
    constexpr double visible = 0.02;
    const std::optional<Range> range = range_of(coverages);
    return range && range->high > 0.0 && range->high < visible;
}

std::vector<double> log10_magnitudes(const std::vector<double>& values) {
    std::vector<double> logs;
    logs.reserve(values.size());
    for (const double v : values) {
        logs.push_back(v == 0.0 ? std::numeric_limits<double>::quiet_NaN()
                                : std::log10(std::abs(v)));
    }
    return logs;
}

std::vector<double> signed_heights(const std::vector<double>& values, double bottom) {
    std::vector<double> heights;
    heights.reserve(values.size());
    for (const double v : values) {
        const double height = v == 0.0 ? 0.0 : std::log10(std::abs(v)) - bottom;
        heights.push_back(std::isnan(v) ? v : std::copysign(std::max(0.0, height), v));
    }
    return heights;
}

std::optional<Range> range_of(const std::vector<double>& values) {
    std::optional<Range> range;
    for (const double v : values) {
        if (!std::isfinite(v)) continue;
        if (!range) range = Range{v, v};
        range->low = std::min(range->low, v);
        range->high = std::max(range->high, v);
    }
    return range;
}

}  // namespace turnover
