// `conditions` of a model file, and `--set`, which overrides them.

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "turnover/base/suggest.hpp"
#include "turnover/io/model_sections.hpp"
#include "turnover/io/model_values.hpp"

namespace turnover {

namespace {

constexpr std::string_view coverage_prefix = "initial-coverage.";

std::vector<std::string> names_of(const Mechanism& mechanism, SpeciesKind kind) {
    std::vector<std::string> names;
    for (const Species& species : mechanism.species) {
        if (species.kind == kind) names.push_back(species.name);
    }
    return names;
}

/// Index of the gas or adsorbate `name`; Error, without a place, when there is none.
std::size_t species_named(const Mechanism& mechanism, const std::string& name, SpeciesKind kind) {
    const auto found = mechanism.find_species(name);
    if (found && mechanism.species[*found].kind == kind) return *found;
    const std::string what = kind == SpeciesKind::gas ? "gas" : "adsorbate";
    const std::string advice =
        "Correct the name or remove it. " + suggest(name, names_of(mechanism, kind));
    if (found) throw Error("'" + name + "' is no " + what, advice);
    throw Error("no reaction has the " + what + " '" + name + "'", advice);
}

/// A temperature or pressure, by the rules of its parameter.
double read_parameter(const YamlNode& node, const Parameter& parameter, const Constants& constants,
                      std::string_view example) {
    const Quantity quantity = read_quantity(node, constants, example);
    if (quantity.unit.text.empty()) {
        throw node.error("the number has no unit", "Write it as in " + std::string(example) + ".");
    }
    double value = 0.0;
    at_node(node, [&] { value = parameter_from(quantity, parameter, constants); });
    return value;
}

/// A unit that a value of `parameter` may have; empty for a plain number.
std::string example_unit(const Parameter& parameter) {
    switch (parameter.kind) {
        case Parameter::Kind::temperature:
            return "K";
        case Parameter::Kind::pressure:
            return "bar";
        case Parameter::Kind::energy:
        case Parameter::Kind::transition_state_energy:
        case Parameter::Kind::barrier:
        case Parameter::Kind::reaction_energy:
            return "eV";
        case Parameter::Kind::site_total:
        case Parameter::Kind::starting_surface:
            break;
    }
    return {};
}

double read_coverage(const YamlNode& node, const Constants& constants) {
    const double coverage = read_number(node, constants, "0.5");
    if (coverage < 0.0) {
        throw node.error("a coverage must not be negative",
                         "Write a number from 0 to the site's total.");
    }
    return coverage;
}

void read_pressures(const YamlMap& conditions, Mechanism& mechanism, FirstError& errors) {
    const YamlEntry* section = conditions.find("pressures");
    std::vector<YamlEntry> entries;
    if (section != nullptr) entries = section->value.map("a map of gas: pressure").entries();
    std::vector<bool> given(mechanism.species.size(), false);
    for (const YamlEntry& entry : entries) {
        errors.attempt([&] {
            std::size_t i = 0;
            at_place(entry.place,
                     [&] { i = species_named(mechanism, entry.key, SpeciesKind::gas); });
            if (given[i]) {
                throw entry.error(
                    "'" + entry.key + "' has a pressure already, under another spelling",
                    "Keep one of the two.");
            }
            given[i] = true;
            mechanism.conditions.pressures[i] = read_parameter(
                entry.value, {Parameter::Kind::pressure, i}, mechanism.constants, "0.1 bar");
        });
    }
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
        const Species& species = mechanism.species[i];
        if (species.kind != SpeciesKind::gas || given[i]) continue;
        const YamlNode& where = section == nullptr ? conditions.node() : section->value;
        const std::string below = section == nullptr ? "pressures: {" : "";
        errors.attempt([&] {
            throw where.error(
                "the gas " + species.name + " has no pressure",
                "Write '" + below + species.name + ": 0.1 bar" + (section == nullptr ? "}" : "") +
                    "' there, 0 bar for a gas that is not in the feed. A gas that the map "
                    "varies needs one too: 'turnover solve' uses it.");
        });
    }
}

/// The coverages of a surface, by canonical name.
std::map<std::string, double> read_surface(const YamlNode& section, const Mechanism& mechanism,
                                           FirstError& errors) {
    std::map<std::string, double> surface;
    const YamlMap coverages = section.map("a map of adsorbate: coverage");
    for (const YamlEntry& entry : coverages.entries()) {
        errors.attempt([&] {
            std::size_t i = 0;
            at_place(entry.place,
                     [&] { i = species_named(mechanism, entry.key, SpeciesKind::adsorbate); });
            const double coverage = read_coverage(entry.value, mechanism.constants);
            if (!surface.emplace(mechanism.species[i].name, coverage).second) {
                throw entry.error(
                    "'" + entry.key + "' has a coverage already, under another spelling",
                    "Keep one of the two.");
            }
        });
    }
    return surface;
}

/// Throws Error at `place` when the coverages, called `what`, take more sites than there are
/// anywhere on `grid`.
void check_fit(const std::map<std::string, double>& surface, const Mechanism& mechanism,
               const Grid& grid, const std::string& what, const Place& place) {
    std::vector<double> taken(mechanism.sites.size(), 0.0);
    for (const auto& [name, coverage] : surface) {
        const auto species = mechanism.find_species(name);
        for (const auto& [site, count] : mechanism.species[*species].sites) {
            taken[*mechanism.find_site(site)] += count * coverage;
        }
    }
    std::vector<double> least = mechanism.conditions.site_totals;
    for (const Axis& axis : grid.axes()) {
        if (axis.parameter.kind != Parameter::Kind::site_total) continue;
        for (const double value : axis.values) {
            double& total = least[axis.parameter.index];
            total = std::min(total, value * axis.unit_factor);
        }
    }
    constexpr double rounding = 1e-12;  // 0.1 + 0.2 + 0.7 may exceed 1 in the last digit
    for (std::size_t s = 0; s < taken.size(); ++s) {
        if (taken[s] <= least[s] * (1.0 + rounding)) continue;
        throw Error("the " + what + " take " + std::to_string(taken[s]) + " sites '" +
                        mechanism.sites[s].name + "', but there are only " +
                        std::to_string(least[s]),
                    "Lower the coverages (an adsorbate on two sites counts twice), or raise the "
                    "site's total.",
                    place);
    }
}

}  // namespace

