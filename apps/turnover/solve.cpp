// turnover solve: one point, the conditions of the file, with all that is known of it.
#include <memory>

#include <fmt/format.h>

#include "command.hpp"
#include "solution.hpp"

namespace turnover::program {

namespace {

struct SolveOptions {
    std::string model;
    std::vector<std::string> settings;
    bool json = false;
};

int run_solve(const SolveOptions& options) {
    const Model model = read_model(options.model, {options.settings, {}});
    const Solution solution = solve_model(model);
    fmt::print("{}", options.json ? solution_json(solution) : solution_table(solution));
    return solution.state.status == Status::converged ? all_converged : some_failed;
}

}  // namespace

void add_solve_command(CLI::App& app, Action& action) {
    auto options = std::make_shared<SolveOptions>();
    CLI::App* command = app.add_subcommand(
        "solve", "solve one point, at the conditions of the file (its map is ignored)");
    add_model_argument(*command, options->model);
    add_set_option(*command, options->settings);
    command->add_flag("--json", options->json, "write JSON with all digits");
    command->footer(
        "Examples:\n"
        "  turnover solve examples/01_co_oxidation/model.yaml\n"
        "  turnover solve examples/01_co_oxidation/model.yaml --set 'pressure.CO_g=0.05 atm' "
        "--set temperature=550K\n"
        "  turnover solve examples/01_co_oxidation/model.yaml --json");
    command->callback([options, &action] { action = [options] { return run_solve(*options); }; });
}

}  // namespace turnover::program
