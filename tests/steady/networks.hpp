#pragma once

#include <map>
#include <string>
#include <vector>

#include "turnover/chemistry/equation.hpp"
#include "turnover/chemistry/mechanism.hpp"
#include "turnover/kinetics/network.hpp"

/// Small networks made in code, with plain rate constants: the particles are letters without atoms,
/// so that a test can say "A_s + B_s <-> C_g + 2*_s" and mean nothing else.
namespace turnover::test {

struct Reaction {
    std::string equation;
    double forward = 0.0;  ///< 1/(s Pa^n)
    double reverse = 0.0;
    std::string name = {};
};

struct Surface {
    std::vector<Reaction> reactions;
    std::map<std::string, double> pressures = {};         ///< Pa
    std::map<std::string, double> totals = {{"s", 1.0}};  ///< sites
    std::map<std::string, double> initial = {};           ///< by adsorbate
    std::vector<Species> declared = {};                   ///< whose sites the name does not tell
};

inline Network network_of(const Surface& surface) {
    Mechanism mechanism;
    for (const auto& [name, total] : surface.totals) {
        add_site(mechanism, {.name = name, .label = "", .total = total});
    }
    for (const Species& species : surface.declared) declare_species(mechanism, species);
    const auto declare = [&](const std::vector<EquationTerm>& terms) {
        for (const EquationTerm& term : terms) {
            const SpeciesName name = parse_species_name(term.species);
            if (mechanism.find_species(canonical_name(name))) continue;
            Species species{canonical_name(name), SpeciesKind::gas, {}, {}};
            if (name.site != "g") {
                species.kind = SpeciesKind::adsorbate;
                species.sites[name.site] = name.site_count;
            }
            const std::size_t index = declare_species(mechanism, species);
            if (name.site == "g") mechanism.conditions.pressures.at(index) = 0.0;
        }
    };
    for (const Reaction& reaction : surface.reactions) {
        const Equation equation = parse_equation(reaction.equation);
        declare(equation.initial);
        declare(equation.final);
        const std::size_t step = add_step(mechanism, equation, reaction.name);
        ArrheniusTheory theory;
        theory.forward.prefactor = reaction.forward;
        if (equation.reversible) theory.reverse = ArrheniusExpression{reaction.reverse, 0.0, 0.0};
        mechanism.steps[step].theory = theory;
    }
    mechanism.conditions.temperature = 500.0;
    for (const auto& [gas, pressure] : surface.pressures) {
        mechanism.conditions.pressures.at(mechanism.find_species(gas).value()) = pressure;
    }
    return Network(mechanism, surface.initial);
}

/// The point at the base conditions.
inline PointKinetics point_of(const Network& network) {
    return network.at(network.mechanism().conditions);
}

inline std::size_t position(const std::vector<std::string>& names, const std::string& name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name) return i;
    }
    throw std::out_of_range(name);
}

/// The numbers of a state by name.
inline double coverage(const Network& network, const std::vector<double>& coverages,
                       const std::string& name) {
    return coverages.at(position(network.unknown_names(), name));
}

}  // namespace turnover::test
