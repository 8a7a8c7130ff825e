#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "turnover/kinetics/network.hpp"

namespace turnover {

namespace detail {

/// Row `point` of a matrix stored with the point slowest.
template <class Values>
[[nodiscard]] auto table_row(Values& values, std::size_t width, std::size_t point) {
    return std::span(values).subspan(point * width, width);
}

}  // namespace detail

/// The PointKinetics of many points of one network, in flat arrays with the point slowest: what a
/// batched solver reads, without an allocation a point.
class KineticsTable {
public:
    KineticsTable(const Network& network, std::size_t points);

    [[nodiscard]] std::size_t points() const noexcept { return points_; }
    /// Keeps the first `points` points, at most as many as there are.
    void truncate(std::size_t points);

    void set(std::size_t point, const PointKinetics& kinetics);
    [[nodiscard]] PointKinetics get(std::size_t point) const;

    /// Rows of one point: per step, per step, per conservation law, per unknown.
    [[nodiscard]] std::span<double> forward(std::size_t p) {
        return detail::table_row(forward_, steps_, p);
    }
    [[nodiscard]] std::span<double> reverse(std::size_t p) {
        return detail::table_row(reverse_, steps_, p);
    }
    [[nodiscard]] std::span<double> totals(std::size_t p) {
        return detail::table_row(totals_, laws_, p);
    }
    [[nodiscard]] std::span<double> initial(std::size_t p) {
        return detail::table_row(initial_, unknowns_, p);
    }
    [[nodiscard]] std::span<const double> forward(std::size_t p) const {
        return detail::table_row(forward_, steps_, p);
    }
    [[nodiscard]] std::span<const double> reverse(std::size_t p) const {
        return detail::table_row(reverse_, steps_, p);
    }
    [[nodiscard]] std::span<const double> totals(std::size_t p) const {
        return detail::table_row(totals_, laws_, p);
    }
    [[nodiscard]] std::span<const double> initial(std::size_t p) const {
        return detail::table_row(initial_, unknowns_, p);
    }

private:
    std::size_t points_, steps_, laws_, unknowns_;
    std::vector<double> forward_, reverse_, totals_, initial_;
};

/// Fills tables of one network from conditions, one point after the other. Rate constants are
/// computed anew whenever anything but a pressure or a site total differs from the point before,
/// bit by bit, so that the numbers are those of Network::at and a map over pressures needs them
/// only once.
class KineticsFiller {
public:
    explicit KineticsFiller(const Network& network) : network_(network) {}

    /// Throws Error as Network::at does.
    void fill(KineticsTable& table, std::size_t point, const Conditions& conditions);

private:
    const Network& network_;
    std::optional<Conditions> last_;
    RateConstants constants_;
};

}  // namespace turnover
