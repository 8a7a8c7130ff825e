#pragma once

#include <string>
#include <vector>

#include "turnover/io/netcdf.hpp"

namespace turnover {

struct MapPlotOptions {
    std::string gas;  ///< whose turnover frequency is drawn; empty = default_gas
    /// Axes to hold, as "temperature=500 K": at the nearest value that they have. The first two
    /// others are drawn.
    std::vector<std::string> at;
    bool keep_script = false;  ///< leave the gnuplot script and its data beside the picture
};

/// The first gas that is produced at more points than it is consumed; where there is none, the
/// first gas whose turnover frequency is not zero everywhere, else the first. Throws Error when the
/// map has no gas.
[[nodiscard]] std::string default_gas(const MapData& map);

/// Draws a map into `path` (by its ending: .png, .pdf or .svg): log10 of the turnover frequency and
/// the coverages of all adsorbates and free sites as further panels; one axis gives curves, two
/// give filled contours, more than two the plane through the middle of the others (said in the
/// title). Points that did not converge are left blank. Throws Error when gnuplot is missing or
/// fails, or on an unknown gas or axis.
void plot_map(const MapData& map, const std::string& path, const MapPlotOptions& options = {});

/// Draws the stable states of a map: how many each point has, where that changes, and the turnover
/// frequency of each. State 1 is that of the stated initial surface. Throws Error as plot_map does,
/// and on a map that was made without `--branches`.
void plot_branches(const MapData& map, const std::string& path, const MapPlotOptions& options = {});

}  // namespace turnover
