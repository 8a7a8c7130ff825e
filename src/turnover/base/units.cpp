#include "turnover/base/units.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

struct KnownUnit {
    std::string_view symbol;
    double factor;
    Dimension dimension;
    bool takes_prefix;
};

constexpr Dimension amount{.amount = 1};
constexpr Dimension mass{.mass = 1};
constexpr Dimension length{.length = 1};

/// Exact factors only. (A units library would bring an electronvolt of its own, of an older CODATA,
/// and with it other digits in every rate constant.)
const std::vector<KnownUnit>& known_units() {
    static const std::vector<KnownUnit> units{
        {"Pa", 1.0, dimension::pressure, true},
        {"bar", 1e5, dimension::pressure, true},
        {"atm", 101325.0, dimension::pressure, false},
        {"torr", 101325.0 / 760.0, dimension::pressure, false},
        {"Torr", 101325.0 / 760.0, dimension::pressure, true},
        {"K", 1.0, dimension::temperature, true},
        {"J", 1.0, dimension::energy, true},
        {"cal", 4.184, dimension::energy, true},
        {"mol", 1.0, amount, true},
        {"s", 1.0, dimension::time, true},
        {"min", 60.0, dimension::time, false},
        {"h", 3600.0, dimension::time, false},
        {"Hz", 1.0, dimension::frequency, true},
        {"m", 1.0, length, true},
        {"angstrom", 1e-10, length, false},
        {"Å", 1e-10, length, false},
        {"kg", 1.0, mass, false},
        {"g", 1e-3, mass, true},
        {"1", 1.0, dimension::none, false},
    };
    return units;
}

struct Prefix {
    std::string_view symbol;
    double factor;
};

constexpr Prefix prefixes[] = {{"f", 1e-15}, {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6}, {"µ", 1e-6},
                               {"m", 1e-3},  {"c", 1e-2},  {"d", 1e-1}, {"h", 1e2},  {"k", 1e3},
                               {"M", 1e6},   {"G", 1e9},   {"T", 1e12}};

Dimension scaled(const Dimension& d, int power) {
    return {d.mass * power, d.length * power, d.time * power, d.temperature * power,
            d.amount * power};
}

Dimension sum(const Dimension& a, const Dimension& b) {
    return {a.mass + b.mass, a.length + b.length, a.time + b.time, a.temperature + b.temperature,
            a.amount + b.amount};
}

std::optional<KnownUnit> find_unit(std::string_view symbol, const Constants& constants) {
    std::vector<KnownUnit> units = known_units();
    units.push_back({"eV", constants.electronvolt, dimension::energy, true});
    units.push_back({"u", constants.atomic_mass, mass, false});
    // A unit of its own wins over a prefixed one: "min" is a minute, "Pa" no peta-year.
    for (const KnownUnit& unit : units) {
        if (unit.symbol == symbol) return unit;
    }
    for (const Prefix& prefix : prefixes) {
        if (!symbol.starts_with(prefix.symbol)) continue;
        const std::string_view rest = symbol.substr(prefix.symbol.size());
        for (const KnownUnit& unit : units) {
            if (unit.takes_prefix && unit.symbol == rest) {
                return KnownUnit{symbol, prefix.factor * unit.factor, unit.dimension, false};
            }
        }
    }
    return std::nullopt;
}

/// How many of the first characters of `name` are letters.
std::size_t letters_in_front(std::string_view name) {
    const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
    return static_cast<std::size_t>(std::ranges::find_if_not(name, letter) - name.begin());
}

/// Recursive descent over `unit = factor { ("*" | " " | "/") factor }`, `factor = symbol ["^"
/// integer] |
/// "(" unit ")" ["^" integer]`.
class UnitParser {
public:
    UnitParser(std::string_view text, const Constants& constants)
        : text_(text), constants_(constants) {}