void read_conditions(const YamlMap& model, ModelDraft& draft) {
    const YamlNode& section = model.at(
        "conditions", "Write 'conditions: {temperature: 500 K, pressures: {CO_g: 0.1 bar}}'.");
    const YamlMap conditions =
        section.map("a map of conditions", {"temperature", "pressures", "initial-coverages"});
    Mechanism& mechanism = draft.mechanism;
    FirstError errors;
    errors.attempt([&] {
        mechanism.conditions.temperature =
            read_parameter(conditions.at("temperature", "Write it as in 'temperature: 500 K'."),
                           {Parameter::Kind::temperature, 0}, mechanism.constants, "500 K");
    });
    errors.attempt([&] { read_pressures(conditions, mechanism, errors); });
    if (const YamlEntry* initial = conditions.find("initial-coverages")) {
        errors.attempt([&] { draft.initial = read_surface(initial->value, mechanism, errors); });
    }
    errors.raise();
}

std::optional<Parameter> setting_parameter(const std::string& setting, const Mechanism& mechanism) {
    const std::string key = setting.substr(0, setting.rfind('='));
    if (key.starts_with(coverage_prefix)) return std::nullopt;
    return find_parameter(mechanism, key);
}

void apply_setting(const std::string& setting, ModelDraft& draft) {
    // The last '=': a step's name may hold one, a value never does.
    at_place({"--set " + setting, 0, 0}, [&] {
        const std::size_t equals = setting.rfind('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == setting.size()) {
            throw Error("expected KEY=VALUE", "Write it as in --set 'pressure.CO_g=0.1 bar'.");
        }
        const std::string key = setting.substr(0, equals);
        const Quantity quantity =
            parse_quantity(std::string_view(setting).substr(equals + 1), draft.mechanism.constants);
        if (key.starts_with(coverage_prefix)) {
            const std::size_t i = species_named(draft.mechanism, key.substr(coverage_prefix.size()),
                                                SpeciesKind::adsorbate);
            const double coverage = to_si(quantity, dimension::none);
            if (coverage < 0.0) {
                throw Error("a coverage must not be negative",
                            "Write a number from 0 to the site's total.");
            }
            draft.initial[draft.mechanism.species[i].name] = coverage;
            return;
        }
        const Parameter parameter = find_parameter(draft.mechanism, key);
        if (const std::string unit = example_unit(parameter);
            !unit.empty() && quantity.unit.text.empty()) {
            throw Error("the number has no unit",
                        "Write one, as in --set '" + setting + " " + unit + "'.");
        }
        parameter_value(draft.mechanism.conditions, parameter) =
            parameter_from(quantity, parameter, draft.mechanism.constants);
    });
}

void check_initial_coverages(const YamlMap& model, const ModelDraft& draft, const Grid& grid) {
    Place place{"--set", 0, 0};
    if (const YamlEntry* conditions = model.find("conditions")) {
        const YamlMap map = conditions->value.map("a map of conditions");
        if (const YamlEntry* initial = map.find("initial-coverages")) place = initial->place;
    }
    check_fit(draft.initial, draft.mechanism, grid, "initial coverages", place);
}

std::vector<std::map<std::string, double>> read_starting_surfaces(const YamlMap& model,
                                                                  const Mechanism& mechanism,
                                                                  const Grid& grid) {
    const YamlEntry* map = model.find("map");
    if (map == nullptr) return {};
    const YamlMap entries = map->value.map("a map with 'axes'");
    const YamlEntry* section = entries.find("starting-surfaces");
    if (section == nullptr) return {};
    FirstError errors;
    std::vector<std::map<std::string, double>> surfaces;
    for (const YamlNode& item : section->value.list("a list of surfaces, as in [{CO_s: 0.5}]")) {
        errors.attempt([&] {
            surfaces.push_back(read_surface(item, mechanism, errors));
            check_fit(surfaces.back(), mechanism, grid, "coverages of this surface", item.place());
        });
    }
    errors.raise();
    return surfaces;
}

}  // namespace turnover
