// The journal: what is stored stays, whatever ends the program; what is damaged is noticed.
#include "turnover/sweep/journal.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <random>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch_directory.hpp"
#include "turnover/base/error.hpp"
#include "turnover/sweep/disk_flush.hpp"

namespace turnover {
namespace {

namespace fs = std::filesystem;
using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;
using testing::AllOf;
using testing::HasSubstr;

using Entries = std::map<std::size_t, std::string>;  // by Tile::first

const std::vector<JournalFact> facts{
    {"model file", "a: 1\nb: 2\n"}, {"--points", "20x30"}, {"file name", "model.yaml", false}};

/// The bytes that a test stores for tile `first`: different for each, now short and now long.
std::string payload(std::size_t first) {
    std::string bytes(1 + (first * 7919) % 50000, '\0');
    for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<char>(first * 31 + k * k);
    return bytes;
}

Entries entries(Journal& journal) {
    Entries all;
    EXPECT_EQ(journal.read([&](Tile tile, std::string_view bytes) {
        EXPECT_EQ(tile.count, tile.first + 1);
        return all.emplace(tile.first, bytes).second;
    }),
              0U);
    return all;
}

void store(Journal& journal, std::size_t first) {
    journal.store({first, first + 1}, payload(first));
}

/// The message of the Error that `action` throws.
template <class Action>
std::string error_of(const Action& action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_FALSE(error.advice().empty()) << error.message();
        return error.message() + " " + error.advice();
    }
    return "no error";
}

TEST(Journal, GivesBackWhatWasStored) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    {
        Journal journal(path, facts);
        EXPECT_TRUE(entries(journal).empty());
        for (const std::size_t first : {5, 0, 9, 3}) store(journal, first);
    }
    {
        Journal journal(path, facts);
        const Entries expected{{0, payload(0)}, {3, payload(3)}, {5, payload(5)}, {9, payload(9)}};
        EXPECT_EQ(entries(journal), expected);
        store(journal, 4);
        journal.store({3, 4}, "another result");
    }
    Journal journal = Journal::open(path);
    Entries after = entries(journal);
    EXPECT_EQ(after.size(), 5U);
    EXPECT_EQ(after[3], "another result");
    EXPECT_EQ(journal.facts(), facts);
    EXPECT_EQ(journal.fact("--points"), "20x30");
    EXPECT_EQ(journal.fact("no such"), "");
}

/// The files of a journal that was finished: itself, and the bytes of its tiles.
constexpr std::size_t tidy = 2;

TEST(Journal, FinishedItIsTidyAndCanGoOn) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    {
        Journal journal(path, facts);
        for (std::size_t first = 0; first < 30; ++first) store(journal, first);
        journal.finish();
    }
    EXPECT_EQ(folder.entries(), tidy);
    fs::rename(path, folder / "moved");
    EXPECT_THAT(error_of([&] { (void)Journal::open(folder / "moved"); }),
                AllOf(HasSubstr("moved-tiles is missing"), HasSubstr("copy both")));
    fs::rename(path + "-tiles", folder / "moved-tiles");
    EXPECT_EQ(entries(*std::make_unique<Journal>(Journal::open(folder / "moved"))).size(), 30U);
    {
        Journal journal(folder / "moved", facts);
        store(journal, 30);
        EXPECT_EQ(entries(journal).size(), 31U);
        journal.remove();
        EXPECT_EQ(folder.entries(), 0U);
    }
    EXPECT_EQ(folder.entries(), 0U);
}

TEST(Journal, IsReadWhereItCannotBeWritten) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    {
        Journal journal(path, facts);
        store(journal, 1);
        journal.finish();
    }
    for (const std::string& file : {path, path + "-tiles"}) {
        fs::permissions(file, fs::perms::owner_read);
    }
    Journal journal = Journal::open(path);
    EXPECT_EQ(entries(journal).size(), 1U);
    EXPECT_EQ(folder.entries(), tidy);
}

TEST(Journal, AnyBytesMayBeStored) {
    const ScratchDirectory folder;
    const std::string path = folder / "j:o?u%r n'al";
    {
        Journal journal(path, {{"na\0me", std::string("\xff\0\n", 3)}});
        journal.store({7, 0}, std::string_view());
    }
    Journal journal(path, {{"na\0me", std::string("\xff\0\n", 3)}});
    EXPECT_EQ(journal.read([](Tile tile, std::string_view bytes) {
        return tile == Tile{7, 0} && bytes.empty();
    }),
              0U);
}

/// A child that goes on with the journal, reporting each tile that it has stored through a pipe.
[[noreturn]] void store_and_report(const std::string& path, std::size_t first, int pipe) {
    try {
        Journal journal(path, facts);
        for (;; ++first) {
            store(journal, first);
            if (write(pipe, &first, sizeof first) != sizeof first) _exit(1);
        }
    } catch (...) {
        _exit(2);
    }
}

