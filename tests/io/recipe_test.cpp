#include "turnover/io/recipe.hpp"

#include <gtest/gtest.h>

#include "turnover/base/error.hpp"
#include "turnover/base/version.hpp"

namespace turnover {
namespace {

const char* const example = TURNOVER_SOURCE_DIR "/examples/01_co_oxidation/model.yaml";

TEST(Recipe, MakesTheSameModel) {
    const Model model = read_model(example, {{"temperature=510 K"}, {3, 4}, true});
    const Model again = model_from(recipe_of(model));
    EXPECT_EQ(again.text, model.text);
    EXPECT_EQ(again.title, model.title);
    EXPECT_EQ(again.grid.size(), 12U);
    EXPECT_EQ(again.network.mechanism().conditions.temperature, 510.0);
    EXPECT_EQ(work_grid(again).size(), work_grid(model).size());
    EXPECT_EQ(recipe_of(again), recipe_of(model));
}

TEST(Recipe, OfAnotherVersionIsRefused) {
    std::string recipe = recipe_of(read_model(example));
    recipe.replace(recipe.find(version), version.size(), "0.0.0-other");
    try {
        (void)model_from(recipe);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_NE(error.message().find("0.0.0-other"), std::string::npos) << error.message();
    }
}

TEST(Recipe, DamagedIsRefused) {
    const std::string recipe = recipe_of(read_model(example));
    EXPECT_THROW((void)model_from(""), Error);
    EXPECT_THROW((void)model_from("{}"), Error);
    EXPECT_THROW((void)model_from(recipe.substr(0, recipe.size() / 2)), Error);
}

}  // namespace
}  // namespace turnover
