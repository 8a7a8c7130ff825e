#pragma once

#include "turnover/chemistry/stoichiometry.hpp"

namespace turnover {

/// Reactions that run in one direction each, over unknowns: column r of both matrices is reaction
/// r. Rows are unknowns.
struct Reactions {
    IntegerMatrix change;  ///< net change of each unknown
    IntegerMatrix order;   ///< exponent of each unknown in the mass-action rate
    int count = 0;         ///< number of columns
};

/// The signs that the determinant of a Jacobian reduced by conservation laws can have.
enum class DeterminantSign {
    one,        ///< only one, and never zero, whatever the rates
    one_steady,  ///< the same wherever the net change of every unknown is zero
    both,       ///< terms of both signs (or none at all)
    too_large,  ///< more terms than the limit
};

/// Expands det [laws; change diag(v) order^T diag(h)], balances that the laws make redundant left
/// out, with v the rates and h the reciprocal coverages: by Laplace over the unknowns and then
/// over v, first with all rates independent, then with v = sum of a positive multiple of each
/// extreme ray of {v >= 0, change v = 0}, the form that every positive steady state has. Exact.
/// `laws` has independent rows that vanish on `change` and complete its rank. `most_products`
/// limits the multiplications of terms.
[[nodiscard]] DeterminantSign determinant_sign(const Reactions& reactions,
                                               const IntegerMatrix& laws, long most_products);

/// The extreme rays of {v >= 0, matrix v = 0} as coprime integers, by double description (Motzkin
/// et al., Contributions to the Theory of Games 2, 51 (1953)); empty when there are none, or more
/// than `most` on the way.
[[nodiscard]] IntegerMatrix extreme_rays(const IntegerMatrix& matrix, int columns, int most);

}  // namespace turnover
