#include "map_files.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "command.hpp"
#include "summary.hpp"
#include "turnover/base/error.hpp"
#include "turnover/io/csv.hpp"
#include "turnover/io/netcdf.hpp"
#include "turnover/plot/map_plot.hpp"

namespace turnover::program {

namespace {

bool draw(const MapData& map, const std::string& picture) {
    try {
        plot_map(map, picture);
        return true;
    } catch (const Error& error) {
        fmt::print(stderr, "turnover: no picture: {}\n  {}\n", error.message(), error.advice());
        return false;
    }
}

void write_tables(const Model& model, const ResultSet& results, const OutputFolder& folder) {
    AtomicFile netcdf(folder.file("map.nc")), csv(folder.file("map.csv"));
    write_netcdf(netcdf, model, results);
    write_csv(csv, model, results);
    AtomicFile::commit(netcdf, csv);
}

}  // namespace

std::vector<std::string> map_file_names() { return {"map.nc", "map.csv", "map.png"}; }

MapFiles write_map(const Model& model, const ResultSet& results, const std::string& origin,
                   OutputFolder& folder, const MapOutput& output) {
    write_tables(model, results, folder);
    folder.keep();
    MapFiles files{{"map.nc", "map.csv"}};
    // A picture of an earlier run must not stand beside other data.
    std::filesystem::remove(folder.file("map.png"));
    const MapData map = map_data(model, results);
    if (output.plot && model.grid.size() > 1) {
        files.picture_missing = !draw(map, folder.file("map.png"));
        if (!files.picture_missing) files.names.emplace_back("map.png");
    }
    // What failed is never kept quiet.
    if (!output.quiet) {
        fmt::print(output.summary, "{}  written     {}: {}\n",
                   summarise(model, results, map, origin), folder.path(),
                   fmt::join(files.names, ", "));
    } else if (exit_code(results) != ExitCode::all_converged) {
        fmt::print(stderr, "{}", describe_failures(model, results));
    }
    return files;
}

int exit_code(const ResultSet& results) {
    const auto counts = results.count();
    const auto converged = counts.find(Status::converged);
    return converged != counts.end() && converged->second == results.size() ? all_converged
                                                                            : some_failed;
}

}  // namespace turnover::program
