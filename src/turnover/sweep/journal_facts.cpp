// How two pieces of work differ, in words.
#include <algorithm>

#include <fmt/format.h>

#include "turnover/base/lines.hpp"
#include "turnover/sweep/journal.hpp"

namespace turnover {

namespace {

constexpr std::size_t longest_quote = 60;

/// What of a long line is shown before the place where it differs.
constexpr std::size_t context = 20;

/// The line without its indentation; where it is long, the part around the character `shown`.
std::string quote(const std::string& line, std::size_t shown = 0) {
    std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
    std::size_t end = std::max(begin, line.find_last_not_of(" \t\r") + 1);
    if (begin == end) return "empty";
    std::string before, after;
    if (end - begin > longest_quote) {
        // Not within a character of several bytes.
        const auto whole = [&line](std::size_t at) {
            while (at > 0 && at < line.size() && (line[at] & 0xc0) == 0x80) --at;
            return at;
        };
        if (shown > begin + longest_quote / 2) {
            begin = whole(std::min(shown - context, end - longest_quote));
            before = "...";
        }
        if (end - begin > longest_quote) {
            end = whole(begin + longest_quote);
            after = "...";
        }
    }
    return "'" + before + line.substr(begin, end - begin) + after + "'";
}

/// The first character in which two lines differ.
std::size_t first_difference(const std::string& a, const std::string& b) {
    std::size_t at = 0;
    while (at < std::min(a.size(), b.size()) && a[at] == b[at]) ++at;
    return at;
}

/// All that an option says: "'temperature=500 K' 'pressure.CO_g=1 bar'".
std::string quote_all(const std::vector<std::string>& lines) {
    if (lines.size() == 1 && lines.front() == "given") return "given";
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : " ") + quote(line);
    return text;
}

std::string describe(const std::string& name, const std::string& was, const std::string& is) {
    if (was.empty()) {
        return fmt::format("{} was not given, is {} now", name, quote_all(lines_of(is)));
    }
    if (is.empty()) {
        return fmt::format("{} was {}, is not given now", name, quote_all(lines_of(was)));
    }
    const std::vector<std::string> old_lines = lines_of(was), new_lines = lines_of(is);
    const bool short_texts = old_lines.size() == 1 && new_lines.size() == 1;
    if (short_texts || name.starts_with("--")) {
        return fmt::format("{} was {}, is {}", name, quote_all(old_lines), quote_all(new_lines));
    }
    const std::size_t shorter = std::min(old_lines.size(), new_lines.size());
    std::size_t at = 0;
    while (at < shorter && old_lines[at] == new_lines[at]) ++at;
    const std::size_t shown =
        at < shorter ? first_difference(old_lines[at], new_lines[at]) : std::size_t{0};
    const auto line = [at, shown](const std::vector<std::string>& lines) {
        return at < lines.size() ? quote(lines[at], shown) : std::string("missing");
    };
    if (at == old_lines.size() && at == new_lines.size()) {
        return fmt::format("{} differs in how it ends", name);
    }
    return fmt::format("line {} of {} was {}, is {}", at + 1, name, line(old_lines),
                       line(new_lines));
}

const JournalFact* find(const std::vector<JournalFact>& facts, const std::string& name) {
    const auto found = std::ranges::find(facts, name, &JournalFact::name);
    return found == facts.end() ? nullptr : &*found;
}

}  // namespace

std::string describe_difference(const std::vector<JournalFact>& was,
                                const std::vector<JournalFact>& is) {
    std::vector<std::string> differences;
    for (const JournalFact& fact : is) {
        if (!fact.decides) continue;
        const JournalFact* const other = find(was, fact.name);
        const std::string before = other == nullptr ? std::string() : other->text;
        if (before != fact.text) differences.push_back(describe(fact.name, before, fact.text));
    }
    for (const JournalFact& fact : was) {
        if (!fact.decides || fact.text.empty() || find(is, fact.name) != nullptr) continue;
        differences.push_back(describe(fact.name, fact.text, {}));
    }
    return fmt::format("{}", fmt::join(differences, "; "));
}

}  // namespace turnover
