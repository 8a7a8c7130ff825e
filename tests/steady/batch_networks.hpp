#pragma once

#include <cmath>
#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "networks.hpp"
#include "seed.hpp"
#include "turnover/kinetics/kinetics_table.hpp"

/// Networks and tables of points for the batched solver.
namespace turnover::test {

/// The same network at every one of `surfaces`' rate constants, pressures and initial coverages.
inline KineticsTable table_of(const Network& network, const std::vector<PointKinetics>& points) {
    KineticsTable table(network, points.size());
    for (std::size_t p = 0; p < points.size(); ++p) table.set(p, points[p]);
    return table;
}

/// The seed problem at pressures in atm, `counts` of them evenly from 1e-5 to 0.5 on either axis,
/// oxygen slowest: the reference grid has 10.
inline KineticsTable seed_table(std::size_t counts) {
    const Network network = seed_network(1.0, 1.0);
    const PointKinetics unit = point_of(network);
    const auto step = [&](const std::string& gas) {
        const auto g = static_cast<int>(position(network.gas_names(), gas));
        std::size_t j = 0;
        while (network.gas_stoichiometry(g, static_cast<int>(j)) >= 0) ++j;
        return j;
    };
    const std::size_t co_step = step("CO_g"), oxygen_step = step("O2_g");
    const auto pressure = [&](std::size_t i) {
        return 1e-5 + (0.5 - 1e-5) * (static_cast<double>(i) / static_cast<double>(counts - 1));
    };
    KineticsTable table(network, counts * counts);
    for (std::size_t p = 0; p < table.points(); ++p) {
        PointKinetics point = unit;
        point.forward[co_step] *= pressure(p % counts);
        point.forward[oxygen_step] *= pressure(p / counts);
        table.set(p, point);
    }
    return table;
}

/// Partial oxidation and combustion of methane on a surface like platinum's: 11 adsorbates, 24
/// reversible steps. Barriers in kJ/mol near those of published mechanisms; reverse constants from
/// one set of free energies. `methane`, `oxygen` in arbitrary units of pressure around 0.01 to 1.
inline Surface methane_surface(double methane, double oxygen, double temperature = 1000.0) {
    const double rt = 8.314462618e-3 * temperature;
    const std::map<std::string, double> gas = {{"CH4_g", 19.5},  {"O2_g", 0.0},
                                               {"H2_g", 0.0},    {"H2O_g", -192.6},
                                               {"CO_g", -200.3}, {"CO2_g", -395.9}};
    const auto from_desorption = [&](double adsorption, double barrier) {
        return rt * std::log(adsorption / (1e13 * std::exp(-barrier / rt)));
    };
    std::map<std::string, double> energy = gas;
    energy["*_s"] = 0.0;
    energy["H_s"] = 0.5 * (gas.at("H2_g") - from_desorption(2e8, 67));
    energy["O_s"] = 0.5 * (gas.at("O2_g") - from_desorption(1e7, 200));
    energy["H2O_s"] = gas.at("H2O_g") - from_desorption(1e8, 40);
    energy["CO_s"] = gas.at("CO_g") - from_desorption(1e8, 125);
    energy["CO2_s"] = gas.at("CO2_g") - from_desorption(1e6, 21);
    energy["OH_s"] = energy["O_s"] + energy["H_s"] - 12;
    energy["C_s"] = energy["CO_s"] - energy["O_s"] + 55;
    energy["CH_s"] = energy["C_s"] + energy["H_s"] - 5;
    energy["CH2_s"] = energy["CH_s"] + energy["H_s"] + 8;
    energy["CH3_s"] = energy["CH2_s"] + energy["H_s"] + 5;
    energy["HCO_s"] = energy["CO_s"] + energy["H_s"] + 65;
    struct Step {
        const char* equation;
        double prefactor, barrier;
    };
    const std::vector<Step> steps = {{"CH4_g + 2*_s <-> CH3_s + H_s", 2e7, 45},
                                     {"CH3_s + *_s <-> CH2_s + H_s", 1e13, 70},
                                     {"CH2_s + *_s <-> CH_s + H_s", 1e13, 60},
                                     {"CH_s + *_s <-> C_s + H_s", 1e13, 95},
                                     {"H2_g + 2*_s <-> 2H_s", 2e8, 0},
                                     {"O2_g + 2*_s <-> 2O_s", 1e7, 0},
                                     {"H2O_g + *_s <-> H2O_s", 1e8, 0},
                                     {"CO_g + *_s <-> CO_s", 1e8, 0},
                                     {"CO2_g + *_s <-> CO2_s", 1e6, 0},
                                     {"O_s + H_s <-> OH_s + *_s", 1e13, 60},
                                     {"OH_s + H_s <-> H2O_s + *_s", 1e13, 50},
                                     {"2OH_s <-> H2O_s + O_s", 1e13, 48},
                                     {"C_s + O_s <-> CO_s + *_s", 1e13, 63},
                                     {"CO_s + O_s <-> CO2_s + *_s", 1e13, 105},
                                     {"C_s + OH_s <-> CO_s + H_s", 1e13, 75},
                                     {"CO_s + OH_s <-> CO2_s + H_s", 1e13, 90},
                                     {"CH3_s + O_s <-> CH2_s + OH_s", 1e13, 80},
                                     {"CH2_s + O_s <-> CH_s + OH_s", 1e13, 75},
                                     {"CH_s + O_s <-> C_s + OH_s", 1e13, 100},
                                     {"CH_s + O_s <-> HCO_s + *_s", 1e13, 85},
                                     {"HCO_s + *_s <-> CO_s + H_s", 1e13, 20},
                                     {"HCO_s + O_s <-> CO_s + OH_s", 1e13, 30},
                                     {"CH3_s + OH_s <-> CH2_s + H2O_s", 1e13, 85},
                                     {"CH4_g + O_s + *_s <-> CH3_s + OH_s", 2e7, 40}};
    Surface surface;
    for (const Step& step : steps) {
        const Equation equation = parse_equation(step.equation);
        double change = 0.0;
        for (const EquationTerm& term : equation.final) {
            change += term.coefficient * energy.at(term.species);
        }
        for (const EquationTerm& term : equation.initial) {
            change -= term.coefficient * energy.at(term.species);
        }
        const double forward = step.prefactor * std::exp(-step.barrier / rt);
        surface.reactions.push_back({step.equation, forward, forward * std::exp(change / rt)});
    }
    surface.pressures = {{"CH4_g", methane}, {"O2_g", oxygen}, {"H2_g", 1e-3},
                         {"H2O_g", 1e-3},    {"CO_g", 1e-3},   {"CO2_g", 1e-3}};
    return surface;
}

}  // namespace turnover::test
