#include "turnover/engines/codec.hpp"

#include <array>
#include <map>
#include <memory>

#include <cereal/types/map.hpp>
#include <cereal/types/string.hpp>
#include <gtest/gtest.h>

#include "turnover/engines/cereal_codec.hpp"

namespace turnover {

struct CountedWords {
    std::map<std::string, int> counts;
    bool operator==(const CountedWords&) const = default;
    template <class Archive>
    void serialize(Archive& archive) {
        archive(counts);
    }
};
template <>
struct Codec<CountedWords> : CerealCodec<CountedWords> {};

/// Its bytes would do, but its owner wants it sent otherwise.
struct Celsius {
    double kelvin = 0.0;
    bool operator==(const Celsius&) const = default;
};
template <>
struct Codec<Celsius> {
    static void encode(const Celsius& value, std::string& bytes) {
        turnover::encode(std::to_string(value.kelvin - 273.15), bytes);
    }
    static Celsius decode(std::string_view& bytes) {
        return {std::stod(turnover::decode<std::string>(bytes)) + 273.15};
    }
};

namespace {

template <class T>
void expect_to_come_back(const T& value) {
    std::string bytes = "before";
    encode(value, bytes);
    encode(42, bytes);
    std::string_view rest = std::string_view(bytes).substr(6);
    EXPECT_EQ(decode<T>(rest), value);
    EXPECT_EQ(decode<int>(rest), 42);
    EXPECT_TRUE(rest.empty());
}

TEST(Codec, GivesBackWhatItGot) {
    expect_to_come_back(3.25);
    expect_to_come_back(std::array<short, 3>{1, -2, 3});
    expect_to_come_back(std::string("a\0b", 3));
    expect_to_come_back(std::vector<std::string>{"", "x", "yz"});
    expect_to_come_back(std::pair(std::vector<double>{0.5, -0.0}, std::string("both")));
    expect_to_come_back(std::vector<double>{1.5, -2.5, 1e300});
    expect_to_come_back(std::vector<double>{});
    expect_to_come_back(std::vector<bool>{true, false, true});
    expect_to_come_back(CountedWords{{{"CO", 2}, {"O2", 1}}});
}

TEST(Codec, AnOwnCodecCountsInListsToo) {
    expect_to_come_back(std::vector<Celsius>{{300.15}, {500.15}});
    std::string bytes;
    encode(std::vector<Celsius>{{300.15}}, bytes);
    EXPECT_NE(bytes.find("27.0"), std::string::npos);
}

TEST(Codec, DoesNotReadBeyondTheEnd) {
    std::string bytes;
    encode(std::string("hello"), bytes);
    std::string_view cut = std::string_view(bytes).substr(0, bytes.size() - 1);
    EXPECT_THROW((void)decode<std::string>(cut), std::logic_error);
    bytes.clear();
    encode(~std::size_t{0}, bytes);
    std::string_view endless = bytes;
    EXPECT_THROW((void)decode<std::vector<double>>(endless), std::logic_error);
}

static_assert(Sendable<double>);
static_assert(Sendable<std::vector<std::pair<int, std::string>>>);
static_assert(!Sendable<std::unique_ptr<int>>);
static_assert(!Sendable<std::vector<std::unique_ptr<int>>>);
static_assert(!Sendable<const char*>);

}  // namespace
}  // namespace turnover
