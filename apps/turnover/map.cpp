// turnover map: every point of the grid, into map.nc, map.csv and map.png, with --branches all its
// stable states into branches.csv and branches.png; or a shard of it, into a journal that `turnover
// merge` makes a map of.
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "event_log.hpp"
#include "map_files.hpp"
#include "map_journal.hpp"
#include "map_run.hpp"
#include "output_folder.hpp"
#include "scheduler.hpp"
#include "shard.hpp"
#include "signals.hpp"
#include "turnover/base/error.hpp"
#include "turnover/base/version.hpp"
#include "turnover/engines/engine.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/journal.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover::program {

namespace {

struct MapOptions {
    std::string model;
    std::string folder;
    std::string engine = "threads";
    int jobs = 0;
    WorkQueueOptions work_queue;
    std::vector<std::string> settings;
    std::string points;
    std::string shard;
    std::string log;
    bool branches = false;
    bool fresh = false;
    bool no_journal = false;
    bool no_plot = false;
    bool quiet = false;
};

/// What the user says, or else what is there. mpirun starts as many processes as are wanted.
int jobs(const MapOptions& options) {
    return options.jobs == 0 && options.engine != "mpi" ? default_jobs() : options.jobs;
}

/// A run of `turnover map` or of one shard, from the command line to the exit code.
class MapCommand {
public:
    MapCommand(const MapOptions& options, OutputFolder& folder, EventLog& log)
        : options_(options),
          folder_(folder),
          log_(log),
          model_(read_model(options.model,
                            {options.settings, parse_points(options.points), options.branches})),
          work_(work_grid(model_)),
          engine_(make_engine(options.engine,
                              {.workers = jobs(options), .work_queue = options.work_queue})) {}

    int map() {
        warn_of_beaten_settings();
        folder_.check_writable(map_file_names(model_));
        // First, so that a map that no memory holds leaves no journal.
        ResultSet results(model_.network, work_.size());
        open_journal("journal.sqlite", describe_map(model_));
        MapRun run(model_, tiles_of(work_), journal(),
                   [&](TileResult&& tile) { results.store(std::move(tile)); });
        if (!compute(run)) return stopped(run);

        const MapFiles files =
            write_map(model_, results, run.describe(), folder_,
                      {.plot = !options_.no_plot, .quiet = options_.quiet, .summary = screen()});
        // A finished map needs no journal, and the next one in this directory may be another. But
        // where workers were lost, the same command may yet do better, and needs the rest.
        if (journal_ && results.count().contains(Status::worker_failed)) {
            journal_->finish();
            if (!options_.quiet) {
                fmt::print(stderr,
                           "turnover: the same command tries the points again that workers failed "
                           "at; the journal keeps the others\n");
            }
        } else if (journal_) {
            journal_->remove();
        }
        const bool cut_short = files.picture_missing && watch_.interrupted();
        return ended(run, cut_short ? ExitCode::interrupted : exit_code(results), files.names);
    }

    int shard(const Shard& shard) {
        warn_of_beaten_settings();
        folder_.check_writable({shard.file()});
        std::vector<JournalFact> facts = describe_map(model_);
        facts.push_back({"shard", shard.text(), false});
        open_journal(shard.file(), facts);
        MapRun run(model_, deal(tiles_of(work_), shard), journal(), [](TileResult&&) {});
        if (!compute(run)) return stopped(run);

        journal_->finish();
        folder_.keep();
        const ProgressState& state = run.state();
        if (!options_.quiet) {
            fmt::print(screen(),
                       "{}\n  shard       {} of {}: {} of {} points\n  converged   {} of {}\n{}"
                       "  written     {}: {} and {}, which belong together\n",
                       model_.title, shard.index, shard.count, state.total, work_.size(),
                       state.total - state.failed, state.total, run.describe(), options_.folder,
                       shard.file(), Journal::tile_file_of(shard.file()));
        }
        return ended(run, state.failed == 0 ? all_converged : some_failed,
                     {shard.file(), Journal::tile_file_of(shard.file())});
    }

private:
    /// An axis varies its number whatever it is set to; whoever sets it may have meant otherwise.
    void warn_of_beaten_settings() const {
        for (const std::string& path : axes_that_beat_settings(model_)) {
            fmt::print(stderr,
                       "turnover: --set {} changes nothing: an axis of the map varies it\n"
                       "  To hold it, take that axis out of the model file, or use `turnover "
                       "solve`.\n",
                       path);
        }
    }

