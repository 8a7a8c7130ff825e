// turnover map that is killed, interrupted, refused or out of room, and goes on: the map that comes
// out is, byte for byte, that of an undisturbed run.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>
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
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string co_oxidation = "examples/01_co_oxidation/model.yaml";

std::vector<std::string> map_command(const std::string& folder, const std::string& points,
                                     const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"map",      co_oxidation, "-o",       folder,
                                   "--points", points,       "--no-plot"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// Axis points of a square map that takes about half a second here, so that something can happen
/// while it is computed, whatever machine and solver this is.
std::size_t side() {
    static const std::size_t side = [] {
        const ScratchDirectory folder;
        const std::string summary = run(map_command(folder.path(), "12x12")).out;
        const std::size_t end = summary.find(" points/s");
        const std::size_t begin = summary.rfind(' ', end - 1);
        const double rate = std::stod(summary.substr(begin, end - begin));
        return static_cast<std::size_t>(std::clamp(std::sqrt(0.5 * rate), 20.0, 700.0));
    }();
    return side;
}

std::string square() { return std::to_string(side()) + "x" + std::to_string(side()); }

void expect_same_map(const std::string& folder, const std::string& undisturbed) {
    for (const char* const name : {"/map.csv", "/map.nc"}) {
        EXPECT_TRUE(file_bytes(folder + name) == file_bytes(undisturbed + name)) << name;
        EXPECT_FALSE(file_bytes(folder + name).empty()) << name;
    }
    EXPECT_FALSE(fs::exists(folder + "/journal.sqlite"));
    EXPECT_FALSE(fs::exists(folder + "/journal.sqlite-wal"));
}

/// Runs until something is in the journal, then sends `signal`.
Outcome run_and_signal(const std::vector<std::string>& words, const std::string& journal,
                       int signal) {
    const Running program = start(words);
    const auto enough = [&] {
        std::error_code missing;
        const auto size = fs::file_size(journal + "-wal", missing);
        return !missing && size > 200'000;
    };
    for (int k = 0; k < 30000 && !enough(); ++k) std::this_thread::sleep_for(1ms);
    kill(program.process(), signal);
    return program.wait();
}

// ---- Killed ----------------------------------------------------------------------------------

/// TURNOVER_KILLS in the environment asks for more than the twenty of an ordinary run.
int kills_wanted() {
    const char* const text = std::getenv("TURNOVER_KILLS");
    return text == nullptr ? 20 : std::atoi(text);
}

TEST(Resume, KilledAtAnyMomentItGoesOnToTheSameMap) {
    const unsigned seed = std::random_device{}();
    std::printf("seed %u\n", seed);
    std::mt19937 random(seed);
    const ScratchDirectory folder;
    const std::string points = square();
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_EQ(run(map_command(folder / "undisturbed", points)).code, 0);
    const std::chrono::duration<double> whole = std::chrono::steady_clock::now() - begin;

    int kills = 0;
    for (int map = 0; kills < kills_wanted(); ++map) {
        const std::string out = folder / std::to_string(map);
        const auto words =
            map_command(out, points, {"--engine", map % 2 == 0 ? "threads" : "serial"});
        // Mostly in the midst of the work, now and then while it starts or writes.
        std::uniform_real_distribution<double> moment(0.0, map % 3 == 2 ? 1.2 : 0.4);
        for (int attempt = 0;; ++attempt) {
            ASSERT_LT(attempt, 500);
            const Running program = start(words);
            std::this_thread::sleep_for(moment(random) * whole);
            kill(program.process(), SIGKILL);
            const Outcome outcome = program.wait();
            if (outcome.code == 0) break;  // it was faster
            ASSERT_EQ(outcome.code, -1) << outcome.err;
            ++kills;
        }
        expect_same_map(out, folder / "undisturbed");
        fs::remove_all(out);
    }
}

TEST(Resume, WhatIsInTheJournalIsNotComputedAgain) {
    const ScratchDirectory folder;
    const auto words = map_command(folder / "out", square(), {"--engine", "serial"});
    const Outcome killed = run_and_signal(words, folder / "out/journal.sqlite", SIGKILL);
    ASSERT_EQ(killed.code, -1);
    std::size_t tiles = 0, points = 0;
    Journal::open(folder / "out/journal.sqlite").read([&](Tile tile, std::string_view) {
        EXPECT_EQ(tile.first, points);  // the serial engine goes in order
        points += tile.count;
        return ++tiles, true;
    });
    EXPECT_GT(tiles, 0U);
    EXPECT_LT(points, side() * side());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("kept        " + std::to_string(points) + " points"));
}

