#pragma once

#include <cctype>
#include <string>

namespace turnover::support {

/// Whether advice can be read as it is: it begins with a capital or with something quoted, and ends
/// as a sentence does.
[[nodiscard]] inline bool is_sentence(const std::string& advice) {
    if (advice.empty()) return false;
    const char first = advice.front(), last = advice.back();
    const bool begins = std::isupper(static_cast<unsigned char>(first)) != 0 || first == '\'' ||
                        first == '`' || first == '-';
    return begins && (last == '.' || last == '?');
}

}  // namespace turnover::support
