// turnover map: files written or not written, exit codes, interruption, determinism.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/run_program.hpp"

namespace turnover::program_test {
namespace {

namespace fs = std::filesystem;
using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// A gas whose polynomials end at 600 K, on a map that goes to 700 K.
const std::string partly_invalid = R"(
name: Beyond the polynomials
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar}}
gases:
  CO_g:
    thermochemistry: shomate
    ranges:
      - {from: 298 K, to: 600 K,
         coefficients: [25.56759, 6.096130, 4.054656, -2.671301, 0.131021, -118.0089, 227.3665, -110.5271]}
reactions:
  - {equation: CO_g + *_s -> CO_s, theory: transition-state, barrier: 0.5 eV, reaction-energy: -1.5 eV}
map:
  axes:
    - {vary: temperature, from: 500 K, to: 700 K, points: 5}
)";

TEST(MapCommand, SaysWhenAnAxisBeatsASetting) {
    const ScratchDirectory folder;
    const std::vector<std::string> words{
        "map",   fast_model,          "-o",   folder / "out", "--no-plot",
        "--set", "temperature=510 K", "--set"};
    const auto with = [&](const std::string& setting) {
        std::vector<std::string> all = words;
        all.push_back(setting);
        return run(all);
    };
    const Outcome beaten = with("pressure.CO_g=0.3 bar");
    EXPECT_EQ(beaten.code, 0);
    EXPECT_THAT(beaten.err, HasSubstr("--set pressure.CO_g changes nothing: an axis of the map"));
    EXPECT_THAT(beaten.err, Not(HasSubstr("temperature")));
    EXPECT_THAT(with("initial-coverage.CO_s=0.1").err, IsEmpty());
}

TEST(MapCommand, WritesTheMapAndSaysSo) {
    const ScratchDirectory folder;
    const Outcome outcome = run({"map", fast_model, "-o", folder / "deep/er"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.err, IsEmpty());  // no progress bar where no terminal is
    EXPECT_THAT(outcome.out, HasSubstr("100 points: 10 pressure.CO_g x 10 pressure.O2_g"));
    EXPECT_THAT(outcome.out, HasSubstr("converged   100 of 100"));
    EXPECT_THAT(outcome.out, HasSubstr("points/s"));
    EXPECT_THAT(outcome.out, HasSubstr("tof.CO2_g = 7.77"));
    EXPECT_THAT(outcome.out,
                HasSubstr("at pressure.CO_g = 0.111119 atm, pressure.O2_g = 0.388891 atm"));
    EXPECT_THAT(outcome.out, HasSubstr("map.nc, map.csv, map.png"));
    EXPECT_THAT(file_bytes(folder / "deep/er/map.csv"), StartsWith("pressure.CO_g,pressure.O2_g,"));
    EXPECT_THAT(file_bytes(folder / "deep/er/map.png"), StartsWith("\x89PNG"));
    EXPECT_TRUE(fs::exists(folder / "deep/er/map.nc"));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder / "deep/er"), {}), 3);
}

TEST(MapCommand, GivesTheSameBytesWhoeverComputes) {
    const ScratchDirectory folder;
    const std::vector<std::vector<std::string>> ways{
        {"--engine", "serial"}, {"-j", "1"}, {"-j", "2"}, {"-j5"}};
    std::string first;
    for (std::size_t k = 0; k < ways.size(); ++k) {
        const std::string out = folder / std::to_string(k);
        std::vector<std::string> arguments{"map", fast_model, "-o", out, "--no-plot"};
        arguments.insert(arguments.end(), ways[k].begin(), ways[k].end());
        ASSERT_EQ(run(arguments).code, 0);
        const std::string bytes = file_bytes(out + "/map.csv");
        if (k == 0) first = bytes;
        EXPECT_EQ(bytes, first);
    }
    EXPECT_FALSE(first.empty());
}

TEST(MapCommand, TakesPointsSettingsAndQuiet) {
    const ScratchDirectory folder;
    const Outcome outcome = run({"map", fast_model, "-o", folder.path(), "--points", "2x3", "--set",
                                 "temperature=550 K", "--no-plot", "--quiet"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out + outcome.err, IsEmpty());
    const std::string csv = file_bytes(folder / "map.csv");
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 7);
    EXPECT_FALSE(fs::exists(folder / "map.png"));

    ASSERT_EQ(run({"map", fast_model, "-o", folder.path(), "--points", "0x2", "--no-plot"}).code,
              0);
    const std::string first_as_in_file = file_bytes(folder / "map.csv");
    EXPECT_EQ(std::count(first_as_in_file.begin(), first_as_in_file.end(), '\n'), 21);
}

TEST(MapCommand, RefusesPointsThatItCannotRead) {
    const ScratchDirectory folder;
    for (const char* const points :
         {"x3", "3x", "3x-2", "3.5x2", "3,2", "3x3x", "2", "2x2x2", "99999999999999999999x2"}) {
        const Outcome outcome = run({"map", fast_model, "-o", folder / "out", "--points", points});
        EXPECT_EQ(outcome.code, 2) << points;
        EXPECT_THAT(outcome.err, StartsWith("turnover: error: "));
    }
    EXPECT_EQ(folder.entries(), 0U);
}

TEST(MapCommand, RemovesThePictureOfAnEarlierRun) {
    const ScratchDirectory folder;
    ASSERT_EQ(run({"map", fast_model, "-o", folder.path()}).code, 0);
    ASSERT_TRUE(fs::exists(folder / "map.png"));
    ASSERT_EQ(run({"map", fast_model, "-o", folder.path(), "--points", "2x2", "--no-plot"}).code,
              0);
    EXPECT_FALSE(fs::exists(folder / "map.png"));
}

