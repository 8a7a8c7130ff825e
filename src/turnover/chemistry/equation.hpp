#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace turnover {

/// One term of an equation as written: coefficient and the species' text ("2*_s" -> 2, "*_s").
struct EquationTerm {
    int coefficient = 1;
    std::string species;

    friend bool operator==(const EquationTerm&, const EquationTerm&) = default;
};

/// An elementary step as text, nothing resolved yet: initial state, optional transition state,
/// final state.
struct Equation {
    std::vector<EquationTerm> initial;
    std::vector<EquationTerm> transition;  ///< empty when the equation names no transition state
    std::vector<EquationTerm> final;
    bool reversible = true;
    std::string text;  ///< as written, with single spaces
};

/// Reads `IS <-> TS -> FS`, `IS -> FS`, `IS <-> FS` or `IS <=> FS` (all reversible: the reverse
/// follows from thermodynamics or is given) and `IS => FS` (irreversible). Terms are joined by ` +
/// `; coefficients stand before a name with or without a space ("2O_s", "2 O_s", "2*_s"). Throws
/// Error with the column of what it cannot read.
[[nodiscard]] Equation parse_equation(std::string_view text);

}  // namespace turnover
