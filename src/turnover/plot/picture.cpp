#include "turnover/plot/picture.hpp"

#include <cmath>

#include <fmt/format.h>

#include "turnover/plot/labels.hpp"
#include "turnover/plot/scale.hpp"

namespace turnover {

std::string picture_preamble() {
    return "set encoding utf8\n"
           "set minussign\n"
           "set border linewidth 1.2\n"
           "set tics scale 0.7 front\n"
           "unset key\n"
           "set multiplot\n";
}

std::string place_frame(const PixelBox& box, const GnuplotCanvas& canvas) {
    return fmt::format(
        "set lmargin at screen {:.6f}\nset rmargin at screen {:.6f}\n"
        "set bmargin at screen {:.6f}\nset tmargin at screen {:.6f}\n",
        box.left / canvas.width, (box.left + box.width) / canvas.width, box.bottom / canvas.height,
        (box.bottom + box.height) / canvas.height);
}

std::string decade_numbers(char which, double low, double high, double most) {
    if (high - low < 2.0) {
        // Powers of ten alone would be too few: 1, 2, 5, 10, ...
        std::string tics;
        for (double n = std::floor(low); n <= high; n += 1.0) {
            for (const int digit : {1, 2, 5}) tics += fmt::format("{}e{:.0f}, ", digit, n);
        }
        tics.resize(tics.size() - 2);
        return fmt::format("set format {0} '%g'\nset {0}tics ({1})\nset m{0}tics default\n", which,
                           tics);
    }
    const double step = std::ceil((high - low) / most);
    std::string commands =
        fmt::format("set format {0} '10^{{%T}}'\nset {0}tics 1e{1:.0f}\n", which, step);
    const bool digits = high - low <= 12.0 && step == 1.0;
    return commands +
           fmt::format("{} m{}tics {}\n", digits ? "set" : "unset", which, digits ? "10" : "");
}

std::string axis_commands(char which, const MapAxis& axis, bool numbers, double pixels) {
    const double last = axis.values.back();
    double first = axis.values.front();
    // An axis that begins next to nothing is one that begins at zero, and is numbered so.
    if (!axis.logarithmic && first > 0.0 && first < 1e-3 * last) first = 0.0;
    std::string commands =
        fmt::format("{} logscale {}\n", axis.logarithmic ? "set" : "unset", which);
    commands += fmt::format("set {}range [{:.15g}:{:.15g}]\n", which, first, last);
    const double most = pixels / (which == 'x' ? 85.0 : 60.0);
    if (axis.logarithmic) {
        commands += decade_numbers(which, std::log10(first), std::log10(last), most);
    } else {
        commands += fmt::format("set format {0} '%g'\nset {0}tics {1:.9g}\nset m{0}tics 2\n", which,
                                round_step((last - first) / most));
    }
    if (!numbers) return commands + fmt::format("set format {0} ''\nunset {0}label\n", which);
    return commands + fmt::format("set {}label {}\n", which, gnuplot_string(axis_label(axis)));
}

}  // namespace turnover
