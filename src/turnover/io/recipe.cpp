#include "turnover/io/recipe.hpp"

#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnover/base/error.hpp"
#include "turnover/base/version.hpp"

namespace turnover {

std::string recipe_of(const Model& model) {
    const nlohmann::json recipe = {{"turnover", version},
                                   {"path", model.path},
                                   {"text", model.text},
                                   {"settings", model.overrides.settings},
                                   {"points", model.overrides.points},
                                   {"branches", model.overrides.branches}};
    // A path may be any bytes, and stands in messages only.
    return recipe.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Model model_from(std::string_view recipe) {
    try {
        const nlohmann::json fields = nlohmann::json::parse(recipe);
        if (const auto made_by = fields.at("turnover").get<std::string>(); made_by != version) {
            throw Error(fmt::format("the map is Turnover {}'s, and this is {}", made_by, version),
                        "Use the same version on all machines.");
        }
        return parse_model(fields.at("text").get<std::string>(),
                           fields.at("path").get<std::string>(),
                           {fields.at("settings").get<std::vector<std::string>>(),
                            fields.at("points").get<std::vector<std::size_t>>(),
                            fields.at("branches").get<bool>()});
    } catch (const nlohmann::json::exception& error) {
        throw Error(fmt::format("this is no map to be computed: {}", error.what()),
                    "It was damaged on its way; try again.");
    }
}

}  // namespace turnover
