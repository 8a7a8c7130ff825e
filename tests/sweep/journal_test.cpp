// The journal: what is stored stays, whatever ends the program; other work is refused.
#include "turnover/sweep/journal.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>

#include "support/scratch_directory.hpp"
#include "sweep/journal_support.hpp"
#include "turnover/sweep/disk_flush.hpp"

namespace turnover {
namespace {

namespace fs = std::filesystem;
using namespace journal_test;
using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;
using testing::AllOf;
using testing::HasSubstr;

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
              std::vector<Tile>{});
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

TEST(Journal, OfOtherWorkWithoutTilesItIsReplaced) {
    const ScratchDirectory folder;
    const std::string path = folder / "journal.sqlite";
    std::vector<JournalFact> other = facts;
    other[1].text = "20x31";
    { const Journal killed_at_once(path, facts); }
    {
        const Journal another(path, other);
        EXPECT_EQ(another.facts(), other);
        const pid_t child = fork();  // the lock stays
        if (child == 0) {
            _exit(error_of([&] { Journal(path, facts); }).find("in use") == std::string::npos);
        }
        int status = -1;
        waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    {
        Journal another(path, other);
        store(another, 1);
    }
    EXPECT_THAT(error_of([&] { Journal(path, facts); }), HasSubstr("'20x31', is '20x30'"));
}

TEST(Journal, DifferencesInWords) {
    const auto difference = [](const std::string& was, const std::string& is) {
        return describe_difference({{"x", was}}, {{"x", is}});
    };
    EXPECT_EQ(difference("1", "1"), "");
    EXPECT_EQ(difference("", "1"), "x was not given, is '1' now");
    EXPECT_EQ(difference("given", ""), "x was given, is not given now");
    EXPECT_EQ(difference("1\n2\n", "1\n2\n3\n"), "line 3 of x was missing, is '3'");
    EXPECT_EQ(difference("1\n2", "1\n2\n"), "x differs in how it ends");
    EXPECT_EQ(difference("1\n2\n", "\n2\n"), "line 1 of x was '1', is empty");
    EXPECT_EQ(difference(std::string(70, 'y'), "1"),
              "x was '" + std::string(60, 'y') + "...', is '1'");
    // A long line is shown where it differs.
    const std::string step(80, 'y');
    EXPECT_EQ(difference("1\n" + step + "7 eV, and so on", "1\n" + step + "8 eV, and so on"),
              "line 2 of x was '..." + std::string(45, 'y') + "7 eV, and so on', is '..." +
                  std::string(45, 'y') + "8 eV, and so on'");
    EXPECT_EQ(describe_difference({{"x", "1"}}, {{"y", "2"}}),
              "y was not given, is '2' now; x was '1', is not given now");
    EXPECT_EQ(describe_difference({{"--set", "a=1"}}, {{"--set", "a=1\nb=2"}}),
              "--set was 'a=1', is 'a=1' 'b=2'");
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
    for (const std::string name : {"first", "second"}) {
        const std::string path = folder / name;
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
                std::this_thread::sleep_for(std::chrono::milliseconds(3000));
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
