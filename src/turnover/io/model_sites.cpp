// Constants and sites of a model file.

#include <algorithm>

#include "turnover/io/model_sections.hpp"
#include "turnover/io/model_values.hpp"

namespace turnover {

namespace {

void read_atomic_weights(const YamlNode& node, Constants& constants) {
    for (const YamlEntry& entry : node.map("a map of element: weight").entries()) {
        const std::string& symbol = entry.key;
        const bool is_symbol = !symbol.empty() && symbol[0] >= 'A' && symbol[0] <= 'Z' &&
                               std::all_of(symbol.begin() + 1, symbol.end(),
                                           [](char c) { return c >= 'a' && c <= 'z'; });
        if (!is_symbol) {
            throw entry.error("'" + symbol + "' is no element symbol",
                              "Write a capital letter and small ones, as in Pt or O.");
        }
        constants.atomic_weights[symbol] =
            read_positive(entry.value, dimension::none, constants, "12.011");
    }
}

void read_constants_section(const YamlNode& section, Constants& constants) {
    constexpr Dimension action{.mass = 1, .length = 2, .time = -1};
    constexpr Dimension speed{.length = 1, .time = -1};
    constexpr Dimension per_mole{.amount = -1};
    struct Entry {
        const char* key;
        double Constants::*member;
        Dimension dimension;
        const char* example;
    };
    // The electronvolt comes first: the others may be given in it.
    const Entry entries[] = {
        {"electronvolt", &Constants::electronvolt, dimension::energy, "1.602176634e-19 J"},
        {"boltzmann", &Constants::boltzmann, dimension::entropy, "1.380649e-23 J/K"},
        {"planck", &Constants::planck, action, "6.62607015e-34 J s"},
        {"avogadro", &Constants::avogadro, per_mole, "6.02214076e23 1/mol"},
        {"speed-of-light", &Constants::speed_of_light, speed, "299792458 m/s"},
        {"atomic-mass", &Constants::atomic_mass, Dimension{.mass = 1}, "1.66053906660e-27 kg"},
    };
    std::vector<std::string> known{"atomic-weights"};
    for (const Entry& entry : entries) known.emplace_back(entry.key);
    const YamlMap map = section.map("a map of constant: value", known);
    for (const Entry& entry : entries) {
        if (const YamlEntry* found = map.find(entry.key)) {
            constants.*entry.member =
                read_positive(found->value, entry.dimension, constants, entry.example);
        }
    }
    if (const YamlEntry* weights = map.find("atomic-weights")) {
        read_atomic_weights(weights->value, constants);
    }
}

void read_site(const YamlEntry& entry, Mechanism& mechanism) {
    const Constants& constants = mechanism.constants;
    const YamlMap properties =
        entry.value.map("a map of properties, as in {area: 9.0e-20 m^2}",
                        {"name", "total", "area", "reactive-fraction", "energy"});
    Site site;
    site.name = entry.key;
    double energy = 0.0;
    if (const YamlEntry* name = properties.find("name")) {
        site.label = name->value.text("a name such as Pt(100)");
    }
    if (const YamlEntry* total = properties.find("total")) {
        site.total = read_positive(total->value, dimension::none, constants, "0.25");
    }
    if (const YamlEntry* area = properties.find("area")) {
        site.area = read_positive(area->value, dimension::area, constants, "9.0e-20 m^2");
    }
    if (const YamlEntry* fraction = properties.find("reactive-fraction")) {
        site.reactive_fraction = read_positive(fraction->value, dimension::none, constants, "0.5");
        if (site.reactive_fraction > 1.0) {
            throw fraction->value.error("a fraction above 1",
                                        "Write the share of sites that react, up to 1.");
        }
    }
    if (const YamlEntry* given = properties.find("energy")) {
        energy = read_energy(given->value, constants, "0 eV");
    }
    try {
        add_site(mechanism, site);
    } catch (const Error& error) {
        throw error.at(entry.place);
    }
    // add_site has just appended the free site.
    mechanism.conditions.energies.back() = energy;
}

}  // namespace

void read_constants(const YamlMap& model, Mechanism& mechanism) {
    if (const YamlEntry* section = model.find("constants")) {
        read_constants_section(section->value, mechanism.constants);
    }
    if (const YamlEntry* pressure = model.find("standard-pressure")) {
        mechanism.standard_pressure =
            read_positive(pressure->value, dimension::pressure, mechanism.constants, "1 bar");
    }
}

void read_sites(const YamlMap& model, Mechanism& mechanism) {
    const YamlEntry* section = model.find("sites");
    if (section == nullptr) {
        Site site;
        site.name = "s";
        add_site(mechanism, site);
        mechanism.conditions.energies.back() = 0.0;
        return;
    }
    const YamlMap sites = section->value.map("a map of site: properties");
    if (sites.entries().empty()) {
        throw section->value.error(
            "no site type is given",
            "Write one, as in 'sites: {s: {total: 1}}', or leave the key out: "
            "then there is one type, s.");
    }
    FirstError errors;
    for (const YamlEntry& entry : sites.entries()) {
        errors.attempt([&] { read_site(entry, mechanism); });
    }
    errors.raise();
}

}  // namespace turnover
