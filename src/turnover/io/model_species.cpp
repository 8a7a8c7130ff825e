// Gases, adsorbates and transition states of a model file.

#include <algorithm>
#include <cmath>

#include "turnover/base/suggest.hpp"
#include "turnover/io/model_sections.hpp"
#include "turnover/io/model_values.hpp"

namespace turnover {

namespace {

/// One list of species in the file, and what belongs into it.
struct SpeciesSection {
    std::string key;
    std::string singular;
    std::vector<std::string> thermochemistry;
    std::vector<std::string> keys;
};

const SpeciesSection gas_section{"gases",
                                 "gas",
                                 {"none", "fixed", "ideal-gas", "shomate"},
                                 {"energy", "thermochemistry", "composition"}};

const SpeciesSection adsorbate_section{"adsorbates",
                                       "adsorbate",
                                       {"none", "fixed", "harmonic"},
                                       {"energy", "thermochemistry", "composition", "sites"}};

const SpeciesSection transition_state_section{
    "transition-states",
    "transition state",
    {"none", "fixed", "harmonic"},
    {"energy", "thermochemistry", "composition", "sites"}};

/// The entries of a section; empty when the file has no such section.
std::vector<YamlEntry> entries_of(const YamlMap& model, const SpeciesSection& section) {
    const YamlEntry* found = model.find(section.key);
    if (found == nullptr) return {};
    return found->value.map("a map of " + section.singular + ": properties").entries();
}

YamlMap properties_of(const YamlEntry& entry) {
    return entry.value.map("a map of properties, as in {energy: -1.2 eV}");
}

SiteCount read_site_count(const YamlNode& node, const Mechanism& mechanism) {
    SiteCount count;
    for (const YamlEntry& entry : node.map("a map of site: number, as in {s: 1, t: 1}").entries()) {
        if (!mechanism.find_site(entry.key)) {
            std::vector<std::string> known;
            for (const Site& site : mechanism.sites) known.push_back(site.name);
            throw entry.error("there is no site type '" + entry.key + "'",
                              suggest(entry.key, known));
        }
        count[entry.key] = static_cast<int>(read_integer(entry.value, 1, 99, "1"));
    }
    if (count.empty()) {
        throw node.error("no site is given", "Write which sites it occupies, as in {s: 1, t: 1}.");
    }
    return count;
}

/// What the name of `entry` says, with the only site type filled in where it names none.
SpeciesName name_of(const YamlEntry& entry, const Mechanism& mechanism) {
    SpeciesName name;
    at_place(entry.place, [&] { name = parse_species_name(entry.key); });
    if (name.site == "g") return name;
    if (name.site.empty()) {
        if (mechanism.sites.size() != 1) {
            throw entry.error("'" + entry.key + "' does not say on which site type it sits",
                              "With several site types write the site, as in CO_s.");
        }
        name.site = mechanism.sites.front().name;
    }
    if (!mechanism.find_site(name.site)) {
        throw entry.error("there is no site type '" + name.site + "'",
                          "Add it under sites, or correct the name.");
    }
    return name;
}

/// The gas, adsorbate or (as `kind` adsorbate) transition state that an entry with `composition` or
/// `sites` describes: its name gives what these leave out.
Species labelled_species(const YamlEntry& entry, const YamlMap& properties, SpeciesKind kind,
                         const Mechanism& mechanism) {
    const YamlEntry* composition = properties.find("composition");
    const YamlEntry* sites = properties.find("sites");
    Species species{entry.key, kind, {}, {}};
    if (kind == SpeciesKind::gas && sites != nullptr) {
        throw sites->error("a gas occupies no sites", "Remove 'sites'.");
    }
    if (composition != nullptr) {
        const std::string formula = composition->value.text("a formula such as HCOO");
        at_node(composition->value,
                [&] { species.composition = parse_formula(formula, mechanism.constants); });
    }
    if (sites != nullptr) species.sites = read_site_count(sites->value, mechanism);
    if (composition != nullptr && sites != nullptr) return species;

    const SpeciesName name = name_of(entry, mechanism);
    if ((name.site == "g") != (kind == SpeciesKind::gas)) {
        throw entry.error("'" + entry.key + "' is " + (name.site == "g" ? "a gas" : "no gas"),
                          name.site == "g" ? "Move it to gases." : "Gases are named as in CO_g.");
    }
    if (composition == nullptr) {
        at_place(entry.place,
                 [&] { species.composition = parse_formula(name.formula, mechanism.constants); });
    } else {
        species.name = canonical_name(name);
        if (kind != SpeciesKind::gas) species.sites = {{name.site, name.site_count}};
    }
    return species;
}

bool is_labelled(const YamlMap& properties) {
    return properties.find("composition") != nullptr || properties.find("sites") != nullptr;
}

bool takes_part(const Mechanism& mechanism, std::size_t species) {
    return std::ranges::any_of(mechanism.steps, [species](const Step& step) {
        const auto names = [species](const StepTerm& term) { return term.species == species; };
        return std::ranges::any_of(step.initial, names) || std::ranges::any_of(step.final, names);
    });
}

bool has_step(const Mechanism& mechanism, std::size_t transition_state) {
    return std::ranges::any_of(mechanism.steps, [transition_state](const Step& step) {
        return step.transition_state == transition_state;
    });
}

[[noreturn]] void in_no_reaction(const YamlEntry& entry, const std::vector<std::string>& known) {
    std::string advice = "Remove it, or use it in a reaction.";
    if (!known.empty()) advice += " " + suggest(entry.key, known);
    throw entry.error("'" + entry.key + "' takes part in no reaction", advice);
}

/// The species that an entry of `gases` or `adsorbates` means.
std::size_t species_of(const YamlEntry& entry, SpeciesKind kind, const Mechanism& mechanism) {
    const auto found = mechanism.find_species(entry.key);
    if (!found || !takes_part(mechanism, *found)) {
        std::vector<std::string> known;
        for (const Species& species : mechanism.species) {
            if (species.kind == kind) known.push_back(species.name);
        }
        in_no_reaction(entry, known);
    }
    const SpeciesKind is = mechanism.species[*found].kind;
    if (is == kind) return *found;
    if (is == SpeciesKind::free_site) {
        throw entry.error("'" + entry.key + "' is a free site",
                          "Its energy is written under sites, as in {s: {energy: 0 eV}}.");
    }
    throw is == SpeciesKind::gas
        ? entry.error("'" + entry.key + "' is a gas", "Move it to gases.")
        : entry.error("'" + entry.key + "' is an adsorbate", "Move it to adsorbates.");
}

/// Fails on a second entry for what `seen` has already, under another spelling.
void note(std::vector<std::size_t>& seen, std::size_t index, const YamlEntry& entry) {
    if (std::ranges::find(seen, index) != seen.end()) {
        throw entry.error("'" + entry.key + "' stands twice, under another spelling further up",
                          "Keep one of the two.");
    }
    seen.push_back(index);
}

/// Energy and thermochemistry out of one entry.
void read_properties(const YamlEntry& entry, const SpeciesSection& section,
                     const Composition& composition, const Constants& constants, double& energy,
                     Thermochemistry& thermochemistry) {
    const YamlMap properties = properties_of(entry);
    thermochemistry = read_thermochemistry(properties, section.thermochemistry, section.keys,
                                           composition, constants);
    if (const YamlEntry* found = properties.find("energy")) {
        energy = read_energy(found->value, constants, "-1.2 eV");
    }
}

void read_species_section(const YamlMap& model, const SpeciesSection& section, SpeciesKind kind,
                          Mechanism& mechanism, FirstError& errors) {
    std::vector<std::size_t> seen;
    for (const YamlEntry& entry : entries_of(model, section)) {
        errors.attempt([&] {
            const std::size_t i = species_of(entry, kind, mechanism);
            note(seen, i, entry);
            read_properties(entry, section, mechanism.species[i].composition, mechanism.constants,
                            mechanism.conditions.energies[i], mechanism.thermochemistry[i]);
        });
    }
}

void read_transition_states(const YamlMap& model, Mechanism& mechanism, FirstError& errors) {
    const SpeciesSection& section = transition_state_section;
    std::vector<std::string> known;
    for (const TransitionState& state : mechanism.transition_states) known.push_back(state.name);
    std::vector<std::size_t> seen;
    for (const YamlEntry& entry : entries_of(model, section)) {
        errors.attempt([&] {
            const auto i = mechanism.find_transition_state(entry.key);
            if (!i || !has_step(mechanism, *i)) in_no_reaction(entry, known);
            note(seen, *i, entry);
            TransitionState& state = mechanism.transition_states[*i];
            read_properties(entry, section, state.composition, mechanism.constants,
                            mechanism.conditions.transition_state_energies[*i],
                            state.thermochemistry);
        });
    }
}

bool has_energies(const Mechanism& mechanism, const Step& step) {
    const auto given = [&mechanism](const StepTerm& term) {
        const bool free_site = mechanism.species[term.species].kind == SpeciesKind::free_site;
        return !free_site && !std::isnan(mechanism.conditions.energies[term.species]);
    };
    return std::ranges::any_of(step.initial, given) || std::ranges::any_of(step.final, given);
}

/// An Arrhenius step that waits for the energies of its species, of which none came, lacks a
/// reverse rate constant rather than energies; check_step then says so.
void settle_energy_sources(Mechanism& mechanism) {
    for (Step& step : mechanism.steps) {
        if (!std::holds_alternative<ArrheniusTheory>(step.theory)) continue;
        if (step.energy_source != EnergySource::species || has_energies(mechanism, step)) continue;
        step.energy_source = EnergySource::none;
    }
}

}  // namespace

void declare_labelled_species(const YamlMap& model, Mechanism& mechanism) {
    FirstError errors;
    const auto declare = [&](const SpeciesSection& section, SpeciesKind kind, auto&& add) {
        errors.attempt([&] {
            for (const YamlEntry& entry : entries_of(model, section)) {
                errors.attempt([&] {
                    const YamlMap properties = properties_of(entry);
                    if (!is_labelled(properties)) return;
                    const Species species = labelled_species(entry, properties, kind, mechanism);
                    at_place(entry.place, [&] { add(species); });
                });
            }
        });
    };
    const auto add_species = [&](const Species& species) { declare_species(mechanism, species); };
    declare(gas_section, SpeciesKind::gas, add_species);
    declare(adsorbate_section, SpeciesKind::adsorbate, add_species);
    declare(transition_state_section, SpeciesKind::adsorbate, [&](const Species& species) {
        declare_transition_state(
            mechanism, {species.name, species.composition, species.sites, FixedCorrection{}});
    });
    errors.raise();
}

void read_species(const YamlMap& model, Mechanism& mechanism) {
    FirstError errors;
    errors.attempt(
        [&] { read_species_section(model, gas_section, SpeciesKind::gas, mechanism, errors); });
    errors.attempt([&] {
        read_species_section(model, adsorbate_section, SpeciesKind::adsorbate, mechanism, errors);
    });
    errors.attempt([&] { read_transition_states(model, mechanism, errors); });
    errors.raise();
    settle_energy_sources(mechanism);
}

}  // namespace turnover
