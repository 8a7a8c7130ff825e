#include "turnover/plot/slice.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/constants.hpp"
#include "turnover/base/error.hpp"
#include "turnover/base/suggest.hpp"
#include "turnover/base/units.hpp"
#include "turnover/plot/gnuplot.hpp"
#include "turnover/plot/labels.hpp"

namespace turnover {

namespace {

constexpr std::string_view tof_prefix = "tof.";
constexpr std::string_view coverage_prefix = "coverage.";

std::string_view without_prefix(const MapVariable& variable, std::string_view prefix) {
    return std::string_view(variable.name).substr(prefix.size());
}

/// Positions along an axis in the order of its values: a listed axis may come in any order.
std::vector<std::size_t> sorted_positions(const MapAxis& axis) {
    std::vector<std::size_t> order(axis.values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t k) { return axis.values[k]; });
    return order;
}

/// An axis that the user holds at one of its values.
struct Hold {
    std::size_t axis = 0;
    std::size_t position = 0;
};

/// "temperature=500 K", or without a unit in that of the axis: the nearest value there is.
Hold read_hold(const MapData& map, const std::string& text) {
    const std::size_t equals = text.rfind('=');
    const std::string name = text.substr(0, equals);
    std::vector<std::string> known;
    for (const MapAxis& axis : map.axes) known.push_back(axis.name);
    const auto found = std::ranges::find(known, name);
    if (found == known.end())
        throw Error("the map has no axis '" + name + "'", suggest(name, known));
    const MapAxis& axis = map.axes[static_cast<std::size_t>(found - known.begin())];
    const std::string example = fmt::format("{}={:.6g}{}", name, axis.values.front(),
                                            axis.units == "1" ? "" : " " + axis.units);
    if (equals == std::string::npos) {
        throw Error("--at " + text + " has no value", "Write it as in --at '" + example + "'.");
    }
    const Quantity quantity = parse_quantity(text.substr(equals + 1), codata_2018());
    double value = quantity.value;
    if (!quantity.unit.text.empty() && quantity.unit.text != axis.units) {
        const Unit unit = parse_unit(axis.units, codata_2018());
        if (unit.dimension != quantity.unit.dimension) {
            throw Error(
                "the axis " + name + " is in " + axis.units + ", not in " + quantity.unit.text,
                "Write it as in --at '" + example + "'.");
        }
        value = quantity.si() / unit.factor;
    }
    const auto [low, high] = std::ranges::minmax(axis.values);
    const double room = 1e-9 * std::max(std::abs(low), std::abs(high));
    if (!(value >= low - room && value <= high + room)) {
        throw Error("--at " + text + " is beyond the map",
                    fmt::format("The axis runs from {:.6g} to {:.6g} {}.", low, high, axis.units));
    }
    const auto nearest =
        std::ranges::min_element(axis.values, {}, [&](double v) { return std::abs(v - value); });
    return {static_cast<std::size_t>(found - known.begin()),
            static_cast<std::size_t>(nearest - axis.values.begin())};
}

/// Which axes are drawn: the first two that vary and are not held.
std::vector<std::size_t> drawn_axes(const MapData& map, const std::vector<Hold>& held) {
    std::vector<std::size_t> drawn;
    for (std::size_t a = 0; a < map.axes.size() && drawn.size() < 2; ++a) {
        if (std::ranges::find(held, a, &Hold::axis) != held.end()) continue;
        if (map.axes[a].values.size() > 1) drawn.push_back(a);
    }
    if (drawn.empty() && !held.empty()) {
        throw Error("nothing is left to draw when all axes are held", "Leave one --at out.");
    }
    if (drawn.empty()) {
        throw Error(
            "a map of one point has nothing to draw",
            "Give one of its axes two points or more; `turnover solve` shows a single point.");
    }
    return drawn;
}

/// Index in the map of each point of the slice, first drawn axis slowest.
std::vector<std::size_t> points_of(const MapData& map, const std::vector<std::size_t>& drawn,
                                   const std::vector<std::size_t>& held) {
    std::vector<std::size_t> stride(map.axes.size(), 1);
    for (std::size_t a = map.axes.size(); a-- > 1;) {
        stride[a - 1] = stride[a] * map.axes[a].values.size();
    }
    std::size_t origin = 0;
    for (std::size_t a = 0; a < map.axes.size(); ++a) origin += held[a] * stride[a];

    std::vector<std::size_t> points{origin};
    for (const std::size_t a : drawn) {
        std::vector<std::size_t> extended;
        for (const std::size_t point : points) {
            for (const std::size_t k : sorted_positions(map.axes[a])) {
                extended.push_back(point + k * stride[a]);
            }
        }
        points = std::move(extended);
    }
    return points;
}

std::vector<double> pick(const std::vector<double>& values,
                         const std::vector<std::size_t>& points) {
    std::vector<double> picked;
    picked.reserve(points.size());
    for (const std::size_t point : points) picked.push_back(values.at(point));
    return picked;
}

const MapVariable& turnover_frequency_of(const std::vector<MapVariable>& variables,
                                         const std::string& gas) {
    std::string known;
    for (const MapVariable& v : variables) {
        if (!v.name.starts_with(tof_prefix)) continue;
        const std::string_view name = without_prefix(v, tof_prefix);
        if (name == gas) return v;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    throw Error("the map has no gas '" + gas + "'", "Its gases are: " + known + ".");
}

/// Where a slice lies.
struct Cut {
    std::string title;
    std::vector<MapAxis> axes;
    std::vector<std::size_t> points;  ///< of the map, first axis slowest
};

Cut cut_of(const MapData& map, const std::vector<std::string>& at) {
    std::vector<Hold> holds;
    for (const std::string& text : at) holds.push_back(read_hold(map, text));
    const std::vector<std::size_t> drawn = drawn_axes(map, holds);
    Cut cut;
    cut.title = gnuplot_plain(map.title);
    std::vector<std::size_t> held(map.axes.size(), 0);
    std::string held_text;
    for (std::size_t a = 0; a < map.axes.size(); ++a) {
        if (std::ranges::count(drawn, a) > 0) continue;
        const MapAxis& axis = map.axes[a];
        const auto hold = std::ranges::find(holds, a, &Hold::axis);
        held[a] = hold != holds.end() ? hold->position
                                      : sorted_positions(axis)[(axis.values.size() - 1) / 2];
        const std::string unit = unit_label(axis.units);
        held_text +=
            fmt::format("{}{} = {:.4g}{}{}", held_text.empty() ? "" : ", ", axis_quantity(axis),
                        axis.values[held[a]], unit.empty() ? "" : " ", unit);
    }
    if (!held_text.empty()) cut.title += " at " + held_text;
    for (const std::size_t a : drawn) {
        cut.axes.push_back(map.axes[a]);
        std::ranges::sort(cut.axes.back().values);
    }
    cut.points = points_of(map, drawn, held);
    return cut;
}

}  // namespace

Slice slice_of(const MapData& map, const std::string& gas, const std::vector<std::string>& at) {
    Cut cut = cut_of(map, at);
    const MapVariable& tof = turnover_frequency_of(map.variables, gas);
    const std::vector<std::size_t>& points = cut.points;

    Slice slice;
    slice.title = std::move(cut.title);
    slice.axes = std::move(cut.axes);
    slice.turnover_frequency = {species_label(gas), pick(tof.values, points)};

    std::vector<std::string_view> names;
    const auto coverages = map.with_prefix(coverage_prefix);
    names.reserve(coverages.size());
    for (const MapVariable* v : coverages) names.push_back(without_prefix(*v, coverage_prefix));
    const std::vector<std::string> labels = species_labels(names);
    for (std::size_t k = 0; k < coverages.size(); ++k) {
        slice.coverages.push_back({"θ(" + labels[k] + ")", pick(coverages[k]->values, points)});
    }
    return slice;
}

BranchSlice branch_slice_of(const MapData& map, const std::string& gas,
                            const std::vector<std::string>& at) {
    if (!map.branches) {
        throw Error("the map does not know all stable states of its points",
                    "Make it with `turnover map --branches`.");
    }
    const MapBranches& branches = *map.branches;
    const std::vector<double>& tof = turnover_frequency_of(branches.variables, gas).values;
    Cut cut = cut_of(map, at);
    BranchSlice slice;
    slice.title = std::move(cut.title);
    slice.axes = std::move(cut.axes);
    slice.count = pick(branches.count, cut.points);
    slice.gas = species_label(gas);
    for (std::size_t k = 0; k < branches.most; ++k) {
        std::vector<double>& values = slice.turnover_frequency.emplace_back();
        for (const std::size_t point : cut.points) {
            values.push_back(tof.at(point * branches.most + k));
        }
    }
    return slice;
}

}  // namespace turnover
