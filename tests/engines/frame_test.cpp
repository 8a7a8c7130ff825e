#include "turnover/engines/frame.hpp"

#include <sys/socket.h>
#include <thread>

#include <gtest/gtest.h>

#include "turnover/engines/descriptor.hpp"

namespace turnover {
namespace {

std::string pattern(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t k = 0; k < size; ++k) text[k] = static_cast<char>(k * k);
    return text;
}

TEST(Frame, ArrivesAsItWasSent) {
    const auto [one, other] = socket_pair();
    for (const std::size_t size : {0U, 1U, 1000U}) {
        ASSERT_TRUE(send_frame(one.number(), FrameKind::result, {7, 3}, pattern(size)));
        const std::optional<Frame> frame = receive_frame(other.number());
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->kind, FrameKind::result);
        EXPECT_EQ(frame->tile, (Tile{7, 3}));
        EXPECT_EQ(frame->payload, pattern(size));
    }
}

TEST(Frame, LargerThanTheSocketArrivesInPieces) {
    const auto [one, other] = socket_pair();
    constexpr std::size_t size = 5'000'000;
    const std::jthread sender([&one = one] {
        send_frame(one.number(), FrameKind::result, {1, 1}, pattern(size));
    });
    FrameReader reader;
    std::optional<Frame> frame;
    while (!frame) {
        ASSERT_TRUE(reader.read_available(other.number()));
        frame = reader.next();
    }
    EXPECT_EQ(frame->payload, pattern(size));
    EXPECT_GT(reader.received(), size);
}

TEST(FrameReader, TakesFramesApart) {
    const auto [one, other] = socket_pair();
    FrameReader reader;
    EXPECT_TRUE(reader.read_available(other.number()));
    EXPECT_FALSE(reader.next());
    for (std::size_t k = 0; k < 100; ++k) {
        send_frame(one.number(), FrameKind::result, {k, 1}, pattern(k));
    }
    EXPECT_TRUE(reader.read_available(other.number()));
    for (std::size_t k = 0; k < 100; ++k) {
        const std::optional<Frame> frame = reader.next();
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->tile.first, k);
        EXPECT_EQ(frame->payload, pattern(k));
    }
    EXPECT_FALSE(reader.next());
}

TEST(FrameReader, GivesNoHalfFrameOfASenderThatDied) {
    auto [one, other] = socket_pair();
    send_frame(one.number(), FrameKind::result, {1, 1}, "whole");
    const std::string half(40, 'x');
    ASSERT_EQ(send(one.number(), half.data(), half.size() / 2, 0), 20);
    one.close();
    FrameReader reader;
    // 62 bytes are there; that nothing more comes shows at the next look.
    while (reader.read_available(other.number())) continue;
    ASSERT_TRUE(reader.next());
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(receive_frame(other.number()));
    EXPECT_FALSE(send_frame(other.number(), FrameKind::work, {0, 1}));
}

}  // namespace
}  // namespace turnover
