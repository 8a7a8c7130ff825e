#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/state_table.hpp"

namespace turnover {

/// A column of results, the same in every format: what it is called and where a point has it.
struct MapColumn {
    std::string name;                                    ///< "coverage.CO_s"
    std::string units;                                   ///< "1", "1/s"
    std::string long_name;                               ///< "coverage of CO_s, per reference site"
    std::vector<double> StateTable::*numbers = nullptr;  ///< points x width
    std::size_t width = 0;
    std::size_t index = 0;  ///< within a point's row

    /// The value at a point; NaN where it did not converge.
    [[nodiscard]] double operator()(const StateTable& states, std::size_t point) const;
};

/// The columns of a map: coverages of the adsorbates and then of the free sites, net rates of the
/// steps, turnover frequencies of the gases, each in the order in which the model file first names
/// them.
[[nodiscard]] std::vector<MapColumn> map_columns(const Network& network);

/// The unit as results give it: "1" for a number without one.
[[nodiscard]] std::string output_unit(const std::string& unit);

}  // namespace turnover
