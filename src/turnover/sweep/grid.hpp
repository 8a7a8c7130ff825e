#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "turnover/chemistry/parameter.hpp"

namespace turnover {

enum class Spacing { linear, logarithmic, listed };

/// One axis: a parameter of the mechanism and the values that it takes, in the unit of the file.
struct Axis {
    std::string path;  ///< "pressure.CO_g", as find_parameter reads it
    Parameter parameter;
    std::string unit;          ///< as written, for labels and output
    double unit_factor = 1.0;  ///< SI per unit
    Spacing spacing = Spacing::linear;
    std::vector<double> values;  ///< in `unit`, as written to the output
};

/// `points` values from `from` to `to`, both included exactly; `to` may be the smaller one.
///
/// Linear: from + i * ((to - from) / (points - 1)), operation by operation what numpy.linspace
/// does, so that a map can be laid over one made in Python bit for bit. Logarithmic: 10^(linear
/// spacing of log10), so that decades come out as decades. One point is `from`. Throws Error on no
/// points, on ends that are not finite (or so far apart that their difference is not), on a
/// logarithmic axis that is not positive, and on `Spacing::listed`, which has its values in the
/// file.
[[nodiscard]] std::vector<double> spaced(Spacing spacing, double from, double to,
                                         std::size_t points);

/// The product of the axes, in index order: the first axis is slowest. No axis is a grid of one
/// point.
class Grid {
public:
    Grid() = default;
    /// Throws Error on an axis without points or with a value that is not finite, two axes over one
    /// parameter, or over 2^40 points.
    explicit Grid(std::vector<Axis> axes);

    [[nodiscard]] const std::vector<Axis>& axes() const noexcept { return axes_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Position along each axis of point `index`. `index` is below size() here and in what follows;
    /// std::out_of_range otherwise.
    [[nodiscard]] std::vector<std::size_t> position(std::size_t index) const;
    /// The axis values (in the axes' units) of point `index`.
    [[nodiscard]] std::vector<double> values(std::size_t index) const;
    /// `base` with the axes' parameters set (in SI) for point `index`.
    [[nodiscard]] Conditions conditions(const Conditions& base, std::size_t index) const;
    /// The same in place, without an allocation: every axis sets its parameter, so conditions that
    /// served another point of this grid may serve the next.
    void apply(Conditions& conditions, std::size_t index) const;

private:
    std::vector<Axis> axes_;
    std::size_t size_ = 1;
};

}  // namespace turnover
