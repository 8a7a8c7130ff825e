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

/// The signs that the terms of a determinant have.
enum class DeterminantSign {
    one,        ///< all the same, and there are some: the determinant is never zero
    both,       ///< both signs, or no term at all
    too_large,  ///< more work than allowed
};

/// Expands det [laws; change diag(v) order^T diag(h)], balances that the laws make redundant left
/// out, with v the rates and h the reciprocal coverages, as a polynomial in h and in the weights w
/// of v = sum_m w_m rates_m, with `rates` given by rows: unit vectors for independent rates; the
/// extreme rays of {v >= 0, change v = 0} for all that a steady state can have. Exact. `laws` has
/// independent rows that vanish on `change` and complete its rank. `most_products` limits the
/// multiplications of terms.
[[nodiscard]] DeterminantSign determinant_sign(const Reactions& reactions,
                                               const IntegerMatrix& laws,
                                               const IntegerMatrix& rates, long most_products);

/// The extreme rays of {v >= 0, matrix v = 0} as coprime integers, by double description (Motzkin
/// et al., Contributions to the Theory of Games 2, 51 (1953)); empty when there are none, or more
/// than `most` on the way.
[[nodiscard]] IntegerMatrix extreme_rays(const IntegerMatrix& matrix, int columns, int most);

}  // namespace turnover
