// Journals that are damaged, or have no room: what they still give is what was stored.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "support/scratch_directory.hpp"
#include "sweep/journal_support.hpp"
#include "turnover/sweep/journal.hpp"

namespace turnover {
namespace {

namespace fs = std::filesystem;
using namespace journal_test;
using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;
using testing::AllOf;
using testing::HasSubstr;

/// Reads a journal that may be damaged: whatever it still gives must be what was stored.
void expect_nothing_wrong(const std::string& path, const Entries& stored) {
    try {
        Journal journal(path, facts);
        journal.read([&](Tile tile, std::string_view bytes) {
            const auto found = stored.find(tile.first);
            EXPECT_TRUE(found != stored.end() && tile.count == tile.first + 1 &&
                        found->second == bytes)
                << tile.first << ' ' << tile.count << ' ' << bytes.size();
            return true;
        });
    } catch (const Error& error) {
        EXPECT_FALSE(error.advice().empty());
    }
}

TEST(JournalDamage, DamageNeverGivesAWrongResult) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    Entries stored;
    {
        Journal journal(path, facts);
        for (std::size_t first = 0; first < 5; ++first) {
            stored[first] = payload(first);
            store(journal, first);
        }
        journal.finish();
    }
    const std::map<std::string, std::string> whole{{path, file_bytes(path)},
                                                   {path + "-tiles", file_bytes(path + "-tiles")}};
    const auto try_with = [&](const std::string& damaged_file, const std::string& damaged_bytes) {
        for (const auto& file : fs::directory_iterator(folder.path())) fs::remove(file);
        for (const auto& [file, bytes] : whole) {
            write_bytes(file, file == damaged_file ? damaged_bytes : bytes);
        }
        expect_nothing_wrong(path, stored);
    };
    for (const auto& [file, bytes] : whole) {
        // In the database the rows lie at the ends of their pages.
        for (std::size_t at = 0; at < bytes.size();
             at += at < 500 ? 3 : (at % 8192 > 7900 && file == path ? 5 : 479)) {
            SCOPED_TRACE(fmt::format("{} at {}", file, at));
            std::string damaged = bytes;
            damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
            try_with(file, damaged);
        }
        for (std::size_t length = 0; length < bytes.size(); length += 3001) {
            SCOPED_TRACE(fmt::format("{} cut to {}", file, length));
            try_with(file, bytes.substr(0, length));
        }
    }
}

TEST(JournalDamage, ADamagedTileIsCountedAndTheOthersAreThere) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    {
        Journal journal(path, facts);
        for (std::size_t first = 0; first < 5; ++first) {
            journal.store({first, first + 1}, "tile " + std::to_string(first));
        }
        journal.finish();
    }
    std::string bytes = file_bytes(path + "-tiles");
    bytes[bytes.find("tile 3") + 5] = '9';
    write_bytes(path + "-tiles", bytes);
    Journal journal(path, facts);
    std::size_t whole = 0;
    EXPECT_EQ(journal.read([&](Tile, std::string_view) { return ++whole, true; }),
              (std::vector<Tile>{{3, 4}}));
    EXPECT_EQ(whole, 4U);
    EXPECT_EQ(journal.read([&](Tile tile, std::string_view) { return tile.first != 0; }),
              (std::vector<Tile>{{0, 1}, {3, 4}}));
}

TEST(JournalDamage, ATruncatedLogLosesItsEndOnly) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    Entries stored;
    {
        Journal journal(path, facts);
        for (std::size_t first = 0; first < 8; ++first) {
            stored[first] = payload(first);
            store(journal, first);
        }
    }
    const std::string whole = file_bytes(path), log = file_bytes(path + "-wal"),
                      tiles = file_bytes(path + "-tiles");
    std::size_t most = 0;
    for (std::size_t length = 0; length <= log.size(); length += log.size() / 60) {
        SCOPED_TRACE(length);
        write_bytes(path, whole);
        write_bytes(path + "-wal", log.substr(0, length));
        write_bytes(path + "-tiles", tiles);
        Journal journal(path, facts);
        const Entries all = entries(journal);
        ASSERT_GE(all.size(), most);
        most = all.size();
        for (const auto& [first, bytes] : all) {
            EXPECT_LT(first, all.size());
            EXPECT_EQ(bytes, stored[first]);
        }
    }
    EXPECT_GE(most, 7U);
}

TEST(JournalDamage, WhatATornTileLeftIsOverwritten) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    {
        Journal journal(path, facts);
        store(journal, 1);
    }
    write_bytes(path + "-tiles", file_bytes(path + "-tiles") + "half of a tile");
    {
        Journal journal(path, facts);
        store(journal, 2);
    }
    EXPECT_EQ(file_bytes(path + "-tiles"), payload(1) + payload(2));
}

TEST(JournalDamage, TilesThatWereCutOffAreCountedAndComputedAgain) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    {
        Journal journal(path, facts);
        for (std::size_t first = 0; first < 3; ++first) store(journal, first);
    }
    fs::resize_file(path + "-tiles", payload(0).size() + 5);
    Journal journal(path, facts);
    EXPECT_EQ(journal.read([](Tile tile, std::string_view) { return tile.first == 0; }).size(), 2U);
    for (const std::size_t first : {2, 1}) store(journal, first);
    EXPECT_EQ(entries(journal).size(), 3U);
}

/// Stores until there is no room, then says why it went no further.
std::string store_until_full(const std::string& path) {
    return error_of([&] {
        Journal journal(path, facts);
        for (std::size_t first = 0; first < 1000; ++first) store(journal, first);
    });
}

void expect_prefix(const std::string& path) {
    Journal journal(path, facts);
    const Entries all = entries(journal);
    EXPECT_GT(all.size(), 1U);
    EXPECT_LT(all.size(), 1000U);
    for (const auto& [first, bytes] : all) {
        EXPECT_LT(first, all.size());
        EXPECT_EQ(bytes, payload(first));
    }
}

TEST(JournalDamage, AFullDiskIsSaidAndNothingIsLost) {
    const ScratchDirectory folder;
    const std::string disk = folder / "disk";
    fs::create_directory(disk);
    if (mount("none", disk.c_str(), "tmpfs", 0, "size=400k") != 0) {
        GTEST_SKIP() << "no right to mount a small disk";
    }
    const std::string path = disk + "/journal.sqlite";
    EXPECT_THAT(store_until_full(path), AllOf(HasSubstr("cannot write " + path),
                                              HasSubstr("No space left"), HasSubstr("is kept")));
    expect_prefix(path);
    {
        Journal journal(path, facts);
        journal.finish();  // has no room to, and leaves all as it is
    }
    expect_prefix(path);
    umount(disk.c_str());
}

TEST(JournalDamage, AFileSizeLimitIsSaidAndNothingIsLost) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{300000, 300000};
        setrlimit(RLIMIT_FSIZE, &limit);
        _exit(store_until_full(path).find("File too large") != std::string::npos ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    expect_prefix(path);
}

}  // namespace
}  // namespace turnover
