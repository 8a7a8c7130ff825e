#include "turnover/chemistry/parameter.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "turnover/base/error.hpp"
#include "turnover/base/suggest.hpp"
#include "turnover/chemistry/thermodynamics.hpp"

namespace turnover {

namespace {

struct NamedParameter {
    std::string path;
    Parameter parameter;
};

bool in_a_cycle(const std::vector<std::vector<int>>& cycles, std::size_t step) {
    return std::ranges::any_of(cycles, [step](const auto& cycle) { return cycle[step] != 0; });
}

bool takes_part(const std::vector<StepTerm>& state, std::size_t species) {
    return std::ranges::find(state, species, &StepTerm::species) != state.end();
}

/// Whether a rate constant depends on the energy of the species. Free sites are where energies are
/// counted from.
bool energy_is_used(const Mechanism& mechanism, std::size_t species) {
    if (mechanism.species[species].kind == SpeciesKind::free_site) return false;
    return std::ranges::any_of(mechanism.steps, [species](const Step& step) {
        return step.energy_source == EnergySource::species &&
               (takes_part(step.initial, species) || takes_part(step.final, species));
    });
}

bool transition_energy_is_used(const Mechanism& mechanism, std::size_t state) {
    for (std::size_t j = 0; j < mechanism.steps.size(); ++j) {
        const Step& step = mechanism.steps[j];
        if (step.energy_source == EnergySource::species && step.transition_state == state &&
            std::isnan(mechanism.conditions.barriers[j])) {
            return true;
        }
    }
    return false;
}

/// Whether a closed cycle passes through steps whose energies come from `source` and through
/// others: it closes at the base conditions, and opens when one kind of energy moves without the
/// other.
bool cycle_mixes(const Mechanism& mechanism, EnergySource source) {
    return std::ranges::any_of(thermodynamic_cycles(mechanism), [&](const auto& cycle) {
        bool of_source = false, of_others = false;
        for (std::size_t j = 0; j < cycle.size(); ++j) {
            if (cycle[j] == 0) continue;
            (mechanism.steps[j].energy_source == source ? of_source : of_others) = true;
        }
        return of_source && of_others;
    });
}

/// Refuses to vary what would open a closed cycle.
void refuse_opening(const Mechanism& mechanism, std::string_view path, const Parameter& parameter) {
    const bool opens = (parameter.kind == Parameter::Kind::energy &&
                        cycle_mixes(mechanism, EnergySource::species)) ||
                       (parameter.kind == Parameter::Kind::temperature &&
                        cycle_mixes(mechanism, EnergySource::relative_free));
    if (!opens) return;
    throw Error(
        "'" + std::string(path) +
            "' cannot vary: a closed cycle mixes steps with energies of different kinds, and "
            "would not close at other values",
        "Give all steps of the cycle their energies in the same way, best by energies of the "
        "species.");
}

/// Everything that can vary: what is given (not NaN) and used.
std::vector<NamedParameter> all_parameters(const Mechanism& mechanism) {
    using Kind = Parameter::Kind;
    const Conditions& given = mechanism.conditions;
    std::vector<NamedParameter> all{{"temperature", {Kind::temperature, 0}}};
    const auto add = [&all](const std::string& path, Kind kind, std::size_t index, double value) {
        if (!std::isnan(value)) all.push_back({path, {kind, index}});
    };
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
        const std::string& name = mechanism.species[i].name;
        add("pressure." + name, Kind::pressure, i, given.pressures[i]);
    }
    for (std::size_t s = 0; s < mechanism.sites.size(); ++s) {
        add("site-total." + mechanism.sites[s].name, Kind::site_total, s, given.site_totals[s]);
    }
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
        if (!energy_is_used(mechanism, i)) continue;
        add("energy." + mechanism.species[i].name, Kind::energy, i, given.energies[i]);
    }
    for (std::size_t t = 0; t < mechanism.transition_states.size(); ++t) {
        if (!transition_energy_is_used(mechanism, t)) continue;
        add("energy." + mechanism.transition_states[t].name, Kind::transition_state_energy, t,
            given.transition_state_energies[t]);
    }
    const auto cycles = thermodynamic_cycles(mechanism);
    for (std::size_t j = 0; j < mechanism.steps.size(); ++j) {
        const std::string& name = mechanism.steps[j].name;
        add("barrier." + name, Kind::barrier, j, given.barriers[j]);
        if (!in_a_cycle(cycles, j)) {
            add("reaction-energy." + name, Kind::reaction_energy, j, given.reaction_energies[j]);
        }
    }
    return all;
}

