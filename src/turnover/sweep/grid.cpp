#include "turnover/sweep/grid.hpp"

#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

constexpr std::size_t most_points = std::size_t{1} << 40;

std::vector<double> linearly_spaced(double from, double to, std::size_t points) {
    std::vector<double> values(points, from);
    if (points == 1) return values;
    const double step = (to - from) / static_cast<double>(points - 1);
    for (std::size_t i = 0; i < points; ++i) values[i] = from + static_cast<double>(i) * step;
    values.back() = to;
    return values;
}

void check_index(std::size_t index, std::size_t size) {
    if (index >= size) {
        throw std::out_of_range(fmt::format("point {} of a grid of {}", index, size));
    }
}

}  // namespace

std::vector<double> spaced(Spacing spacing, double from, double to, std::size_t points) {
    if (spacing == Spacing::listed) {
        throw Error("a listed axis has its own values",
                    "Give `from`, `to` and `points`, or a list.");
    }
    if (points == 0) throw Error("an axis needs at least one point", "Write `points: 1` or more.");
    if (points > most_points) throw Error("an axis cannot have more than 2^40 points");
    if (!std::isfinite(from) || !std::isfinite(to) || !std::isfinite(to - from)) {
        throw Error(fmt::format("an axis cannot run from {} to {}", from, to),
                    "Both ends must be ordinary numbers.");
    }
    if (spacing == Spacing::linear) return linearly_spaced(from, to, points);

    if (from <= 0.0 || to <= 0.0) {
        throw Error(fmt::format("a logarithmic axis cannot run from {} to {}", from, to),
                    "Both ends must be greater than zero; use linear spacing to include zero.");
    }
    std::vector<double> values = linearly_spaced(std::log10(from), std::log10(to), points);
    for (double& value : values) value = std::pow(10.0, value);
    values.back() = to;
    values.front() = from;
    return values;
}

Grid::Grid(std::vector<Axis> axes) : axes_(std::move(axes)) {
    for (std::size_t a = 0; a < axes_.size(); ++a) {
        const Axis& axis = axes_[a];
        if (axis.values.empty()) {
            throw Error(fmt::format("the axis over {} has no points", axis.path),
                        "Give it at least one value.");
        }
        for (const double value : axis.values) {
            if (!std::isfinite(value * axis.unit_factor)) {
                throw Error(
                    fmt::format("the axis over {} holds {} {}", axis.path, value, axis.unit),
                    "Every value must be an ordinary number.");
            }
        }
        for (std::size_t b = 0; b < a; ++b) {
            if (axes_[b].parameter == axis.parameter) {
                throw Error(fmt::format("two axes vary {}", axis.path), "Remove one of them.");
            }
        }
        if (axis.values.size() > most_points / size_) {
            throw Error("the map has more than 2^40 points", "Use fewer points on its axes.");
        }
        size_ *= axis.values.size();
    }
}

std::vector<std::size_t> Grid::position(std::size_t index) const {
    check_index(index, size_);
    std::vector<std::size_t> position(axes_.size());
    for (std::size_t a = axes_.size(); a-- > 0;) {
        position[a] = index % axes_[a].values.size();
        index /= axes_[a].values.size();
    }
    return position;
}

std::vector<double> Grid::values(std::size_t index) const {
    const std::vector<std::size_t> at = position(index);
    std::vector<double> values(axes_.size());
    for (std::size_t a = 0; a < axes_.size(); ++a) values[a] = axes_[a].values[at[a]];
    return values;
}

Conditions Grid::conditions(const Conditions& base, std::size_t index) const {
    Conditions conditions = base;
    apply(conditions, index);
    return conditions;
}

void Grid::apply(Conditions& conditions, std::size_t index) const {
    check_index(index, size_);
    for (std::size_t a = axes_.size(); a-- > 0;) {
        const Axis& axis = axes_[a];
        parameter_value(conditions, axis.parameter) =
            axis.values[index % axis.values.size()] * axis.unit_factor;
        index /= axis.values.size();
    }
}

}  // namespace turnover
