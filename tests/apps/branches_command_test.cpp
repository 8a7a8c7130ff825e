// turnover map --branches, on a network whose states are known in closed form, and what it leaves.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <utility>

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

const std::string example = "examples/08_branches/model.yaml";

/// A table without quoted cells, header first.
std::vector<std::map<std::string, std::string>> table_of(const std::string& csv) {
    std::vector<std::map<std::string, std::string>> rows;
    std::vector<std::string> header;
    std::istringstream in(csv);
    for (std::string line; std::getline(in, line);) {
        std::vector<std::string> cells;
        std::istringstream text(line);
        for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
        if (header.empty()) {
            header = cells;
            continue;
        }
        auto& row = rows.emplace_back();
        for (std::size_t k = 0; k < cells.size(); ++k) row[header.at(k)] = cells[k];
    }
    return rows;
}

double number(const std::map<std::string, std::string>& row, const std::string& column) {
    return std::stod(row.at(column));
}

/// The formulas at the head of the example: steady states lie on the curve alpha(s), 0 < s < alpha.
struct ClosedForm {
    double alpha, beta;
    static constexpr double d = 10.0, k = 1e7;

    [[nodiscard]] double free_sites(double s) const {
        return 1.0 / (1.0 + s / d + 2.0 * beta * d / (k * s));
    }
    /// The steady states that are stable: of one all, of three the outer two.
    [[nodiscard]] std::size_t stable() const {
        std::size_t crossings = 0;
        constexpr int steps = 20000;
        double before = -1.0;
        for (int i = 0; i <= steps; ++i) {
            const double s = alpha * std::pow(10.0, -12.0 * (1.0 - double(i) / steps));
            const double distance = s + 2.0 * beta * free_sites(s) - alpha;
            crossings += (before < 0.0) != (distance < 0.0) ? 1U : 0U;
            before = distance;
        }
        return (crossings + 1) / 2;
    }
};

