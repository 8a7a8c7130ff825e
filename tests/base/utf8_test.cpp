#include "turnover/base/utf8.hpp"

#include <gtest/gtest.h>

namespace turnover {
namespace {

TEST(Utf8, CountsBytesOfACharacter) {
    EXPECT_EQ(utf8_length("a"), 1U);
    EXPECT_EQ(utf8_length("\xC3\xA9"), 2U);
    EXPECT_EQ(utf8_length("\xE2\x82\xAC"), 3U);
    EXPECT_EQ(utf8_length("\xF0\x9F\x98\x80"), 4U);
    EXPECT_EQ(utf8_length("\xC0\xAF"), 0U);      // overlong
    EXPECT_EQ(utf8_length("\xED\xA0\x80"), 0U);  // a surrogate
    EXPECT_EQ(utf8_length("\xE2\x82"), 0U);      // cut off
}

TEST(Utf8, PlainTextHasNothingThatATerminalActsOn) {
    EXPECT_TRUE(is_plain_text("CO_s falls: 1e-9 now,\n\tse\xC3\xB1or"));
    EXPECT_TRUE(is_plain_text("\xC2\xB0"));
    for (const char* const bad : {"\x1B[2J", "\x7F", "\r", "\xC2\x9B", "\x9B", "\xFF"}) {
        EXPECT_FALSE(is_plain_text(bad));
    }
}

}  // namespace
}  // namespace turnover
