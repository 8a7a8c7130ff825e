#include <algorithm>

#include "turnover/plot/curve_panel.hpp"
#include "turnover/plot/picture.hpp"

namespace turnover {

namespace {

CurvePanel turnover_curve(const Slice& slice) {
    const SliceQuantity& tof = slice.turnover_frequency;
    const bool consumed = std::ranges::any_of(tof.values, [](double r) { return r < 0.0; });
    const bool produced = std::ranges::any_of(tof.values, [](double r) { return r > 0.0; });
    CurvePanel panel;
    panel.frame = large_curve_frame;
    panel.title = slice.title;
    const std::string name = "TOF(" + tof.label + ")";
    panel.y_label = std::string(consumed && !produced ? "−" : "") + name + " / s^{−1}";
    panel.logarithmic = consumed != produced;
    panel.curves.push_back({name, tof.values});
    if (consumed && !produced) {
        for (double& r : panel.curves.back().values) r = -r;
    }
    return panel;
}

}  // namespace

Picture curve_picture(const Slice& slice) {
    CurveWriter writer(slice.axes.front());
    std::string script = picture_preamble() + writer.write(turnover_curve(slice));

    CurvePanel shares;
    shares.frame = upper_curve_frame;
    shares.y_label = "coverage";
    shares.x_numbers = false;
    shares.key = true;
    for (const SliceQuantity& coverage : slice.coverages) {
        shares.curves.push_back({coverage.label, coverage.values});
    }
    CurvePanel magnitudes = shares;
    magnitudes.frame = lower_curve_frame;
    magnitudes.logarithmic = true;
    magnitudes.x_numbers = true;
    magnitudes.key = false;
    script += writer.write(shares) + writer.write(magnitudes);
    return {script + "unset multiplot\n", curve_canvas};
}

}  // namespace turnover
