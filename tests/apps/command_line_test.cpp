// The program's manners: help, version, usage errors, and that its examples work as written.
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/run_program.hpp"

namespace turnover::program_test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::vector<std::string> commands{"map", "solve", "check", "plot"};

/// The words of a command line, single quotes taken off.
std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    for (const char c : line + " ") {
        if (c == '\'') {
            quoted = !quoted;
        } else if (c == ' ' && !quoted) {
            if (!word.empty()) words.push_back(word);
            word.clear();
        } else {
            word += c;
        }
    }
    return words;
}

/// The lines below "Examples:" that call the program, without its name.
std::vector<std::vector<std::string>> examples_in(const std::string& help) {
    std::vector<std::vector<std::string>> examples;
    std::istringstream lines(help.substr(help.find("Examples:")));
    for (std::string line; std::getline(lines, line);) {
        std::vector<std::string> words = words_of(line);
        if (words.empty() || words[0] != "turnover" || line[0] != ' ') continue;
        words.erase(words.begin());
        examples.push_back(words);
    }
    return examples;
}

TEST(CommandLine, TellsItsVersion) {
    const Outcome outcome = run({"--version"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, StartsWith("turnover "));
    EXPECT_THAT(outcome.err, IsEmpty());
}

TEST(CommandLine, HelpsWithEachCommand) {
    const Outcome whole = run({"--help"});
    EXPECT_EQ(whole.code, 0);
    for (const std::string& command : commands) {
        EXPECT_THAT(whole.out, HasSubstr("  " + command + " "));
        const Outcome outcome = run({command, "--help"});
        EXPECT_EQ(outcome.code, 0);
        EXPECT_THAT(outcome.out, HasSubstr("Examples:\n"));
    }
}

TEST(CommandLine, ExamplesOfTheHelpWorkAsWritten) {
    // In a directory of their own, where examples/ is at hand and results may be left.
    const support::ScratchDirectory folder;
    fs::create_directory_symlink(TURNOVER_SOURCE_DIR "/examples", folder / "examples");
    std::size_t count = 0;
    for (const std::string& command : {std::string(), std::string("check"), std::string("solve"),
                                       std::string("map"), std::string("plot")}) {
        const auto help = command.empty() ? run({"--help"}) : run({command, "--help"});
        for (const auto& arguments : examples_in(help.out)) {
            const Outcome outcome = run(arguments, folder.path());
            EXPECT_EQ(outcome.code, 0) << testing::PrintToString(arguments) << outcome.err;
            ++count;
        }
    }
    EXPECT_GE(count, 10U);
    EXPECT_TRUE(fs::exists(folder / "out/co_oxidation/map.pdf"));
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"mapp", "x.yaml"},
        {"map"},
        {"map", example("02_langmuir/model.yaml")},  // no -o
        {"map", example("02_langmuir/model.yaml"), "-o", "x", "-j", "two"},
        {"solve", example("02_langmuir/model.yaml"), "--jsn"},
        {"check"},
        {"check", "a.yaml", "b.yaml"},
    };
    for (const auto& arguments : wrong) {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.code, 2) << testing::PrintToString(arguments);
        EXPECT_THAT(outcome.err, StartsWith("turnover: error: "));
        EXPECT_THAT(outcome.err, HasSubstr("--help` shows how it is called"));
        EXPECT_THAT(outcome.out, IsEmpty());
    }
}

TEST(CommandLine, WritesNothingButAsciiIntoPipes) {
    for (const char* const command : {"check", "solve"}) {
        const Outcome outcome = run({command, "examples/01_co_oxidation/model.yaml"});
        for (const char c : outcome.out) ASSERT_GT(c, 0);
    }
}

}  // namespace
}  // namespace turnover::program_test
