#pragma once

#include <map>
#include <string>
#include <string_view>

namespace turnover {

/// Physical constants, as a value rather than as globals, so that a model file can state the set
/// that a published calculation used and reproduce its digits (docs/model-file.md, `constants`).
///
/// The default is `codata_2018()`.
struct Constants {
    double boltzmann;                                           ///< k_B, J/K
    double planck;                                              ///< h, J s
    double electronvolt;                                        ///< 1 eV in J
    double avogadro;                                            ///< N_A, 1/mol
    double speed_of_light;                                      ///< c, m/s
    double atomic_mass;                                         ///< m_u, kg
    std::map<std::string, double, std::less<>> atomic_weights;  ///< element symbol -> relative mass

    /// Relative atomic mass of `element`. Throws Error for an unknown symbol.
    [[nodiscard]] double atomic_weight(std::string_view element) const;

    /// Molar gas constant R = N_A k_B, J/(mol K).
    [[nodiscard]] double gas_constant() const { return avogadro * boltzmann; }

    friend bool operator==(const Constants&, const Constants&) = default;
};

/// CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93, 025010 (2021)): k_B, h, e, N_A and c are exact
/// in the SI of 2019, m_u = 1.660 539 066 60(50)e-27 kg. Atomic weights: IUPAC/CIAAW abridged
/// standard atomic weights 2021 (Prohaska et al., Pure Appl. Chem. 94, 573 (2022)).
[[nodiscard]] const Constants& codata_2018();

}  // namespace turnover
