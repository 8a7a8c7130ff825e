#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "turnover/io/netcdf.hpp"

namespace turnover {

/// Words of a picture, in gnuplot's enhanced text.

/// A chemical formula with its counts lowered: "CO2" -> "CO_{2}", "CH3-CH2" -> "CH_{3}-CH_{2}".
[[nodiscard]] std::string formula_label(std::string_view formula);

/// "CO_g" -> "CO"; the site part is left out of an adsorbate's name too ("CO_s", "CO_2s" -> "CO",
/// "*_s" -> "*").
[[nodiscard]] std::string species_label(std::string_view name);

/// The label of each species; where two would read the same (CO on two site types), those keep
/// their whole names.
[[nodiscard]] std::vector<std::string> species_labels(const std::vector<std::string_view>& names);

/// Quantity and unit as an axis shows them: "p(CO) / atm", "T / K".
[[nodiscard]] std::string axis_label(const MapAxis& axis);

/// The quantity alone: "p(CO)", "T", "E(CO\_s)", "E_{a}(CO\_s + O\_s -> ...)".
[[nodiscard]] std::string axis_quantity(const MapAxis& axis);

/// "1/s" -> "s^{-1}".
[[nodiscard]] std::string unit_label(std::string_view unit);

}  // namespace turnover
