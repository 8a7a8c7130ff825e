// turnover map that is killed, interrupted, refused or out of room, and goes on: the map that comes
// out is, byte for byte, that of an undisturbed run.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <sys/mount.h>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/run_program.hpp"
#include "turnover/sweep/journal.hpp"

namespace turnover::program_test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> map_command(const std::string& model, const std::string& folder,
                                     const std::string& points,
                                     const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"map", model, "-o", folder, "--points", points, "--no-plot"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// So many temperatures at the four site totals of the slow model.
std::string temperatures(std::size_t count) { return "0x" + std::to_string(count); }

/// How many of them make a map that takes a good part of a second, whatever machine and solver this
/// is.
std::size_t enough() {
    static const std::size_t enough = [] {
        const ScratchDirectory folder;
        const auto words = [&](std::size_t n) {
            return map_command(slow_model, folder.path(), temperatures(n), {"--no-journal"});
        };
        std::size_t n = 16;
        for (double seconds = 0.0; seconds < 0.3 && n < 1'000'000; n *= 2) {
            const auto begin = std::chrono::steady_clock::now();
            if (run(words(n)).code != 0) throw std::runtime_error("cannot compute a map");
            const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
            seconds = wall.count();
        }
        return n;
    }();
    return enough;
}

std::string whole_map() { return temperatures(enough()); }
std::string all_points() { return std::to_string(4 * enough()) + " points"; }

/// The command that most tests disturb.
std::vector<std::string> slow_command(const std::string& folder,
                                      const std::vector<std::string>& more = {}) {
    return map_command(slow_model, folder, whole_map(), more);
}

void expect_same_map(const std::string& folder, const std::string& undisturbed) {
    for (const char* const name : {"/map.csv", "/map.nc"}) {
        EXPECT_TRUE(file_bytes(folder + name) == file_bytes(undisturbed + name)) << name;
        EXPECT_FALSE(file_bytes(folder + name).empty()) << name;
    }
    const int nameless = open(folder.c_str(), O_WRONLY | O_TMPFILE, 0600);
    if (nameless >= 0) close(nameless);
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        // Where files cannot be nameless, killing the program leaves what it was writing.
        if (nameless < 0 && entry.path().extension() == ".partial") continue;
        EXPECT_THAT(entry.path().filename(), AnyOf("map.csv", "map.nc"));
    }
}

/// Runs until a few tiles are in the journal, then sends `signal`.
Outcome run_and_signal(const std::vector<std::string>& words, const std::string& journal,
                       int signal) {
    const Running program = start(words);
    const auto far_enough = [&] {
        std::error_code missing;
        const auto size = fs::file_size(journal + "-tiles", missing);
        return !missing && size > 2000;
    };
    for (int k = 0; k < 10000 && !far_enough(); ++k) std::this_thread::sleep_for(1ms);
    kill(program.process(), signal);
    return program.wait();
}

// ---- Killed ----------------------------------------------------------------------------------

/// TURNOVER_KILLS in the environment asks for more than the twenty of an ordinary run.
int kills_wanted() {
    const char* const text = std::getenv("TURNOVER_KILLS");
    return text == nullptr ? 20 : std::atoi(text);
}

