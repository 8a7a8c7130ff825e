#pragma once

#include <array>
#include <variant>
#include <vector>

#include "turnover/base/constants.hpp"

namespace turnover {

/// What is added to a species' energy to make its standard Gibbs energy at a temperature. Energies
/// are per particle in J, entropies in J/K, temperatures in K, pressures in Pa.

/// G = E + enthalpy - T * entropy with both constant. The default adds nothing: the energy given
/// *is* the free energy ("free energies as given").
struct FixedCorrection {
    double enthalpy = 0.0;
    double entropy = 0.0;

    friend bool operator==(const FixedCorrection&, const FixedCorrection&) = default;
};

/// Harmonic adsorbate or transition state: every degree of freedom is a vibration.
struct HarmonicCorrection {
    std::vector<double> vibrations;  ///< h nu of each mode, J; a degenerate mode stands repeatedly
    bool zero_point_energy = true;   ///< count h nu / 2 of each mode

    friend bool operator==(const HarmonicCorrection&, const HarmonicCorrection&) = default;
};

/// Ideal gas from partition functions: translation, rigid rotor, harmonic vibrations, electronic
/// degeneracy, at the standard pressure.
struct IdealGasCorrection {
    double symmetry_number = 1.0;
    /// Characteristic rotational temperatures, K: none for an atom, one for a linear molecule,
    /// three for a nonlinear one.
    std::vector<double> rotational_temperatures;
    std::vector<double> vibrations;  ///< h nu of each mode, J
    bool zero_point_energy = true;
    double electronic_degeneracy = 1.0;

    friend bool operator==(const IdealGasCorrection&, const IdealGasCorrection&) = default;
};

/// Shomate polynomials of the NIST WebBook (Chase, NIST-JANAF Thermochemical Tables, 1998), at 1
/// bar: the correction is [H(T) - H(298.15 K)] - T S(T), so the species' energy is its enthalpy at
/// 298.15 K.
struct ShomateCorrection {
    struct Range {
        double low = 0.0;   ///< K
        double high = 0.0;  ///< K
        /// A, B, C, D, E, F, G, H of the WebBook's form, in J, mol, K and t = T/1000.
        std::array<double, 8> coefficients{};

        friend bool operator==(const Range&, const Range&) = default;
    };
    std::vector<Range> ranges;

    friend bool operator==(const ShomateCorrection&, const ShomateCorrection&) = default;
};

using Thermochemistry =
    std::variant<FixedCorrection, HarmonicCorrection, IdealGasCorrection, ShomateCorrection>;

/// Gibbs correction in J per particle at `temperature` (K) and `standard_pressure` (Pa) of a
/// particle of `mass` (kg; used by the ideal gas only).
///
/// Sources: ideal gas and harmonic, McQuarrie, Statistical Mechanics (1976), chapters 5
/// (translation), 6 (linear rotor, vibration) and 8 (polyatomic molecules); Shomate, NIST Chemistry
/// WebBook. Throws Error when a Shomate range does not cover the temperature, saying which do.
[[nodiscard]] double gibbs_correction(const Thermochemistry& thermochemistry, double mass,
                                      double temperature, double standard_pressure,
                                      const Constants& constants);

}  // namespace turnover
