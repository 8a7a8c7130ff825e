// turnover map: every point of the grid, into map.nc, map.csv and map.png.
#include <filesystem>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "command.hpp"
#include "output_folder.hpp"
#include "signals.hpp"
#include "summary.hpp"
#include "turnover/base/error.hpp"
#include "turnover/engines/engine.hpp"
#include "turnover/io/atomic_file.hpp"
#include "turnover/io/csv.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/io/netcdf.hpp"
#include "turnover/plot/map_plot.hpp"
#include "turnover/sweep/progress.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover::program {

namespace {

struct MapOptions {
    std::string model;
    std::string folder;
    std::string engine = "threads";
    int jobs = 0;
    std::vector<std::string> settings;
    std::string points;
    bool no_plot = false;
    bool quiet = false;
};

std::size_t failures_in(const TileResult& tile) {
    std::size_t failures = 0;
    for (const Status status : tile.states.status) failures += status != Status::converged;
    return failures;
}

/// Draws the map. A map without its picture is still a result, so why there is none goes to stderr
/// and no further. Returns whether it was drawn.
bool draw(const MapData& map, const std::string& picture) {
    try {
        plot_map(map, picture);
        return true;
    } catch (const Error& error) {
        fmt::print(stderr, "turnover: no picture: {}\n  {}\n", error.message(), error.advice());
        return false;
    }
}

int run_map(const MapOptions& options) {
    const Overrides overrides{options.settings, parse_points(options.points)};
    const Model model = read_model(options.model, overrides);
    const std::unique_ptr<Engine> engine = make_engine(options.engine, {.workers = options.jobs});
    OutputFolder folder(options.folder);
    folder.check_writable({"map.nc", "map.csv", "map.png"});

    const InterruptWatch watch;
    ResultSet results(model.network, model.grid.size());
    Timing timing;
    {
        Progress progress(model.grid.size(), options.quiet ? nullptr : stderr);
        const TileSink store = [&](TileResult&& tile) {
            const std::size_t done = tile.states.points(), failed = failures_in(tile);
            results.store(std::move(tile));
            progress.add(done, failed);
        };
        const bool finished =
            engine->run({model.network, model.grid, tiles_of(model.grid)}, store, watch.token());
        timing = {progress.seconds(), progress.points_per_second(), engine->workers(),
                  std::string(engine->name())};
        if (!finished) {
            fmt::print(stderr, "turnover: interrupted after {} of {} points; nothing was written\n",
                       results.stored(), results.size());
            return ExitCode::interrupted;
        }
    }

    // Both or neither: nothing takes its name before all of both is on the disk.
    AtomicFile netcdf(folder.file("map.nc")), csv(folder.file("map.csv"));
    write_netcdf(netcdf, model, results);
    write_csv(csv, model, results);
    netcdf.finish();
    csv.finish();
    netcdf.commit();
    csv.commit();
    folder.keep();
    std::vector<std::string> written{"map.nc", "map.csv"};
    // A picture of an earlier run must not stand beside other data.
    std::filesystem::remove(folder.file("map.png"));
    const MapData map = map_data(model, results);
    const bool wanted = !options.no_plot && model.grid.size() > 1;
    const bool drawn = wanted && draw(map, folder.file("map.png"));
    if (drawn) written.push_back("map.png");

    const std::string summary =
        summarise(model, results, map, timing) +
        fmt::format("  written     {}: {}\n", options.folder, fmt::join(written, ", "));
    const auto converged = results.count()[Status::converged];
    // What failed is never kept quiet.
    if (!options.quiet) {
        fmt::print("{}", summary);
    } else if (converged < results.size()) {
        fmt::print(stderr, "{}", describe_failures(model, results));
    }
    if (wanted && !drawn && watch.interrupted()) return ExitCode::interrupted;
    return converged == results.size() ? all_converged : some_failed;
}

}  // namespace

void add_map_command(CLI::App& app, Action& action) {
    auto options = std::make_shared<MapOptions>();
    CLI::App* command =
        app.add_subcommand("map", "solve every point of the grid and write the map");
    add_model_argument(*command, options->model);
    command
        ->add_option("-o,--output", options->folder,
                     "directory for map.nc, map.csv and map.png, made when missing")
        ->type_name("DIR")
        ->required();
    command
        ->add_option("--engine", options->engine,
                     fmt::format("who runs the points: {}", fmt::join(engine_names(), ", ")))
        ->type_name("NAME")
        ->capture_default_str();
    command
        ->add_option("-j,--jobs", options->jobs, "points computed at once (0: one for each core)")
        ->type_name("N")
        ->capture_default_str();
    add_set_option(*command, options->settings);
    add_points_option(*command, options->points);
    command->add_flag("--no-plot", options->no_plot, "write no picture");
    command->add_flag("-q,--quiet", options->quiet, "no progress bar and no summary");
    command->footer(
        "Examples:\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/co_oxidation\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/fine --points 40x40 -j 2\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/550K --set temperature=550K");
    command->callback([options, &action] { action = [options] { return run_map(*options); }; });
}

}  // namespace turnover::program