TEST(MapBranches, FindsTheStatesOfTheClosedForm) {
    const ScratchDirectory folder;
    const Outcome outcome = run({"map", example, "-o", folder.path(), "--branches"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto rows = table_of(file_bytes(folder / "branches.csv"));
    std::map<std::string, std::size_t> points;  // by number of states
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& row : rows) {
        ASSERT_EQ(row.at("status"), "converged");
        const ClosedForm model{1e4 * number(row, "pressure.CO_g"),
                               1e4 * number(row, "pressure.O2_g")};
        SCOPED_TRACE(testing::Message() << "alpha " << model.alpha << " beta " << model.beta);
        EXPECT_EQ(number(row, "states"), static_cast<double>(model.stable()));
        if (seen.emplace(row.at("pressure.CO_g"), row.at("pressure.O2_g")).second) {
            ++points[row.at("states")];
            EXPECT_EQ(row.at("state"), "1");
            EXPECT_THAT(row.at("from"), StartsWith("clean"));
        } else {
            EXPECT_EQ(row.at("state"), "2");
        }
        // Each state is on the curve.
        const double e = number(row, "coverage.*_s");
        const double s = number(row, "coverage.CO_s") * model.d / e;
        EXPECT_NEAR(model.free_sites(s) / e, 1.0, 1e-12);
        EXPECT_NEAR((s + 2.0 * model.beta * e) / model.alpha, 1.0, 1e-12);
        EXPECT_NEAR(number(row, "tof.CO2_g") / (2.0 * model.beta * e * e), 1.0, 1e-12);
        EXPECT_NEAR(number(row, "coverage.O_s") / (2.0 * model.beta * e * model.d / (model.k * s)),
                    1.0, 1e-12);
        EXPECT_LT(number(row, "slowest_eigenvalue"), 0.0);
    }
    EXPECT_EQ(points["1"] + points["2"], 441U);
    EXPECT_GT(points["2"], 20U);
    EXPECT_THAT(outcome.out, HasSubstr("states      1 at " + std::to_string(points["1"]) +
                                       " points, 2 at " + std::to_string(points["2"]) + " points"));
    EXPECT_THAT(outcome.out, HasSubstr("less than two grid steps wide"));  // the tip
    EXPECT_THAT(outcome.out, HasSubstr("started     clean, CO_s, O_s, 0.5 CO_s + 0.4 O_s"));
    EXPECT_THAT(outcome.out, HasSubstr("map.nc, map.csv, branches.csv, map.png, branches.png"));
    EXPECT_THAT(file_bytes(folder / "branches.png"), StartsWith("\x89PNG"));
}

TEST(MapBranches, LeavesTheMapAsItIs) {
    const ScratchDirectory folder;
    const std::string plain = folder / "plain", all = folder / "all";
    ASSERT_EQ(run({"map", example, "-o", plain, "--points", "7x7", "--no-plot"}).code, 0);
    ASSERT_EQ(run({"map", example, "-o", all, "--points", "7x7", "--no-plot", "--branches"}).code,
              0);
    EXPECT_EQ(file_bytes(all + "/map.csv"), file_bytes(plain + "/map.csv"));
    EXPECT_FALSE(fs::exists(plain + "/branches.csv"));
    // What an earlier run left must not stand beside another map.
    ASSERT_EQ(run({"map", example, "-o", all, "--points", "7x7", "--no-plot"}).code, 0);
    EXPECT_FALSE(fs::exists(all + "/branches.csv"));
}

TEST(MapBranches, GivesTheSameBytesWhoeverComputes) {
    const ScratchDirectory folder;
    const auto computed = [&](const std::string& name, std::vector<std::string> how) {
        std::vector<std::string> arguments{"map",      example, "-o",        folder / name,
                                           "--points", "7x7",   "--no-plot", "--branches"};
        arguments.insert(arguments.end(), how.begin(), how.end());
        EXPECT_EQ(run(arguments).code, 0);
        return file_bytes(folder / (name + "/branches.csv"));
    };
    const std::string serial = computed("serial", {"--engine", "serial"});
    EXPECT_FALSE(serial.empty());
    EXPECT_EQ(computed("threads", {"-j", "3"}), serial);

    EXPECT_EQ(computed("shards", {"--shard", "1/2"}), "");
    EXPECT_EQ(computed("shards", {"--shard", "2/2"}), "");
    const Outcome merged = run({"merge", folder / "shards", "-o", folder / "merged", "--no-plot"});
    ASSERT_EQ(merged.code, 0) << merged.err;
    EXPECT_EQ(file_bytes(folder / "merged/branches.csv"), serial);

    // A shard without branches is one of another map.
    ASSERT_EQ(
        run({"map", example, "-o", folder / "shards", "--points", "7x7", "--shard", "1/3"}).code,
        0);
    const Outcome mixed = run({"merge", folder / "shards", "-o", folder / "mixed"});
    EXPECT_EQ(mixed.code, 2);
    EXPECT_THAT(mixed.err, HasSubstr("--branches"));
}

TEST(MapBranches, OrderOfTheListedSurfacesChangesOnlyLabels) {
    const ScratchDirectory folder;
    const std::string text = file_bytes(TURNOVER_SOURCE_DIR "/" + example);
    const std::string listed = text.substr(0, text.find("    - {CO_s: 0.5"));
    write_bytes(folder / "a.yaml", listed + "    - {CO_s: 0.5}\n    - {O_s: 0.8}\n");
    write_bytes(folder / "b.yaml", listed + "    - {O_s: 0.8}\n    - {CO_s: 0.5}\n");
    std::vector<std::vector<std::map<std::string, std::string>>> tables;
    for (const char* const name : {"a", "b"}) {
        ASSERT_EQ(run({"map", folder / (std::string(name) + ".yaml"), "-o", folder / name,
                       "--points", "7x7", "--no-plot", "--branches"})
                      .code,
                  0);
        tables.push_back(table_of(file_bytes(folder / (std::string(name) + "/branches.csv"))));
        for (auto& row : tables.back()) row.erase("from");
    }
    EXPECT_EQ(tables[0], tables[1]);
}

TEST(MapBranches, SaysOneWhereThereIsOne) {
    const ScratchDirectory folder;
    write_bytes(folder / "model.yaml",
                file_bytes(TURNOVER_SOURCE_DIR "/examples/02_langmuir/model.yaml") +
                    "\nmap:\n  axes:\n    - {vary: pressure.CO_g, from: 0.1 bar, to: 10 bar, "
                    "points: 5}\n");
    const Outcome outcome =
        run({"map", folder / "model.yaml", "-o", folder / "out", "--branches", "--no-plot"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("states      1 at 5 points\n"));
    const auto rows = table_of(file_bytes(folder / "out/branches.csv"));
    ASSERT_EQ(rows.size(), 5U);
    for (const auto& row : rows) {
        EXPECT_EQ(row.at("states"), "1");
        EXPECT_EQ(row.at("from"), "clean; CO_s");
    }
}

/// Nitrogen can only leave, in pairs: from a surface that holds some it does so for ever, as 1/t.
const std::string never_done = R"(
name: Nitrogen that leaves in pairs
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar, N2_g: 0 bar}}
reactions:
  - {equation: CO_g + *_s -> CO_s, theory: arrhenius, forward: 1 1/(s bar), reverse: 3 1/s}
  - {equation: 2N_s => N2_g + 2*_s, theory: arrhenius, forward: 1 1/s}
