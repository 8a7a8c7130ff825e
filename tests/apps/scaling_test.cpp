// turnover scaling: the table, the picture and the words.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/run_program.hpp"

namespace turnover::program_test {
namespace {

namespace fs = std::filesystem;
using support::file_bytes;
using support::ScratchDirectory;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Row = std::map<std::string, double>;

std::vector<Row> read_table(const std::string& path) {
    std::istringstream file(file_bytes(path));
    std::string line, word;
    std::getline(file, line);
    std::vector<std::string> names;
    for (std::istringstream words(line); std::getline(words, word, ',');) names.push_back(word);
    std::vector<Row> rows;
    while (std::getline(file, line)) {
        Row row;
        std::istringstream words(line);
        for (const std::string& name : names) {
            std::getline(words, word, ',');
            row[name] = std::stod(word);
        }
        rows.push_back(row);
    }
    return rows;
}

TEST(ScalingCommand, WritesTableAndPictureThatFitTogether) {
    for (const std::string engine : {"threads", "processes"}) {
        const ScratchDirectory folder;
        const Outcome outcome = run({"scaling", fast_model, "--jobs", "4,1,2,2", "--engine", engine,
                                     "--repeat", "3", "-o", folder / "out"});
        ASSERT_EQ(outcome.code, 0) << outcome.err;
        EXPECT_THAT(outcome.err, IsEmpty());
        EXPECT_THAT(outcome.out, AllOf(HasSubstr("100 points, engine " + engine + ", 3 runs each"),
                                       HasSubstr("2 workers are "), HasSubstr("4 workers are "),
                                       HasSubstr("a parallel efficiency of "),
                                       HasSubstr(": scaling.csv, scaling.png\n")));
        EXPECT_THAT(file_bytes(folder / "out/scaling.png"), StartsWith("\x89PNG"));

        const std::vector<Row> rows = read_table(folder / "out/scaling.csv");
        ASSERT_EQ(rows.size(), 3U);
        std::vector<double> workers;
        for (const Row& row : rows) {
            workers.push_back(row.at("workers"));
            std::vector<double> runs{row.at("run_1_s"), row.at("run_2_s"), row.at("run_3_s")};
            std::ranges::sort(runs);
            EXPECT_GT(runs[0], 0.0);
            EXPECT_EQ(row.at("fastest_s"), runs[0]);
            EXPECT_EQ(row.at("median_s"), runs[1]);
            EXPECT_EQ(row.at("slowest_s"), runs[2]);
            const double one = rows[0].at("median_s");
            EXPECT_DOUBLE_EQ(row.at("speed_up"), one / runs[1]);
            EXPECT_DOUBLE_EQ(row.at("speed_up_of_fastest"), one / runs[0]);
            EXPECT_DOUBLE_EQ(row.at("speed_up_of_slowest"), one / runs[2]);
            EXPECT_DOUBLE_EQ(row.at("efficiency"), one / runs[1] / row.at("workers"));
            EXPECT_DOUBLE_EQ(row.at("points_per_s"), 100.0 / runs[1]);
        }
        EXPECT_THAT(workers, ElementsAre(1.0, 2.0, 4.0));
        EXPECT_EQ(rows[0].at("speed_up"), 1.0);
    }
}

TEST(ScalingCommand, LiesOnTheIdealLineWhereItBegins) {
    const ScratchDirectory folder;
    ASSERT_EQ(run({"scaling", fast_model, "-j", "3", "--repeat", "2", "-o", folder.path()}).code,
              0);
    const std::vector<Row> rows = read_table(folder / "scaling.csv");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_DOUBLE_EQ(rows[0].at("speed_up"), 3.0);
    EXPECT_DOUBLE_EQ(rows[0].at("efficiency"), 1.0);
    // The median of two is their mean.
    EXPECT_DOUBLE_EQ(rows[0].at("median_s"), 0.5 * (rows[0].at("run_1_s") + rows[0].at("run_2_s")));
}

TEST(ScalingCommand, NeedsOnlyAModel) {
    const ScratchDirectory folder;
    fs::create_directory_symlink(TURNOVER_SOURCE_DIR "/examples", folder / "examples");
    const Outcome outcome = run({"scaling", fast_model, "--points", "2x2"}, folder.path());
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_TRUE(fs::exists(folder / "scaling/scaling.csv"));
    EXPECT_THAT(file_bytes(folder / "scaling/scaling.csv"), HasSubstr(",run_5_s\n1,"));
}

TEST(ScalingCommand, RefusesWhatMakesNoSense) {
    const ScratchDirectory folder;
    const std::vector<std::vector<std::string>> wrong{
        {"-j", "0"},          {"-j", "1,two"},      {"--engine", "serial", "-j", "1,2"},
        {"--repeat", "0"},    {"--engine", "none"}, {"--points", "2x"},
        {"--points", "2x2x2"}};
    for (const auto& options : wrong) {
        std::vector<std::string> arguments{"scaling", fast_model, "-o", folder / "out"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.code, 2) << testing::PrintToString(options);
        EXPECT_THAT(outcome.err, StartsWith("turnover: error: "));
        EXPECT_THAT(outcome.out, IsEmpty());
    }
    EXPECT_EQ(folder.entries(), 0U);
}

TEST(ScalingCommand, WritesNothingWhenInterrupted) {
    const ScratchDirectory folder;
    for (const std::string engine : {"threads", "processes"}) {
        const Running running = start({"scaling", slow_model, "--points", "0x90000", "--engine",
                                       engine, "-o", folder / "out"});
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        kill(running.process(), SIGINT);
        const Outcome outcome = running.wait();
        EXPECT_EQ(outcome.code, 3);
        EXPECT_THAT(outcome.err, HasSubstr("interrupted; nothing was written"));
        EXPECT_EQ(folder.entries(), 0U);
    }
}

}  // namespace
}  // namespace turnover::program_test