// ---- Interrupted -----------------------------------------------------------------------------

TEST(Resume, InterruptedItKeepsWhatIsDoneAndSaysSo) {
    const ScratchDirectory folder;
    ASSERT_EQ(run(map_command(folder / "undisturbed", square())).code, 0);
    const auto words = map_command(folder / "out", square());
    const Outcome outcome = run_and_signal(words, folder / "out/journal.sqlite", SIGINT);
    ASSERT_EQ(outcome.code, 3) << outcome.err;
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr(" of " + std::to_string(side() * side()) + " points are kept"),
                      HasSubstr("the same command goes on from there")));
    EXPECT_TRUE(fs::exists(folder / "out/journal.sqlite"));
    EXPECT_FALSE(fs::exists(folder / "out/journal.sqlite-wal"));  // one file to take along
    EXPECT_FALSE(fs::exists(folder / "out/map.csv"));
    ASSERT_EQ(run(words).code, 0);
    expect_same_map(folder / "out", folder / "undisturbed");
}

/// Leaves an unfinished map of square() points in `folder`.
void leave_unfinished(const std::string& folder) {
    ASSERT_EQ(
        run_and_signal(map_command(folder, square()), folder + "/journal.sqlite", SIGTERM).code, 3);
}

TEST(Resume, AnotherMapIsRefusedWithWhatDiffersAndFreshStartsOver) {
    const ScratchDirectory folder;
    const std::string out = folder / "out";
    leave_unfinished(out);
    const Outcome points = run(map_command(out, "10x10"));
    EXPECT_EQ(points.code, 2);
    EXPECT_THAT(points.err,
                AllOf(HasSubstr("--points was '" + square() + "', is '10x10'"),
                      HasSubstr("the grid was '" + std::to_string(side() * side()) + " points"),
                      HasSubstr("--fresh")));
    const Outcome settings = run(map_command(out, square(), {"--set", "temperature=550 K"}));
    EXPECT_EQ(settings.code, 2);
    EXPECT_THAT(settings.err, HasSubstr("--set was empty, is 'temperature=550 K'"));

    std::string model = file_bytes(TURNOVER_SOURCE_DIR "/" + co_oxidation);
    model.replace(model.find("temperature: 500 K"), 18, "temperature: 550 K");
    write_bytes(folder / "model.yaml", model);
    std::vector<std::string> words = map_command(out, square());
    words[1] = folder / "model.yaml";
    const Outcome changed = run(words);
    EXPECT_EQ(changed.code, 2);
    EXPECT_THAT(changed.err, HasSubstr("of the model file was 'temperature: 500 K', is "
                                       "'temperature: 550 K'"));
    EXPECT_FALSE(fs::exists(out + "/map.csv"));

    const Outcome fresh = run(map_command(out, "10x10", {"--fresh"}));
    EXPECT_EQ(fresh.code, 0) << fresh.err;
    ASSERT_EQ(run(map_command(folder / "undisturbed", "10x10", {"--no-journal"})).code, 0);
    expect_same_map(out, folder / "undisturbed");
}

