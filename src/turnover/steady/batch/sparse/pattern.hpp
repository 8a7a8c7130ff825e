#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "turnover/steady/batch/flat_network.hpp"

namespace turnover::batch {

/// Where the LU factors of a network's Jacobian have entries, and in which order they are
/// eliminated: computed once a network, followed by every factorisation in every lane.
///
/// The pattern is that of J + J^T with a full diagonal; pivots are taken from the diagonal in an
/// order of approximate minimum degree (Amestoy, Davis and Duff, SIAM J. Matrix Anal. Appl. 17, 886
/// (1996), as in Eigen), so that free sites and the few atoms that take part in everything come
/// last. "Position" is a place in that order.
///
/// The values of a matrix, and then of its factors, lie in one array: first the diagonal by
/// position, then each position's row of U, then each position's column of L. Row and column of
/// a position have the same neighbours.
class SparsePattern {
public:
    explicit SparsePattern(const FlatNetwork& net);

    [[nodiscard]] int size() const { return static_cast<int>(unknown_at.size()); }
    /// Number of values.
    [[nodiscard]] int values() const { return lower_ + upper_count(); }

    [[nodiscard]] std::span<const int> neighbours(int position) const {
        return {neighbours_.data() + starts_[static_cast<std::size_t>(position)],
                neighbours_.data() + starts_[static_cast<std::size_t>(position) + 1]};
    }
    /// The same as unknowns.
    [[nodiscard]] std::span<const int> neighbour_unknowns(int position) const {
        return {neighbour_unknowns_.data() + starts_[static_cast<std::size_t>(position)],
                neighbour_unknowns_.data() + starts_[static_cast<std::size_t>(position) + 1]};
    }
    /// Where the first neighbour's value of a position's row of U, or column of L, lies.
    [[nodiscard]] int upper(int position) const {
        return size() + starts_[static_cast<std::size_t>(position)];
    }
    [[nodiscard]] int lower(int position) const {
        return lower_ + starts_[static_cast<std::size_t>(position)];
    }

    /// A value of the matrix by the unknowns of its row and column.
    struct Place {
        int row, column;  ///< unknowns
        int value;
    };

    std::vector<int> unknown_at;    ///< per position
    std::vector<int> position_of;   ///< per unknown
    std::vector<int> entry_values;  ///< per entry of the network's Jacobian
    std::vector<Place> entries;     ///< of the Jacobian and the diagonal, by unknowns
    Rows<int> in_row, in_column;    ///< per unknown: its entries, the diagonal left out
    Rows<Term> changes;             ///< per step that runs: the unknowns that it changes
    /// Updates of the elimination, in its order: for each position, for each neighbour i and each
    /// neighbour j, the value that takes - L_i U_j.
    std::vector<int> targets;

private:
    [[nodiscard]] int upper_count() const { return starts_.back(); }
    [[nodiscard]] int value_at(int row, int column) const;  ///< by positions

    std::vector<int> starts_, neighbours_, neighbour_unknowns_;
    int lower_ = 0;
};

}  // namespace turnover::batch
