#pragma once

#include <vector>

#include "support/small_models.hpp"
#include "turnover/sweep/branches.hpp"

/// Invented stable states of CO oxidation, for tests of what writes and draws them.
namespace turnover::support {

/// Two points from the surfaces clean, CO_s, O_s and "0.5 CO_s": the first point has two states,
/// the second one state and a surface that failed.
struct SmallBranches {
    Model model;
    StateTable rows;

    SmallBranches() : model(co_model(1, 2)) {
        model.overrides.branches = true;
        model.network =
            model.network.with_surfaces(branch_surfaces(model.network, {{{"CO_s", 0.5}}}));
        rows = StateTable(model.network, 8);
        // Which state each surface of each point runs into; 9 stands for a failure.
        const std::vector<std::size_t> state{1, 2, 1, 2, 3, 3, 9, 3};
        for (std::size_t row = 0; row < state.size(); ++row) {
            SteadyState invented = invented_state(model.network, state[row]);
            if (state[row] == 9) {
                invented.status = Status::not_settled;
                invented.detail = "an oscillation";
            }
            rows.set(row, invented, Path::reference);
        }
    }
    [[nodiscard]] Branches branches() const { return {rows, 4}; }
    /// What map.csv holds beside them.
    [[nodiscard]] ResultSet stated() const {
        ResultSet results(model.network, 2);
        results.store({{0, 2}, branches().stated()});
        return results;
    }
};

}  // namespace turnover::support
