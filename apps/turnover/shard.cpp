#include "shard.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "scheduler.hpp"
#include "turnover/base/error.hpp"

namespace turnover::program {

namespace {

constexpr int most_shards = 1'000'000;

std::optional<int> whole_number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::string Shard::text() const { return fmt::format("{}/{}", index, count); }
std::string Shard::file() const { return fmt::format("shard-{}-of-{}.sqlite", index, count); }

Shard read_shard(const std::string& text) {
    if (text == "auto") return shard_of_this_task();
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string_view all = text;
    const std::optional<int> index = whole_number(all.substr(0, slash));
    const std::optional<int> count = whole_number(all.substr(std::min(slash + 1, all.size())));
    if (!index || !count) {
        throw Error("cannot read --shard '" + text + "'",
                    "Write which part of how many, as in --shard 2/4, or --shard auto.");
    }
    if (*count < 1 || *count > most_shards || *index < 1 || *index > *count) {
        throw Error(fmt::format("--shard {}: there is no such part", text),
                    "Parts count from 1 to their number, as in --shard 4/4.");
    }
    return {*index, *count};
}

int dealt_to(std::size_t tile, int count) {
    const auto n = static_cast<std::size_t>(count);
    return static_cast<int>((tile + tile / n) % n) + 1;
}

std::vector<Tile> deal(const std::vector<Tile>& tiles, const Shard& shard) {
    std::vector<Tile> dealt;
    for (std::size_t k = 0; k < tiles.size(); ++k) {
        if (dealt_to(k, shard.count) == shard.index) dealt.push_back(tiles[k]);
    }
    return dealt;
}

}  // namespace turnover::program
