#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/state_table.hpp"
#include "turnover/sweep/grid.hpp"

namespace turnover {

/// `grid` with the surfaces of `network` as one more axis, the innermost: point p from surface s is
/// point p * surfaces + s of it. So a search for all stable states is a map like any other to
/// engines, tiles, journals and shards, and what it means comes afterwards, in Branches.
[[nodiscard]] Grid with_surfaces(const Grid& grid, const Network& network);

/// The distinct stable states of each point of a map that was started from several surfaces.
///
/// States are told apart by same_state; where it is not transitive, whatever hangs together is one
/// state. They are numbered by the first surface that runs into each: state 0 is that of the stated
/// initial surface, unless that failed. Another order of the surfaces changes these numbers, and
/// which of several equal answers is shown, and nothing else.
class Branches {
public:
    /// `rows` are the results over with_surfaces(grid, network); kept by reference. Throws
    /// std::logic_error when their number is no multiple of `surfaces`.
    Branches(const StateTable& rows, std::size_t surfaces);

    [[nodiscard]] std::size_t points() const noexcept { return first_.size() - 1; }
    [[nodiscard]] std::size_t surfaces() const noexcept { return surfaces_; }
    /// The largest number of states that any point has.
    [[nodiscard]] std::size_t most() const noexcept { return most_; }

    /// How many distinct stable states were found at point `p`; 0 when no surface converged.
    [[nodiscard]] std::size_t count(std::size_t p) const { return first_[p + 1] - first_[p]; }
    /// How many points have 0, 1, ..., most() states.
    [[nodiscard]] std::vector<std::size_t> histogram() const;
    /// Where the numbers of state `k` < count(p) of point `p` are in rows().
    [[nodiscard]] std::size_t row(std::size_t p, std::size_t k) const {
        return representative_[first_[p] + k];
    }
    /// The state that point `p` ends in from surface `s`; empty when that did not converge.
    [[nodiscard]] std::optional<std::size_t> reached(std::size_t p, std::size_t s) const;

    [[nodiscard]] const StateTable& rows() const noexcept { return rows_; }
    /// Where point `p` from surface `s` is in rows().
    [[nodiscard]] std::size_t row_from(std::size_t p, std::size_t s) const {
        return p * surfaces_ + s;
    }
    /// The map of the stated initial surface alone, one row a point.
    [[nodiscard]] StateTable stated() const;

private:
    const StateTable& rows_;
    std::size_t surfaces_;
    std::size_t most_ = 0;
    std::vector<std::size_t> first_;  ///< per point, of representative_; one more at the end
    std::vector<std::size_t> representative_;  ///< rows
    std::vector<int> reached_;                 ///< per row; -1 when it did not converge
};

/// How many points of `grid` have several states while along some axis both neighbours have fewer:
/// there the region of several states is less than two grid steps wide, and its parts may look like
/// islands, or be missed. Neighbours are those by value, also on an axis of listed values.
[[nodiscard]] std::size_t narrow_points(const Branches& branches, const Grid& grid);

}  // namespace turnover
