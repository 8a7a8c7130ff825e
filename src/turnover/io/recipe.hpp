#pragma once

#include <string>
#include <string_view>

#include "turnover/io/model_file.hpp"

namespace turnover {

/// What another process, on this machine or another, needs to make `model` again: the text of its
/// file, the overrides, and the version that reads them. Plain bytes of text (JSON), the same for
/// the same model.
[[nodiscard]] std::string recipe_of(const Model& model);

/// The model that `recipe` is of. Throws Error when it is not one of recipe_of's, or that of
/// another version of Turnover.
[[nodiscard]] Model model_from(std::string_view recipe);

}  // namespace turnover
