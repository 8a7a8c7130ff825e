#include "turnover/engines/block_answer.hpp"

#include <gtest/gtest.h>

#include "support/small_models.hpp"
#include "turnover/base/error.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover {
namespace {

class Answers : public testing::Test {
protected:
    [[nodiscard]] BlockAnswer answer(std::vector<Tile> pieces) const {
        BlockAnswer answer{"0123456789abcdef", 1.5, {}};
        for (const Tile& piece : pieces) {
            answer.pieces.push_back(solve_tile(model_.network, model_.grid, piece));
        }
        return answer;
    }

    Model model_ = support::co_model(20, 20);
};

TEST_F(Answers, ComeBackAsTheyWere) {
    const BlockAnswer sent = answer({{3, 2}, {20, 5}});
    const std::string text = encode_answer(sent);
    EXPECT_EQ(text.find('\0'), std::string::npos) << "it is printed, and read as a C string";
    const BlockAnswer got = decode_answer(text, model_.network);
    EXPECT_EQ(got.fingerprint, sent.fingerprint);
    EXPECT_EQ(got.seconds, sent.seconds);
    ASSERT_EQ(got.pieces.size(), 2U);
    for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_EQ(encode_tile(got.pieces[k]), encode_tile(sent.pieces[k]));
    }
}

TEST_F(Answers, RunsOfEveryLengthComeBack) {
    // The stuffing's cases: runs of 253, 254, 255 bytes between zeros, and at the end.
    for (std::size_t length = 0; length < 600; ++length) {
        const BlockAnswer sent{std::string(length, 'x'), 0.0, {}};
        EXPECT_EQ(decode_answer(encode_answer(sent), model_.network).fingerprint, sent.fingerprint);
    }
}

TEST_F(Answers, DamagedInAnyByteAreRefused) {
    const std::string text = encode_answer(answer({{0, 1}}));
    for (std::size_t at = 0; at < text.size(); ++at) {
        std::string damaged = text;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        EXPECT_THROW((void)decode_answer(damaged, model_.network), Error) << at;
        EXPECT_THROW((void)decode_answer(text.substr(0, at), model_.network), Error) << at;
    }
    EXPECT_THROW((void)decode_answer(text + "x", model_.network), Error);
    EXPECT_THROW((void)decode_answer("sh: 1: Exec format error\n", model_.network), Error);
}

TEST_F(Answers, OfAnotherNetworkAreRefused) {
    Mechanism other = support::co_oxidation();
    support::add_plain_step(other, "NO_g + *_s <-> NO_s", 1.0, 1.0);
    EXPECT_THROW((void)decode_answer(encode_answer(answer({{0, 1}})), Network(other)), Error);
}

TEST(Blocks, ComeBackAsTheyWere) {
    const std::vector<Tile> pieces{{0, 7}, {123456789012, 1}};
    EXPECT_EQ(encode_block(pieces), "0 7\n123456789012 1\n");
    EXPECT_EQ(decode_block(encode_block(pieces)), pieces);
    for (const char* const text : {"", "0", "0 7", "0 7\n1", "a b\n", "-1 2\n"}) {
        EXPECT_THROW((void)decode_block(text), Error) << text;
    }
}

}  // namespace
}  // namespace turnover
