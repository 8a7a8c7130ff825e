#include "turnover/plot/glyphs.hpp"

#include <gtest/gtest.h>

namespace turnover {
namespace {

TEST(Glyphs, WhatNoFontHasIsReplacedCharacterByCharacter) {
    const auto no_chinese = [](char32_t c) { return c < 0x4E00; };
    EXPECT_EQ(drawable("CO on Pt", no_chinese), "CO on Pt");
    EXPECT_EQ(drawable("θ(CO), платина — 10⁻³", no_chinese), "θ(CO), платина — 10⁻³");
    EXPECT_EQ(drawable("铂 (Pt), 催化", no_chinese), "□ (Pt), □□");
    EXPECT_EQ(drawable("hot 🔥", no_chinese), "hot □");
}

TEST(Glyphs, WhatIsNotUtf8IsReplacedByteByByte) {
    const auto all = [](char32_t) { return true; };
    EXPECT_EQ(drawable("caf\xE9", all), "caf□");
    EXPECT_EQ(drawable("\x80\xC3", all), "□□");
    EXPECT_EQ(drawable("\xE2\x82", all), "□□");
}

TEST(Glyphs, ThisMachineHasLettersAndNoUnassignedCharacter) {
    EXPECT_TRUE(font_has(U'θ'));
    EXPECT_TRUE(font_has(U'Ж'));
    EXPECT_FALSE(font_has(0x10FFFD));  // of private use
    EXPECT_FALSE(font_has(0x10FFFD));
}

}  // namespace
}  // namespace turnover
