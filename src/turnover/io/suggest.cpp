#include "turnover/io/suggest.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace turnover {

namespace {

char folded(char c) {
    if (c == '_' || c == ' ') return '-';
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal
/// string alignment); case and the choice between '-' and '_' count nothing.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
    for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
    const auto same = [&](std::size_t i, std::size_t j) { return folded(a[i]) == folded(b[j]); };
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = d[i - 1][j - 1] + (same(i - 1, j - 1) ? 0 : 1);
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replaced});
            if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1)) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    constexpr std::size_t longest =
        100;  // nobody misspells a word of this length by a letter or two
    std::string best;
    std::size_t best_distance = 0;
    if (word.size() > longest) return best;
    for (const std::string& candidate : known) {
        if (candidate.size() > longest) continue;
        const std::size_t distance = edit_distance(word, candidate);
        if (3 * distance > std::max(word.size(), candidate.size())) continue;
        if (best.empty() || distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         std::string_view lead) {
    const std::string guess = nearest(word, known);
    const std::string question = guess.empty() ? "" : "Did you mean '" + guess + "'? ";
    return question + std::string(lead) + ": " + joined(known) + ".";
}

}  // namespace turnover
