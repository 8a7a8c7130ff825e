#pragma once

#include <string>
#include <vector>

#include "turnover/io/netcdf.hpp"
#include "turnover/plot/picture.hpp"

namespace turnover {

/// The layout of pictures over one axis: a large frame at the left, two at its right.
inline constexpr GnuplotCanvas curve_canvas{1700, 900};
inline constexpr PixelBox large_curve_frame{130, 95, 740, 725};
inline constexpr PixelBox upper_curve_frame{1010, 483, 480, 337};
inline constexpr PixelBox lower_curve_frame{1010, 95, 480, 337};

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
    bool whole_numbers = false;  ///< the y axis counts something
    std::vector<Curve> curves;
};

/// Writes frames with curves over one axis, one after the other.
class CurveWriter {
public:
    /// `axis` outlives the writer.
    explicit CurveWriter(const MapAxis& axis) : axis_(axis) {}

    [[nodiscard]] std::string write(const CurvePanel& panel);

private:
    const MapAxis& axis_;
    int block_ = 0;
};

}  // namespace turnover
