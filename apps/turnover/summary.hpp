#pragma once

#include <string>

#include "turnover/io/model_file.hpp"
#include "turnover/io/netcdf.hpp"
#include "turnover/sweep/branches.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover::program {

/// The map in a few lines: points, how many converged and which did not, how many have how many
/// stable states (`branches` may be null), `origin` (lines that tell where the results come from),
/// the best turnover frequency and where it is. `results` are those of work_grid(model).
[[nodiscard]] std::string summarise(const Model& model, const ResultSet& results,
                                    const Branches* branches, const MapData& map,
                                    const std::string& origin);

/// One line for each way to fail, with how many points failed so, where the first few are and, with
/// branches, from which surface; empty when all converged.
[[nodiscard]] std::string describe_failures(const Model& model, const ResultSet& results);

/// "pressure.CO_g = 0.5 atm, temperature = 500 K": the axes at a grid point.
[[nodiscard]] std::string describe_point(const Grid& grid, std::size_t index);

}  // namespace turnover::program
