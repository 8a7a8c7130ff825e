#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace turnover {

/// The one of `known` that is nearest to `word`, when it is near enough to be what was meant (at
/// most a third of its letters differ, by the edit distance of Levenshtein with swaps of
/// neighbours); empty otherwise.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// "a, b, c".
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

/// "Did you mean 'x'? <lead>: a, b, c." for a word that is not among `known`.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                                       std::string_view lead);

}  // namespace turnover
