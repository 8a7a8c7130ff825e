#include "turnover/base/error.hpp"

#include <gtest/gtest.h>

#include "turnover/base/suggest.hpp"

namespace turnover {
namespace {

TEST(Error, TellsPlaceMessageAndAdvice) {
    const Error error("the key is unknown", "Remove it.", {"model.yaml", 12, 3});
    EXPECT_STREQ(error.what(), "model.yaml:12: the key is unknown\n  Remove it.");
}

TEST(Error, TakesAPlaceOnce) {
    const Error without("no number");
    EXPECT_STREQ(without.what(), "no number");
    const Error inner = without.at({"a.yaml", 4, 0});
    EXPECT_STREQ(inner.at({"b.yaml", 9, 0}).what(), "a.yaml:4: no number");
}

TEST(Suggest, NamesTheNearestOnlyWhenItIsNear) {
    const std::vector<std::string> known{"pressures", "temperature"};
    EXPECT_EQ(suggest("presures", known),
              "Did you mean 'pressures'? Known are pressures, temperature.");
    EXPECT_EQ(suggest("plto", {"plot"}), "Did you mean 'plot'? Known are plot.");
    EXPECT_EQ(suggest("xyz", known), "Known are pressures, temperature.");
    EXPECT_EQ(suggest("x", {}), "");
}

}  // namespace
}  // namespace turnover
