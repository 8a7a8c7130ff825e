#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/io/atomic_file.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/branches.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover {

/// map.nc (NetCDF-4, docs/output.md): a dimension and coordinate variable per axis, and over them
/// the variables of map.csv by the same names, plus those that prove each point (`residual`,
/// `coverage_error`, `rate_error`, `slowest_eigenvalue`, `integration_time`, `newton_iterations`,
/// ...), `status` as a byte with flag_values and flag_meanings, and the reasons of points that
/// failed. Every variable has `units` and `long_name`; global attributes hold title, Turnover's
/// version, the model file's text and the overrides. No clock time and no path: the same run gives
/// the same bytes. `results` has one entry a grid point. With `branches`, which may be null, all
/// stable states of each point as well. Written whole or not at all. Throws Error.
///
/// The NetCDF library is not thread-safe: one call at a time in a process, here and in read_map.
void write_netcdf(const std::string& path, const Model& model, const ResultSet& results,
                  const Branches* branches = nullptr);
/// The same into a file that the caller commits. Throws Error.
void write_netcdf(AtomicFile& file, const Model& model, const ResultSet& results,
                  const Branches* branches = nullptr);

/// An axis read back from a map.
struct MapAxis {
    std::string name;   ///< "pressure.CO_g"
    std::string units;  ///< "atm"; "1" for a plain number
    bool logarithmic = false;
    std::vector<double> values;
};

/// A variable read back: one value a grid point, first axis slowest.
struct MapVariable {
    std::string name;            ///< "coverage.CO_s"
    std::string units;           ///< "1", "1/s"
    std::vector<double> values;  ///< NaN where the point did not converge
};

/// All stable states of each point, as a picture needs them.
struct MapBranches {
    std::size_t most = 0;       ///< states of a point
    std::vector<double> count;  ///< how many states each point has
    /// "coverage.CO_s", ...: `most` values a point; NaN beyond the states that it has.
    std::vector<MapVariable> variables;
};

/// A map as a picture needs it.
struct MapData {
    std::string title;
    std::vector<MapAxis> axes;
    std::vector<MapVariable> variables;   ///< coverages, rates, turnover frequencies, in file order
    std::optional<MapBranches> branches;  ///< where they were asked for

    /// Variables whose name begins with `prefix`.
    [[nodiscard]] std::vector<const MapVariable*> with_prefix(std::string_view prefix) const;
};

/// Reads a map.nc. Throws Error when it is not one of ours, saying so.
[[nodiscard]] MapData read_map(const std::string& path);

/// The same without the detour of a file.
[[nodiscard]] MapData map_data(const Model& model, const ResultSet& results,
                               const Branches* branches = nullptr);

}  // namespace turnover
