#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "solution.hpp"
#include "table.hpp"
#include "turnover/base/version.hpp"

namespace turnover::program {

namespace {

using Json = nlohmann::ordered_json;  // nlohmann-json writes NaN and infinities as null

/// 10 significant digits: what a certified state is good for, and still readable.
std::string number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.9e}", value); }
std::string short_number(double value) {
    return std::isnan(value) ? "-" : fmt::format("{:.2e}", value);
}

std::string name_value_table(const std::string& name, const std::string& quantity,
                             const std::vector<NamedValue>& pairs) {
    Table table({name, quantity});
    for (const NamedValue& pair : pairs) table.add({pair.name, number(pair.value)});
    return table.text();
}

std::string certificate(const SteadyState& state) {
    Table table({"Certificate", ""});
    table.add({"status", std::string(to_string(state.status))});
    table.add({"relative residual", short_number(state.residual)});
    table.add({"relative error of coverages, at most", short_number(state.coverage_error)});
    table.add({"relative error of TOFs, at most", short_number(state.rate_error)});
    table.add({"slowest eigenvalue, 1/s", short_number(state.slowest_eigenvalue)});
    table.add({"integration time, s", short_number(state.integration_time)});
    table.add({"integration steps", fmt::format("{}", state.integration_steps)});
    table.add({"Newton iterations", fmt::format("{}", state.newton_iterations)});
    table.add({"digits of the arithmetic", fmt::format("{}", state.digits)});
    return table.text();
}

Json object(const std::vector<NamedValue>& pairs) {
    Json json = Json::object();
    for (const NamedValue& pair : pairs) json[pair.name] = pair.value;
    return json;
}

}  // namespace

std::string solution_table(const Solution& solution) {
    const bool solved = solution.state.status == Status::converged;
    std::string text = fmt::format("{}, {:.6g} K\n\n", solution.title, solution.temperature);
    if (!solution.pressures.empty()) {
        Table pressures({"Gases", "pressure / Pa"});
        for (const NamedValue& p : solution.pressures) {
            pressures.add({p.name, fmt::format("{:.6g}", p.value)});
        }
        text += pressures.text() + "\n";
    }
    Table constants({"Rate constants", "forward", "unit", "reverse", "unit"});
    for (const StepReport& s : solution.steps) {
        constants.add({s.constants.name, number(s.constants.forward), s.constants.forward_unit,
                       number(s.constants.reverse), s.constants.reverse_unit});
    }
    text += constants.text() + "\n";
    if (!solved) {
        text += certificate(solution.state) + "\n";
        text += fmt::format("No steady state: {}\n", explain(solution.state.status));
        if (!solution.state.detail.empty()) text += solution.state.detail + "\n";
        return text;
    }
    text += name_value_table("Coverages", "per reference site", solution.coverages) + "\n";
    Table rates({"Rates", "forward / 1/s", "reverse / 1/s", "net / 1/s", "reversibility"});
    for (const StepReport& s : solution.steps) {
        rates.add({s.constants.name, number(s.forward_rate), number(s.reverse_rate),
                   number(s.net_rate), number(s.reversibility)});
    }
    text += rates.text() + "\n";
    if (!solution.turnover_frequencies.empty()) {
        text += name_value_table("Turnover frequencies", "net production / 1/s",
                                 solution.turnover_frequencies) +
                "\n";
    }
    return text + certificate(solution.state);
}

std::string solution_json(const Solution& solution) {
    const SteadyState& state = solution.state;
    const bool solved = state.status == Status::converged;
    Json json;
    json["turnover"] = version;
    json["model"] = {{"file", solution.path}, {"title", solution.title}};
    json["conditions"] = {{"temperature_K", solution.temperature},
                          {"pressures_Pa", object(solution.pressures)},
                          {"site_totals", object(solution.sites)}};
    json["status"] = to_string(state.status);
    json["detail"] = state.detail;
    Json constants = Json::object(), rates = Json::object();
    for (const StepReport& s : solution.steps) {
        constants[s.constants.name] = {{"forward", s.constants.forward},
                                       {"forward_unit", s.constants.forward_unit},
                                       {"reverse", s.constants.reverse},
                                       {"reverse_unit", s.constants.reverse_unit}};
        rates[s.constants.name] = {{"forward", s.forward_rate},
                                   {"reverse", s.reverse_rate},
                                   {"net", s.net_rate},
                                   {"reversibility", s.reversibility}};
    }
    json["rate_constants"] = constants;
    // The last numbers of a failed search are no solution.
    json["coverages"] = solved ? object(solution.coverages) : Json();
    json["rates_per_s"] = solved ? rates : Json();
    json["turnover_frequencies_per_s"] = solved ? object(solution.turnover_frequencies) : Json();
    json["certificate"] = {{"relative_residual", state.residual},
                           {"coverage_error", state.coverage_error},
                           {"rate_error", state.rate_error},
                           {"slowest_eigenvalue_per_s", state.slowest_eigenvalue},
                           {"integration_time_s", state.integration_time},
                           {"integration_steps", state.integration_steps},
                           {"newton_iterations", state.newton_iterations},
                           {"digits", state.digits}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace turnover::program
