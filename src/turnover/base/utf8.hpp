#pragma once

#include <cstddef>
#include <string_view>

namespace turnover {

/// Length of the UTF-8 character that `text` begins with; 0 when it is none. The table is that of
/// RFC 3629, section 4: overlong forms and surrogates are refused.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

/// Whether `text` is UTF-8 without a control character on which a terminal would act, which leaves
/// line ends and tabs.
[[nodiscard]] bool is_plain_text(std::string_view text);

}  // namespace turnover
