// turnover scaling: the same map with different numbers of workers, and how much faster that is.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "command.hpp"
#include "output_folder.hpp"
#include "scaling_report.hpp"
#include "signals.hpp"
#include "turnover/base/error.hpp"
#include "turnover/engines/engine.hpp"
#include "turnover/io/atomic_file.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover::program {

namespace {

/// Workers, or runs with each number of them.
constexpr int most_counted = 1'000'000;

struct ScalingOptions {
    std::string model;
    std::string folder = "scaling";
    std::string engine = "threads";
    std::vector<int> jobs;
    int repeat = 5;
    std::vector<std::string> settings;
    std::string points;
};

/// In their order, each once; where none are given 1, 2, 4, ... up to the cores, and all cores.
std::vector<int> numbers_of_workers(std::vector<int> jobs) {
    if (jobs.empty()) {
        const int cores = available_cores();
        for (int workers = 1; workers < cores; workers *= 2) jobs.push_back(workers);
        jobs.push_back(cores);
    }
    std::ranges::sort(jobs);
    jobs.erase(std::unique(jobs.begin(), jobs.end()), jobs.end());
    return jobs;
}

/// A series of timed maps.
class Series {
public:
    Series(const Model& model, std::string engine, std::stop_token stop)
        : model_(model), engine_(std::move(engine)), stop_(std::move(stop)) {}

    /// Seconds from handing the tiles to the engine until all results are stored. Nothing when a
    /// stop was requested.
    std::optional<double> time(int workers) {
        const std::unique_ptr<Engine> engine = make_engine(engine_, {.workers = workers});
        if (engine->workers() != workers) {
            throw Error(fmt::format("the engine {} cannot have {} workers", engine_, workers),
                        "Choose threads or processes with --engine.");
        }
        ResultSet results(model_.network, model_.grid.size());
        const auto start = std::chrono::steady_clock::now();
        const bool finished = engine->run(
            {model_.network, model_.grid, tiles_of(model_.grid)},
            [&](TileResult&& tile) { results.store(std::move(tile)); }, stop_);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        if (!finished) return std::nullopt;
        failed_ = results.size() - results.count()[Status::converged];
        return took.count();
    }

    /// Points that did not converge in the last map.
    [[nodiscard]] std::size_t failed() const noexcept { return failed_; }

private:
    const Model& model_;
    std::string engine_;
    std::stop_token stop_;
    std::size_t failed_ = 0;
};

/// A table without its picture is still a result; why there is none goes to stderr.
bool draw(const std::string& title, const std::vector<ScalingRow>& rows,
          const std::string& picture) {
    try {
        plot_scaling(title, rows, picture);
        return true;
    } catch (const Error& error) {
        fmt::print(stderr, "turnover: no picture: {}\n  {}\n", error.message(), error.advice());
        return false;
    }
}

int run_scaling(const ScalingOptions& options) {
    check_engine(options.engine, 0);
    const std::vector<int> jobs = numbers_of_workers(options.jobs);
    const Model model = read_model(options.model, {options.settings, parse_points(options.points)});
    OutputFolder folder(options.folder);
    folder.check_writable({"scaling.csv", "scaling.png"});

    const InterruptWatch watch;
    Series series(model, options.engine, watch.token());
    std::vector<Runs> runs;
    for (const int workers : jobs) runs.push_back({workers, {}});
    // In rounds, so that whatever else slows the machine down for a while does so for all.
    for (int round = 0; round < options.repeat; ++round) {
        for (Runs& run : runs) {
            const std::optional<double> seconds = series.time(run.workers);
            if (!seconds) {
                fmt::print(stderr, "turnover: interrupted; nothing was written\n");
                return ExitCode::interrupted;
            }
            run.seconds.push_back(*seconds);
        }
    }

    AtomicFile csv(folder.file("scaling.csv"));
    csv.write(scaling_csv(runs, model.grid.size()));
    csv.commit();
    folder.keep();
    // A picture of an earlier run must not stand beside other data.
    std::filesystem::remove(folder.file("scaling.png"));
    const std::vector<ScalingRow> rows = scaling_rows(runs);
    const std::string what =
        fmt::format("{}, {} points, engine {}", model.title, model.grid.size(), options.engine);
    const bool drawn = draw(what, rows, folder.file("scaling.png"));
    fmt::print("{}, {} run{} each\n\n{}  written: {}: scaling.csv{}\n", what, options.repeat,
               options.repeat == 1 ? "" : "s",
               describe_scaling(rows, model.grid.size(), available_cores()), options.folder,
               drawn ? ", scaling.png" : "");
    if (series.failed() > 0) {
        fmt::print(stderr, "turnover: {} of {} points failed; `turnover map` tells which\n",
                   series.failed(), model.grid.size());
        return some_failed;
    }
    return all_converged;
}

}  // namespace

void add_scaling_command(CLI::App& app, Action& action) {
    auto options = std::make_shared<ScalingOptions>();
    CLI::App* command = app.add_subcommand(
        "scaling", "time the map with different numbers of workers, for speed-up curves");
    add_model_argument(*command, options->model);
    command
        ->add_option("-o,--output", options->folder,
                     "directory for scaling.csv and scaling.png, made when missing")
        ->type_name("DIR")
        ->capture_default_str();
    command
        ->add_option("-j,--jobs", options->jobs,
                     "numbers of workers (default: 1, 2, 4, ... and all cores)")
        ->type_name("N,N,...")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(CLI::Range(1, most_counted));
    command->add_option("--engine", options->engine, "who runs the points: threads, processes")
        ->type_name("NAME")
        ->capture_default_str();
    command->add_option("--repeat", options->repeat, "runs with each number of workers")
        ->type_name("N")
        ->check(CLI::Range(1, most_counted))
        ->capture_default_str();
    add_set_option(*command, options->settings);
    add_points_option(*command, options->points);
    command->footer(
        "Examples:\n"
        "  turnover scaling examples/01_co_oxidation/model.yaml --jobs 1,2 -o out/scaling\n"
        "  turnover scaling examples/01_co_oxidation/model.yaml --jobs 1,2 --engine processes "
        "--repeat 3 --points 20x20 -o out/scaling_processes");
    command->callback([options, &action] { action = [options] { return run_scaling(*options); }; });
}

}  // namespace turnover::program
