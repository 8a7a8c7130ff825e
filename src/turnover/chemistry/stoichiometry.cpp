#include "turnover/chemistry/stoichiometry.hpp"

#include <algorithm>
#include <utility>

#include <boost/multiprecision/cpp_int.hpp>

namespace turnover {

namespace {

using Rational = boost::multiprecision::cpp_rational;
using Integer = boost::multiprecision::cpp_int;

/// Scales a rational vector to coprime integers with a positive first entry.
std::vector<int> to_integers(const std::vector<Rational>& vector) {
    Integer denominators = 1;
    for (const Rational& entry : vector) denominators = lcm(denominators, denominator(entry));
    Integer divisor = 0;
    std::vector<Integer> scaled;
    for (const Rational& entry : vector) {
        const Integer value = numerator(entry) * (denominators / denominator(entry));
        divisor = gcd(divisor, value);
        scaled.push_back(value);
    }
    const auto first = std::ranges::find_if(scaled, [](const Integer& v) { return v != 0; });
    if (first != scaled.end() && *first < 0) divisor = -divisor;
    std::vector<int> integers;
    for (const Integer& value : scaled) {
        integers.push_back((divisor == 0 ? value : Integer(value / divisor)).convert_to<int>());
    }
    return integers;
}

}  // namespace

Elimination eliminate(const IntegerMatrix& matrix, int columns) {
    std::vector<std::vector<Rational>> rows;
    for (const auto& row : matrix) rows.emplace_back(row.begin(), row.end());
    const auto width = static_cast<std::size_t>(columns);

    Elimination result;
    std::size_t top = 0;
    for (std::size_t column = 0; column < width && top < rows.size(); ++column) {
        const auto pivot = std::find_if(rows.begin() + static_cast<std::ptrdiff_t>(top), rows.end(),
                                        [column](const auto& row) { return row[column] != 0; });
        if (pivot == rows.end()) continue;
        std::swap(*pivot, rows[top]);
        const Rational scale = rows[top][column];
        for (Rational& entry : rows[top]) {
            if (entry != 0) entry /= scale;
        }
        for (std::size_t other = 0; other < rows.size(); ++other) {
            const Rational factor = rows[other][column];
            if (other == top || factor == 0) continue;
            for (std::size_t k = column; k < width; ++k) {
                if (rows[top][k] != 0) rows[other][k] -= factor * rows[top][k];
            }
        }
        result.pivot_columns.push_back(static_cast<int>(column));
        ++top;
    }
    result.rank = static_cast<int>(top);

    result.zero_in_null_space.assign(width, false);
    for (std::size_t r = 0; r < top; ++r) {
        const auto nonzero =
            std::ranges::count_if(rows[r], [](const Rational& e) { return e != 0; });
        if (nonzero == 1) {
            result.zero_in_null_space[static_cast<std::size_t>(result.pivot_columns[r])] = true;
        }
    }
    for (std::size_t column = 0; column < width; ++column) {
        if (std::ranges::find(result.pivot_columns, static_cast<int>(column)) !=
            result.pivot_columns.end()) {
            continue;
        }
        std::vector<Rational> vector(width);
        vector[column] = 1;
        for (std::size_t r = 0; r < top; ++r) {
            vector[static_cast<std::size_t>(result.pivot_columns[r])] = -rows[r][column];
        }
        result.null_space.push_back(to_integers(vector));
    }
    return result;
}

IntegerMatrix transposed(const IntegerMatrix& matrix, int columns) {
    IntegerMatrix result(static_cast<std::size_t>(columns), std::vector<int>(matrix.size()));
    for (std::size_t r = 0; r < matrix.size(); ++r) {
        for (std::size_t c = 0; c < result.size(); ++c) result[c][r] = matrix[r][c];
    }
    return result;
}

}  // namespace turnover
