#include "turnover/sweep/branches.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace turnover {

namespace {

/// For each of the `surfaces` rows from `first` on, the first row that is the same state; itself
/// where there is none before it. Rows that did not converge are alone.
std::vector<std::size_t> leaders_of(const StateTable& rows, std::size_t first,
                                    std::size_t surfaces) {
    std::vector<std::size_t> leader(surfaces);
    std::iota(leader.begin(), leader.end(), first);
    const auto converged = [&](std::size_t s) {
        return rows.status[first + s] == Status::converged;
    };
    for (std::size_t s = 1; s < surfaces; ++s) {
        if (!converged(s)) continue;
        for (std::size_t before = 0; before < s; ++before) {
            if (!converged(before) || leader[before] == leader[s]) continue;
            if (!same_state(rows, first + before, first + s)) continue;
            // Two groups hang together: all of them get the earlier leader.
            const auto [kept, dropped] = std::minmax(leader[before], leader[s]);
            std::ranges::replace(leader, std::size_t{dropped}, std::size_t{kept});
        }
    }
    return leader;
}

}  // namespace

Grid with_surfaces(const Grid& grid, const Network& network) {
    Axis axis;
    axis.path = "initial surface";
    axis.parameter = {Parameter::Kind::starting_surface, 0};
    axis.spacing = Spacing::listed;
    for (std::size_t s = 0; s < network.surfaces().size(); ++s) {
        axis.values.push_back(static_cast<double>(s));
    }
    std::vector<Axis> axes = grid.axes();
    axes.push_back(std::move(axis));
    return Grid(std::move(axes));
}

Branches::Branches(const StateTable& rows, std::size_t surfaces)
    : rows_(rows), surfaces_(surfaces), reached_(rows.points(), -1) {
    if (surfaces == 0 || rows.points() % surfaces != 0) {
        throw std::logic_error(fmt::format("{} results are not those of points from {} surfaces",
                                           rows.points(), surfaces));
    }
    for (std::size_t first = 0; first < rows.points(); first += surfaces) {
        first_.push_back(representative_.size());
        const std::vector<std::size_t> leader = leaders_of(rows, first, surfaces);
        for (std::size_t s = 0; s < surfaces; ++s) {
            if (rows.status[first + s] != Status::converged) continue;
            if (leader[s] == first + s) {
                reached_[first + s] = static_cast<int>(representative_.size() - first_.back());
                representative_.push_back(first + s);
            } else {
                reached_[first + s] = reached_[leader[s]];
            }
        }
        most_ = std::max(most_, representative_.size() - first_.back());
    }
    first_.push_back(representative_.size());
}

std::vector<std::size_t> Branches::histogram() const {
    std::vector<std::size_t> points_with(most_ + 1, 0);
    for (std::size_t p = 0; p < points(); ++p) ++points_with[count(p)];
    return points_with;
}

std::optional<std::size_t> Branches::reached(std::size_t p, std::size_t s) const {
    const int state = reached_[row_from(p, s)];
    if (state < 0) return std::nullopt;
    return static_cast<std::size_t>(state);
}

StateTable Branches::stated() const {
    std::vector<std::size_t> places(points());
    for (std::size_t p = 0; p < places.size(); ++p) places[p] = row_from(p, 0);
    return rows_.picked(places);
}

std::size_t narrow_points(const Branches& branches, const Grid& grid) {
    std::vector<char> narrow(grid.size(), 0);
    std::size_t stride = grid.size();
    for (const Axis& axis : grid.axes()) {
        stride /= axis.values.size();
        std::vector<std::size_t> order(axis.values.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, {}, [&](std::size_t k) { return axis.values[k]; });
        for (std::size_t p = 0; p < grid.size(); ++p) {
            if (p / stride % order.size() != 0) continue;  // not the first of a line along the axis
            for (std::size_t k = 1; k + 1 < order.size(); ++k) {
                const auto states = [&](std::size_t at) {
                    return branches.count(p + order[at] * stride);
                };
                const std::size_t here = states(k);
                if (here > 1 && states(k - 1) < here && states(k + 1) < here) {
                    narrow[p + order[k] * stride] = 1;
                }
            }
        }
    }
    return static_cast<std::size_t>(std::ranges::count(narrow, 1));
}

}  // namespace turnover
