#include <algorithm>
#include <charconv>

#include "command.hpp"
#include "turnover/base/error.hpp"
#include "turnover/base/suggest.hpp"
#include "turnover/engines/engine.hpp"

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

void add_points_option(CLI::App& command, std::string& points) {
    command
        .add_option("--points", points,
                    "points of each axis instead of the file's (0 leaves an axis as it is)")
        ->type_name("AxB");
}

void check_engine(const std::string& engine, int jobs) {
    const std::vector<std::string> known = engine_names();
    if (std::ranges::find(known, engine) == known.end()) {
        throw Error("there is no engine '" + engine + "'", suggest(engine, known));
    }
    if (jobs < 0) {
        throw Error("--jobs " + std::to_string(jobs) + ": that many workers cannot be had",
                    "Give 1 or more, or 0 for as many as the scheduler or the machine gives.");
    }
}

std::vector<std::size_t> parse_points(const std::string& text) {
    std::vector<std::size_t> points;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        std::size_t count = 0;
        const auto [next, error] = std::from_chars(at, end, count);
        const bool more = next != end && *next == 'x' && next + 1 != end;
        if (error != std::errc{} || (next != end && !more)) {
            throw Error(
                "cannot read --points '" + text + "'",
                "Write the number of points of each axis, in the order of the file: --points "
                "20x30.");
        }
        points.push_back(count);
        at = more ? next + 1 : end;
    }
    return points;
}

}  // namespace turnover::program
