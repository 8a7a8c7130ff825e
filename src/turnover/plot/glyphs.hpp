#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace turnover {

/// `text` (UTF-8) with "□" in place of each character that `has_glyph` says no font has, and of
/// each byte that is not UTF-8. What is missing is drawn by gnuplot's cairo terminals as a box that
/// may cover the picture.
[[nodiscard]] std::string drawable(std::string_view text,
                                   const std::function<bool(char32_t)>& has_glyph);

/// Whether a font of this machine has the character, as fontconfig knows (its program fc-list,
/// which comes with the library that gnuplot draws text with); false where that cannot be asked.
[[nodiscard]] bool font_has(char32_t character);

}  // namespace turnover
