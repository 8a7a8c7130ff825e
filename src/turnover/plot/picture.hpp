#pragma once

#include <string>

#include "turnover/plot/gnuplot.hpp"
#include "turnover/plot/slice.hpp"

namespace turnover {

/// A picture ready to be drawn: gnuplot commands with their data, and the canvas that they are laid
/// out for.
struct Picture {
    std::string script;
    GnuplotCanvas canvas;
};

/// A slice over two axes: filled contours of log10 of the turnover frequency in the large panel,
/// and each coverage in a small one, on a scale of 0 to 1, or of log10 where it is tiny everywhere.
/// Axes are logarithmic where the map's are; contours are interpolated along the axes as they are
/// drawn. Points without a value are left blank and, where there are not too many, crossed.
[[nodiscard]] Picture contour_picture(const Slice& slice);

/// A slice over one axis: the turnover frequency in the large panel, the coverages beside it, on a
/// linear and on a logarithmic scale.
[[nodiscard]] Picture curve_picture(const Slice& slice);

/// The stable states of a slice: how many each point has, with borders where that changes, and the
/// turnover frequency of each state, all on one scale; over one axis as curves.
[[nodiscard]] Picture branch_picture(const BranchSlice& slice);

/// Rectangle in pixels of the canvas, y upwards.
struct PixelBox {
    double left = 0.0, bottom = 0.0, width = 0.0, height = 0.0;
};

/// Commands that every picture begins with: encoding, fonts of numbers, line styles.
[[nodiscard]] std::string picture_preamble();

/// Puts the next plot's frame exactly at `box`.
[[nodiscard]] std::string place_frame(const PixelBox& box, const GnuplotCanvas& canvas);

/// Range, scale, numbers and label of the x or y axis ('x' or 'y'), as many numbers as fit into
/// `pixels`. Without numbers there is no label either.
[[nodiscard]] std::string axis_commands(char which, const MapAxis& axis, bool numbers,
                                        double pixels);

/// Numbers of a logarithmic axis from 10^low to 10^high, at most about `most` of them: 10^n, or
/// plain numbers where the axis spans less than two decades.
[[nodiscard]] std::string decade_numbers(char which, double low, double high, double most);

}  // namespace turnover
