#include "turnover/analysis/reversibility.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace turnover {
namespace {

TEST(Reversibility, IsReverseOverForward) {
    SteadyState state;
    state.forward_rates = {2.0, 5.0, 1.0, 0.0, 0.0};
    state.reverse_rates = {0.0, 5.0, 4.0, 3.0, 0.0};
    const auto z = reversibilities(state);
    ASSERT_EQ(z.size(), 5u);
    EXPECT_EQ(z[0], 0.0);  // irreversible
    EXPECT_EQ(z[1], 1.0);  // quasi-equilibrated
    EXPECT_EQ(z[2], 4.0);  // runs backwards
    EXPECT_TRUE(std::isinf(z[3]));
    EXPECT_TRUE(std::isnan(z[4]));
}

}  // namespace
}  // namespace turnover