    void open_journal(const std::string& name, const std::vector<JournalFact>& facts) {
        if (options_.no_journal) return;
        const std::string path = folder_.file(name);
        if (options_.fresh) Journal::discard(path);
        journal_.emplace(path, facts);
    }

    [[nodiscard]] Journal* journal() { return journal_ ? &*journal_ : nullptr; }
    [[nodiscard]] std::FILE* screen() const { return log_.on_standard_output() ? stderr : stdout; }

    bool compute(MapRun& run) {
        const ProgressState& state = run.state();
        log_.write("start", {{"turnover", version},
                             {"model", options_.model},
                             {"output", options_.folder},
                             {"shard", options_.shard},
                             {"engine", engine_->name()},
                             {"workers", engine_->workers()},
                             {"points", state.total},
                             {"kept", state.kept}});
        try {
            return run.compute(*engine_, log_, options_.quiet ? nullptr : stderr, watch_.token());
        } catch (const Error&) {
            // An engine that could not even begin leaves no journal.
            if (journal_ && state.done == 0) journal_->remove();
            throw;
        }
    }

    /// Ctrl-C came before all points were done.
    int stopped(const MapRun& run) {
        const ProgressState& state = run.state();
        if (!journal_) {
            fmt::print(stderr,
                       "turnover: interrupted after {} of {} points; nothing is kept "
                       "(--no-journal)\n",
                       state.done, state.total);
        } else if (state.done == 0) {
            journal_->remove();
            fmt::print(stderr, "turnover: interrupted before any of {} points was done\n",
                       state.total);
        } else {
            journal_->finish();
            fmt::print(stderr,
                       "turnover: interrupted; {} of {} points are kept, and the same command goes "
                       "on from there\n",
                       state.done, state.total);
        }
        return ended(run, interrupted, {});
    }

    int ended(const MapRun& run, int code, const std::vector<std::string>& files) {
        const ProgressState& state = run.state();
        log_.write("end", {{"code", code},
                           {"points", state.total},
                           {"done", state.done},
                           {"failed", state.failed},
                           {"kept", state.kept},
                           {"seconds", state.seconds},
                           {"files", files},
                           {"message", ""}});
        return code;
    }

