#include "command.hpp"

namespace turnover::program {

void add_model_argument(CLI::App& command, std::string& model) {
    command.add_option("MODEL", model, "model file (YAML, docs/model-file.md)")->required();
}

void add_set_option(CLI::App& command, std::vector<std::string>& settings) {
    command
        .add_option(
            "--set", settings,
            "a number of the model to change, such as 'pressure.CO_g=0.1 bar', temperature=550K "
            "or 'barrier.STEP=0.4 eV'; may be given repeatedly")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
}

}  // namespace turnover::program
