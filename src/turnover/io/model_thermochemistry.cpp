// `thermochemistry` of a species in a model file.

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "turnover/io/model_sections.hpp"
#include "turnover/io/model_values.hpp"

namespace turnover {

namespace {

/// Keys of each kind of thermochemistry, besides those that every species has.
struct Kind {
    std::string word;
    std::vector<std::string> keys;
};

const Kind all_kinds[] = {
    {"none", {}},
    {"fixed", {"enthalpy", "entropy"}},
    {"harmonic", {"vibrations", "zero-point-energy"}},
    {"ideal-gas",
     {"symmetry-number", "rotational-temperatures", "vibrations", "zero-point-energy",
      "electronic-degeneracy"}},
    {"shomate", {"ranges"}},
};

const std::vector<std::string>& keys_of(const std::string& word) {
    return std::ranges::find(all_kinds, word, &Kind::word)->keys;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

/// Fails on an unknown key; a key that another kind would read is no typo: say which kind that is.
void check_keys(const YamlMap& entry, const std::string& kind,
                const std::vector<std::string>& kinds, std::vector<std::string> known) {
    known.insert(known.end(), keys_of(kind).begin(), keys_of(kind).end());
    std::vector<std::string> elsewhere;
    for (const std::string& other : kinds) {
        for (const std::string& key : keys_of(other)) {
            if (!contains(known, key) && !contains(elsewhere, key)) elsewhere.push_back(key);
        }
    }
    entry.allow(known, elsewhere);
    for (const YamlEntry& one : entry.entries()) {
        if (contains(known, one.key)) continue;
        std::vector<std::string> readers;
        for (const std::string& other : kinds) {
            if (contains(keys_of(other), one.key))
                readers.push_back("'thermochemistry: " + other + "'");
        }
        throw one.error("'" + one.key + "' means nothing with 'thermochemistry: " + kind + "'",
                        fmt::format("It belongs to {}.", fmt::join(readers, " and ")));
    }
}

std::vector<double> read_vibrations(const YamlNode& node, const Constants& constants) {
    std::vector<double> quanta;
    for (const YamlNode& item : node.list("a list of vibrations, as in [2050 cm^-1, 340 cm^-1]")) {
        const double quantum = read_energy(item, constants, "2050 cm^-1, 250 meV or 3000 K");
        if (!(quantum > 0.0)) {
            throw item.error("a vibration must be greater than zero",
                             "Leave out translations, rotations and the imaginary mode of a "
                             "transition state.");
        }
        quanta.push_back(quantum);
    }
    return quanta;
}

bool read_zero_point_energy(const YamlMap& entry) {
    const YamlEntry* found = entry.find("zero-point-energy");
    return found == nullptr || read_flag(found->value);
}

FixedCorrection read_fixed(const YamlMap& entry, const Constants& constants) {
    FixedCorrection fixed;
    const YamlEntry* enthalpy = entry.find("enthalpy");
    const YamlEntry* entropy = entry.find("entropy");
    if (enthalpy == nullptr && entropy == nullptr) {
        throw entry.node().error("'thermochemistry: fixed' needs 'enthalpy', 'entropy' or both",
                                 "Add one, or remove 'thermochemistry'.");
    }
    if (enthalpy != nullptr) fixed.enthalpy = read_energy(enthalpy->value, constants, "0.1 eV");
    if (entropy != nullptr) fixed.entropy = read_entropy(entropy->value, constants);
    return fixed;
}

HarmonicCorrection read_harmonic(const YamlMap& entry, const Constants& constants) {
    const YamlNode& vibrations =
        entry.at("vibrations",
                 "Write all modes, as in [2050 cm^-1, 340 cm^-1], a degenerate one repeatedly.");
    return {read_vibrations(vibrations, constants), read_zero_point_energy(entry)};
}

std::vector<double> read_rotations(const YamlNode& node, const Constants& constants) {
    std::vector<double> temperatures;
    for (const YamlNode& item : node.list("a list of temperatures, as in [2.78 K]")) {
        const Quantity quantity = read_quantity(item, constants, "2.78 K or 1.93 cm^-1");
        const double energy = read_energy(item, constants, "2.78 K or 1.93 cm^-1");
        if (!(energy > 0.0))
            throw item.error("must be greater than zero", "Write it as in 2.78 K.");
        // A temperature stays as it is: through k_B and back it could lose its last bit.
        const bool is_temperature = quantity.unit.dimension == dimension::temperature;
        temperatures.push_back(is_temperature ? quantity.si() : energy / constants.boltzmann);
    }
    if (temperatures.size() != 1 && temperatures.size() != 3) {
        throw node.error("there are " + std::to_string(temperatures.size()) + " of them",
                         "Give one for a linear molecule, three for any other, none for an atom.");
    }
    return temperatures;
}

int number_of_atoms(const Composition& composition) {
    return std::accumulate(composition.begin(), composition.end(), 0,
                           [](int sum, const auto& element) { return sum + element.second; });
}

void check_atom(const YamlMap& entry) {
    for (const char* key :
         {"symmetry-number", "rotational-temperatures", "vibrations", "zero-point-energy"}) {
        if (const YamlEntry* found = entry.find(key)) {
            throw found->error("an atom neither rotates nor vibrates",
                               "Remove '" + std::string(key) + "'.");
        }
    }
}

IdealGasCorrection read_ideal_gas(const YamlMap& entry, const Composition& composition,
                                  const Constants& constants) {
    IdealGasCorrection gas;
    if (const YamlEntry* degeneracy = entry.find("electronic-degeneracy")) {
        gas.electronic_degeneracy =
            read_positive(degeneracy->value, dimension::none, constants, "3");
    }
    const int atoms = number_of_atoms(composition);
    if (atoms == 1) {
        check_atom(entry);
        return gas;
    }
    gas.rotational_temperatures = read_rotations(
        entry.at("rotational-temperatures",
                 "Give one for a linear molecule, three for any other, as in [2.78 K]."),
        constants);
    gas.symmetry_number = static_cast<double>(read_integer(
        entry.at("symmetry-number", "Write 1 for CO, 2 for O2 or CO2, 12 for CH4."), 1, 60, "2"));
    const YamlNode& vibrations =
        entry.at("vibrations", "Write all modes, as in [3120 K], a degenerate one repeatedly.");
    gas.vibrations = read_vibrations(vibrations, constants);
    gas.zero_point_energy = read_zero_point_energy(entry);
    const int rotations = gas.rotational_temperatures.size() == 1 ? 2 : 3;
    const int most = 3 * atoms - 3 - rotations;
    if (static_cast<int>(gas.vibrations.size()) > most) {
        throw vibrations.error("there are " + std::to_string(gas.vibrations.size()) +
                                   " modes, but a molecule of " + std::to_string(atoms) +
                                   " atoms and this shape has " + std::to_string(most),
                               "Remove the translations and rotations from the list.");
    }
    return gas;
}

ShomateCorrection::Range read_shomate_range(const YamlNode& node, const Constants& constants) {
    const std::string advice =
        "Write it as in {from: 298 K, to: 1300 K, coefficients: [A, B, C, D, E, F, G, H]}.";
    const YamlMap map = node.map("a map {from, to, coefficients}", {"from", "to", "coefficients"});
    ShomateCorrection::Range range;
    range.low = read_positive(map.at("from", advice), dimension::temperature, constants, "298 K");
    range.high = read_positive(map.at("to", advice), dimension::temperature, constants, "1300 K");
    if (range.low >= range.high) {
        throw map.at("to", advice).error("the range ends before it begins", advice);
    }
    const YamlNode& coefficients = map.at("coefficients", advice);
    const std::vector<YamlNode> items =
        coefficients.list("the eight coefficients A to H of the NIST WebBook");
    if (items.size() != range.coefficients.size()) {
        throw coefficients.error(
            "there are " + std::to_string(items.size()) + " coefficients, not 8",
            "Write A, B, C, D, E, F, G, H as the NIST WebBook lists them.");
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        range.coefficients[i] = read_number(items[i], constants, "25.56759");
    }
    return range;
}

ShomateCorrection read_shomate(const YamlMap& entry, const Constants& constants) {
    ShomateCorrection shomate;
    const YamlNode& ranges = entry.at(
        "ranges", "Write the temperature ranges of the NIST WebBook with their coefficients.");
    for (const YamlNode& item : ranges.list("a list of ranges")) {
        const ShomateCorrection::Range range = read_shomate_range(item, constants);
        if (!shomate.ranges.empty() && range.low < shomate.ranges.back().high) {
            throw item.error("the range begins before the one above it ends",
                             "Order the ranges by temperature, without overlap.");
        }
        shomate.ranges.push_back(range);
    }
    return shomate;
}

}  // namespace

Thermochemistry read_thermochemistry(const YamlMap& entry, const std::vector<std::string>& kinds,
                                     std::vector<std::string> common,
                                     const Composition& composition, const Constants& constants) {
    std::string kind = "none";
    if (const YamlEntry* found = entry.find("thermochemistry")) {
        kind = kinds[read_choice(found->value, kinds)];
    }
    check_keys(entry, kind, kinds, std::move(common));
    if (kind == "fixed") return read_fixed(entry, constants);
    if (kind == "harmonic") return read_harmonic(entry, constants);
    if (kind == "ideal-gas") return read_ideal_gas(entry, composition, constants);
    if (kind == "shomate") return read_shomate(entry, constants);
    return FixedCorrection{};
}

}  // namespace turnover
