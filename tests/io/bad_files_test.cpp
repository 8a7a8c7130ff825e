// Every file in tests/data/bad is a model with one thing wrong. Its first line says what the
// message must be: "# expect: LINE: fragment", without LINE where there is none to tell. A new bad
// file is one file.

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/sentence.hpp"
#include "turnover/base/error.hpp"
#include "turnover/io/model_file.hpp"

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path folder = fs::path(TURNOVER_SOURCE_DIR) / "tests" / "data" / "bad";

std::vector<std::string> bad_files() {
    std::vector<std::string> stems;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".yaml") stems.push_back(entry.path().stem().string());
    }
    std::ranges::sort(stems);
    return stems;
}

struct Expectation {
    int line = 0;
    std::string fragment;
};

Expectation expectation_of(const fs::path& path) {
    const std::string prefix = "# expect: ";
    std::ifstream file(path);
    std::string first;
    std::getline(file, first);
    Expectation expected;
    if (!first.starts_with(prefix)) return expected;
    expected.fragment = first.substr(prefix.size());
    const std::size_t colon = expected.fragment.find(": ");
    const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    if (colon != std::string::npos && colon > 0 &&
        std::all_of(expected.fragment.begin(),
                    expected.fragment.begin() + static_cast<std::ptrdiff_t>(colon), is_digit)) {
        expected.line = std::stoi(expected.fragment.substr(0, colon));
        expected.fragment.erase(0, colon + 2);
    }
    return expected;
}

class BadFile : public testing::TestWithParam<std::string> {};

TEST_P(BadFile, is_refused_with_place_and_advice) {
    const fs::path path = folder / (GetParam() + ".yaml");
    const Expectation expected = expectation_of(path);
    ASSERT_FALSE(expected.fragment.empty()) << "the first line must be '# expect: LINE: fragment'";
    try {
        (void)turnover::read_model(path.string());
        FAIL() << "the file was read without complaint";
    } catch (const turnover::Error& error) {
        EXPECT_THAT(error.what(), HasSubstr(expected.fragment));
        EXPECT_EQ(error.place().file, path.string()) << error.what();
        EXPECT_EQ(error.place().line, expected.line) << error.what();
        EXPECT_TRUE(turnover::support::is_sentence(error.advice())) << error.what();
    }
}

INSTANTIATE_TEST_SUITE_P(Model, BadFile, testing::ValuesIn(bad_files()),
                         [](const auto& param) { return param.param; });

TEST(BadFiles, are_many) { EXPECT_GE(bad_files().size(), 100u); }

}  // namespace