/// The path with the species, step or transition state in its canonical spelling.
std::string canonical_path(const Mechanism& mechanism, std::string_view path) {
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) return std::string(path);
    const std::string group(path.substr(0, dot + 1));
    const std::string_view name = path.substr(dot + 1);
    if (group == "pressure." || group == "energy.") {
        if (const auto i = mechanism.find_species(name)) return group + mechanism.species[*i].name;
        if (const auto t = mechanism.find_transition_state(name)) {
            return group + mechanism.transition_states[*t].name;
        }
    } else if (const auto j = mechanism.find_step(name)) {
        return group + mechanism.steps[*j].name;
    }
    return std::string(path);
}

}  // namespace

Parameter find_parameter(const Mechanism& mechanism, std::string_view path) {
    const std::string wanted = canonical_path(mechanism, path);
    for (const NamedParameter& candidate : all_parameters(mechanism)) {
        if (candidate.path != wanted) continue;
        refuse_opening(mechanism, path, candidate.parameter);
        return candidate.parameter;
    }
    constexpr std::string_view reaction_energy = "reaction-energy.";
    if (wanted.starts_with(reaction_energy)) {
        const auto step =
            mechanism.find_step(std::string_view(wanted).substr(reaction_energy.size()));
        if (step && in_a_cycle(thermodynamic_cycles(mechanism), *step)) {
            throw Error(
                "'" + std::string(path) + "' cannot vary alone: the step is part of a closed cycle",
                "Give energies of the species instead, and vary one of those.");
        }
    }
    throw Error("there is no parameter '" + std::string(path) + "'",
                suggest(wanted, parameter_paths(mechanism)));
}

std::vector<std::string> parameter_paths(const Mechanism& mechanism) {
    std::vector<std::string> paths;
    for (const NamedParameter& one : all_parameters(mechanism)) paths.push_back(one.path);
    return paths;
}

double& parameter_value(Conditions& conditions, const Parameter& parameter) {
    using Kind = Parameter::Kind;
    switch (parameter.kind) {
        case Kind::temperature:
            return conditions.temperature;
        case Kind::pressure:
            return conditions.pressures.at(parameter.index);
        case Kind::site_total:
            return conditions.site_totals.at(parameter.index);
        case Kind::energy:
            return conditions.energies.at(parameter.index);
        case Kind::transition_state_energy:
            return conditions.transition_state_energies.at(parameter.index);
        case Kind::barrier:
            return conditions.barriers.at(parameter.index);
        case Kind::reaction_energy:
            return conditions.reaction_energies.at(parameter.index);
        case Kind::starting_surface:
            return conditions.starting_surface;
    }
    throw std::logic_error("a parameter of no kind");
}

double parameter_factor(const Unit& unit, const Parameter& parameter, const Constants& constants) {
    using Kind = Parameter::Kind;
    const Quantity one{1.0, unit};
    switch (parameter.kind) {
        case Kind::temperature:
            return to_si(one, dimension::temperature);
        case Kind::pressure:
            return to_si(one, dimension::pressure);
        case Kind::site_total:
        case Kind::starting_surface:
            return to_si(one, dimension::none);
        case Kind::energy:
        case Kind::transition_state_energy:
        case Kind::barrier:
        case Kind::reaction_energy:
            return energy_factor(unit, constants);
    }
    throw std::logic_error("a parameter of no kind");
}

double parameter_from(const Quantity& quantity, const Parameter& parameter,
                      const Constants& constants) {
    using Kind = Parameter::Kind;
    const double value = quantity.value * parameter_factor(quantity.unit, parameter, constants);
    if (parameter.kind == Kind::temperature && !(value > 0.0)) {
        throw Error("a temperature must be positive", "Give it in K, above 0.");
    }
    if (parameter.kind == Kind::pressure && !(value >= 0.0)) {
        throw Error("a pressure cannot be negative", "Give 0 or more.");
    }
    if (parameter.kind == Kind::site_total && !(value > 0.0)) {
        throw Error("a site total must be positive", "Give the sites per reference site, above 0.");
    }
    return value;
}

}  // namespace turnover