TEST(Journal, KillingTheProgramLosesNothingThatWasStored) {
    const unsigned seed = std::random_device{}();
    RecordProperty("seed", static_cast<int>(seed));
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> microseconds(0, 20000);
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    std::size_t stored = 0;  // tiles 0 to stored - 1 were reported
    for (int round = 0; round < 20; ++round) {
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) store_and_report(path, stored, ends[1]);
        close(ends[1]);
        std::this_thread::sleep_for(std::chrono::microseconds(microseconds(random)));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
        for (std::size_t first = 0; read(ends[0], &first, sizeof first) == sizeof first;) {
            stored = first + 1;
        }
        close(ends[0]);

        Journal journal(path, facts);
        const Entries all = entries(journal);
        ASSERT_TRUE(all.size() == stored || all.size() == stored + 1)  // one may be unreported
            << all.size() << " of " << stored;
        for (std::size_t first = 0; first < stored; ++first) {
            ASSERT_EQ(all.at(first), payload(first));
        }
    }
    EXPECT_GT(stored, 0U);
}

TEST(Journal, RefusesOtherWorkAndSaysWhatDiffers) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    {
        Journal journal(path, facts);
        store(journal, 1);
    }
    std::vector<JournalFact> other = facts;
    other[0].text = "a: 1\n  b: 3\n";
    other[1].text = "20x31";
    other[2].text = "moved.yaml";
    EXPECT_THAT(error_of([&] { Journal(path, other); }),
                AllOf(HasSubstr(path), HasSubstr("line 2 of model file was 'b: 2', is 'b: 3'"),
                      HasSubstr("--points was '20x30', is '20x31'"), HasSubstr("--fresh"),
                      testing::Not(HasSubstr("moved.yaml"))));
    Journal journal(path, facts);  // and it is as it was
    EXPECT_EQ(entries(journal).size(), 1U);
}

TEST(Journal, DifferencesInWords) {
    const auto difference = [](const std::string& was, const std::string& is) {
        return describe_difference({{"x", was}}, {{"x", is}});
    };
    EXPECT_EQ(difference("1", "1"), "");
    EXPECT_EQ(difference("", "1"), "x was empty, is '1'");
    EXPECT_EQ(difference("1\n2\n", "1\n2\n3\n"), "line 3 of x was missing, is '3'");
    EXPECT_EQ(difference("1\n2", "1\n2\n"), "x differs in how it ends");
    EXPECT_EQ(difference("1\n2\n", "\n2\n"), "line 1 of x was '1', is empty");
    EXPECT_EQ(difference(std::string(70, 'y'), "1"),
              "x was '" + std::string(60, 'y') + "...', is '1'");
    EXPECT_EQ(describe_difference({{"x", "1"}}, {{"y", "2"}}),
              "y was empty, is '2'; x was '1', is empty");
    EXPECT_EQ(describe_difference({{"x", "1", false}}, {{"x", "2", false}}), "");
}

TEST(Journal, OneProgramAtATime) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    const Journal first(path, facts);
    // POSIX locks are between processes, so another process has to try.
    const pid_t child = fork();
    if (child == 0) {
        const bool refused =
            error_of([&] { Journal(path, facts); }).find("in use by another") !=
                std::string::npos &&
            error_of([&] { (void)Journal::open(path); }).find("in use") != std::string::npos &&
            error_of([&] { Journal::discard(path); }).find("in use") != std::string::npos;
        _exit(refused ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_TRUE(fs::exists(path));
}

TEST(Journal, OfTwoThatStartTogetherOneGetsIt) {
    const ScratchDirectory folder;
    for (int round = 0; round < 20; ++round) {
        const std::string path = folder / std::to_string(round);
        int ends[2];
        ASSERT_EQ(pipe(ends), 0);
        pid_t children[2];
        for (pid_t& child : children) {
            child = fork();
            if (child != 0) continue;
            close(ends[1]);
            char nothing = 0;
            (void)!read(ends[0], &nothing, 1);  // returns when the parent lets both go
            try {
                Journal journal(path, facts);
                store(journal, 1);
                // Long enough for the other to have given up.
                std::this_thread::sleep_for(std::chrono::milliseconds(600));
                _exit(0);
            } catch (const Error&) {
                _exit(1);
            }
        }
        close(ends[0]);
        close(ends[1]);
        int got_it = 0;
        for (const pid_t child : children) {
            int status = 0;
            waitpid(child, &status, 0);
            ASSERT_TRUE(WIFEXITED(status));
            got_it += WEXITSTATUS(status) == 0;
        }
        EXPECT_EQ(got_it, 1);
        if (round == 2) break;  // each takes 0.6 s
    }
}

TEST(Journal, AnEmptyFileIsABeginning) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    write_bytes(path, "");
    {
        Journal nothing = Journal::open(path);
        EXPECT_TRUE(nothing.facts().empty());
        EXPECT_TRUE(entries(nothing).empty());
    }
    Journal journal(path, facts);
    store(journal, 1);
    EXPECT_EQ(entries(journal).size(), 1U);
}

