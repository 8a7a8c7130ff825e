#include "turnover/plot/map_plot.hpp"

#include <algorithm>
#include <string_view>

#include "turnover/base/error.hpp"
#include "turnover/plot/gnuplot.hpp"
#include "turnover/plot/picture.hpp"
#include "turnover/plot/slice.hpp"

namespace turnover {

std::string default_gas(const MapData& map) {
    constexpr std::string_view tof_prefix = "tof.";
    const auto all = map.with_prefix(tof_prefix);
    if (all.empty()) {
        throw Error("the map has no turnover frequency to draw",
                    "Its mechanism has no gas: add the step that releases the product.");
    }
    const auto count = [](const MapVariable* v, auto predicate) {
        return std::ranges::count_if(v->values, predicate);
    };
    for (const MapVariable* v : all) {
        if (count(v, [](double r) { return r > 0; }) > count(v, [](double r) { return r < 0; })) {
            return v->name.substr(tof_prefix.size());
        }
    }
    for (const MapVariable* v : all) {
        if (count(v, [](double r) { return r < 0; }) > 0) {
            return v->name.substr(tof_prefix.size());
        }
    }
    return all.front()->name.substr(tof_prefix.size());
}

void plot_map(const MapData& map, const std::string& path, const MapPlotOptions& options) {
    check_picture_name(path);
    const Slice slice =
        slice_of(map, options.gas.empty() ? default_gas(map) : options.gas, options.at);
    const Picture picture = slice.axes.size() == 1 ? curve_picture(slice) : contour_picture(slice);
    draw_with_gnuplot(picture.script, picture.canvas, path, options.keep_script);
}

void plot_branches(const MapData& map, const std::string& path, const MapPlotOptions& options) {
    check_picture_name(path);
    const Picture picture = branch_picture(
        branch_slice_of(map, options.gas.empty() ? default_gas(map) : options.gas, options.at));
    draw_with_gnuplot(picture.script, picture.canvas, path, options.keep_script);
}

}  // namespace turnover
