// turnover solve, check and plot.
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/run_program.hpp"

namespace turnover::program_test {
namespace {

namespace fs = std::filesystem;
using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(SolveCommand, GivesLangmuirsCoverage) {
    // Equal rate constants at 1 bar: theta = p / (1 bar + p).
    for (const auto& [pressure, coverage] :
         std::vector<std::pair<std::string, double>>{{"1 bar", 0.5}, {"3bar", 0.75}}) {
        const Outcome outcome = run({"solve", "examples/02_langmuir/model.yaml", "--json", "--set",
                                     "pressure.CO_g=" + pressure});
        ASSERT_EQ(outcome.code, 0) << outcome.err;
        const auto json = nlohmann::json::parse(outcome.out);
        EXPECT_NEAR(json["coverages"]["CO_s"].get<double>(), coverage, 1e-15);
        EXPECT_NEAR(json["coverages"]["*_s"].get<double>(), 1.0 - coverage, 1e-15);
        EXPECT_EQ(json["turnover_frequencies_per_s"]["CO_g"].get<double>(), 0.0);
    }
}

TEST(SolveCommand, TellsEverythingOfAPointAsJson) {
    const Outcome outcome = run({"solve", fast_model, "--json"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto json = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(json["status"], "converged");
    EXPECT_EQ(json["conditions"]["temperature_K"].get<double>(), 500.0);
    EXPECT_DOUBLE_EQ(json["conditions"]["pressures_Pa"]["O2_g"].get<double>(), 0.2 * 101325.0);
    const std::string adsorption = "CO_g + *_s -> CO_s";
    EXPECT_EQ(json["rate_constants"][adsorption]["forward_unit"], "1/(s Pa)");
    EXPECT_EQ(json["rate_constants"][adsorption]["reverse_unit"], "1/s");
    const auto& rates = json["rates_per_s"];
    ASSERT_EQ(rates.size(), 3U);
    for (const auto& [name, rate] : rates.items()) {
        EXPECT_NEAR(rate["reversibility"].get<double>(),
                    rate["reverse"].get<double>() / rate["forward"].get<double>(), 1e-12)
            << name;
    }
    const auto& tof = json["turnover_frequencies_per_s"];
    EXPECT_DOUBLE_EQ(tof["CO2_g"].get<double>(), -tof["CO_g"].get<double>());
    EXPECT_DOUBLE_EQ(tof["CO2_g"].get<double>(), -2.0 * tof["O2_g"].get<double>());
    const auto& proof = json["certificate"];
    EXPECT_LT(proof["relative_residual"].get<double>(), 1e-20);
    EXPECT_LT(proof["coverage_error"].get<double>(), 1e-12);
    EXPECT_LT(proof["slowest_eigenvalue_per_s"].get<double>(), 0.0);
    EXPECT_GE(proof["digits"].get<int>(), 16);
}

TEST(SolveCommand, AlignsItsTables) {
    const Outcome outcome = run({"solve", fast_model});
    ASSERT_EQ(outcome.code, 0);
    // In a block of lines all "e+00"-like numbers of the last column end at one place.
    std::istringstream lines(outcome.out);
    std::size_t width = 0, rows = 0;
    bool in_rates = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("reversibility") != std::string::npos) {
            in_rates = true;
            width = line.size();
        } else if (line.empty()) {
            in_rates = false;
        } else if (in_rates) {
            EXPECT_EQ(line.size(), width) << line;
            ++rows;
        }
    }
    EXPECT_EQ(rows, 3U);
    for (const char* const word : {"Rate constants", "Coverages", "Turnover frequencies",
                                   "Certificate", "slowest eigenvalue", "1/(s Pa)"}) {
        EXPECT_THAT(outcome.out, HasSubstr(word));
    }
}

TEST(SolveCommand, RefusesConditionsWithoutRateConstants) {
    const Outcome outcome =
        run({"solve", "examples/04_species_energies/model.yaml", "--set", "temperature=20000 K"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, StartsWith("turnover: error: "));
}

TEST(CheckCommand, TellsWhatTheFileSays) {
    const Outcome outcome = run({"check", "examples/05_two_sites/model.yaml"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    for (const char* const text : {"terrace", "CO2-b", "1 s, 1 t", "CO2-b + CO_s + O_s + *_s = 0.1",
                                   "site-total.s", "44 points in all"}) {
        EXPECT_THAT(outcome.out, HasSubstr(text));
    }
}

TEST(CheckCommand, TellsWhatDrivesEachStepAndHowFastItIs) {
    // k forward 1e4 1/(s bar), reverse 10 1/s: K = 1000 at 1 bar, dG = -kT ln 1000 = -0.298 eV.
    const std::string table = run({"check", "examples/08_branches/model.yaml"}).out;
    EXPECT_THAT(table,
                testing::ContainsRegex("CO_g \\+ \\*_s -> CO_s +-0.298 +1.00e\\+03 +1.000e-01 +"
                                       "1/\\(s Pa\\) +1.000e\\+01 +1/s\n"));
    EXPECT_THAT(table,
                testing::ContainsRegex("CO_s \\+ O_s => CO2_g \\+ 2\\*_s +- +- +1.000e\\+07 +"
                                       "1/s +- +-\n"));
    const std::string two = run({"check", "examples/05_two_sites/model.yaml"}).out;
    EXPECT_THAT(two, HasSubstr("CO hop: CO_t + *_s <-> CO-hop -> CO_s + *_t"));
}

TEST(CheckCommand, WarnsOfWhatIsUnusualAndAcceptsIt) {
    const ScratchDirectory folder;
    write_bytes(folder / "model.yaml", R"(
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar}}
reactions:
  - {equation: CO_g + *_s -> CO_s, barrier: 0 eV, reaction-energy: -7 eV}
map: {axes: [{vary: temperature, from: 500 K, to: 5000 K, points: 3}]}
)");
    const Outcome outcome = run({"check", folder / "model.yaml"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.err, IsEmpty());
    EXPECT_THAT(outcome.out, HasSubstr("\n  Warnings\n  - 'CO_g + *_s -> CO_s' releases 7 eV"));
    EXPECT_THAT(outcome.out, HasSubstr("\n  - The temperature is 5000 K."));
    EXPECT_EQ(outcome.out.find("releases"), outcome.out.rfind("releases"));  // once
}

TEST(CheckCommand, AcceptsEveryExample) {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(TURNOVER_SOURCE_DIR "/examples")) {
        if (entry.path().extension() != ".yaml") continue;
        const Outcome outcome = run({"check", entry.path().string()});
        EXPECT_EQ(outcome.code, 0) << entry.path();
        EXPECT_THAT(outcome.out, testing::Not(HasSubstr("Warnings"))) << entry.path();
        ++count;
    }
    EXPECT_GE(count, 7U);
}

TEST(CheckCommand, RefusesEveryBadFileWithPlaceAndAdvice) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(TURNOVER_SOURCE_DIR "/tests/data/bad")) {
        if (!entry.is_regular_file()) continue;
        const std::string path = entry.path().string();
        const Outcome outcome = run({"check", path});
        EXPECT_EQ(outcome.code, 2) << path;
        EXPECT_THAT(outcome.err, StartsWith("turnover: error: " + path)) << path;
        EXPECT_THAT(outcome.err, HasSubstr("\n  ")) << path << " gets no advice";
        EXPECT_THAT(outcome.out, IsEmpty()) << path;
        ++count;
    }
    EXPECT_GE(count, 40U);
}

class PlotCommand : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(run({"map", fast_model, "-o", folder_ / "out", "--no-plot", "-q"}).code, 0);
    }
    support::ScratchDirectory folder_;
};

