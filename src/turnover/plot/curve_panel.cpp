#include "turnover/plot/curve_panel.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "turnover/plot/colours.hpp"
#include "turnover/plot/scale.hpp"

namespace turnover {

namespace {

// Beyond this, marks on the curves would run into each other.
constexpr std::size_t most_marks = 60;

std::string style_of(std::size_t k, bool marks) {
    // Past the last colour the dashes change, so that no two curves look alike.
    return fmt::format("{} lc rgb '{}' lw 2.2 dt {} pt {} ps 0.8",
                       marks ? "with linespoints" : "with lines", curve_colour(k),
                       1 + k / curve_colours, 5 + 2 * (k % 5));
}

std::string data_block(const std::string& name, const MapAxis& axis,
                       const std::vector<double>& values, bool logarithmic) {
    std::string block = name + " << EOD\n";
    for (std::size_t k = 0; k < values.size(); ++k) {
        const bool shown = std::isfinite(values[k]) && (!logarithmic || values[k] > 0.0);
        block += fmt::format("{:.9g} {}\n", axis.values[k],
                             shown ? fmt::format("{:.9g}", values[k]) : std::string("NaN"));
    }
    return block + "EOD\n";
}

/// Range and numbers that show all curves of the panel.
std::string y_axis(const CurvePanel& panel) {
    std::vector<double> all;
    for (const Curve& curve : panel.curves) {
        all.insert(all.end(), curve.values.begin(), curve.values.end());
    }
    if (panel.logarithmic) {
        std::erase_if(all, [](double v) { return !(v > 0.0); });
        const Range range = range_of(log10_magnitudes(all)).value_or(Range{-1.0, 0.0});
        const double low = std::floor(range.low - 1e-9), high = std::ceil(range.high + 1e-9);
        return fmt::format("set logscale y\nset yrange [1e{:.0f}:1e{:.0f}]\n", low, high) +
               decade_numbers('y', low, high, panel.frame.height / 60.0);
    }
    const Range range = range_of(all).value_or(Range{});
    const bool share = range.high > 0.3 && range.high <= 1.0 + 1e-9;
    const double bottom = std::min(0.0, 1.05 * range.low);
    const double top = share || range.high <= bottom ? 1.02 : 1.05 * range.high;
    return fmt::format(
        "unset logscale y\nset yrange [{:.9g}:{:.9g}]\nset format y '%g'\nset ytics {}\n{}\n",
        bottom, top, panel.whole_numbers ? "1" : "auto",
        panel.whole_numbers ? "unset mytics" : "set mytics 2");
}

}  // namespace

std::string CurveWriter::write(const CurvePanel& panel) {
    std::string data, plots;
    for (std::size_t k = 0; k < panel.curves.size(); ++k) {
        const std::string block = fmt::format("$data{}", block_++);
        data += data_block(block, axis_, panel.curves[k].values, panel.logarithmic);
        plots += fmt::format("{}{} {} title {}", k == 0 ? "plot " : ", \\\n     ", block,
                             style_of(k, axis_.values.size() <= most_marks),
                             gnuplot_string(panel.curves[k].name));
    }
    std::string script = "\n" + data + place_frame(panel.frame, curve_canvas);
    script += axis_commands('x', axis_, panel.x_numbers, panel.frame.width);
    script += y_axis(panel);
    script += "set ylabel " + gnuplot_string(panel.y_label) + "\n";
    script += "set title " + gnuplot_string(panel.title) + " offset 0,-0.4\n";
    script += "set grid lw 0.6 lc rgb '#d8d8d8' lt 1\n";
    script += panel.key ? fmt::format(
                              "set key at screen {:.6f}, screen {:.6f} left top Left reverse "
                              "samplen 2 spacing 1.2\n",
                              (panel.frame.left + panel.frame.width + 12.0) / curve_canvas.width,
                              (panel.frame.bottom + panel.frame.height) / curve_canvas.height)
                        : std::string("unset key\n");
    return script + plots + "\n";
}

}  // namespace turnover
