// turnover: surface-reaction mechanism in, maps of turnover frequency and coverages out.
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "command.hpp"
#include "turnover/base/error.hpp"
#include "turnover/base/suggest.hpp"
#include "turnover/base/version.hpp"
#include "turnover/engines/mpi.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/io/recipe.hpp"

namespace {

using namespace turnover;
using namespace turnover::program;

void report(const Error& error) {
    const std::string place = error.place().text();
    fmt::print(stderr, "turnover: error: {}{}\n", place.empty() ? "" : place + ": ",
               error.message());
    if (!error.advice().empty()) fmt::print(stderr, "  {}\n", error.advice());
}

/// Output that did not arrive (a full disk behind `> file`) is an error too.
void flush_output() {
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        throw Error("cannot write to the standard output", "Is the disk full?");
    }
}

/// Nothing that the program knows was asked for.
[[noreturn]] void refuse_command(const CLI::App& app, const std::string& word) {
    std::vector<std::string> known;
    for (const CLI::App* command : app.get_subcommands({})) known.push_back(command->get_name());
    for (const char* option : {"--help", "--version"}) known.emplace_back(option);
    throw Error("there is no command '" + word + "'",
                suggest(word, known) + " `turnover --help` shows how it is called.");
}

/// "--opt", "--opt=1" -> "--opt"
std::string option_in(const std::string& word) { return word.substr(0, word.find('=')); }

/// A command was called in a way that it does not know: `error` says how, unless there is an option
/// that it does not have, which may be why it misses another one.
[[noreturn]] void refuse_call(const CLI::App& command, const CLI::ParseError& error) {
    const std::string help =
        fmt::format("`turnover {} --help` shows how it is called.", command.get_name());
    for (const std::string& word : command.remaining()) {
        if (!word.starts_with("--")) continue;
        std::vector<std::string> known;
        for (const CLI::Option* option : command.get_options()) {
            for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
        }
        throw Error(
            fmt::format("`turnover {}` has no option {}", command.get_name(), option_in(word)),
            suggest(option_in(word), known) + " " + help);
    }
    throw Error(error.what(), help);
}

int run(int argc, char** argv) {
    CLI::App app(
        "Microkinetics of surface reactions: from a mechanism to maps of turnover frequency "
        "and coverages.",
        "turnover");
    app.set_version_flag("--version", fmt::format("turnover {}", version),
                         "print the version and exit");
    app.set_help_flag("-h,--help", "print this help and exit");
    app.require_subcommand(1);
    app.footer(
        "Examples:\n"
        "  turnover check examples/01_co_oxidation/model.yaml\n"
        "  turnover solve examples/01_co_oxidation/model.yaml\n"
        "  turnover map examples/01_co_oxidation/model.yaml -o out/co_oxidation\n"
        "  turnover plot out/co_oxidation/map.nc -o out/co_oxidation/map.pdf\n"
        "\n"
        "Exit codes: 0 all points converged, 1 finished but some points failed, 2 bad input,\n"
        "3 interrupted, 70 a defect of the program.\n"
        "`turnover COMMAND --help` tells more about each command.");

    Action action;
    add_map_command(app, action);
    add_manager_command(app, action);
    add_worker_command(app, action);
    add_merge_command(app, action);
    add_solve_command(app, action);
    add_check_command(app, action);
    add_plot_command(app, action);
    add_scaling_command(app, action);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // Help and version come this way too, with the exit code 0.
        if (error.get_exit_code() == 0) return app.exit(error);
        const auto chosen = app.get_subcommands();
        if (chosen.empty() && argc > 1) refuse_command(app, argv[1]);
        if (!chosen.empty()) refuse_call(*chosen.front(), error);
        throw Error(error.what(), "`turnover --help` shows how it is called.");
    }
    const int code = action();
    flush_output();
    return code;
}

/// The exit code that `work` returns, or that of what it throws, which is said to the user.
template <class Work>
int with_report(const Work& work) {
    try {
        return work();
    } catch (const Error& error) {
        report(error);
        return bad_input;
    } catch (const std::bad_alloc&) {
        report(Error("out of memory", "Ask for fewer points with --points."));
        return bad_input;
    } catch (const std::exception& error) {
        fmt::print(
            stderr,
            "turnover: internal error: {}\n"
            "  This is a defect of Turnover, not of your input. Please report it together with "
            "the model file and the command line.\n",
            error.what());
        return internal_error;
    }
}

int run_and_report(int argc, char** argv) {
    return with_report([&] { return run(argc, argv); });
}

/// Whether `--engine mpi` is on the command line. To be known before that is read, since of all
/// processes that mpirun starts with it one only is to read it and to say what is wrong with it.
bool asks_for_mpi(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--engine=mpi") return true;
        if (word == "--engine" && i + 1 < argc && argv[i + 1] == std::string_view("mpi")) {
            return true;
        }
    }
    return false;
}

/// The tiles of the map that `recipe` is of, for a process that does not lead.
TileFunction tile_function(std::string_view recipe) {
    const auto model = std::make_shared<const Model>(model_from(recipe));
    return [model, grid = work_grid(*model)](Tile tile, const std::stop_token& stop) {
        return solve_tile(model->network, grid, tile, stop);
    };
}

int run_under_mpi(int argc, char** argv) {
    std::optional<MpiSession> session;
    try {
        session.emplace();
    } catch (const Error& error) {
        report(error);
        return bad_input;
    }
    if (!session->leads()) {
        return with_report([&] { return session->serve(tile_function); });
    }
    const int code = run_and_report(argc, argv);
    session->end(code);
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    // A file that may grow no further (ulimit -f) is then an error of the write, with a message.
    std::signal(SIGXFSZ, SIG_IGN);
    return asks_for_mpi(argc, argv) ? run_under_mpi(argc, argv) : run_and_report(argc, argv);
}