void kill_and_resume(const std::vector<std::string>& map, int kills) {
    const unsigned seed = std::random_device{}();
    std::printf("seed %u\n", seed);
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const ScratchDirectory folder;
    const auto words_to = [&](const std::string& out, const char* engine) {
        std::vector<std::string> words = map_command(map[0], out, map[1]);
        words.insert(words.end(), {"--engine", engine});
        return words;
    };
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_EQ(run(words_to(folder / "undisturbed", "threads")).code, 0);
    const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;

    int killed = 0;
    std::size_t resumed = 0;
    for (int round = 0; killed < kills || resumed == 0; ++round) {
        const std::string out = folder / std::to_string(round);
        const auto words = words_to(out, round % 2 == 0 ? "threads" : "serial");
        // Mostly in the midst of the work, now and then while it starts or writes. A machine that
        // has become slower since must not starve it.
        std::chrono::duration<double> latest = (round % 3 == 2 ? 1.2 : 0.6) * whole;
        for (bool done = false; !done; latest *= 1.1) {
            const Running program = start(words);
            std::this_thread::sleep_for(std::uniform_real_distribution<>(0.0, 1.0)(random) *
                                        latest);
            kill(program.process(), SIGKILL);
            const Outcome outcome = program.wait();
            done = outcome.code == 0;  // it was faster
            ASSERT_TRUE(done || outcome.code == -1) << outcome.err;
            killed += !done;
            resumed += done && outcome.out.find("kept  ") != std::string::npos;
        }
        expect_same_map(out, folder / "undisturbed");
        if (testing::Test::HasFailure()) return;
        fs::remove_all(out);
    }
    std::printf("%d kills, %zu maps that went on\n", killed, resumed);
}

TEST(Resume, KilledAtAnyMomentItGoesOnToTheSameMap) {
    kill_and_resume({slow_model, whole_map()}, kills_wanted() / 2);
}

TEST(Resume, AFastMapKilledAtAnyMomentGoesOnToTheSameMap) {
    kill_and_resume({fast_model, "300x300"}, kills_wanted() / 2);
}

TEST(Resume, WhatIsInTheJournalIsNotComputedAgain) {
    const ScratchDirectory folder;
    const auto words = slow_command(folder / "out", {"--engine", "serial"});
    const Outcome killed = run_and_signal(words, folder / "out/journal.sqlite", SIGKILL);
    ASSERT_EQ(killed.code, -1);
    std::size_t tiles = 0, points = 0;
    Journal::open(folder / "out/journal.sqlite").read([&](Tile tile, std::string_view) {
        EXPECT_EQ(tile.first, points);  // the serial engine goes in order
        points += tile.count;
        return ++tiles, true;
    });
    EXPECT_GT(tiles, 0U);
    EXPECT_LT(points, 4 * enough());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("kept        " + std::to_string(points) + " points"));
}

// ---- Interrupted -----------------------------------------------------------------------------

TEST(Resume, InterruptedItKeepsWhatIsDoneAndSaysSo) {
    const ScratchDirectory folder;
    ASSERT_EQ(run(slow_command(folder / "undisturbed")).code, 0);
    const auto words = slow_command(folder / "out");
    const Outcome outcome = run_and_signal(words, folder / "out/journal.sqlite", SIGINT);
    ASSERT_EQ(outcome.code, 3) << outcome.err;
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, AllOf(HasSubstr(" of " + all_points() + " are kept"),
                                   HasSubstr("the same command goes on from there")));
    EXPECT_TRUE(fs::exists(folder / "out/journal.sqlite"));
    EXPECT_FALSE(fs::exists(folder / "out/journal.sqlite-wal"));  // two files to take along
    EXPECT_FALSE(fs::exists(folder / "out/map.csv"));
    ASSERT_EQ(run(words).code, 0);
    expect_same_map(folder / "out", folder / "undisturbed");
}

/// Leaves an unfinished map of whole_map() points in `folder`.
void leave_unfinished(const std::string& folder) {
    ASSERT_EQ(run_and_signal(slow_command(folder), folder + "/journal.sqlite", SIGTERM).code, 3);
}

