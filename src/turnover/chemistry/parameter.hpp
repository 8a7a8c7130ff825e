#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/base/units.hpp"
#include "turnover/chemistry/mechanism.hpp"

namespace turnover {

/// What an axis or `--set` can vary, by path: "temperature", "pressure.CO_g", "site-total.s",
/// "energy.CO_s", "energy.O-CO_2s" (a transition state), "barrier.STEP", "reaction-energy.STEP".
/// The starting surface has no path: a map varies it by itself (sweep/branches.hpp).
struct Parameter {
    enum class Kind {
        temperature,
        pressure,
        site_total,
        energy,
        transition_state_energy,
        barrier,
        reaction_energy,
        starting_surface,
    };
    Kind kind = Kind::temperature;
    std::size_t index = 0;  ///< of the species, site, transition state or step

    friend bool operator==(const Parameter&, const Parameter&) = default;
};

/// The parameter at `path`. Throws Error on an unknown path, with the nearest known one, on one
/// that the mechanism does not use (an energy of a species whose steps all give relative energies),
/// and on the reaction energy of a step in a closed cycle, which cannot vary alone.
[[nodiscard]] Parameter find_parameter(const Mechanism& mechanism, std::string_view path);

/// Every path that find_parameter accepts, in the order of the file.
[[nodiscard]] std::vector<std::string> parameter_paths(const Mechanism& mechanism);

/// Access to the number that a parameter stands for, SI.
[[nodiscard]] double& parameter_value(Conditions& conditions, const Parameter& parameter);

/// SI per `unit` for the parameter: energies in any unit that to_energy reads. Throws Error when
/// the unit does not fit.
[[nodiscard]] double parameter_factor(const Unit& unit, const Parameter& parameter,
                                      const Constants& constants);

/// SI value of `quantity` for the parameter, checked for range: temperatures and site totals must
/// be positive, pressures not negative. Throws Error.
[[nodiscard]] double parameter_from(const Quantity& quantity, const Parameter& parameter,
                                    const Constants& constants);

}  // namespace turnover
