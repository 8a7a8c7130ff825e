#include "turnover/base/suggest.hpp"

#include <algorithm>
#include <numeric>

namespace turnover {

namespace {

/// Levenshtein distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0U : 1U);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string suggest(std::string_view word, const std::vector<std::string>& known) {
    std::string text;
    if (known.empty()) return text;
    const auto nearest = std::ranges::min_element(
        known, {}, [word](const std::string& candidate) { return edit_distance(word, candidate); });
    if (3 * edit_distance(word, *nearest) <= nearest->size()) {
        text = "Did you mean '" + *nearest + "'? ";
    }
    text += "Known are ";
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (i > 0) text += ", ";
        text += known[i];
    }
    return text + ".";
}

}  // namespace turnover
