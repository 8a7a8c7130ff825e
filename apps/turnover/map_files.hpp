#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "output_folder.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover::program {

/// How a finished map is to be written and told of.
struct MapOutput {
    bool plot = true;
    bool quiet = false;
    std::FILE* summary = stdout;  ///< where the summary goes
};

/// What came of it.
struct MapFiles {
    std::vector<std::string> names;  ///< "map.nc", ...
    bool picture_missing = false;    ///< it was wanted, and could not be drawn
};

/// The names of the files that write_map writes for this model.
[[nodiscard]] std::vector<std::string> map_file_names(const Model& model);

/// Writes map.nc and map.csv, with all stable states also branches.csv, all or none, then draws
/// map.png and branches.png, and prints the summary, with `origin` in it (see summarise). `results`
/// are those of work_grid(model). A map without its picture is still a result: why there is none is
/// said on the standard error. Throws Error.
MapFiles write_map(const Model& model, const ResultSet& results, const std::string& origin,
                   OutputFolder& folder, const MapOutput& output);

/// The exit code of a map that was written.
[[nodiscard]] int exit_code(const ResultSet& results);

}  // namespace turnover::program