    Unit parse() {
        Unit unit = product();
        if (at_ < text_.size()) fail("unexpected '" + std::string(1, text_[at_]) + "'");
        unit.text = std::string(text_);
        return unit;
    }

private:
    Unit product() {
        Unit unit = factor();
        for (;;) {
            skip_spaces();
            if (at_ == text_.size() || text_[at_] == ')') return unit;
            const bool divide = text_[at_] == '/';
            if (divide || text_[at_] == '*') ++at_;
            const Unit next = factor();
            unit.factor = divide ? unit.factor / next.factor : unit.factor * next.factor;
            unit.dimension = sum(unit.dimension, scaled(next.dimension, divide ? -1 : 1));
        }
    }

    Unit factor() {
        skip_spaces();
        Unit unit;
        if (at_ < text_.size() && text_[at_] == '(') {
            ++at_;
            unit = product();
            if (at_ == text_.size()) fail("a ')' is missing");
            ++at_;
        } else {
            unit = symbol();
        }
        const int power = exponent();
        unit.factor = std::pow(unit.factor, power);
        unit.dimension = scaled(unit.dimension, power);
        return unit;
    }

    Unit symbol() {
        const std::size_t begin = at_;
        const auto ends_symbol = [](char c) {
            return std::string_view(" */^()").find(c) != std::string_view::npos;
        };
        while (at_ < text_.size() && !ends_symbol(text_[at_])) ++at_;
        const std::string_view name = text_.substr(begin, at_ - begin);
        if (name.empty()) fail("a unit is missing");
        const auto found = find_unit(name, constants_);
        if (!found) {
            const std::size_t letters = letters_in_front(name);
            if (letters > 0 && letters < name.size() &&
                find_unit(name.substr(0, letters), constants_)) {
                fail("'" + std::string(name) + "' has a power without '^'",
                     "Write " + std::string(name.substr(0, letters)) +
                         "^-1 for one over it, or divide, as in kJ/mol.");
            }
            fail("there is no unit '" + std::string(name) + "'");
        }
        return {std::string(name), found->factor, found->dimension};
    }

    int exponent() {
        if (at_ == text_.size() || text_[at_] != '^') return 1;
        ++at_;
        int power = 0;
        const char* begin = text_.data() + at_;
        const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), power);
        if (error != std::errc{} || power < -9 || power > 9) {
            fail("'^' needs a whole number from -9 to 9");
        }
        at_ += static_cast<std::size_t>(end - begin);
        return power;
    }

    void skip_spaces() {
        while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    }

    [[noreturn]] void fail(const std::string& what,
                           const std::string& advice =
                               "Temperatures are in K. Units are products of Pa, bar, atm, torr, "
                               "K, J, eV, cal, mol, s, min, h, Hz, m, angstrom, kg, g, u with SI "
                               "prefixes, as in kJ/mol, meV, cm^-1 or 1/(s atm).") const {
        throw Error("cannot read the unit '" + std::string(text_) + "': " + what, advice);
    }

    std::string_view text_;
    const Constants& constants_;
    std::size_t at_ = 0;
};

std::string_view trimmed(std::string_view text) {
    const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

/// As a person would write it: "38.9 kJ".
std::string written(const Quantity& quantity) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, quantity.value).ptr;
    return std::string(digits, end) + " " + quantity.unit.text;
}

}  // namespace

Unit parse_unit(std::string_view text, const Constants& constants) {
    return UnitParser(trimmed(text), constants).parse();
}

Quantity parse_quantity(std::string_view text, const Constants& constants) {
    const std::string_view whole = trimmed(text);
    std::string_view digits = whole;
    if (digits.starts_with('+')) digits.remove_prefix(1);
    Quantity quantity;
    const char* last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, quantity.value);
    if (error == std::errc::result_out_of_range) {
        throw Error("the number in '" + std::string(whole) + "' does not fit a double",
                    "Use a number between 1e-307 and 1e308 in magnitude.");
    }
    if (error != std::errc{} || !std::isfinite(quantity.value)) {
        throw Error("'" + std::string(whole) + "' is not a number with a unit",
                    "Write a number and a unit, as in 0.1 bar, 95 kJ/mol or 500 K.");
    }
    const std::string_view unit = trimmed({end, static_cast<std::size_t>(last - end)});
    if (unit.size() > 1 && unit[0] == ',' && std::isdigit(static_cast<unsigned char>(unit[1]))) {
        std::string point(whole);
        point[point.find(',')] = '.';
        throw Error("'" + std::string(whole) + "' has a decimal comma",
                    "Write a point: " + point + ".");
    }
    for (const std::string_view celsius : {"C", "°C", "degC", "celsius", "Celsius"}) {
        if (unit != celsius) continue;
        const double kelvin = std::round((quantity.value + 273.15) * 1e6) / 1e6;
        throw Error("'" + std::string(whole) + "' is in degrees Celsius",
                    "Temperatures are in kelvin: write " + written({kelvin, {"K"}}) + ".");
    }
    if (!unit.empty()) quantity.unit = parse_unit(unit, constants);
    return quantity;
}

