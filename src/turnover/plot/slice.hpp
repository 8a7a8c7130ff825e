#pragma once

#include <string>
#include <vector>

#include "turnover/io/netcdf.hpp"

namespace turnover {

/// A quantity over the slice: one value a point, first axis slowest, NaN where there is none.
struct SliceQuantity {
    std::string label;  ///< gnuplot's enhanced text: "CO_{2}", "θ(CO)"
    std::vector<double> values;
};

/// The part of a map that a picture shows: one or two axes with at least two values each, in
/// increasing order, and the quantities over them.
struct Slice {
    std::string title;          ///< enhanced text
    std::vector<MapAxis> axes;  ///< one or two
    SliceQuantity turnover_frequency;
    std::vector<SliceQuantity> coverages;
};

/// Cuts the slice: the first two axes that have more than one value, every other axis held at the
/// middle of its values (the lower one of two) and named in the title. `at` names axes to hold, as
/// "temperature=500 K" (without a unit, in the axis' own), each at the nearest value it has. Throws
/// Error on an axis that there is not or a value beyond it, when no axis that is not held has two
/// values, and when the map has no turnover frequency of `gas`, listing those there are.
[[nodiscard]] Slice slice_of(const MapData& map, const std::string& gas,
                             const std::vector<std::string>& at = {});

/// The same part of a map's stable states.
struct BranchSlice {
    std::string title;
    std::vector<MapAxis> axes;                            ///< one or two
    std::vector<double> count;                            ///< how many stable states each point has
    std::string gas;                                      ///< enhanced text
    std::vector<std::vector<double>> turnover_frequency;  ///< of each state; NaN where it is none
};

/// Cuts it as slice_of does. Throws Error like it, and when the map was made without `--branches`.
[[nodiscard]] BranchSlice branch_slice_of(const MapData& map, const std::string& gas,
                                          const std::vector<std::string>& at = {});

}  // namespace turnover
