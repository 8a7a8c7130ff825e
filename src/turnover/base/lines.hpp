#pragma once

#include <string>
#include <vector>

namespace turnover {

/// The lines of a text, without their ends. A last line without an end counts; nothing after the
/// last end does not.
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

}  // namespace turnover