double to_si(const Quantity& quantity, const Dimension& expected) {
    if (quantity.unit.dimension != expected) {
        const std::string given =
            quantity.unit.text.empty() ? "no unit" : "'" + quantity.unit.text + "'";
        throw Error("expected " + describe(expected) + ", found " + given + " (" +
                        describe(quantity.unit.dimension) + ")",
                    "Give the value a unit that fits.");
    }
    return quantity.si();
}

double energy_factor(const Unit& unit, const Constants& constants) {
    if (unit.dimension == dimension::energy) return unit.factor;
    if (unit.dimension == dimension::molar_energy) return unit.factor / constants.avogadro;
    if (unit.dimension == dimension::temperature) return unit.factor * constants.boltzmann;
    if (unit.dimension == dimension::frequency) return unit.factor * constants.planck;
    if (unit.dimension == dimension::wavenumber) {
        return unit.factor * constants.planck * constants.speed_of_light;
    }
    const std::string given = unit.text.empty() ? "no unit" : "'" + unit.text + "'";
    throw Error("expected an energy, found " + given + " (" + describe(unit.dimension) + ")",
                "Energies are written in eV, meV, kJ/mol, kcal/mol, J, K or cm^-1.");
}

double to_energy(const Quantity& quantity, const Constants& constants) {
    const double energy = quantity.value * energy_factor(quantity.unit, constants);
    // Total energies of electronic structure programs reach some 1e6 eV; a forgotten "/mol" makes
    // 1e23 of them.
    if (std::abs(energy) > 1e8 * constants.electronvolt) {
        throw Error("no particle has an energy of " + written(quantity),
                    "Is it per mole? Write kJ/mol or kcal/mol.");
    }
    return energy;
}

double to_entropy(const Quantity& quantity, const Constants& constants) {
    const bool molar = quantity.unit.dimension == dimension::molar_entropy;
    const double entropy =
        molar ? quantity.si() / constants.avogadro : to_si(quantity, dimension::entropy);
    if (std::abs(entropy) > 1e6 * constants.boltzmann) {
        throw Error("no particle has an entropy of " + written(quantity),
                    "Is it per mole? Write J/(mol K).");
    }
    return entropy;
}

std::string describe(const Dimension& d) {
    const std::pair<Dimension, std::string_view> names[] = {
        {dimension::none, "a plain number"},
        {dimension::temperature, "a temperature"},
        {dimension::pressure, "a pressure"},
        {dimension::energy, "an energy"},
        {dimension::molar_energy, "a molar energy"},
        {dimension::wavenumber, "a wavenumber"},
        {dimension::frequency, "a frequency or first-order rate constant"},
        {dimension::area, "an area"},
        {dimension::time, "a time"},
        {dimension::entropy, "an entropy"},
        {dimension::molar_entropy, "a molar entropy"},
        {mass, "a mass"},
        {dimension::rate_constant(1), "a rate constant per pressure"},
        {dimension::rate_constant(2), "a rate constant per pressure squared"},
    };
    for (const auto& [known, name] : names) {
        if (known == d) return std::string(name);
    }
    std::string text;
    const auto add = [&text](std::string_view base, int power) {
        if (power == 0) return;
        if (!text.empty()) text += ' ';
        text += base;
        if (power != 1) text += '^' + std::to_string(power);
    };
    add("kg", d.mass);
    add("m", d.length);
    add("s", d.time);
    add("K", d.temperature);
    add("mol", d.amount);
    return text;
}

}  // namespace turnover
