#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "turnover/io/map_columns.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/io/netcdf.hpp"
#include "turnover/io/netcdf_file.hpp"
#include "turnover/sweep/branches.hpp"

namespace turnover {

// The stable states of each point in map.nc: its part that only `--branches` writes.

/// Adds to a map.nc, over its axes and two dimensions more, `state` and `surface`, what
/// docs/output.md lists: how many states each point has, their numbers, which surface runs into
/// which of them, and why a surface did not converge.
class BranchWriter {
public:
    /// Declares the variables, `axes` being the dimensions of the map. Everything given outlives
    /// this.
    BranchWriter(NetcdfWriter& file, std::span<const int> axes, const Model& model,
                 const Branches& branches);

    /// Writes the values, after end_definitions().
    void fill();

private:
    [[nodiscard]] int add(const std::string& name, NetcdfWriter::Type type,
                          std::span<const int> dimensions, const std::string& units,
                          const std::string& long_name);

    NetcdfWriter& file_;
    const Model& model_;
    const Branches& branches_;
    std::vector<MapColumn> columns_;
    std::vector<std::size_t> failed_;  ///< rows
    std::vector<int> column_variables_, certificate_variables_;
    int count_ = 0, names_ = 0, reached_ = 0, status_ = 0;
    int failed_points_ = 0, failed_surfaces_ = 0, failed_reasons_ = 0;
};

/// What of it a picture needs; empty when the map has none. `axes` are the map's dimensions.
[[nodiscard]] std::optional<MapBranches> read_branches(const NetcdfReader& file,
                                                       const std::vector<int>& axes);

/// The same without the detour of a file.
[[nodiscard]] MapBranches map_branches(const Model& model, const Branches& branches);

/// Attributes of a variable that holds statuses as bytes.
void describe_statuses(NetcdfWriter& file, int variable);

}  // namespace turnover
