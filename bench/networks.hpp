#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "turnover/chemistry/equation.hpp"
#include "turnover/chemistry/mechanism.hpp"
#include "turnover/kinetics/network.hpp"

/// The networks that the benchmarks run, made in code so that they measure the solver and nothing
/// else.
namespace turnover::bench {

/// A step with both rate constants as plain numbers, 1/(s Pa^n).
inline void add_plain_step(Mechanism& mechanism, const std::string& equation, double forward,
                           double reverse) {
    const std::size_t step = add_step(mechanism, parse_equation(equation));
    mechanism.steps[step].theory =
        ArrheniusTheory{{forward, 0.0, 0.0}, ArrheniusExpression{reverse, 0.0, 0.0}, {}};
}

inline double& pressure(Mechanism& mechanism, const std::string& gas) {
    return mechanism.conditions.pressures.at(mechanism.find_species(gas).value());
}

/// The seed problem: CO oxidation at 500 K, two adsorbates.
inline Network seed_network() {
    Mechanism mechanism;
    add_site(mechanism, {.name = "s", .label = ""});
    constexpr double atmosphere = 101325.0;
    add_plain_step(mechanism, "CO_g + *_s <-> CO_s", 90235665.7025330526 / atmosphere,
                   1.308100029902695851e-5);
    add_plain_step(mechanism, "O2_g + 2*_s <-> 2O_s", 16630285.06918506888 / atmosphere,
                   4.35902632680814367e-9);
    add_plain_step(mechanism, "CO_s + O_s <-> CO2_g + 2*_s", 1221152322.967303604,
                   1.480343998564502952e-6 / atmosphere);
    mechanism.conditions.temperature = 500.0;
    pressure(mechanism, "CO_g") = pressure(mechanism, "O2_g") = 0.1 * atmosphere;
    pressure(mechanism, "CO2_g") = 1.32e-7 * atmosphere;
    return Network(mechanism);
}

/// Methane oxidation of the size of the networks used for platinum: 11 adsorbates, 24 steps,
/// thermodynamically consistent. The Gibbs energies and barriers are made up, of the order of
/// those in the literature; only the shape of the problem matters here.
inline Network methane_network() {
    constexpr double temperature = 900.0;
    constexpr double kT = 8.617333262e-5 * temperature;  // eV
    constexpr double attempt = 1.380649e-23 * temperature / 6.62607015e-34;
    // eV at 1e5 Pa; free sites and H2, O2, CH4 are the zeros of their kind.
    const std::map<std::string, double> energy{
        {"CH4_g", 0.0},  {"O2_g", 0.0},   {"H2_g", 0.0},   {"H2O_g", -2.05}, {"CO_g", -2.0},
        {"CO2_g", -4.1}, {"CH3_s", 0.55}, {"CH2_s", 0.75}, {"CH_s", 0.35},   {"C_s", 0.75},
        {"H_s", 0.15},   {"O_s", -0.55},  {"OH_s", -0.60}, {"H2O_s", -1.45}, {"CO_s", -2.15},
        {"HCO_s", -0.9}, {"CO2_s", -3.4}, {"*_s", 0.0}};
    struct Entry {
        const char* equation;
        double barrier;  ///< eV over the higher end
        bool adsorption;
    };
    const std::vector<Entry> entries{{"CH4_g + 2*_s <-> CH3_s + H_s", 0.25, true},
                                     {"O2_g + 2*_s <-> 2O_s", 0.05, true},
                                     {"H2_g + 2*_s <-> 2H_s", 0.05, true},
                                     {"H2O_g + *_s <-> H2O_s", 0.0, true},
                                     {"CO_g + *_s <-> CO_s", 0.0, true},
                                     {"CO2_g + *_s <-> CO2_s", 0.0, true},
                                     {"CH3_s + *_s <-> CH2_s + H_s", 0.7, false},
                                     {"CH2_s + *_s <-> CH_s + H_s", 0.3, false},
                                     {"CH_s + *_s <-> C_s + H_s", 0.9, false},
                                     {"C_s + O_s <-> CO_s + *_s", 0.8, false},
                                     {"CO_s + O_s <-> CO2_s + *_s", 0.8, false},
                                     {"O_s + H_s <-> OH_s + *_s", 0.8, false},
                                     {"OH_s + H_s <-> H2O_s + *_s", 0.5, false},
                                     {"2OH_s <-> H2O_s + O_s", 0.3, false},
                                     {"CH3_s + O_s <-> CH2_s + OH_s", 0.9, false},
                                     {"CH2_s + O_s <-> CH_s + OH_s", 0.7, false},
                                     {"CH_s + O_s <-> C_s + OH_s", 1.0, false},
                                     {"CH_s + O_s <-> HCO_s + *_s", 0.9, false},
                                     {"HCO_s + *_s <-> CO_s + H_s", 0.2, false},
                                     {"HCO_s + O_s <-> CO_s + OH_s", 0.3, false},
                                     {"CO_s + OH_s <-> CO2_s + H_s", 0.7, false},
                                     {"C_s + OH_s <-> CO_s + H_s", 0.9, false},
                                     {"CH4_g + O_s + *_s <-> CH3_s + OH_s", 0.4, true},
                                     {"HCO_s + OH_s <-> CO_s + H2O_s", 0.3, false}};
    Mechanism mechanism;
    add_site(mechanism, {.name = "s", .label = ""});
    for (const Entry& entry : entries) {
        const Equation equation = parse_equation(entry.equation);
        const auto sum = [&](const std::vector<EquationTerm>& terms) {
            double total = 0.0;
            for (const EquationTerm& term : terms) {
                total += term.coefficient * energy.at(term.species);
            }
            return total;
        };
        const double initial = sum(equation.initial), final = sum(equation.final);
        const double top = std::max(initial, final) + entry.barrier;
        // Adsorption: about 1e3 collisions a site, second and Pa.
        const double prefactor = entry.adsorption ? 1e3 : attempt;
        const double forward = prefactor * std::exp(-(top - initial) / kT);
        const double per_pascal = entry.adsorption ? 1e5 : 1.0;
        add_plain_step(mechanism, entry.equation, forward,
                       forward * per_pascal * std::exp((final - initial) / kT));
    }
    mechanism.conditions.temperature = temperature;
    for (const auto& [gas, bar] : std::map<std::string, double>{{"CH4_g", 0.1},
                                                                {"O2_g", 0.1},
                                                                {"H2_g", 1e-4},
                                                                {"H2O_g", 1e-3},
                                                                {"CO_g", 1e-4},
                                                                {"CO2_g", 1e-3}}) {
        pressure(mechanism, gas) = bar * 1e5;
    }
    return Network(mechanism);
}

/// The points of a `side` x `side` grid over the pressures of two gases, Pa, linear.
inline std::vector<PointKinetics> pressure_grid(const Network& network, const std::string& first,
                                                const std::string& second, double low, double high,
                                                int side) {
    std::vector<PointKinetics> points;
    Mechanism mechanism = network.mechanism();
    for (int i = 0; i < side; ++i) {
        for (int k = 0; k < side; ++k) {
            pressure(mechanism, first) = low + (high - low) * i / (side - 1);
            pressure(mechanism, second) = low + (high - low) * k / (side - 1);
            points.push_back(network.at(mechanism.conditions));
        }
    }
    return points;
}

}  // namespace turnover::bench
