#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

#include "turnover/plot/colours.hpp"
#include "turnover/plot/picture.hpp"
#include "turnover/plot/scale.hpp"

namespace turnover {

namespace {

// Beyond this, marks on the curves would run into each other.
constexpr std::size_t most_marks = 60;

constexpr GnuplotCanvas canvas{1700, 900};
constexpr PixelBox large_frame{130, 95, 740, 725};
constexpr PixelBox upper_frame{1010, 483, 480, 337};
constexpr PixelBox lower_frame{1010, 95, 480, 337};

struct Curve {
    std::string name;
    std::vector<double> values;
};

/// One frame with curves over the axis.
struct CurvePanel {
    PixelBox frame;
    std::string title, y_label;
    bool logarithmic = false;
    bool x_numbers = true;
    bool key = false;
    std::vector<Curve> curves;
};

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
        "unset logscale y\nset yrange [{:.9g}:{:.9g}]\nset format y '%g'\nset ytics auto\nset "
        "mytics 2\n",
        bottom, top);
}

class CurveWriter {
public:
    explicit CurveWriter(const MapAxis& axis) : axis_(axis) {}

    [[nodiscard]] std::string write(const CurvePanel& panel) {
        std::string data, plots;
        for (std::size_t k = 0; k < panel.curves.size(); ++k) {
            const std::string block = fmt::format("$data{}", block_++);
            data += data_block(block, axis_, panel.curves[k].values, panel.logarithmic);
            plots += fmt::format("{}{} {} title {}", k == 0 ? "plot " : ", \\\n     ", block,
                                 style_of(k, axis_.values.size() <= most_marks),
                                 gnuplot_string(panel.curves[k].name));
        }
        std::string script = "\n" + data + place_frame(panel.frame, canvas);
        script += axis_commands('x', axis_, panel.x_numbers, panel.frame.width);
        script += y_axis(panel);
        script += "set ylabel " + gnuplot_string(panel.y_label) + "\n";
        script += "set title " + gnuplot_string(panel.title) + " offset 0,-0.4\n";
        script += "set grid lw 0.6 lc rgb '#d8d8d8' lt 1\n";
        script += panel.key ? fmt::format(
                                  "set key at screen {:.6f}, screen {:.6f} left top Left reverse "
                                  "samplen 2 spacing 1.2\n",
                                  (panel.frame.left + panel.frame.width + 12.0) / canvas.width,
                                  (panel.frame.bottom + panel.frame.height) / canvas.height)
                            : std::string("unset key\n");
        return script + plots + "\n";
    }

private:
    const MapAxis& axis_;
    int block_ = 0;
};

CurvePanel turnover_panel(const Slice& slice) {
    const SliceQuantity& tof = slice.turnover_frequency;
    const bool consumed = std::ranges::any_of(tof.values, [](double r) { return r < 0.0; });
    const bool produced = std::ranges::any_of(tof.values, [](double r) { return r > 0.0; });
    CurvePanel panel;
    panel.frame = large_frame;
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
    std::string script = picture_preamble() + writer.write(turnover_panel(slice));

    CurvePanel shares;
    shares.frame = upper_frame;
    shares.y_label = "coverage";
    shares.x_numbers = false;
    shares.key = true;
    for (const SliceQuantity& coverage : slice.coverages) {
        shares.curves.push_back({coverage.label, coverage.values});
    }
    CurvePanel magnitudes = shares;
    magnitudes.frame = lower_frame;
    magnitudes.logarithmic = true;
    magnitudes.x_numbers = true;
    magnitudes.key = false;
    script += writer.write(shares) + writer.write(magnitudes);
    return {script + "unset multiplot\n", canvas};
}

}  // namespace turnover