TEST(Resume, AnotherMapIsRefusedWithWhatDiffersAndFreshStartsOver) {
    const ScratchDirectory folder;
    const std::string out = folder / "out";
    leave_unfinished(out);
    const Outcome points = run(map_command(slow_model, out, temperatures(3)));
    EXPECT_EQ(points.code, 2);
    EXPECT_THAT(points.err,
                AllOf(HasSubstr("--points was '" + whole_map() + "', is '0x3'"),
                      HasSubstr("the grid was '" + all_points()), HasSubstr("--fresh")));
    const Outcome settings = run(slow_command(out, {"--set", "temperature=550 K"}));
    EXPECT_EQ(settings.code, 2);
    EXPECT_THAT(settings.err, HasSubstr("--set was not given, is 'temperature=550 K' now"));

    std::string model = file_bytes(TURNOVER_SOURCE_DIR "/" + slow_model);
    model.replace(model.find("temperature: 480 K"), 18, "temperature: 550 K");
    write_bytes(folder / "model.yaml", model);
    std::vector<std::string> words = slow_command(out);
    words[1] = folder / "model.yaml";
    const Outcome changed = run(words);
    EXPECT_EQ(changed.code, 2);
    EXPECT_THAT(changed.err, HasSubstr("of the model file was 'temperature: 480 K', is "
                                       "'temperature: 550 K'"));
    EXPECT_FALSE(fs::exists(out + "/map.csv"));

    const Outcome fresh = run(map_command(slow_model, out, temperatures(3), {"--fresh"}));
    EXPECT_EQ(fresh.code, 0) << fresh.err;
    ASSERT_EQ(
        run(map_command(slow_model, folder / "undisturbed", temperatures(3), {"--no-journal"}))
            .code,
        0);
    expect_same_map(out, folder / "undisturbed");
}

TEST(Resume, TheModelMayMoveAndTheEngineChange) {
    const ScratchDirectory folder;
    const std::string out = folder / "out";
    ASSERT_EQ(run(slow_command(folder / "undisturbed")).code, 0);
    leave_unfinished(out);
    fs::copy(TURNOVER_SOURCE_DIR "/" + slow_model, folder / "moved.yaml");
    std::vector<std::string> words = slow_command(out, {"--engine", "serial"});
    words[1] = folder / "moved.yaml";
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("kept        "));
    expect_same_map(out, folder / "undisturbed");
}

TEST(Resume, WithoutAJournalNothingIsKept) {
    const ScratchDirectory folder;
    const Running program =
        start(map_command(slow_model, folder / "out", temperatures(100000), {"--no-journal"}));
    std::this_thread::sleep_for(500ms);
    kill(program.process(), SIGINT);
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.code, 3);
    EXPECT_THAT(outcome.err, HasSubstr("nothing is kept"));
    EXPECT_EQ(folder.entries(), 0U);
}

TEST(Resume, TwoProgramsInOneDirectoryAreRefused) {
    const ScratchDirectory folder;
    const auto words = map_command(slow_model, folder / "out", temperatures(100000));
    const Running first = start(words);
    for (int k = 0; k < 1000 && !fs::exists(folder / "out/journal.sqlite-wal"); ++k) {
        std::this_thread::sleep_for(10ms);
    }
    for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--fresh"}}) {
        const Outcome second =
            run(map_command(slow_model, folder / "out", temperatures(100000), more));
        EXPECT_EQ(second.code, 2);
        EXPECT_THAT(second.err, HasSubstr("in use by another program"));
    }
    kill(first.process(), SIGKILL);
    EXPECT_EQ(first.wait().code, -1);
}

// ---- Damaged, full ---------------------------------------------------------------------------

TEST(Resume, ADamagedJournalIsRefusedAndFreshStartsOver) {
    const ScratchDirectory folder;
    const std::string out = folder / "out", journal = out + "/journal.sqlite";
    leave_unfinished(out);
    const std::string whole = file_bytes(journal);
    const std::vector<std::string> damaged{std::string(whole.size(), 'x'),
                                           whole.substr(0, whole.size() / 2), whole.substr(0, 50),
                                           whole.substr(0, 100) + std::string(30000, '\0')};
    for (const std::string& bytes : damaged) {
        write_bytes(journal, bytes);
        const Outcome outcome = run(slow_command(out));
        EXPECT_EQ(outcome.code, 2);
        EXPECT_THAT(outcome.err,
                    AllOf(HasSubstr("journal.sqlite is damaged"), HasSubstr("--fresh")));
        EXPECT_FALSE(fs::exists(out + "/map.csv"));
        EXPECT_TRUE(file_bytes(journal) == bytes);  // left as it is
    }
    const Outcome fresh = run(map_command(slow_model, out, temperatures(3), {"--fresh"}));
    EXPECT_EQ(fresh.code, 0) << fresh.err;
    EXPECT_FALSE(fs::exists(journal));
}

