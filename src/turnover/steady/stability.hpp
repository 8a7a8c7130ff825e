#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "turnover/steady/newton.hpp"
#include "turnover/steady/scaled_balances.hpp"

namespace turnover {

/// The largest real part of a matrix's eigenvalues, with what rounding leaves open.
struct SlowestMode {
    double real_part = 0.0;  ///< 1/s; -infinity where there is no mode at all
    double uncertainty = 0.0;

    [[nodiscard]] bool decays() const { return real_part < -uncertainty; }
    [[nodiscard]] bool grows() const { return real_part > uncertainty; }
};

/// Of a row-major `n` x `n` matrix: balanced (Parlett and Reinsch, Numer. Math. 13, 293 (1969)),
/// reduced to Schur form. The uncertainty is 1e6 epsilon |A|, which trusts an eigenvalue of
/// condition number up to about 1e6 and makes no claim beyond. Instantiated for DoubleDouble
/// and the types of 100 and 250 digits.
template <class Number>
[[nodiscard]] SlowestMode slowest_mode(std::vector<Number> matrix, int n);

/// The Jacobian at a root, with each conservation law used to eliminate one unknown and in
/// logarithmic coordinates (a similarity: diag(1/x) J diag(x)), row-major.
///
/// `equations` has been evaluated at `x`. The eigenvalues are those of the dynamics within the
/// surface that the laws allow.
template <class Number>
[[nodiscard]] std::vector<Number> reduced_jacobian(const Network& network,
                                                   const ScaledBalances<Number>& equations,
                                                   const std::vector<Number>& x, int& size) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    std::vector<int> kept;
    for (const int i : equations.moving()) {
        bool placed = false;
        for (const auto& law : equations.laws()) placed = placed || law.place == i;
        if (!placed) kept.push_back(i);
    }
    size = static_cast<int>(kept.size());
    std::vector<Number> reduced;
    for (const int i : kept) {
        const Number* row = &equations.jacobian()[at(i * network.unknowns())];
        for (const int k : kept) {
            Number slope = row[k];
            for (const auto& law : equations.laws()) {
                const int own = law.coefficients[at(k)];
                if (own == 0 || row[law.place] == Number(0.0)) continue;
                slope -= row[law.place] * Number(double(own)) /
                         Number(double(law.coefficients[at(law.place)]));
            }
            reduced.push_back(slope * x[at(k)] / x[at(i)]);
        }
    }
    return reduced;
}

/// The Jacobian of the empty unknowns among themselves: whether they would stay empty.
template <class Number>
[[nodiscard]] std::vector<Number> empty_jacobian(const Network& network,
                                                 const ScaledBalances<Number>& equations,
                                                 const std::vector<int>& empty) {
    std::vector<Number> block;
    for (const int i : empty) {
        for (const int k : empty) {
            block.push_back(
                equations.jacobian()[static_cast<std::size_t>(i * network.unknowns() + k)]);
        }
    }
    return block;
}

}  // namespace turnover
