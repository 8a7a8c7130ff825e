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

const std::vector<std::string> commands{"map", "merge", "solve", "check", "plot", "scaling"};

/// The lines that call the program: indented ones in a help text, whole ones in a document.
std::vector<std::string> calls_in(const std::string& text, const std::string& indent) {
    std::vector<std::string> calls;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(indent + "turnover ")) calls.push_back(line.substr(indent.size()));
    }
    return calls;
}

/// Runs every line in a directory of their own, where examples/ is at hand and results may be left.
void expect_to_work(const std::vector<std::string>& calls) {
    const support::ScratchDirectory folder;
    fs::create_directory_symlink(TURNOVER_SOURCE_DIR "/examples", folder / "examples");
    for (const std::string& line : calls) {
        const Outcome outcome = run_shell(line, folder.path());
        EXPECT_EQ(outcome.code, 0) << line << "\n" << outcome.err;
    }
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
    std::vector<std::string> calls = calls_in(run({"--help"}).out, "  ");
    for (const std::string& command : commands) {
        const auto more = calls_in(run({command, "--help"}).out, "  ");
        EXPECT_FALSE(more.empty()) << command;
        calls.insert(calls.end(), more.begin(), more.end());
    }
    expect_to_work(calls);
}

TEST(CommandLine, ExamplesOfTheDocumentsWorkAsWritten) {
    for (const char* const document : {"README.md", "docs/cli.md"}) {
        const auto calls =
            calls_in(support::file_bytes(std::string(TURNOVER_SOURCE_DIR "/") + document), "");
        EXPECT_GE(calls.size(), 4U) << document;
        expect_to_work(calls);
    }
}

TEST(CommandLine, ShellBlocksOfTheJournalWorkAsWritten) {
    const std::string text = support::file_bytes(TURNOVER_SOURCE_DIR "/docs/journal.md");
    const std::string fence = "```sh\n";
    const support::ScratchDirectory folder;
    fs::create_directory_symlink(TURNOVER_SOURCE_DIR "/examples", folder / "examples");
    std::size_t blocks = 0;
    std::string out;
    for (std::size_t at = text.find(fence); at != std::string::npos;
         at = text.find(fence, at), ++blocks) {
        at += fence.size();
        const std::string block = text.substr(at, text.find("```", at) - at);
        const Outcome outcome = run_shell(block, folder.path());
        EXPECT_EQ(outcome.code, 0) << block << outcome.err;
        out += outcome.out;
    }
    EXPECT_EQ(blocks, 2U);
    EXPECT_THAT(out, HasSubstr("\nthe same\n"));  // killed and resumed, byte for byte
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
    const std::vector<std::vector<std::string>> wrong{
        {},
        {"mapp", "x.yaml"},
        {"map"},
        {"map", "examples/02_langmuir/model.yaml"},  // no -o
        {"map", "examples/02_langmuir/model.yaml", "-o", "x", "-j", "two"},
        {"solve", "examples/02_langmuir/model.yaml", "--jsn"},
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

TEST(CommandLine, SuggestsTheOptionThatWasMeant) {
    const std::vector<std::pair<std::vector<std::string>, std::string>> slips{
        {{"map", "m.yaml", "--pionts", "2x2"},
         "has no option --pionts\n  Did you mean '--points'?"},
        {{"map", "m.yaml", "--outptu=x"}, "has no option --outptu\n  Did you mean '--output'?"},
        {{"map", "m.yaml", "-o", "x", "--engine", "thread"}, "Did you mean 'threads'?"},
        {{"scaling", "m.yaml", "--engine", "proceses"}, "Did you mean 'processes'?"},
        {{"map", "m.yaml", "-o", "x", "-j", "-3"}, "Give 1 or more, or 0 for as many as"},
        {{"scaling", "m.yaml", "--jobs", "0"}, "Value 0 not in range 1 to 1000000"},
        {{"plto", "map.nc"}, "Did you mean 'plot'?"},
    };
    for (const auto& [arguments, advice] : slips) {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.code, 2);
        EXPECT_THAT(outcome.err, HasSubstr(advice)) << testing::PrintToString(arguments);
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
