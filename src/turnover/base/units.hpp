#pragma once

#include <array>
#include <string>
#include <string_view>

#include "turnover/base/constants.hpp"

namespace turnover {

/// Exponents of the base units kg, m, s, K, mol.
struct Dimension {
    int mass = 0;
    int length = 0;
    int time = 0;
    int temperature = 0;
    int amount = 0;

    friend bool operator==(const Dimension&, const Dimension&) = default;
};

namespace dimension {
inline constexpr Dimension none{};
inline constexpr Dimension temperature{.temperature = 1};
inline constexpr Dimension pressure{.mass = 1, .length = -1, .time = -2};
inline constexpr Dimension energy{.mass = 1, .length = 2, .time = -2};
inline constexpr Dimension molar_energy{.mass = 1, .length = 2, .time = -2, .amount = -1};
inline constexpr Dimension wavenumber{.length = -1};
inline constexpr Dimension frequency{.time = -1};
inline constexpr Dimension area{.length = 2};
inline constexpr Dimension time{.time = 1};
/// Energy per kelvin (entropy per particle).
inline constexpr Dimension entropy{.mass = 1, .length = 2, .time = -2, .temperature = -1};
inline constexpr Dimension molar_entropy{
    .mass = 1, .length = 2, .time = -2, .temperature = -1, .amount = -1};
/// Rate constant of a step that consumes `gases` gas molecules: 1/(s Pa^gases).
[[nodiscard]] constexpr Dimension rate_constant(int gases) {
    return {.mass = -gases, .length = gases, .time = 2 * gases - 1};
}
}  // namespace dimension

/// A unit as a person writes it: `text` as written, `factor` in SI per unit.
struct Unit {
    std::string text;
    double factor = 1.0;
    Dimension dimension{};

    friend bool operator==(const Unit&, const Unit&) = default;
};

/// A number with its unit, value in that unit.
struct Quantity {
    double value = 0.0;
    Unit unit{};

    /// The value in SI, whatever its dimension.
    [[nodiscard]] double si() const { return value * unit.factor; }
};

/// Reads a unit: products, quotients and integer powers of known units with SI prefixes, as in
/// `bar`, `kJ/mol`, `1/(s atm)`, `s^-1 Pa^-1`, `cm^-1`, `angstrom^2`. The constants give eV.
/// Throws Error on an unknown unit, listing what is known.
[[nodiscard]] Unit parse_unit(std::string_view text, const Constants& constants);

/// Reads "0.1 bar", "95 kJ/mol", "1e-5"; without a unit the quantity is dimensionless.
/// Throws Error when there is no number, when it is not finite, or when the unit is unknown.
[[nodiscard]] Quantity parse_quantity(std::string_view text, const Constants& constants);

/// The SI value of `quantity`, which must have `dimension`. Throws Error naming both.
[[nodiscard]] double to_si(const Quantity& quantity, const Dimension& dimension);

/// An energy per particle in J from an energy, a molar energy (divided by N_A), a temperature
/// (times k_B), a wavenumber (times h c) or a frequency (times h). Throws Error on anything else,
/// and on more than 1e8 eV: an energy per mole that lacks its "/mol".
[[nodiscard]] double to_energy(const Quantity& quantity, const Constants& constants);

/// An entropy per particle in J/K from an entropy or a molar entropy (divided by N_A). Throws Error
/// on anything else, and on more than 1e6 k_B: an entropy per mole that lacks its "/mol".
[[nodiscard]] double to_entropy(const Quantity& quantity, const Constants& constants);

/// How many J per particle one `unit` of energy is, under the equivalences of `to_energy`.
[[nodiscard]] double energy_factor(const Unit& unit, const Constants& constants);

/// "pressure", "energy", ... or the product of base units, for messages.
[[nodiscard]] std::string describe(const Dimension& dimension);

}  // namespace turnover
