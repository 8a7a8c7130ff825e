#include "turnover/plot/contour_panel.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "turnover/plot/colours.hpp"
#include "turnover/plot/scale.hpp"

namespace turnover {

namespace {

// A panel shows no more grid lines than one every so many pixels.
constexpr double line_distance = 4.0;
constexpr double contour_distance = 5.0;  // pixels: contour lines come no closer
constexpr double number_height = 40.0;    // of the colour bar, with the room around it, in pixels
constexpr std::size_t most_dots = 625;
constexpr std::size_t most_crosses = 2500;

/// Positions of at most `most` lines out of `count`, evenly spread, the first and the last among
/// them.
std::vector<std::size_t> thinned(std::size_t count, double most) {
    std::vector<std::size_t> kept;
    const std::size_t n = std::min(count, static_cast<std::size_t>(most));
    for (std::size_t k = 0; k < n; ++k) kept.push_back(k * (count - 1) / (n - 1));
    return kept;
}

double drawn(const MapAxis& axis, double value) {
    return axis.logarithmic ? std::log10(value) : value;
}

std::string coordinate(const MapAxis& axis, double position) {
    return fmt::format("{:.9g}", axis.logarithmic ? std::pow(10.0, position) : position);
}

/// The field as it is drawn: logarithmic axes by their logarithms, so that what is straight between
/// two points is straight on the paper.
Field field_of(const std::vector<MapAxis>& axes, const std::vector<double>& values,
               const PixelBox& frame) {
    const MapAxis& first = axes[0];
    const MapAxis& second = axes[1];
    const auto columns = thinned(first.values.size(), frame.width / line_distance);
    const auto rows = thinned(second.values.size(), frame.height / line_distance);
    Field field;
    for (const std::size_t i : columns) field.x.push_back(drawn(first, first.values[i]));
    for (const std::size_t j : rows) field.y.push_back(drawn(second, second.values[j]));
    for (const std::size_t i : columns) {
        for (const std::size_t j : rows) {
            field.z.push_back(values[i * second.values.size() + j]);
        }
    }
    return field;
}

}  // namespace

std::string Panel::colour(std::size_t band) const {
    const auto last = static_cast<double>(std::max<std::size_t>(levels.size(), 3) - 2);
    return map_colour(static_cast<double>(band) / last);
}

std::vector<double> Panel::value_levels() const {
    if (!both_signs) return levels;
    std::vector<double> heights;
    for (std::size_t k = levels.size(); k-- > 1;) heights.push_back(levels[0] - levels[k]);
    for (std::size_t k = 1; k < levels.size(); ++k) heights.push_back(levels[k] - levels[0]);
    return heights;
}

std::size_t Panel::scale_band(std::size_t k) const {
    if (!both_signs) return k;
    const std::size_t middle = levels.size() - 2;  // around zero
    return k > middle ? k - middle : middle - k;
}

PanelWriter::PanelWriter(const std::vector<MapAxis>& axes, const std::vector<double>& marked,
                         const GnuplotCanvas& canvas)
    : axes_(axes), marked_(marked), canvas_(canvas) {}

std::string PanelWriter::new_block() { return fmt::format("$data{}", block_++); }

std::string PanelWriter::write(const Panel& panel) {
    plots_.clear();
    std::string script = "\n";
    // One after the other: what is written first lies beneath.
    if (!panel.levels.empty()) {
        script += bands(panel);
        if (panel.borders) {
            script += borders(panel);
        } else if (panel.large) {
            script += lines(panel);
        }
    }
    script += marks(panel);
    if (panel.both_signs) script += signs(panel);
    script += frame(panel);
    plots_.push_back("NaN");  // the frame, even when there is nothing in it
    script += fmt::format("plot {}\n", fmt::join(plots_, ", \\\n     "));
    script += "unset label\n";
    return panel.levels.empty() ? script : script + bar(panel);
}

std::string PanelWriter::point(const PlanePoint& p) const {
    return coordinate(axes_[0], p.x) + " " + coordinate(axes_[1], p.y) + "\n";
}

std::string PanelWriter::bands(const Panel& panel) {
    const Field field = field_of(axes_, panel.values, panel.frame);
    const auto bands = filled_bands(field, panel.value_levels());
    std::string data;
    for (std::size_t k = 0; k < bands.size(); ++k) {
        if (bands[k].empty()) continue;
        const std::string block = new_block();
        data += block + " << EOD\n";
        for (const Polygon& polygon : bands[k]) {
            for (const PlanePoint& p : polygon) data += point(p);
            data += point(polygon.front()) + "\n";
        }
        data += "EOD\n";
        const std::string colour = panel.colour(panel.scale_band(k));
        // The thin border of the same colour closes the seams between neighbouring polygons.
        plots_.push_back(fmt::format(
            "{0} with filledcurves closed fc rgb '{1}', {0} with lines lw 0.6 lc rgb '{1}'", block,
            colour));
    }
    return data;
}

std::string PanelWriter::line_block(const std::vector<Segment>& segments, std::string_view style) {
    if (segments.empty()) return {};
    const std::string block = new_block();
    std::string data = block + " << EOD\n";
    for (const Segment& s : segments) data += point(s.from) + point(s.to) + "\n";
    plots_.push_back(fmt::format("{} with lines {}", block, style));
    return data + "EOD\n";
}

std::string PanelWriter::lines(const Panel& panel) {
    const Field field = field_of(axes_, panel.values, panel.frame);
    const double cell = std::min(panel.frame.width / static_cast<double>(field.x.size() - 1),
                                 panel.frame.height / static_cast<double>(field.y.size() - 1));
    const double steepest = (panel.levels[1] - panel.levels[0]) * cell / contour_distance;
    const std::vector<double> levels = panel.value_levels();
    std::vector<Segment> all;
    for (std::size_t k = 1; k + 1 < levels.size(); ++k) {
        const auto line = contour_line(field, levels[k], steepest);
        all.insert(all.end(), line.begin(), line.end());
    }
    return line_block(all, "lw 0.7 lc rgb '#70000000'");
}

std::string PanelWriter::borders(const Panel& panel) {
    const Field field = field_of(axes_, panel.values, panel.frame);
    std::vector<Segment> all;
    for (std::size_t k = 1; k + 1 < panel.levels.size(); ++k) {
        const auto line = contour_line(field, panel.levels[k]);
        all.insert(all.end(), line.begin(), line.end());
    }
    std::string data = line_block(all, "lw 4 lc rgb '#ffffff'");
    return data + line_block(all, "lw 2 lc rgb '#000000'");
}

/// A heavy line where the turnover frequency changes its sign, and a minus here and there on
/// the side where it is negative.
std::string PanelWriter::signs(const Panel& panel) {
    const Field field = field_of(axes_, panel.values, panel.frame);
    const auto border = contour_line(field, 0.0);
    std::string data = line_block(border, "lw 4 lc rgb '#ffffff'");
    data += line_block(border, "lw 2 lc rgb '#c00000'");
    std::string minuses;
    for (const std::size_t i : thinned(field.x.size(), 16)) {
        for (const std::size_t j : thinned(field.y.size(), 16)) {
            if (field.at(i, j) < 0.0) minuses += point({field.x[i], field.y[j]});
        }
    }
    return data + mark_block(minuses, "pt '−' lc rgb '#ffffff'");
}

/// Where points were computed, while single ones can be told apart, and where they failed.
std::string PanelWriter::marks(const Panel& panel) {
    std::string solved, failed;
    const std::size_t rows = axes_[1].values.size();
    std::size_t failures = 0;
    for (std::size_t k = 0; k < marked_.size(); ++k) {
        const std::string here =
            fmt::format("{:.9g} {:.9g}\n", axes_[0].values[k / rows], axes_[1].values[k % rows]);
        (std::isnan(marked_[k]) ? failed : solved) += here;
        failures += std::isnan(marked_[k]) ? 1 : 0;
    }
    std::string data;
    if ((panel.large || panel.dots) && !solved.empty() && marked_.size() <= most_dots) {
        data += mark_block(solved, "pt 7 ps 0.3 lc rgb '#60ffffff'");
    }
    if (failures > 0 && failures <= most_crosses) {
        data +=
            mark_block(failed, fmt::format("pt 2 ps {} lc rgb '#808080'", panel.large ? 0.9 : 0.5));
    }
    return data;
}

std::string PanelWriter::mark_block(const std::string& points, std::string_view style) {
    const std::string block = new_block();
    plots_.push_back(fmt::format("{} with points {}", block, style));
    return block + " << EOD\n" + points + "EOD\n";
}

std::string PanelWriter::frame(const Panel& panel) const {
    std::string script = place_frame(panel.frame, canvas_);
    script += axis_commands('x', axes_[0], panel.x_numbers, panel.frame.width);
    script += axis_commands('y', axes_[1], panel.y_numbers, panel.frame.height);
    script += "set title " + gnuplot_string(panel.title) + " offset 0,-0.4\n";
    if (panel.levels.empty()) {
        script += "set label " + gnuplot_string(panel.scale_label) +
                  " at graph 0.5, graph 0.5 center front\n";
    }
    return script;
}

/// The colour bar: a narrow plot of its own, its bands as sharp as the map's.
std::string PanelWriter::bar(const Panel& panel) const {
    const std::vector<double>& levels = panel.levels;
    std::string script = place_frame({panel.frame.left + panel.frame.width + 14.0,
                                      panel.frame.bottom, panel.bar_width, panel.frame.height},
                                     canvas_);
    for (std::size_t k = 0; k + 1 < levels.size(); ++k) {
        script += fmt::format(
            "set object {} rectangle from 0,{:.9g} to 1,{:.9g} fc rgb '{}' fs solid noborder\n",
            k + 1, levels[k], levels[k + 1], panel.colour(k));
    }
    script += "unset logscale\nunset xlabel\nunset ylabel\nunset title\nunset xtics\nunset ytics\n";
    script += fmt::format(
        "set xrange [0:1]\nset yrange [{0:.9g}:{1:.9g}]\nset y2range [{0:.9g}:{1:.9g}]\n",
        levels.front(), levels.back());
    script += fmt::format("set y2tics {:.9g} format '%g'\n",
                          label_distance(levels, panel.frame.height / number_height));
    if (!panel.scale_label.empty()) {
        script += "set y2label " + gnuplot_string(panel.scale_label) + "\n";
    }
    script += "plot NaN axes x1y2\n";
    script += "unset object\nunset y2tics\nunset y2label\nset xtics\nset ytics\n";
    return script;
}

Layout layout_of(std::size_t small_panels) {
    constexpr double left = 120, bottom = 90, top = 65, side = 760;
    constexpr double bar = 190;  // colour bar of the large panel with its label
    constexpr double small_left = 90, small_bar = 108, gap = 56;
    Layout layout;
    layout.rows = small_panels <= 2 ? 2 : small_panels == 4 ? 2 : small_panels <= 12 ? 3 : 4;
    const auto rows = static_cast<double>(layout.rows);
    const double columns = std::ceil(static_cast<double>(small_panels) / rows);
    const double height = (side - (rows - 1) * gap) / rows;
    const double width = std::max(height, 250.0);
    layout.large = {left, bottom, side, side};
    for (std::size_t k = 0; k < small_panels; ++k) {
        const std::size_t columns_before = k / layout.rows;
        const auto column = static_cast<double>(columns_before);
        const auto row = static_cast<double>(k % layout.rows);
        layout.small.push_back({left + side + bar + small_left * 0.6 + column * (width + small_bar),
                                bottom + (rows - 1 - row) * (height + gap), width, height});
    }
    layout.canvas.width =
        static_cast<int>(left + side + bar + small_left * 0.6 + columns * (width + small_bar));
    layout.canvas.height = static_cast<int>(bottom + side + top);
    return layout;
}

EvenLayout even_layout_of(std::size_t panels) {
    constexpr double left = 120, bottom = 90, top = 110, bar = 100, gap = 90;
    EvenLayout layout;
    const std::size_t rows = panels <= 3 ? 1 : 2;
    layout.columns = (panels + rows - 1) / rows;
    const double side = rows == 1 ? 500.0 : 430.0;
    const double column = side + bar + 0.5 * gap, row = side + gap;
    for (std::size_t k = 0; k < panels; ++k) {
        const auto across = static_cast<double>(k % layout.columns);
        const auto down = static_cast<double>(rows - 1 - k / layout.columns);
        layout.panels.push_back({left + across * column, bottom + down * row, side, side});
    }
    const double height = bottom + static_cast<double>(rows) * row - gap + top;
    layout.canvas.width =
        static_cast<int>(left + static_cast<double>(layout.columns) * column - 0.5 * gap);
    layout.canvas.height = static_cast<int>(height);
    layout.title_height = height - 38.0;
    return layout;
}

}  // namespace turnover
