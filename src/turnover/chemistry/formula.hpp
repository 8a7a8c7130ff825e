#pragma once

#include <map>
#include <string>
#include <string_view>

#include "turnover/base/constants.hpp"

namespace turnover {

/// Number of atoms of each element.
using Composition = std::map<std::string, int, std::less<>>;

/// Reads a chemical formula: element symbols with counts, parentheses with a multiplier, and `-` or
/// `=` as bonds that only separate (`O-CO`, `CH3CH2OH`, `Fe(CO)5`). Symbols must be in
/// `constants.atomic_weights`. Throws Error that says which character or symbol it stumbled over.
[[nodiscard]] Composition parse_formula(std::string_view formula, const Constants& constants);

/// Mass of one molecule in kg.
[[nodiscard]] double molecular_mass(const Composition& composition, const Constants& constants);

/// "C1 O2"-like text in alphabetical order for messages; "nothing" when empty.
[[nodiscard]] std::string describe(const Composition& composition);

}  // namespace turnover
