#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/sentence.hpp"
#include "turnover/base/error.hpp"
#include "turnover/sweep/journal.hpp"

/// What the tests of the journal store, and how they look at it.
namespace turnover::journal_test {

using Entries = std::map<std::size_t, std::string>;  // by Tile::first

inline const std::vector<JournalFact> facts{
    {"model file", "a: 1\nb: 2\n"}, {"--points", "20x30"}, {"file name", "model.yaml", false}};

/// The bytes that a test stores for tile `first`: different for each, now short and now long.
inline std::string payload(std::size_t first) {
    std::string bytes(1 + (first * 7919) % 50000, '\0');
    for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<char>(first * 31 + k * k);
    return bytes;
}

inline Entries entries(Journal& journal) {
    Entries all;
    EXPECT_EQ(journal.read([&](Tile tile, std::string_view bytes) {
        EXPECT_EQ(tile.count, tile.first + 1);
        return all.emplace(tile.first, bytes).second;
    }),
              std::vector<Tile>{});
    return all;
}

inline void store(Journal& journal, std::size_t first) {
    journal.store({first, first + 1}, payload(first));
}

/// The message of the Error that `action` throws.
template <class Action>
std::string error_of(const Action& action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_TRUE(support::is_sentence(error.advice())) << error.advice();
        return error.message() + " " + error.advice();
    }
    return "no error";
}

/// The files of a journal that was finished: itself, and the bytes of its tiles.
inline constexpr std::size_t tidy = 2;

}  // namespace turnover::journal_test
