#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "turnover/plot/contour_panel.hpp"
#include "turnover/plot/picture.hpp"
#include "turnover/plot/scale.hpp"

namespace turnover {

namespace {

/// The large panel: log10 of the turnover frequency, with what its sign is.
Panel turnover_panel(const Slice& slice) {
    const SliceQuantity& tof = slice.turnover_frequency;
    const bool consumed = std::ranges::any_of(tof.values, [](double r) { return r < 0.0; });
    const bool produced = std::ranges::any_of(tof.values, [](double r) { return r > 0.0; });
    const std::string name = "TOF(" + tof.label + ")";

    Panel panel;
    panel.large = true;
    panel.bar_width = 26.0;
    panel.values = log10_magnitudes(tof.values);
    panel.both_signs = consumed && produced;
    if (const std::optional<Range> range = range_of(panel.values)) {
        panel.levels = round_levels(range->low, range->high, 20.0);
        if (panel.both_signs) panel.values = signed_heights(tof.values, panel.levels.front());
        panel.scale_label = panel.both_signs ? "log_{10}(|" + name + "| / s^{−1}),  − : consumed"
                                             : fmt::format("log_{{10}}({}{} / s^{{−1}})",
                                                           consumed ? "−" : "", name);
    } else {
        const bool solved = range_of(tof.values).has_value();
        panel.scale_label = solved ? name + " is zero everywhere" : "no point converged";
    }
    return panel;
}

Panel coverage_panel(const SliceQuantity& coverage) {
    Panel panel;
    if (wants_logarithm(coverage.values)) {
        panel.title = "log_{10} " + coverage.label;
        panel.values = log10_magnitudes(coverage.values);
        const Range range = range_of(panel.values).value();
        panel.levels = round_levels(range.low, range.high, 20.0);
        return panel;
    }
    panel.title = coverage.label;
    panel.values = coverage.values;
    const std::optional<Range> range = range_of(coverage.values);
    if (!range) return panel;
    // Most coverages are shares of one kind of site: the same scale for all lets panels be
    // compared.
    const bool share = range->high == 0.0 || (range->high > 0.3 && range->high <= 1.0 + 1e-9);
    panel.levels = round_levels(0.0, share ? 1.0 : range->high, 10.0);
    return panel;
}

}  // namespace

Picture contour_picture(const Slice& slice) {
    const Layout layout = layout_of(slice.coverages.size());
    PanelWriter writer(slice.axes, slice.turnover_frequency.values, layout.canvas);

    Panel large = turnover_panel(slice);
    large.frame = layout.large;
    large.title = slice.title;
    std::string script = picture_preamble() + writer.write(large);

    for (std::size_t k = 0; k < slice.coverages.size(); ++k) {
        Panel panel = coverage_panel(slice.coverages[k]);
        panel.frame = layout.small[k];
        panel.y_numbers = k < layout.rows;
        panel.x_numbers = k % layout.rows == layout.rows - 1 || k + 1 == slice.coverages.size();
        script += writer.write(panel);
    }
    return {script + "unset multiplot\n", layout.canvas};
}

}  // namespace turnover
