#pragma once

#include <vector>

namespace turnover {

/// A small integer matrix by rows.
using IntegerMatrix = std::vector<std::vector<int>>;

/// What exact elimination says of an integer matrix with `columns` columns. Exact (rational
/// numbers), because a rank or a reaction route that depends on rounding is no chemistry.
struct Elimination {
    int rank = 0;
    std::vector<int> pivot_columns;  ///< in order, one per nonzero row of the reduced form
    /// Columns on which every vector of the right null space is zero. With species as rows and
    /// steps as columns: the steps that no reaction route passes through.
    std::vector<bool> zero_in_null_space;
    /// A basis of the right null space, each vector with integer entries without a common divisor
    /// and a positive first entry. With species as rows and steps as columns: the reaction routes.
    IntegerMatrix null_space;
};

/// Reduces `matrix` (every row with `columns` entries).
[[nodiscard]] Elimination eliminate(const IntegerMatrix& matrix, int columns);

/// Rows become columns.
[[nodiscard]] IntegerMatrix transposed(const IntegerMatrix& matrix, int columns);

}  // namespace turnover