TEST(Resume, TheModelMayMoveAndTheEngineChange) {
    const ScratchDirectory folder;
    const std::string out = folder / "out";
    ASSERT_EQ(run(map_command(folder / "undisturbed", square())).code, 0);
    leave_unfinished(out);
    fs::copy(TURNOVER_SOURCE_DIR "/" + co_oxidation, folder / "moved.yaml");
    std::vector<std::string> words = map_command(out, square(), {"--engine", "serial"});
    words[1] = folder / "moved.yaml";
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("kept        "));
    expect_same_map(out, folder / "undisturbed");
}

TEST(Resume, WithoutAJournalNothingIsKept) {
    const ScratchDirectory folder;
    const Running program = start(map_command(folder / "out", "600x600", {"--no-journal"}));
    std::this_thread::sleep_for(500ms);
    kill(program.process(), SIGINT);
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.code, 3);
    EXPECT_THAT(outcome.err, HasSubstr("nothing is kept"));
    EXPECT_EQ(folder.entries(), 0U);
}

TEST(Resume, TwoProgramsInOneDirectoryAreRefused) {
    const ScratchDirectory folder;
    const auto words = map_command(folder / "out", "600x600");
    const Running first = start(words);
    for (int k = 0; k < 1000 && !fs::exists(folder / "out/journal.sqlite-wal"); ++k) {
        std::this_thread::sleep_for(10ms);
    }
    for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--fresh"}}) {
        const Outcome second = run(map_command(folder / "out", "600x600", more));
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
        const Outcome outcome = run(map_command(out, square()));
        EXPECT_EQ(outcome.code, 2);
        EXPECT_THAT(outcome.err,
                    AllOf(HasSubstr("journal.sqlite is damaged"), HasSubstr("--fresh")));
        EXPECT_FALSE(fs::exists(out + "/map.csv"));
        EXPECT_TRUE(file_bytes(journal) == bytes);  // left as it is
    }
    const Outcome fresh = run(map_command(out, "4x4", {"--fresh"}));
    EXPECT_EQ(fresh.code, 0) << fresh.err;
    EXPECT_FALSE(fs::exists(journal));
}

TEST(Resume, ADamagedTileIsComputedAgain) {
    const ScratchDirectory folder;
    const std::string out = folder / "out";
    ASSERT_EQ(run(map_command(folder / "undisturbed", square())).code, 0);
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
        bytes[bytes.size() / 2] ^= 1;
        journal.store(first, bytes);           // whole for the journal, but not for us
        journal.store({7'000'000, 3}, bytes);  // nowhere in this map
    }
    const Outcome outcome = run(map_command(out, square()));
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.err, HasSubstr("2 of the tiles in " + out +
                                       "/journal.sqlite are damaged, and computed again"));
    expect_same_map(out, folder / "undisturbed");
}

TEST(Resume, AFullDiskIsSaidAndTheMapGoesOnWhenThereIsRoom) {
    const ScratchDirectory folder;
    const std::string disk = folder / "disk";
    fs::create_directory(disk);
    if (mount("none", disk.c_str(), "tmpfs", 0, "size=300k") != 0) {
        GTEST_SKIP() << "no right to mount a small disk";
    }
    const auto words = map_command(disk + "/out", "20x20");
    const Outcome full = run(words);
    EXPECT_EQ(full.code, 2);
    EXPECT_THAT(full.err, AllOf(HasSubstr("journal.sqlite: No space left on device"),
                                HasSubstr("give the same command again")));
    EXPECT_FALSE(fs::exists(disk + "/out/map.csv"));
    EXPECT_EQ(mount("none", disk.c_str(), "tmpfs", MS_REMOUNT, "size=50m"), 0);
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("kept        "));
    ASSERT_EQ(run(map_command(folder / "undisturbed", "20x20")).code, 0);
    expect_same_map(disk + "/out", folder / "undisturbed");
    umount(disk.c_str());
}

}  // namespace
}  // namespace turnover::program_test
