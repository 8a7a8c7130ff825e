#pragma once

#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace turnover::program {

/// What the program tells the shell (docs/cli.md, "Exit codes").
enum ExitCode : int {
    all_converged = 0,
    some_failed = 1,
    bad_input = 2,
    interrupted = 3,
    internal_error = 70,  // EX_SOFTWARE of sysexits.h
};

/// What a sub-command does once the command line is read. Returns an ExitCode; throws Error on bad
/// input.
using Action = std::function<int()>;

/// Each adds one sub-command to `app`; when the user calls it, `action` is set.
void add_map_command(CLI::App& app, Action& action);
void add_manager_command(CLI::App& app, Action& action);
void add_worker_command(CLI::App& app, Action& action);
void add_solve_command(CLI::App& app, Action& action);
void add_check_command(CLI::App& app, Action& action);
void add_merge_command(CLI::App& app, Action& action);
void add_plot_command(CLI::App& app, Action& action);
void add_scaling_command(CLI::App& app, Action& action);

/// Options that several sub-commands share.
void add_model_argument(CLI::App& command, std::string& model);
void add_set_option(CLI::App& command, std::vector<std::string>& settings);
void add_points_option(CLI::App& command, std::string& points);

/// Throws Error on an --engine that there is not and on a negative number of --jobs.
void check_engine(const std::string& engine, int jobs);

/// What the user gave as --points: "20x30" -> {20, 30}, "" -> {}. Throws Error.
[[nodiscard]] std::vector<std::size_t> parse_points(const std::string& text);

}  // namespace turnover::program
