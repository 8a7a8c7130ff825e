#include "turnover/base/suggest.hpp"

#include <algorithm>
#include <numeric>

namespace turnover {

namespace {

/// Letters to insert, leave out, replace, or swap with their neighbour to make `b` of `a` (optimal
/// string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = last[j] + (a[i] == b[j] ? 0U : 1U);
            row[j + 1] = std::min({replaced, row[j] + 1, last[j + 1] + 1});
            if (i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
                row[j + 1] = std::min(row[j + 1], before_last[j - 1] + 1);
            }
        }
        before_last = last;
        last = row;
    }
    return last[b.size()];
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