TEST(Resume, ADamagedTileIsComputedAgain) {
    const ScratchDirectory folder;
    const std::string out = folder / "out";
    ASSERT_EQ(run(slow_command(folder / "undisturbed")).code, 0);
    leave_unfinished(out);
    {
        const std::string path = out + "/journal.sqlite";
        const std::vector<JournalFact> facts = Journal::open(path).facts();
        Journal journal(path, facts);
        Tile first;
        std::string bytes;
        journal.read([&](Tile tile, std::string_view stored) {
            if (bytes.empty()) {
                first = tile;
                bytes = stored;
            }
            return true;
        });
        ASSERT_FALSE(bytes.empty());
        journal.store(first, bytes.substr(1));  // whole for the journal, but not for us
        journal.store({7'000'000, 3}, bytes);   // nowhere in this map
    }
    std::string tiles = file_bytes(out + "/journal.sqlite-tiles");
    tiles[tiles.size() / 2] ^= 1;
    write_bytes(out + "/journal.sqlite-tiles", tiles);
    const Outcome outcome = run(slow_command(out));
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("the journal " + out +
                                             "/journal.sqlite is damaged in "
                                             "places: "),
                                   HasSubstr(" of its points are computed again")));
    expect_same_map(out, folder / "undisturbed");
}

TEST(Resume, AFullDiskIsSaidAndTheMapGoesOnWhenThereIsRoom) {
    const ScratchDirectory folder;
    const std::string disk = folder / "disk";
    fs::create_directory(disk);
    if (mount("none", disk.c_str(), "tmpfs", 0, "size=300k") != 0) {
        GTEST_SKIP() << "no right to mount a small disk";
    }
    const auto words = map_command(fast_model, disk + "/out", "40x40");
    const Outcome full = run(words);
    EXPECT_EQ(full.code, 2);
    EXPECT_THAT(full.err, AllOf(HasSubstr("journal.sqlite: No space left on device"),
                                HasSubstr("give the same command again")));
    EXPECT_FALSE(fs::exists(disk + "/out/map.csv"));
    EXPECT_EQ(mount("none", disk.c_str(), "tmpfs", MS_REMOUNT, "size=50m"), 0);
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("kept        "));
    ASSERT_EQ(run(map_command(fast_model, folder / "undisturbed", "40x40")).code, 0);
    expect_same_map(disk + "/out", folder / "undisturbed");
    umount(disk.c_str());
}

TEST(Resume, AFileThatMayGrowNoFurtherIsSaid) {
    const ScratchDirectory folder;
    const Outcome outcome = run_shell("ulimit -f 40 && turnover map " + fast_model + " -o " +
                                          (folder / "out") + " --points 40x40 --no-plot",
                                      TURNOVER_SOURCE_DIR);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("cannot write " + (folder / "out/journal.sqlite")),
                                   HasSubstr("File too large"), HasSubstr("same command again")));
    EXPECT_EQ(run(map_command(fast_model, folder / "out", "40x40")).code, 0);
}

TEST(Resume, AReadOnlyDirectoryIsSaidBeforeAnythingIsComputed) {
    const ScratchDirectory folder;
    const std::string disk = folder / "disk";
    fs::create_directory(disk);
    if (mount("none", disk.c_str(), "tmpfs", MS_RDONLY, "size=1m") != 0) {
        GTEST_SKIP() << "no right to mount a read-only disk";
    }
    for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--shard", "1/2"}}) {
        const Outcome outcome = run(map_command(fast_model, disk, "4x4", more));
        EXPECT_EQ(outcome.code, 2);
        EXPECT_THAT(outcome.err, AllOf(HasSubstr(disk), HasSubstr("Read-only file system"),
                                       HasSubstr("directory that you may write to")));
    }
    umount(disk.c_str());
}

}  // namespace
}  // namespace turnover::program_test
