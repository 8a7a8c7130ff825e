// turnover map --engine mpi, started by mpirun as on a cluster.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <sys/resource.h>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/run_program.hpp"

namespace turnover::program_test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using support::file_bytes;
using support::ScratchDirectory;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

#ifndef TURNOVER_MPIRUN

TEST(WithoutMpi, TheEngineSaysWhatBringsIt) {
    const ScratchDirectory folder;
    const Outcome outcome = run({"map", fast_model, "-o", folder / "out", "--engine", "mpi"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("libopenmpi-dev"));
    EXPECT_FALSE(fs::exists(folder / "out"));
}

#else

std::vector<std::string> map_words(const std::string& out, const std::vector<std::string>& more) {
    std::vector<std::string> words{TURNOVER_PROGRAM, "map", "-o", out, "--no-plot"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// `more` begins with the model.
std::vector<std::string> mpi_words(const std::string& out, std::vector<std::string> more) {
    more.insert(more.end(), {"--engine", "mpi"});
    return map_words(out, more);
}

/// `words` under mpirun. It may be run by anybody on any machine: by root in a container, and with
/// more processes than there are cores. -q: mpirun has no word of its own on exit codes.
Running mpirun(int processes, const std::vector<std::string>& words) {
    std::vector<std::string> all{TURNOVER_MPIRUN, "-q", "--oversubscribe",        "--bind-to",
                                 "none",          "-n", std::to_string(processes)};
    all.insert(all.end(), words.begin(), words.end());
    return Running(all, TURNOVER_SOURCE_DIR,
                   {"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1",
                    "OMPI_MCA_btl_vader_single_copy_mechanism=none"});
}

class Mpi : public testing::Test {
protected:
    const ScratchDirectory folder_;

    void SetUp() override {
        if (!fs::exists(TURNOVER_MPIRUN)) {
            GTEST_SKIP() << "there is no mpirun: Debian's openmpi-bin brings it";
        }
    }

    /// The map of `more` from the serial engine.
    std::string undisturbed(const std::vector<std::string>& more) const {
        std::vector<std::string> words = map_words(folder_ / "serial", more);
        words.insert(words.end(), {"--engine", "serial"});
        EXPECT_EQ(Running(words, TURNOVER_SOURCE_DIR).wait().code, 0);
        return folder_ / "serial";
    }

    static void expect_same_map(const std::string& folder, const std::string& other) {
        for (const char* const name : {"/map.csv", "/map.nc"}) {
            EXPECT_FALSE(file_bytes(folder + name).empty()) << name;
            EXPECT_TRUE(file_bytes(folder + name) == file_bytes(other + name)) << name;
        }
        EXPECT_FALSE(fs::exists(folder + "/journal.sqlite"));
    }
};

// ---- Undisturbed -----------------------------------------------------------------------------

TEST_F(Mpi, GivesTheMapOfTheSerialEngine) {
    const std::vector<std::string> points{fast_model, "--points", "300x300"};
    const std::string serial = undisturbed(points);
    for (const int processes : {1, 2, 4}) {
        const std::string out = folder_ / std::to_string(processes);
        const Outcome outcome = mpirun(processes, mpi_words(out, points)).wait();
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        EXPECT_THAT(outcome.out, HasSubstr("(mpi, " + std::to_string(processes) + " at once)"));
        expect_same_map(out, serial);
    }
}

TEST_F(Mpi, GivesItWithThreadsInEachProcess) {
    // Few tiles for many, with surfaces as one more axis.
    const std::vector<std::string> some{fast_model, "--points", "3x3", "--branches"};
    const std::string serial = undisturbed(some);
    std::vector<std::string> words = mpi_words(folder_ / "out", some);
    words.insert(words.end(), {"-j", "3"});
    const Outcome outcome = mpirun(3, words).wait();
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("(mpi, 9 at once)"));
    expect_same_map(folder_ / "out", serial);
    EXPECT_EQ(file_bytes(folder_ / "out/branches.csv"), file_bytes(serial + "/branches.csv"));
}

TEST_F(Mpi, WorksWithoutMpirun) {
    const Outcome outcome =
        Running(mpi_words(folder_ / "out", {fast_model}), TURNOVER_SOURCE_DIR).wait();
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("(mpi, 1 at once)"));
    expect_same_map(folder_ / "out", undisturbed({fast_model}));
}

// ---- Refused ---------------------------------------------------------------------------------

TEST_F(Mpi, BadInputIsSaidOnce) {
    for (const std::vector<std::string>& bad :
         std::vector<std::vector<std::string>>{{fast_model, "--set", "pressure.CO=1 bar"},
                                               {fast_model, "--no-such-option"},
                                               {"no-such-file.yaml"}}) {
        const Outcome outcome = mpirun(3, mpi_words(folder_ / "out", bad)).wait();
        EXPECT_EQ(outcome.code, 2);
        EXPECT_THAT(outcome.out, IsEmpty());
        EXPECT_THAT(outcome.err, StartsWith("turnover: error: "));
        EXPECT_THAT(outcome.err.substr(1), Not(HasSubstr("turnover: error: "))) << bad.back();
        EXPECT_FALSE(fs::exists(folder_ / "out"));
    }
}

bool has_fused_multiply_add() {
    std::ifstream file("/proc/cpuinfo");
    std::stringstream text;
    text << file.rdbuf();
    return text.str().find(" fma ") != std::string::npos &&
           text.str().find(" avx2 ") != std::string::npos;
}

TEST_F(Mpi, AProcessThatGivesOtherBitsIsRefused) {
    if (!has_fused_multiply_add()) GTEST_SKIP() << "this processor has one set of bits only";
    // The C library of rank 1 thinks that it is on an old processor.
    std::vector<std::string> words = mpi_words(folder_ / "out", {fast_model});
    words.insert(words.end(),
                 {":", "-n", "1", "env", "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4"});
    for (const std::string& word : mpi_words(folder_ / "out", {fast_model})) words.push_back(word);
    const Outcome outcome = mpirun(1, words).wait();
    if (outcome.code == 0) GTEST_SKIP() << "this C library has one set of bits only";
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("rank 1 of 2 cannot take part"),
                                   HasSubstr("other last digits"), HasSubstr("mpirun -x")));
    EXPECT_FALSE(fs::exists(folder_ / "out"));
}

