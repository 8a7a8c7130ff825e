#include "map_files.hpp"

#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "command.hpp"
#include "summary.hpp"
#include "turnover/base/error.hpp"
#include "turnover/io/csv.hpp"
#include "turnover/io/netcdf.hpp"
#include "turnover/plot/map_plot.hpp"
#include "turnover/sweep/branches.hpp"

namespace turnover::program {

namespace {

/// Draws with `plot`. Why there is no picture is said on the standard error.
template <class Plot>
bool draw(const Plot& plot) {
    try {
        plot();
        return true;
    } catch (const Error& error) {
        fmt::print(stderr, "turnover: no picture: {}\n  {}\n", error.message(), error.advice());
        return false;
    }
}

/// What was computed, as files show it: the map of the stated surface, and all stable states where
/// they were asked for. Keeps references to what it is made of.
struct Answer {
    Answer(const Model& model, const ResultSet& results)
        : stated(model.network, model.grid.size()) {
        if (!model.overrides.branches) return;
        branches.emplace(results.states(), model.network.surfaces().size());
        stated.store({{0, model.grid.size()}, branches->stated()});
    }

    ResultSet stated;  ///< empty without branches: then it is the results themselves
    std::optional<Branches> branches;

    [[nodiscard]] const Branches* all_states() const { return branches ? &*branches : nullptr; }
};

void write_tables(const Model& model, const ResultSet& results, const Branches* branches,
                  const OutputFolder& folder) {
    AtomicFile netcdf(folder.file("map.nc")), csv(folder.file("map.csv"));
    std::optional<AtomicFile> all_states;
    write_netcdf(netcdf, model, results, branches);
    write_csv(csv, model, results);
    if (branches != nullptr) {
        all_states.emplace(folder.file("branches.csv"));
        write_branches_csv(*all_states, model, *branches);
        all_states->finish();
    }
    AtomicFile::commit(netcdf, csv);
    if (all_states) all_states->commit();
}

}  // namespace

std::vector<std::string> map_file_names(const Model& model) {
    std::vector<std::string> names{"map.nc", "map.csv", "map.png"};
    if (model.overrides.branches) {
        names.emplace_back("branches.csv");
        names.emplace_back("branches.png");
    }
    return names;
}

MapFiles write_map(const Model& model, const ResultSet& results, const std::string& origin,
                   OutputFolder& folder, const MapOutput& output) {
    const Answer answer(model, results);
    const Branches* branches = answer.all_states();
    const ResultSet& stated = branches == nullptr ? results : answer.stated;
    write_tables(model, stated, branches, folder);
    folder.keep();
    MapFiles files{{"map.nc", "map.csv"}};
    if (branches != nullptr) files.names.emplace_back("branches.csv");
    // What an earlier run left must not stand beside other data.
    for (const char* const name : {"map.png", "branches.png"}) {
        std::filesystem::remove(folder.file(name));
    }
    if (branches == nullptr) std::filesystem::remove(folder.file("branches.csv"));

    const MapData map = map_data(model, stated, branches);
    const auto picture = [&](const std::string& name, const auto& plot) {
        if (draw([&] { plot(map, folder.file(name), MapPlotOptions{}); })) {
            files.names.push_back(name);
        } else {
            files.picture_missing = true;
        }
    };
    if (output.plot && model.grid.size() > 1) {
        picture("map.png", plot_map);
        if (branches != nullptr && !files.picture_missing) picture("branches.png", plot_branches);
    }
    // What failed is never kept quiet.
    if (!output.quiet) {
        fmt::print(output.summary, "{}  written     {}: {}\n",
                   summarise(model, results, branches, map, origin), folder.path(),
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
