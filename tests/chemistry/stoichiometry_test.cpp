#include "turnover/chemistry/stoichiometry.hpp"

#include <gtest/gtest.h>

namespace turnover {
namespace {

TEST(Stoichiometry, RoutesOfCoOxidation) {
    // Rows CO*, O*, *; columns CO adsorption, O2 adsorption, CO + O. One route: 2, 1, 2.
    const IntegerMatrix matrix{{1, 0, -1}, {0, 2, -1}, {-1, -2, 2}};
    const Elimination routes = eliminate(matrix, 3);
    EXPECT_EQ(routes.rank, 2);
    EXPECT_EQ(routes.null_space, (IntegerMatrix{{2, 1, 2}}));
    EXPECT_EQ(routes.zero_in_null_space, (std::vector<bool>{false, false, false}));
    // The left null space is the site balance.
    EXPECT_EQ(eliminate(transposed(matrix, 3), 3).null_space, (IntegerMatrix{{1, 1, 1}}));
}

TEST(Stoichiometry, DeadEndsCarryNoRoute) {
    // A + * <-> A* (both ways through the gas), and B* that only adsorbs.
    const IntegerMatrix matrix{{1, -1, 0}, {0, 0, 1}, {-1, 1, -1}};
    const Elimination routes = eliminate(matrix, 3);
    EXPECT_EQ(routes.zero_in_null_space, (std::vector<bool>{false, false, true}));
    EXPECT_EQ(routes.null_space, (IntegerMatrix{{1, 1, 0}}));
}

TEST(Stoichiometry, NullVectorsSolveTheSystem) {
    const IntegerMatrix matrix{{2, -3, 5, 0, 1}, {-4, 6, -10, 7, 3}, {1, 1, 1, 1, 1}};
    const Elimination result = eliminate(matrix, 5);
    EXPECT_EQ(result.rank + static_cast<int>(result.null_space.size()), 5);
    for (const auto& vector : result.null_space) {
        for (const auto& row : matrix) {
            int sum = 0;
            for (std::size_t k = 0; k < row.size(); ++k) sum += row[k] * vector[k];
            EXPECT_EQ(sum, 0);
        }
    }
}

TEST(Stoichiometry, EmptyMatricesAreFine) {
    EXPECT_EQ(eliminate({}, 2).null_space, (IntegerMatrix{{1, 0}, {0, 1}}));
    EXPECT_EQ(eliminate({{0, 0}}, 2).rank, 0);
}

}  // namespace
}  // namespace turnover
