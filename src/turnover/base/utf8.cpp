#include "turnover/base/utf8.hpp"

#include <cstdint>

namespace turnover {

std::size_t utf8_length(std::string_view text) {
    const auto byte = [text](std::size_t i) {
        return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
    };
    const auto continues = [&](std::size_t i, int low = 0x80, int high = 0xBF) {
        return byte(i) >= low && byte(i) <= high;
    };
    const int lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const int low = lead == 0xE0 ? 0xA0 : 0x80;
        const int high = lead == 0xED ? 0x9F : 0xBF;
        return continues(1, low, high) && continues(2) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const int low = lead == 0xF0 ? 0x90 : 0x80;
        const int high = lead == 0xF4 ? 0x8F : 0xBF;
        return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

bool is_plain_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return false;
        const auto lead = static_cast<std::uint8_t>(text[0]);
        if (lead == 0x7F || (lead < 0x20 && lead != '\n' && lead != '\t')) return false;
        // C1 controls: U+0080 to U+009F.
        if (lead == 0xC2 && static_cast<std::uint8_t>(text[1]) < 0xA0) return false;
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace turnover