TEST(Journal, ALogWithoutItsJournalIsForgotten) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    {
        Journal journal(path, facts);
        store(journal, 1);
    }
    fs::remove(path);
    ASSERT_TRUE(fs::exists(path + "-wal"));
    Journal journal(path, facts);
    EXPECT_TRUE(entries(journal).empty());
}

TEST(Journal, RefusesWhatIsNoJournal) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    const std::string garbage(5000, 'x');
    write_bytes(path, garbage);
    EXPECT_THAT(error_of([&] { Journal(path, facts); }),
                AllOf(HasSubstr("damaged, or is no journal"), HasSubstr("--fresh")));
    EXPECT_THAT(error_of([&] { (void)Journal::open(path); }), HasSubstr("damaged"));
    EXPECT_EQ(file_bytes(path), garbage);
    Journal::discard(path);
    EXPECT_EQ(folder.entries(), 0U);

    EXPECT_THAT(error_of([&] { (void)Journal::open(path); }), HasSubstr("no journal"));
    EXPECT_THAT(error_of([&] { Journal("/proc/journal.sqlite", facts); }),
                HasSubstr("cannot keep a journal in /proc/journal.sqlite"));
    EXPECT_THAT(error_of([&] { Journal(folder.path(), facts); }), HasSubstr("cannot keep"));
}

/// Changes one 4-byte field of a database's header.
void set_header(const std::string& path, std::size_t offset, char value) {
    std::string bytes = file_bytes(path);
    bytes.replace(offset, 4, std::string("\0\0\0", 3) + value);
    write_bytes(path, bytes);
}

TEST(Journal, RefusesADatabaseOfOthersAndAnotherLayout) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    const auto make = [&] {
        Journal journal(path, facts);
        journal.finish();
    };
    make();
    set_header(path, 60, 99);  // "user version" of the SQLite file format: our layout
    EXPECT_THAT(error_of([&] { Journal(path, facts); }), HasSubstr("another version of Turnover"));
    EXPECT_THAT(error_of([&] { (void)Journal::open(path); }), HasSubstr("another version"));
    Journal::discard(path);
    EXPECT_EQ(folder.entries(), 0U);

    make();
    set_header(path, 68, 99);  // "application id"
    const std::string theirs = file_bytes(path);
    EXPECT_THAT(error_of([&] { Journal(path, facts); }), HasSubstr("some other database"));
    EXPECT_THAT(error_of([&] { (void)Journal::open(path); }), HasSubstr("some other database"));
    EXPECT_THAT(error_of([&] { Journal::discard(path); }), HasSubstr("some other database"));
    EXPECT_EQ(file_bytes(path), theirs);
}

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

TEST(Journal, DamageNeverGivesAWrongResult) {
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

TEST(Journal, ADamagedTileIsCountedAndTheOthersAreThere) {
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
    EXPECT_EQ(journal.read([&](Tile, std::string_view) { return ++whole, true; }), 1U);
    EXPECT_EQ(whole, 4U);
    EXPECT_EQ(journal.read([&](Tile tile, std::string_view) { return tile.first != 0; }), 2U);
}

TEST(Journal, ATruncatedLogLosesItsEndOnly) {
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

TEST(Journal, WhatATornTileLeftIsOverwritten) {
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

TEST(Journal, TilesThatWereCutOffAreCountedAndComputedAgain) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    {
        Journal journal(path, facts);
        for (std::size_t first = 0; first < 3; ++first) store(journal, first);
    }
    fs::resize_file(path + "-tiles", payload(0).size() + 5);
    Journal journal(path, facts);
    EXPECT_EQ(journal.read([](Tile tile, std::string_view) { return tile.first == 0; }), 2U);
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

TEST(Journal, AFullDiskIsSaidAndNothingIsLost) {
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

TEST(Journal, AFileSizeLimitIsSaidAndNothingIsLost) {
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

TEST(DiskFlush, RunsBesideTheWork) {
    // What a power cut leaves cannot be tried here.
    const ScratchDirectory folder;
    for (const char* const name : {"a", "b", "beside"}) write_bytes(folder / name, "bytes");
    DiskFlush flush({folder / "a", folder / "b"}, folder / "beside", std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    flush.stop();
    EXPECT_EQ(flush.failure(), 0);
    EXPECT_THAT(error_of([&] {
                    DiskFlush({folder / "none"}, folder / "beside", std::chrono::milliseconds(1));
                }),
                HasSubstr("cannot open " + (folder / "none")));
}

}  // namespace
}  // namespace turnover
