#include "turnover/plot/glyphs.hpp"

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace turnover {

namespace {

struct Character {
    char32_t code = 0;
    std::size_t bytes = 1;
};

/// The character that `text` begins with, beyond ASCII; empty when it is not UTF-8.
std::optional<Character> decode(std::string_view text) {
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
    const unsigned first = byte(0);
    const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return std::nullopt;
    char32_t code = first & (0x7FU >> bytes);
    for (std::size_t k = 1; k < bytes; ++k) {
        if ((byte(k) & 0xC0U) != 0x80U) return std::nullopt;
        code = code << 6 | (byte(k) & 0x3FU);
    }
    return Character{code, bytes};
}

/// Latin, Greek and Cyrillic letters, dashes, and what this room writes itself: in the font that
/// pictures are drawn with (DejaVu Sans).
bool is_in_our_font(char32_t c) {
    constexpr std::pair<char32_t, char32_t> ranges[] = {
        {0xA0, 0x17F},    {0x391, 0x3A1},   {0x3A3, 0x3C9},   {0x400, 0x45F},
        {0x2010, 0x2015}, {0x2018, 0x201E}, {0x2190, 0x2193}, {0x2212, 0x2212},
    };
    for (const auto& [first, last] : ranges) {
        if (c >= first && c <= last) return true;
    }
    return false;
}

}  // namespace

std::string drawable(std::string_view text, const std::function<bool(char32_t)>& has_glyph) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            result += text[at++];
            continue;
        }
        const std::optional<Character> character = decode(text.substr(at));
        const std::size_t bytes = character ? character->bytes : 1;
        if (character && has_glyph(character->code)) {
            result += text.substr(at, bytes);
        } else {
            result += "□";
        }
        at += bytes;
    }
    return result;
}

bool font_has(char32_t character) {
    if (is_in_our_font(character)) return true;
    static thread_local std::map<char32_t, bool> known;
    if (const auto found = known.find(character); found != known.end()) return found->second;
    // Lists the fonts that have it, one a line.
    const std::string command = fmt::format("fc-list :charset={:x} family 2>/dev/null",
                                            static_cast<std::uint32_t>(character));
    const auto close = [](std::FILE* pipe) { pclose(pipe); };
    const std::unique_ptr<std::FILE, decltype(close)> fonts(popen(command.c_str(), "r"), close);
    const bool has = fonts && std::fgetc(fonts.get()) != EOF;
    known[character] = has;
    return has;
}

}  // namespace turnover
