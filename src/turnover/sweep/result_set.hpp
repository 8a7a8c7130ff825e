#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// All results of a map, stored by index as tiles come in, in whatever order they come. Points that
/// no tile has brought have the status `not_computed`.
class ResultSet {
public:
    ResultSet(const Network& network, std::size_t points);

    /// Stores a tile. Throws std::logic_error when it does not fit or a point of it is there
    /// already, and stores nothing then.
    void store(TileResult&& result);

    [[nodiscard]] std::size_t size() const noexcept { return is_stored_.size(); }
    [[nodiscard]] std::size_t stored() const noexcept { return stored_; }
    [[nodiscard]] bool complete() const noexcept { return stored_ == size(); }
    /// Every point, in index order.
    [[nodiscard]] const StateTable& states() const;

    /// How many points have each status; statuses that no point has are left out.
    [[nodiscard]] std::map<Status, std::size_t> count() const;

private:
    /// Memory for all points, of which those are there that lie before the end of a stored tile. So
    /// worker processes that are forked before there are results share none of it, and storing
    /// costs the one write to each page that it has to.
    mutable StateTable states_;
    std::vector<bool> is_stored_;
    std::size_t stored_ = 0;
};

}  // namespace turnover
