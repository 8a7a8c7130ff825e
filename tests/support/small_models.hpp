#pragma once

#include <string>
#include <utility>
#include <vector>

#include "turnover/chemistry/equation.hpp"
#include "turnover/chemistry/parameter.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/sweep/grid.hpp"
#include "turnover/sweep/result_set.hpp"

/// Networks, grids and results made in code, for tests of what lies above the chemistry.
namespace turnover::support {

/// Adds the site type `s`.
inline void add_plain_site(Mechanism& mechanism) {
    Site site;
    site.name = "s";
    add_site(mechanism, site);
}

/// Adds a step with plain rate constants, in 1/(s Pa^n).
inline void add_plain_step(Mechanism& mechanism, const std::string& equation, double forward,
                           double reverse, const std::string& name = {}) {
    const std::size_t step = add_step(mechanism, parse_equation(equation), name);
    mechanism.steps[step].theory =
        ArrheniusTheory{{forward, 0.0, 0.0}, ArrheniusExpression{reverse, 0.0, 0.0}, {}};
}

inline double& pressure(Mechanism& mechanism, const std::string& gas) {
    return mechanism.conditions.pressures.at(mechanism.find_species(gas).value());
}

/// CO oxidation over one site type with rate constants of the seed problem, rounded.
inline Mechanism co_oxidation() {
    Mechanism mechanism;
    mechanism.name = "CO oxidation";
    add_plain_site(mechanism);
    add_plain_step(mechanism, "CO_g + *_s <-> CO_s", 890.0, 1.3e-5);
    add_plain_step(mechanism, "O2_g + 2*_s <-> 2O_s", 164.0, 4.4e-9);
    add_plain_step(mechanism, "CO_s + O_s <-> CO2_g + 2*_s", 1.2e9, 1.5e-11);
    mechanism.conditions.temperature = 500.0;
    pressure(mechanism, "CO_g") = 1e4;
    pressure(mechanism, "O2_g") = 2e4;
    pressure(mechanism, "CO2_g") = 1e-2;
    return mechanism;
}

/// A linear pressure axis in bar.
inline Axis pressure_axis(const Mechanism& mechanism, const std::string& gas, std::size_t points) {
    const std::string path = "pressure." + gas;
    return {path,
            find_parameter(mechanism, path),
            "bar",
            1e5,
            Spacing::linear,
            spaced(Spacing::linear, 0.01, 0.5, points)};
}

inline Model model_of(const Mechanism& mechanism, std::vector<Axis> axes) {
    return {.path = "co.yaml",
            .text = "name: CO oxidation\n",
            .title = mechanism.name,
            .overrides = {},
            .network = Network(mechanism),
            .grid = Grid(std::move(axes))};
}

/// CO oxidation over p(CO) x p(O2).
inline Model co_model(std::size_t co_points, std::size_t o2_points) {
    const Mechanism mechanism = co_oxidation();
    return model_of(mechanism, {pressure_axis(mechanism, "CO_g", co_points),
                                pressure_axis(mechanism, "O2_g", o2_points)});
}

/// A converged state without any solving, every number another one: 1000 * `seed` + its place,
/// divided by three so that it takes all its digits to write it.
inline SteadyState invented_state(const Network& network, std::size_t seed) {
    double next = 1000.0 * static_cast<double>(seed);
    const auto fill = [&](std::vector<double>& values, int count) {
        for (int i = 0; i < count; ++i) values.push_back((next += 1.0) / 3.0);
    };
    SteadyState state;
    state.status = Status::converged;
    fill(state.coverages, network.unknowns());
    fill(state.forward_rates, network.steps());
    fill(state.reverse_rates, network.steps());
    fill(state.net_rates, network.steps());
    fill(state.turnover_frequencies, network.gases());
    state.residual = 1e-17;
    state.coverage_error = 1e-16;
    state.rate_error = 2e-16;
    state.slowest_eigenvalue = -3.5;
    state.integration_time = 12.5;
    state.integration_steps = 100 + static_cast<int>(seed);
    state.newton_iterations = 3;
    state.digits = 34;
    return state;
}

/// A tile's result made of single states.
inline TileResult tile_result(const Network& network, Tile tile,
                              const std::vector<SteadyState>& states) {
    TileResult result{tile, StateTable(network, states.size())};
    for (std::size_t p = 0; p < states.size(); ++p) {
        result.states.set(p, states[p], Path::reference);
    }
    return result;
}

/// Invented results of the whole grid.
inline ResultSet invented_results(const Model& model) {
    ResultSet results(model.network, model.grid.size());
    for (std::size_t i = 0; i < model.grid.size(); ++i) {
        results.store(tile_result(model.network, {i, 1}, {invented_state(model.network, i)}));
    }
    return results;
}

/// The same, with point `failed` replaced by a failure.
inline ResultSet results_with_failure(const Model& model, std::size_t failed,
                                      const std::string& detail) {
    ResultSet results(model.network, model.grid.size());
    for (std::size_t i = 0; i < model.grid.size(); ++i) {
        SteadyState state = invented_state(model.network, i);
        if (i == failed) {
            state.status = Status::newton_failed;
            state.detail = detail;
        }
        results.store(tile_result(model.network, {i, 1}, {state}));
    }
    return results;
}

}  // namespace turnover::support