TEST_F(PlotCommand, DrawsWhatWasWrittenBefore) {
    const Outcome outcome = run({"plot", folder_ / "out/map.nc"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, folder_ / "out/map.png" + "\n");
    EXPECT_THAT(file_bytes(folder_ / "out/map.png"), StartsWith("\x89PNG"));
    const Outcome pdf = run({"plot", folder_ / "out/map.nc", "-o", folder_ / "co.pdf", "--gas",
                             "CO_g", "--keep-script"});
    EXPECT_EQ(pdf.code, 0) << pdf.err;
    EXPECT_THAT(file_bytes(folder_ / "co.pdf"), StartsWith("%PDF"));
    EXPECT_THAT(file_bytes(folder_ / "co.gp"), HasSubstr("log_{10}(−TOF(CO) / s^{−1})"));
}

TEST_F(PlotCommand, DrawsTheSamePictureAsMap) {
    ASSERT_EQ(run({"map", fast_model, "-o", folder_ / "drawn", "-q"}).code, 0);
    ASSERT_EQ(run({"plot", folder_ / "out/map.nc"}).code, 0);
    EXPECT_EQ(file_bytes(folder_ / "drawn/map.png"), file_bytes(folder_ / "out/map.png"));
}

TEST_F(PlotCommand, RefusesWhatIsNoMap) {
    write_bytes(folder_ / "text.nc", "This is no map.\n");
    write_bytes(folder_ / "empty.nc", "");
    const std::string whole = file_bytes(folder_ / "out/map.nc");
    write_bytes(folder_ / "cut.nc", whole.substr(0, whole.size() / 2));
    const std::string map = folder_ / "out/map.nc";
    const std::vector<std::vector<std::string>> wrong{
        {"plot", folder_ / "text.nc"},
        {"plot", folder_ / "empty.nc"},
        {"plot", folder_ / "cut.nc"},
        {"plot", folder_ / "missing.nc"},
        {"plot", folder_.path()},
        {"plot", map, "--gas", "H2_g"},
        {"plot", map, "-o", folder_ / "a.jpg"},
        {"plot", map, "-o", folder_ / "no/such/a.png"},
    };
    const std::size_t before = folder_.entries();
    for (const auto& arguments : wrong) {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.code, 2) << testing::PrintToString(arguments) << outcome.err;
        EXPECT_THAT(outcome.err, StartsWith("turnover: error: "));
    }
    EXPECT_EQ(folder_.entries(), before);
}

}  // namespace
}  // namespace turnover::program_test