// ---- Disturbed -------------------------------------------------------------------------------

/// A map that takes seconds, of which some tiles are done within a tenth of one: a test that has to
/// wait for a core still comes before its end.
const std::vector<std::string> long_map{slow_model, "--points", "0x300"};

void wait_for_tiles(const std::string& out) {
    for (int k = 0; k < 60000; ++k) {
        std::error_code missing;
        const auto size = fs::file_size(out + "/journal.sqlite-tiles", missing);
        if (!missing && size > 10'000) return;
        std::this_thread::sleep_for(1ms);
    }
    FAIL() << "no tiles were journalled";
}

/// The process of `rank` among those that mpirun, of number `parent`, started.
std::optional<pid_t> process_of_rank(pid_t parent, int rank) {
    const std::string number = std::to_string(parent);
    std::ifstream children("/proc/" + number + "/task/" + number + "/children");
    for (pid_t child = 0; children >> child;) {
        std::ifstream environment("/proc/" + std::to_string(child) + "/environ");
        for (std::string setting; std::getline(environment, setting, '\0');) {
            if (setting == "OMPI_COMM_WORLD_RANK=" + std::to_string(rank)) return child;
        }
    }
    return std::nullopt;
}

/// Gives the disturbed command again, once what was left of the job is gone, and returns how many
/// points it found done.
std::size_t resume(const std::string& out, const ScratchDirectory& folder) {
    std::vector<std::string> words = mpi_words(out, long_map);
    words.insert(words.end(), {"--log-json", folder / "log"});
    Outcome outcome;
    for (int k = 0; k < 600; ++k) {
        outcome = mpirun(2, words).wait();
        if (outcome.err.find("journal") == std::string::npos) break;
        std::this_thread::sleep_for(100ms);
    }
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    std::ifstream log(folder / "log");
    std::size_t kept = 0;
    for (std::string line; std::getline(log, line);) {
        const auto event = nlohmann::json::parse(line);
        if (event.at("event") == "start") kept = event.at("kept").get<std::size_t>();
    }
    return kept;
}

TEST_F(Mpi, AKilledJobGoesOnWhereItWas) {
    const std::string serial = undisturbed(long_map);
    const std::string out = folder_ / "out";
    const Running job = mpirun(2, mpi_words(out, long_map));
    wait_for_tiles(out);
    kill(job.process(), SIGKILL);
    EXPECT_EQ(job.wait().code, -1);
    EXPECT_GT(resume(out, folder_), 0u);
    expect_same_map(out, serial);
}

TEST_F(Mpi, AJobThatLosesAProcessGoesOnWhereItWas) {
    const std::string serial = undisturbed(long_map);
    for (const int rank : {0, 1}) {
        const std::string out = folder_ / std::to_string(rank);
        const Running job = mpirun(3, mpi_words(out, long_map));
        wait_for_tiles(out);
        const std::optional<pid_t> victim = process_of_rank(job.process(), rank);
        ASSERT_TRUE(victim);
        kill(*victim, SIGKILL);
        EXPECT_NE(job.wait().code, 0);
        EXPECT_GT(resume(out, folder_), 0u);
        expect_same_map(out, serial);
    }
}

TEST_F(Mpi, AnInterruptedJobSaysWhatIsKept) {
    const std::string serial = undisturbed(long_map);
    const std::string out = folder_ / "out";
    const Running job = mpirun(2, mpi_words(out, long_map));
    wait_for_tiles(out);
    const std::optional<pid_t> leader = process_of_rank(job.process(), 0);
    ASSERT_TRUE(leader);
    kill(*leader, SIGTERM);
    const Outcome outcome = job.wait();
    EXPECT_EQ(outcome.code, 3);
    EXPECT_THAT(outcome.err, HasSubstr("the same command goes on from there"));
    EXPECT_GT(resume(out, folder_), 0u);
    expect_same_map(out, serial);
}

TEST_F(Mpi, AJobThatCannotWriteEnds) {
    for (const bool is_interrupted : {false, true}) {
        const std::string out = folder_ / (is_interrupted ? "interrupted" : "out");
        const Running job = mpirun(3, mpi_words(out, long_map));
        wait_for_tiles(out);
        const std::optional<pid_t> leader = process_of_rank(job.process(), 0);
        ASSERT_TRUE(leader);
        // The leader finds results, the stop and the full disk together when it goes on.
        if (is_interrupted) kill(*leader, SIGSTOP);
        const rlimit nothing{0, 0};
        ASSERT_EQ(prlimit(*leader, RLIMIT_FSIZE, &nothing, nullptr), 0);
        if (is_interrupted) {
            kill(*leader, SIGTERM);
            kill(*leader, SIGCONT);
        }
        const Outcome outcome = job.wait();
        // Interrupted, it may have had nothing more to write.
        if (is_interrupted && outcome.code == 3) continue;
        EXPECT_EQ(outcome.code, 2) << outcome.err;
        EXPECT_THAT(outcome.err, HasSubstr("File too large"));
    }
}

TEST_F(Mpi, AProcessThatCannotStartItsThreadsIsRefused) {
    // Room for the threads of MPI on rank 1, but not for 32 more.
    const std::vector<std::string> words = mpi_words(folder_ / "out", {fast_model, "-j", "32"});
    std::vector<std::string> all = words;
    all.insert(all.end(), {":", "-n", "1", "/bin/sh", "-c",
                           "ulimit -s 1048576 && ulimit -v 8388608 && exec \"$@\"", "sh"});
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = mpirun(1, all).wait();
    EXPECT_EQ(outcome.code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("rank 1 of 2 cannot take part: cannot start thread"),
                                   HasSubstr("fewer workers")));
    EXPECT_FALSE(fs::exists(folder_ / "out"));
}

#endif

}  // namespace
}  // namespace turnover::program_test
