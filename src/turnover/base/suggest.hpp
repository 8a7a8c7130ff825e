#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace turnover {

/// Advice on a word that is none of `known`: "Did you mean 'pressures'? Known are ..." when one is
/// close (edits, of which a swap of neighbours is one, at most a third of its length), else only
/// what is known.
[[nodiscard]] std::string suggest(std::string_view word, const std::vector<std::string>& known);

}  // namespace turnover