TEST(MapCommand, WritesTheMapWhereThereIsNoGnuplot) {
    const ScratchDirectory folder, empty;
    const Outcome outcome = run({"map", fast_model, "-o", folder.path()}, TURNOVER_SOURCE_DIR,
                                {"PATH=" + empty.path()});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.err, HasSubstr("gnuplot is not installed"));
    EXPECT_THAT(outcome.err, HasSubstr("apt install gnuplot-nox"));
    EXPECT_TRUE(fs::exists(folder / "map.nc"));
    EXPECT_TRUE(fs::exists(folder / "map.csv"));
    EXPECT_FALSE(fs::exists(folder / "map.png"));
}

TEST(MapCommand, ReportsPointsThatFailed) {
    const ScratchDirectory folder;
    write_bytes(folder / "model.yaml", partly_invalid);
    const Outcome outcome = run({"map", folder / "model.yaml", "-o", folder / "out"});
    EXPECT_EQ(outcome.code, 1) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("converged   3 of 5"));
    EXPECT_THAT(outcome.out, HasSubstr("2 invalid-conditions: "));
    EXPECT_THAT(outcome.out, HasSubstr("point 3: temperature = 650 K"));
    const std::string csv = file_bytes(folder / "out/map.csv");
    EXPECT_THAT(csv, HasSubstr("650,nan,"));
    EXPECT_THAT(csv, HasSubstr(",invalid-conditions\n"));
    EXPECT_TRUE(fs::exists(folder / "out/map.png"));

    const Outcome quiet = run({"map", folder / "model.yaml", "-o", folder / "out", "-q"});
    EXPECT_EQ(quiet.code, 1);
    EXPECT_THAT(quiet.out, IsEmpty());
    EXPECT_THAT(quiet.err, HasSubstr("2 invalid-conditions: "));
}

TEST(MapCommand, RefusesBadInputAndLeavesNothing) {
    const ScratchDirectory folder;
    write_bytes(folder / "typo.yaml",
                "conditions: {temperature: 500 K, pressures: {CO_g: 1 bar}}\n"
                "reactions:\n"
                "  - {equation: CO_g + *_s -> CO2_s, theory: arrhenius, forward: 1e5 1/(s bar), "
                "reverse: 1 1/s}\n");
    const std::vector<std::vector<std::string>> wrong{
        {"map", folder / "no_such.yaml", "-o", folder / "out"},
        {"map", folder / "typo.yaml", "-o", folder / "out"},
        {"map", folder.path(), "-o", folder / "out"},
        {"map", fast_model, "-o", folder / "out", "--engine", "steam"},
        {"map", fast_model, "-o", folder / "out", "-j", "-3"},
        {"map", fast_model, "-o", folder / "out", "--set", "presure.CO_g=1 bar"},
        {"map", fast_model, "-o", folder / "out", "--set", "temperature=-5 K"},
        {"map", fast_model, "-o", "/proc/no/such/place"},
        {"map", fast_model, "-o", folder / "typo.yaml"},  // a file is no directory
        {"map", fast_model, "-o", folder / "typo.yaml/below"},
    };
    for (const auto& arguments : wrong) {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.code, 2) << testing::PrintToString(arguments) << outcome.err;
        EXPECT_THAT(outcome.err, StartsWith("turnover: error: "));
        EXPECT_THAT(outcome.out, IsEmpty());
    }
    EXPECT_EQ(folder.entries(), 1U);
    EXPECT_THAT(run({"map", folder / "typo.yaml", "-o", folder / "out"}).err,
                HasSubstr("typo.yaml:3: "));
}

TEST(MapCommand, ChecksTheDirectoryBeforeItComputes) {
    const ScratchDirectory folder;
    fs::create_directories(folder / "out/map.csv");  // where a file is to be
    // So many points that the test would time out if they were computed.
    const Outcome outcome = run({"map", fast_model, "-o", folder / "out", "--points", "600x600"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("map.csv"));
    EXPECT_FALSE(fs::exists(folder / "out/map.nc"));
}

void expect_clean_interruption(int signal) {
    const ScratchDirectory folder;
    const Running program = start({"map", slow_model, "-o", folder / "out", "--points", "0x90000"});
    std::this_thread::sleep_for(std::chrono::seconds(1));
    kill(program.process(), signal);
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.code, 3);
    EXPECT_THAT(outcome.err, HasSubstr("turnover: interrupted"));
    EXPECT_THAT(outcome.err, HasSubstr("of 360000 points"));
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_FALSE(fs::exists(folder / "out/map.nc"));
    EXPECT_FALSE(fs::exists(folder / "out/map.csv"));
}

TEST(MapCommand, StopsCleanlyOnInterrupt) { expect_clean_interruption(SIGINT); }
TEST(MapCommand, StopsCleanlyOnTermination) { expect_clean_interruption(SIGTERM); }

TEST(MapCommand, SaysThatTheDirectoryItIsInIsGone) {
    const ScratchDirectory folder;
    const std::string gone = folder / "gone";
    fs::create_directory(gone);
    const std::string script = "cd '" + gone + "' && rmdir '" + gone + "' && exec timeout 20 '" +
                               TURNOVER_PROGRAM + "' map '" + TURNOVER_SOURCE_DIR + "/" +
                               fast_model + "' -o out";
    const Outcome outcome = Running({"/bin/sh", "-c", script}, folder.path()).wait();
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("still there"));
}

}  // namespace
}  // namespace turnover::program_test
