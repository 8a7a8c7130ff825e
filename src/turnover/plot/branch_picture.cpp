#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "turnover/plot/contour_panel.hpp"
#include "turnover/plot/curve_panel.hpp"
#include "turnover/plot/picture.hpp"
#include "turnover/plot/scale.hpp"

namespace turnover {

namespace {

// More panels than these would be too small to read.
constexpr std::size_t most_panels = 6;

/// What the turnover frequencies of all states have in common.
struct Scale {
    std::string name;            ///< "TOF(CO_{2})", with a minus where the gas is only consumed
    bool both_signs = false;     ///< magnitudes are drawn
    std::vector<double> levels;  ///< of the logarithm; empty when all are zero
};

Scale scale_of(const BranchSlice& slice) {
    std::vector<double> all;
    for (const std::vector<double>& values : slice.turnover_frequency) {
        all.insert(all.end(), values.begin(), values.end());
    }
    const bool consumed = std::ranges::any_of(all, [](double r) { return r < 0.0; });
    const bool produced = std::ranges::any_of(all, [](double r) { return r > 0.0; });
    Scale scale;
    scale.both_signs = consumed && produced;
    scale.name = "TOF(" + slice.gas + ")";
    if (consumed) scale.name = produced ? "|" + scale.name + "|" : "−" + scale.name;
    if (const std::optional<Range> range = range_of(log10_magnitudes(all))) {
        scale.levels = round_levels(range->low, range->high, 20.0);
    }
    return scale;
}

std::size_t drawn_states(const BranchSlice& slice) {
    return std::min(slice.turnover_frequency.size(), most_panels);
}

Panel count_panel(const std::vector<double>& solved) {
    Panel panel;
    panel.borders = true;
    panel.dots = true;
    panel.title = "number of stable states";
    panel.values = solved;
    const std::optional<Range> range = range_of(solved);
    if (!range) {
        panel.scale_label = "no point converged";
        return panel;
    }
    for (double level = 0.5; level < range->high + 1.0; level += 1.0) {
        panel.levels.push_back(level);
    }
    return panel;
}

Picture contours(const BranchSlice& slice) {
    // Where no surface converged there is no number to show.
    std::vector<double> solved = slice.count;
    std::ranges::replace(solved, 0.0, std::numeric_limits<double>::quiet_NaN());
    const Scale scale = scale_of(slice);
    std::vector<Panel> panels{count_panel(solved)};
    for (std::size_t k = 0; k < drawn_states(slice); ++k) {
        Panel& panel = panels.emplace_back();
        panel.values = log10_magnitudes(slice.turnover_frequency[k]);
        panel.title = fmt::format("state {}: log_{{10}}({} / s^{{−1}})", k + 1, scale.name);
        // One scale for all, so that they can be compared.
        if (range_of(panel.values)) {
            panel.levels = scale.levels;
        } else {
            panel.scale_label = "TOF is zero everywhere";
        }
    }

    const EvenLayout layout = even_layout_of(panels.size());
    PanelWriter writer(slice.axes, solved, layout.canvas);
    std::string script = picture_preamble();
    script += fmt::format("set label {} at screen 0.5, screen {:.6f} center\n",
                          gnuplot_string(slice.title), layout.title_height / layout.canvas.height);
    for (std::size_t k = 0; k < panels.size(); ++k) {
        panels[k].frame = layout.panels[k];
        panels[k].y_numbers = k % layout.columns == 0;
        panels[k].x_numbers = k + layout.columns >= panels.size();  // nothing below it
        script += writer.write(panels[k]);
    }
    return {script + "unset multiplot\n", layout.canvas};
}

Picture curves(const BranchSlice& slice) {
    CurveWriter writer(slice.axes.front());
    const Scale scale = scale_of(slice);
    const bool consumed = scale.name.starts_with("−");

    CurvePanel large;
    large.frame = large_curve_frame;
    large.title = slice.title;
    large.logarithmic = !scale.both_signs && !scale.levels.empty();
    large.y_label = (scale.both_signs ? "TOF(" + slice.gas + ")" : scale.name) + " / s^{−1}";
    for (std::size_t k = 0; k < slice.turnover_frequency.size(); ++k) {
        std::vector<double> values = slice.turnover_frequency[k];
        if (consumed) {
            for (double& r : values) r = -r;
        }
        large.curves.push_back({fmt::format("state {}", k + 1), std::move(values)});
    }
    large.key = true;

    CurvePanel count;
    count.frame = lower_curve_frame;
    count.y_label = "number of stable states";
    count.whole_numbers = true;
    count.curves.push_back({"", slice.count});
    return {picture_preamble() + writer.write(large) + writer.write(count) + "unset multiplot\n",
            curve_canvas};
}

}  // namespace

Picture branch_picture(const BranchSlice& slice) {
    return slice.axes.size() == 1 ? curves(slice) : contours(slice);
}

}  // namespace turnover