map:
  axes:
    - {vary: pressure.CO_g, values: [1 bar, 2 bar]}
)";

TEST(MapBranches, GoesOnWhereASurfaceFails) {
    const ScratchDirectory folder;
    write_bytes(folder / "model.yaml", never_done);
    const Outcome outcome = run({"map", folder / "model.yaml", "-o", folder / "out", "--branches",
                                 "--no-plot", "--log-json", folder / "log"});
    EXPECT_EQ(outcome.code, 1) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("converged   4 of 6"));
    EXPECT_THAT(outcome.out, HasSubstr("failed      2 not-settled: "));
    EXPECT_THAT(outcome.out, HasSubstr("point 1 from N_s: pressure.CO_g = 2 bar"));
    EXPECT_THAT(outcome.out, HasSubstr("states      1 at 2 points\n"));
    EXPECT_THAT(file_bytes(folder / "log"), HasSubstr(R"("surface":"N_s")"));
    const auto rows = table_of(file_bytes(folder / "out/branches.csv"));
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0].at("from"), "clean; CO_s");
    EXPECT_EQ(rows[0].at("status"), "converged");
    EXPECT_NEAR(number(rows[0], "coverage.CO_s"), 0.25, 1e-15);
    EXPECT_EQ(rows[1].at("state"), "0");
    EXPECT_EQ(rows[1].at("from"), "N_s");
    EXPECT_EQ(rows[1].at("coverage.CO_s"), "nan");
    EXPECT_EQ(rows[1].at("status"), "not-settled");
    // The stated surface converged everywhere, so the map itself is whole.
    EXPECT_THAT(file_bytes(folder / "out/map.csv"), Not(HasSubstr("not-settled")));
}

TEST(PlotBranches, DrawsThemAgain) {
    const ScratchDirectory folder;
    ASSERT_EQ(
        run({"map", example, "-o", folder / "out", "--points", "7x7", "--branches", "-q"}).code, 0);
    const std::string drawn = file_bytes(folder / "out/branches.png");
    fs::remove(folder / "out/branches.png");
    const Outcome outcome = run({"plot", folder / "out/map.nc", "--branches"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("out/branches.png"));
    EXPECT_EQ(file_bytes(folder / "out/branches.png"), drawn);

    ASSERT_EQ(run({"map", example, "-o", folder / "plain", "--points", "3x3", "--no-plot"}).code,
              0);
    const Outcome refused = run({"plot", folder / "plain/map.nc", "--branches"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("turnover map --branches"));
}

TEST(CheckCommand, ListsWhereBranchesStart) {
    const Outcome outcome = run({"check", example});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Surfaces that --branches starts from: clean, CO_s, O_s, "
                                       "0.5 CO_s + 0.4 O_s\n"));
}

}  // namespace
}  // namespace turnover::program_test
