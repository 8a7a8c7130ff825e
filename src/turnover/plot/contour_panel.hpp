#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/io/netcdf.hpp"
#include "turnover/plot/contours.hpp"
#include "turnover/plot/picture.hpp"

namespace turnover {

/// A panel's frame, and what is drawn around it.
struct Panel {
    std::string title;
    std::string scale_label;  ///< of the colour bar; empty = the title says it
    std::vector<double> values;
    std::vector<double> levels;  ///< of the scale; empty when there is nothing to show
    PixelBox frame;
    bool large = false;
    double bar_width = 18.0;
    bool x_numbers = true, y_numbers = true;
    /// The quantity is positive here and negative there: `levels` are of the logarithm of its
    /// magnitude, and `values` are signed_heights above the lowest of them.
    bool both_signs = false;
    bool borders = false;  ///< heavy lines between the bands, however steep the field
    bool dots = false;     ///< marks where points were computed, as a large panel does

    [[nodiscard]] std::string colour(std::size_t band) const;
    /// Levels of `values`: those of the scale or, with both signs, their heights above the lowest
    /// one and the same below zero.
    [[nodiscard]] std::vector<double> value_levels() const;
    /// The band of the scale that band `k` between value_levels belongs to.
    [[nodiscard]] std::size_t scale_band(std::size_t k) const;
};

/// Writes filled contours over two axes, panel by panel.
class PanelWriter {
public:
    /// `marked` has a number for each point that was solved, NaN for those that failed, first axis
    /// slowest. Axes and marks outlive the writer.
    PanelWriter(const std::vector<MapAxis>& axes, const std::vector<double>& marked,
                const GnuplotCanvas& canvas);

    /// Commands and data of one panel.
    [[nodiscard]] std::string write(const Panel& panel);

private:
    [[nodiscard]] std::string new_block();
    [[nodiscard]] std::string point(const PlanePoint& p) const;
    [[nodiscard]] std::string bands(const Panel& panel);
    [[nodiscard]] std::string line_block(const std::vector<Segment>& segments,
                                         std::string_view style);
    [[nodiscard]] std::string lines(const Panel& panel);
    [[nodiscard]] std::string borders(const Panel& panel);
    [[nodiscard]] std::string signs(const Panel& panel);
    [[nodiscard]] std::string marks(const Panel& panel);
    [[nodiscard]] std::string mark_block(const std::string& points, std::string_view style);
    [[nodiscard]] std::string frame(const Panel& panel) const;
    [[nodiscard]] std::string bar(const Panel& panel) const;

    const std::vector<MapAxis>& axes_;
    const std::vector<double>& marked_;
    GnuplotCanvas canvas_;
    std::vector<std::string> plots_;
    int block_ = 0;
};

/// Where the panels go: a large one at the left, small ones in columns at its right, all of one
/// height together.
struct Layout {
    GnuplotCanvas canvas;
    PixelBox large;
    std::vector<PixelBox> small;
    std::size_t rows = 1;
};

[[nodiscard]] Layout layout_of(std::size_t small_panels);

/// Panels of one size in rows, with room for a title above them all: three side by side, more in
/// two rows.
struct EvenLayout {
    GnuplotCanvas canvas;
    std::vector<PixelBox> panels;  ///< row by row
    std::size_t columns = 1;
    double title_height = 0.0;  ///< of the middle of the title, in pixels
};

[[nodiscard]] EvenLayout even_layout_of(std::size_t panels);

}  // namespace turnover
