#include "turnover/plot/scaling_plot.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "turnover/plot/colours.hpp"
#include "turnover/plot/gnuplot.hpp"
#include "turnover/plot/picture.hpp"
#include "turnover/plot/scale.hpp"

namespace turnover {

namespace {

constexpr GnuplotCanvas canvas{1500, 760};
constexpr PixelBox time_frame{130, 95, 560, 545};
constexpr PixelBox speed_up_frame{860, 95, 560, 545};

struct ScalingPanel {
    PixelBox frame;
    std::string quantity;  ///< of the y axis, with its unit
    std::string ideal;     ///< gnuplot's expression over x
    double most = 1.0;     ///< of the y axis
    double ScalingRow::*middle;
    double ScalingRow::*low;
    double ScalingRow::*high;
    bool key = false;  ///< above both panels, where it covers no data
};

/// Numbers on an axis from 0 to `most`, at most about `count` of them.
std::string numbers(char which, double most, double count, bool whole) {
    const double step = round_step(most / count);
    return fmt::format("set {0}range [0:{1:.9g}]\nset {0}tics {2:.9g}\n", which, most,
                       whole ? std::max(1.0, step) : step);
}

std::string write(const ScalingPanel& panel, const std::vector<ScalingRow>& rows,
                  const std::string& block) {
    const double most_workers = 1.05 * rows.back().workers + 0.2;
    std::string script = "\n" + block + " << EOD\n";
    for (const ScalingRow& row : rows) {
        script += fmt::format("{} {:.9g} {:.9g} {:.9g}\n", row.workers, row.*panel.middle,
                              row.*panel.low, row.*panel.high);
    }
    script += "EOD\n" + place_frame(panel.frame, canvas);
    script += numbers('x', most_workers, 8.0, true) + numbers('y', panel.most, 8.0, false);
    script += "set xlabel 'workers'\nset ylabel " + gnuplot_string(panel.quantity) + "\n";
    script += panel.key ? fmt::format(
                              "set key at screen 0.5, screen {:.6f} center vertical maxrows 1 "
                              "reverse Left samplen 2 width -6\n",
                              1.0 - 82.0 / canvas.height)
                        : std::string("unset key\n");
    script += fmt::format(
        "set samples 500\nplot sample [x={}:{:.9g}] {} with lines lc rgb '#808080' lw 1.6 dt 2 "
        "title 'ideal', \\\n",
        rows.front().workers, most_workers, panel.ideal);
    script += fmt::format(
        "     {} with linespoints lc rgb '{}' lw 2.2 pt 7 ps 1.1 title 'median', "
        "\\\n     {} with yerrorbars lc rgb '{}' lw 1.6 pt 7 ps 0.3 title "
        "'fastest to slowest run'\n",
        block, curve_colour(0), block, curve_colour(0));
    return script;
}

double largest(const std::vector<ScalingRow>& rows, double ScalingRow::*member) {
    double most = 0.0;
    for (const ScalingRow& row : rows) most = std::max(most, row.*member);
    return most;
}

}  // namespace

void plot_scaling(const std::string& title, const std::vector<ScalingRow>& rows,
                  const std::string& path, bool keep_script) {
    const ScalingRow& first = rows.front();
    const ScalingPanel time{
        .frame = time_frame,
        .quantity = "time / s",
        .ideal = fmt::format("{:.9g} / x", first.seconds * first.workers),
        .most = 1.15 * largest(rows, &ScalingRow::most_seconds),
        .middle = &ScalingRow::seconds,
        .low = &ScalingRow::least_seconds,
        .high = &ScalingRow::most_seconds,
        .key = true,
    };
    const ScalingPanel speed_up{
        .frame = speed_up_frame,
        .quantity = "speed-up",
        .ideal = "x",
        .most = 1.15 * std::max(static_cast<double>(rows.back().workers),
                                largest(rows, &ScalingRow::most_speed_up)),
        .middle = &ScalingRow::speed_up,
        .low = &ScalingRow::least_speed_up,
        .high = &ScalingRow::most_speed_up,
    };
    std::string script = picture_preamble();
    script += "set grid lw 0.6 lc rgb '#d8d8d8' lt 1\nset format '%g'\n";
    script += fmt::format("set label 1 {} at screen 0.5, screen {:.6f} center\n",
                          gnuplot_string(gnuplot_plain(title)), 1.0 - 40.0 / canvas.height);
    script += write(time, rows, "$times");
    script += "unset label 1\n" + write(speed_up, rows, "$speed_ups");
    draw_with_gnuplot(script + "unset multiplot\n", canvas, path, keep_script);
}

}  // namespace turnover