    const MapOptions& options_;
    OutputFolder& folder_;
    EventLog& log_;
    Model model_;
    Grid work_;
    std::unique_ptr<Engine> engine_;
    InterruptWatch watch_;  // before anything that starts a thread
    std::optional<Journal> journal_;
};

/// Each process that mpirun started would compute the whole map, into the same directory.
void refuse_many_of_us(const MapOptions& options) {
    const char* const processes = std::getenv("OMPI_COMM_WORLD_SIZE");
    if (options.engine == "mpi" || !options.shard.empty() || processes == nullptr ||
        std::string(processes) == "1") {
        return;
    }
    throw Error(
        fmt::format("mpirun started {} processes, and each would compute this map", processes),
        "Add --engine mpi, and they share the work; or leave mpirun out.");
}

int run_map(const MapOptions& options) {
    refuse_many_of_us(options);
    if (!options.shard.empty() && options.no_journal) {
        throw Error("--shard writes nothing but its journal", "Leave --no-journal out.");
    }
    check_engine(options.engine, options.jobs);
    std::optional<Shard> shard;
    if (!options.shard.empty()) shard = read_shard(options.shard);
    OutputFolder folder(options.folder);
    EventLog log(options.log);
    try {
        MapCommand command(options, folder, log);
        return shard ? command.shard(*shard) : command.map();
    } catch (const Error& error) {
        log.write("end", {{"code", ExitCode::bad_input}, {"message", error.message()}});
        throw;
    } catch (const std::exception& defect) {
        log.write("end", {{"code", ExitCode::internal_error}, {"message", defect.what()}});
        throw;
    }
}

/// What `turnover map` and `turnover manager` have in common.
void add_common_options(CLI::App& command, MapOptions& options) {
    add_model_argument(command, options.model);
    command
        .add_option("-o,--output", options.folder,
                    "directory for map.nc, map.csv and the pictures, made when missing")
        ->type_name("DIR")
        ->required();
    add_set_option(command, options.settings);
    add_points_option(command, options.points);
    command.add_flag("--branches", options.branches,
                     "start each point from several surfaces: clean, filled by each adsorbate, "
                     "and those that the model file lists; write all stable states to "
                     "branches.csv and branches.png");
    command.add_flag("--fresh", options.fresh,
                     "start over instead of going on with a map that was interrupted");
    command
        .add_option("--shard", options.shard,
                    "compute part I of N only, for `turnover merge`; auto: as the scheduler's "
                    "array job counts")
        ->type_name("I/N");
    command.add_flag("--no-journal", options.no_journal,
                     "keep no journal: an interrupted map begins again");
    command
        .add_option("--log-json", options.log,
                    "add a line of JSON for each event to FILE; - is the standard output")
        ->type_name("FILE");
    command.add_flag("--no-plot", options.no_plot, "write no picture");
    command.add_flag("-q,--quiet", options.quiet, "no progress bar and no summary");
}

void add_work_queue_options(CLI::App& command, WorkQueueOptions& options) {
    command
        .add_option("--port", options.port,
                    "where workers find the work-queue engine (0: any port that is free)")
        ->type_name("P")
        ->capture_default_str();
    command
        .add_option("--password-file", options.password_file,
                    "holds the password that workers must have; only you may be able to read it")
        ->type_name("FILE");
}

void call(CLI::App& command, const std::shared_ptr<MapOptions>& options, Action& action) {
    command.callback([options, &action] { action = [options] { return run_map(*options); }; });
}

}  // namespace

void add_map_command(CLI::App& app, Action& action) {
    auto options = std::make_shared<MapOptions>();
    CLI::App* command =
        app.add_subcommand("map", "solve every point of the grid and write the map");
    add_common_options(*command, *options);
    command
        ->add_option("--engine", options->engine,
                     fmt::format("who runs the points: {}", fmt::join(engine_names(), ", ")))
        ->type_name("NAME")
        ->capture_default_str();
    command
        ->add_option(
            "-j,--jobs", options->jobs,
            "points computed at once (0: as many as the scheduler or the machine gives); with "
            "the engine mpi, by each process (0: one)")
        ->type_name("N")
        ->capture_default_str();
    add_work_queue_options(*command, options->work_queue);
    command->footer(
        "Examples:\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/co_oxidation\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/fine --points 40x40 -j 2\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/550K --set temperature=550K\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/branches --branches\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/shards --shard 1/2\n"
        "A map that was interrupted goes on when the same command is given again.");
    call(*command, options, action);
}

void add_manager_command(CLI::App& app, Action& action) {
    auto options = std::make_shared<MapOptions>();
    options->engine = "work-queue";
    CLI::App* command = app.add_subcommand(
        "manager", "the same as `map --engine work-queue`: computed by workers on other machines");
    add_common_options(*command, *options);
    add_work_queue_options(*command, options->work_queue);
    command->footer(
        "Example, on a machine that the others can reach as HOST:\n"
        "  (umask 077; openssl rand -hex 32 > turnover.password)\n"
        "  turnover manager model.yaml -o out --password-file turnover.password\n"
        "and on any other machine, with a copy of that file, as often as you like:\n"
        "  turnover worker HOST:9123 --password-file turnover.password\n"
        "Killed or interrupted, it goes on when the same command is given again.");
    call(*command, options, action);
}

}  // namespace turnover::program
