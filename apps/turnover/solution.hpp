#pragma once

#include <string>
#include <vector>

#include "step_constants.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/steady/steady_state.hpp"

namespace turnover::program {

/// A step with its numbers at one point, in the order of the file.
struct StepReport {
    StepConstants constants;
    double forward_rate = 0.0, reverse_rate = 0.0, net_rate = 0.0;  ///< 1/s
    double reversibility = 0.0;
};

/// A species with a number.
struct NamedValue {
    std::string name;
    double value = 0.0;
};

/// All that `turnover solve` tells of one point, gathered once for the table and for JSON, in the
/// order of the file.
struct Solution {
    std::string title, path;
    double temperature = 0.0;           ///< K
    std::vector<NamedValue> pressures;  ///< Pa
    std::vector<NamedValue> sites;      ///< sites per reference site
    std::vector<StepReport> steps;
    std::vector<NamedValue> coverages;
    std::vector<NamedValue> turnover_frequencies;  ///< 1/s
    SteadyState state;
};

/// Solves the model at the conditions of its file. Throws Error when there are no rate constants
/// there.
[[nodiscard]] Solution solve_model(const Model& model);

[[nodiscard]] std::string solution_table(const Solution& solution);
/// The same with all digits; what has no value (or is infinite) is null.
[[nodiscard]] std::string solution_json(const Solution& solution);

}  // namespace turnover::program
