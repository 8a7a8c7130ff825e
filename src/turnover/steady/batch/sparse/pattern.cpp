#include "turnover/steady/batch/sparse/pattern.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>

#include "turnover/base/index.hpp"

namespace turnover::batch {

namespace {

std::vector<int> minimum_degree_order(const FlatNetwork& net) {
    using Matrix = Eigen::SparseMatrix<double>;
    std::vector<Eigen::Triplet<double>> entries;
    for (const Entry& entry : net.entries) {
        entries.emplace_back(entry.row, entry.column, 1.0);
        entries.emplace_back(entry.column, entry.row, 1.0);
    }
    for (int i = 0; i < net.unknowns; ++i) entries.emplace_back(i, i, 1.0);
    Matrix matrix(net.unknowns, net.unknowns);
    matrix.setFromTriplets(entries.begin(), entries.end());
    Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int> order;
    Eigen::AMDOrdering<int>()(matrix, order);
    return {order.indices().begin(), order.indices().end()};
}

}  // namespace

SparsePattern::SparsePattern(const FlatNetwork& net)
    : unknown_at(minimum_degree_order(net)), position_of(at(net.unknowns)) {
    const int n = net.unknowns;
    for (int p = 0; p < n; ++p) position_of[at(unknown_at[at(p)])] = p;

    // Eliminating a position makes its later neighbours neighbours of each other.
    std::vector<std::set<int>> later(at(n));
    const auto connect = [&](int p, int q) {
        if (p != q) later[at(std::min(p, q))].insert(std::max(p, q));
    };
    for (const Entry& e : net.entries) connect(position_of[at(e.row)], position_of[at(e.column)]);
    for (int p = 0; p < n; ++p) {
        for (const int i : later[at(p)]) {
            for (const int j : later[at(p)]) connect(i, j);
        }
    }
    for (int p = 0; p < n; ++p) {
        starts_.push_back(static_cast<int>(neighbours_.size()));
        neighbours_.insert(neighbours_.end(), later[at(p)].begin(), later[at(p)].end());
    }
    starts_.push_back(static_cast<int>(neighbours_.size()));
    lower_ = n + upper_count();
    for (const int p : neighbours_) neighbour_unknowns_.push_back(unknown_at[at(p)]);
    for (int p = 0; p < n; ++p) {
        for (const int i : neighbours(p)) {
            for (const int j : neighbours(p)) targets.push_back(value_at(i, j));
        }
    }

    std::set<std::pair<int, int>> places;
    for (const Entry& e : net.entries) places.insert({e.row, e.column});
    for (int i = 0; i < n; ++i) places.insert({i, i});
    for (const auto& [row, column] : places) {
        entries.push_back({row, column, value_at(position_of[at(row)], position_of[at(column)])});
    }
    for (const Entry& e : net.entries) {
        entry_values.push_back(value_at(position_of[at(e.row)], position_of[at(e.column)]));
    }
    for (int i = 0; i < n; ++i) {
        for (int e = 0; e < static_cast<int>(entries.size()); ++e) {
            const Place& place = entries[at(e)];
            if (place.row == place.column) continue;
            if (place.row == i) in_row.add(e);
            if (place.column == i) in_column.add(e);
        }
        in_row.close_row();
        in_column.close_row();
    }
    for (int j = 0; j < net.steps; ++j) {
        for (int i = 0; i < n; ++i) {
            for (const Term& term : net.balances[i]) {
                if (term.index == j) changes.add({i, term.coefficient});
            }
        }
        changes.close_row();
    }
}

int SparsePattern::value_at(int row, int column) const {
    if (row == column) return row;
    const int pivot = std::min(row, column), other = std::max(row, column);
    const auto near = neighbours(pivot);
    const auto found = static_cast<int>(std::ranges::lower_bound(near, other) - near.begin());
    return (row < column ? upper(pivot) : lower(pivot)) + found;
}

}  // namespace turnover::batch
