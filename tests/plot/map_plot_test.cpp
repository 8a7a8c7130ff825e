#include "turnover/plot/map_plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch_directory.hpp"
#include "turnover/base/error.hpp"
#include "turnover/plot/gnuplot.hpp"

namespace turnover {
namespace {

namespace fs = std::filesystem;
using support::file_bytes;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class MapPlot : public testing::Test {
protected:
    std::string file(const std::string& name) const { return folder_ / name; }
    std::vector<std::string> left() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder_.path())) {
            names.push_back(entry.path().filename().string());
        }
        std::ranges::sort(names);
        return names;
    }

    support::ScratchDirectory folder_;
};

/// n x n points, one axis logarithmic; a coverage that is tiny everywhere and one that is not.
MapData map_of(std::size_t n) {
    MapData map;
    map.title = "A_x on Pt(111), 'quoted'";
    map.axes = {{"pressure.CO_g", "bar", true, {}}, {"temperature", "K", false, {}}};
    map.variables = {{"coverage.CO_s", "1", {}},
                     {"coverage.*_s", "1", {}},
                     {"tof.CO_g", "1/s", {}},
                     {"tof.CO2_g", "1/s", {}}};
    for (std::size_t i = 0; i < n; ++i) {
        const double t = static_cast<double>(i) / static_cast<double>(n - 1);
        map.axes[0].values.push_back(std::pow(10.0, -4.0 + 5.0 * t));
        map.axes[1].values.push_back(400.0 + 300.0 * t);
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
            const double x = static_cast<double>(i), y = static_cast<double>(j);
            map.variables[0].values.push_back(1.0 / (1.0 + std::exp(y - x)));
            map.variables[1].values.push_back(1e-9 * (1.0 + y));
            map.variables[2].values.push_back(-std::pow(10.0, y - x));
            map.variables[3].values.push_back(std::pow(10.0, y - x));
        }
    }
    return map;
}

TEST_F(MapPlot, DrawsEachKindOfFile) {
    const MapData map = map_of(6);
    plot_map(map, file("a.png"));
    plot_map(map, file("a.pdf"));
    plot_map(map, file("a.svg"));
    EXPECT_THAT(file_bytes(file("a.png")), StartsWith("\x89PNG"));
    EXPECT_THAT(file_bytes(file("a.pdf")), StartsWith("%PDF"));
    EXPECT_THAT(file_bytes(file("a.svg")), HasSubstr("</svg>"));
    EXPECT_EQ(left(), (std::vector<std::string>{"a.pdf", "a.png", "a.svg"}));
}

TEST_F(MapPlot, LabelsWhatIsDrawn) {
    plot_map(map_of(6), file("a.png"), {.gas = {}, .at = {}, .keep_script = true});
    EXPECT_EQ(left(), (std::vector<std::string>{"a.gp", "a.png"}));
    const std::string script = file_bytes(file("a.gp"));
    EXPECT_THAT(script, HasSubstr("set output 'a.png'"));
    EXPECT_THAT(script, HasSubstr("{/:Italic p}(CO) / bar"));
    EXPECT_THAT(script, HasSubstr("{/:Italic T} / K"));
    EXPECT_THAT(script, HasSubstr("log_{10}(TOF(CO_{2}) / s^{−1})"));
    EXPECT_THAT(script, HasSubstr("'θ(CO)'"));
    EXPECT_THAT(script, HasSubstr("'log_{10} θ(*)'"));
    EXPECT_THAT(script, HasSubstr("A\\_x on Pt(111), ''quoted''"));
    EXPECT_THAT(script, HasSubstr("\nset logscale x\n"));
    EXPECT_THAT(script, Not(HasSubstr("\nset logscale y\n")));
}

/// map_of(n) with a second state in one corner, and a point in it where nothing converged.
MapData branches_of(std::size_t n) {
    MapData map = map_of(n);
    map.branches.emplace();
    map.branches->most = 2;
    for (const MapVariable& v : map.variables) {
        MapVariable& states = map.branches->variables.emplace_back(v);
        states.values.clear();
        for (std::size_t k = 0; k < v.values.size(); ++k) {
            const bool second = k / n > n / 2 && k % n > n / 2;
            states.values.push_back(v.values[k]);
            states.values.push_back(second ? 1e-3 * v.values[k]
                                           : std::numeric_limits<double>::quiet_NaN());
        }
    }
    const std::vector<double>& tof = map.branches->variables.back().values;
    for (std::size_t k = 0; k < n * n; ++k) {
        map.branches->count.push_back(std::isnan(tof[2 * k + 1]) ? 1.0 : 2.0);
    }
    map.branches->count[3] = 0.0;
    return map;
}

TEST_F(MapPlot, DrawsHowManyStatesThereAre) {
    plot_branches(branches_of(8), file("a.png"), {.gas = {}, .at = {}, .keep_script = true});
    EXPECT_THAT(file_bytes(file("a.png")), StartsWith("\x89PNG"));
    const std::string script = file_bytes(file("a.gp"));
    EXPECT_THAT(script, HasSubstr("'number of stable states'"));
    EXPECT_THAT(script, HasSubstr("'state 1: log_{10}(TOF(CO_{2}) / s^{−1})'"));
    EXPECT_THAT(script, HasSubstr("'state 2: log_{10}(TOF(CO_{2}) / s^{−1})'"));
    EXPECT_THAT(script, Not(HasSubstr("state 3")));
    EXPECT_THAT(script, HasSubstr("lw 2 lc rgb '#000000'"));  // the border of the bistable corner
    EXPECT_THAT(script, HasSubstr("pt 2"));                   // the point without a state
    plot_branches(branches_of(8), file("b.svg"), {.gas = "CO_g", .at = {}});
    EXPECT_THAT(file_bytes(file("b.svg")), HasSubstr("</svg>"));
}

TEST_F(MapPlot, DrawsStatesOverOneAxisAsCurves) {
    MapData map = branches_of(8);
    map.axes[0].values.resize(1);
    for (MapVariable& v : map.variables) v.values.resize(8);
    for (MapVariable& v : map.branches->variables) v.values.resize(16);
    map.branches->count.resize(8);
    plot_branches(map, file("a.png"), {.gas = {}, .at = {}, .keep_script = true});
    const std::string script = file_bytes(file("a.gp"));
    EXPECT_THAT(script, HasSubstr("title 'state 2'"));
    EXPECT_THAT(script, HasSubstr("'number of stable states'"));
    for (MapVariable& v : map.branches->variables) v.values.assign(16, 0.0);
    plot_branches(map, file("b.png"));
}

TEST_F(MapPlot, RefusesStatesThatNobodyLookedFor) {
    try {
        plot_branches(map_of(3), file("a.png"));
        ADD_FAILURE() << "drawn without states";
    } catch (const Error& error) {
        EXPECT_THAT(error.advice(), HasSubstr("turnover map --branches"));
    }
    EXPECT_THAT(left(), IsEmpty());
}

TEST_F(MapPlot, TellsTheSignOfTheTurnoverFrequency) {
    MapData map = map_of(6);
    plot_map(map, file("a.png"), {.gas = "CO_g", .at = {}, .keep_script = true});
    EXPECT_THAT(file_bytes(file("a.gp")), HasSubstr("log_{10}(−TOF(CO) / s^{−1})"));
    map.variables[2].values[0] = 1.0;
    plot_map(map, file("a.png"), {.gas = "CO_g", .at = {}, .keep_script = true});
    EXPECT_THAT(file_bytes(file("a.gp")), HasSubstr("log_{10}(|TOF(CO)| / s^{−1}),  − : consumed"));
}

TEST_F(MapPlot, LeavesFailedPointsBlankAndCrossesThem) {
    MapData map = map_of(6);
    plot_map(map, file("whole.png"), {.gas = {}, .at = {}, .keep_script = true});
    EXPECT_THAT(file_bytes(file("whole.gp")), Not(HasSubstr("pt 2")));
    for (MapVariable& v : map.variables) {
        v.values[14] = std::numeric_limits<double>::quiet_NaN();
    }
    plot_map(map, file("a.png"), {.gas = {}, .at = {}, .keep_script = true});
    EXPECT_THAT(file_bytes(file("a.gp")), HasSubstr("with points pt 2"));
}

TEST_F(MapPlot, DrawsMapsThatHaveNothingToShow) {
    MapData map = map_of(4);
    for (MapVariable& v : map.variables) v.values.assign(16, 0.0);
    plot_map(map, file("a.png"), {.gas = {}, .at = {}, .keep_script = true});
    EXPECT_THAT(file_bytes(file("a.gp")), HasSubstr("is zero everywhere"));
    for (MapVariable& v : map.variables) {
        v.values.assign(16, std::numeric_limits<double>::quiet_NaN());
    }
    plot_map(map, file("b.png"), {.gas = {}, .at = {}, .keep_script = true});
    EXPECT_THAT(file_bytes(file("b.gp")), HasSubstr("no point converged"));
}

TEST_F(MapPlot, DrawsCurvesOverOneAxis) {
    MapData map = map_of(4);
    map.axes.resize(1);
    for (MapVariable& v : map.variables) v.values.resize(4);
    plot_map(map, file("a.png"), {.gas = {}, .at = {}, .keep_script = true});
    const std::string script = file_bytes(file("a.gp"));
    EXPECT_THAT(script, HasSubstr("TOF(CO_{2}) / s^{−1}"));
    EXPECT_THAT(script, HasSubstr("title 'θ(CO)'"));
    EXPECT_THAT(script, HasSubstr("with linespoints"));
    // Nothing to show is no reason to fail.
    for (MapVariable& v : map.variables) v.values.assign(4, 0.0);
    plot_map(map, file("b.png"));
    for (MapVariable& v : map.variables) {
        v.values.assign(4, std::numeric_limits<double>::quiet_NaN());
    }
    plot_map(map, file("c.png"));
}

TEST_F(MapPlot, DrawsAFineMapWithFewerLines) {
    plot_map(map_of(400), file("a.svg"));
    EXPECT_LT(fs::file_size(file("a.svg")), 20'000'000U);
}

TEST_F(MapPlot, ReplacesAPictureWholeOrNotAtAll) {
    std::ofstream(file("a.png")) << "old";
    EXPECT_THROW(draw_with_gnuplot("this is no command", {}, file("a.png"), false), Error);
    EXPECT_EQ(file_bytes(file("a.png")), "old");
    EXPECT_EQ(left(), (std::vector<std::string>{"a.png"}));
    plot_map(map_of(3), file("a.png"));
    EXPECT_THAT(file_bytes(file("a.png")), StartsWith("\x89PNG"));
}

TEST_F(MapPlot, SaysWhatGnuplotComplainedAbout) {
    try {
        draw_with_gnuplot("plot no_such_variable", {}, file("a.png"), false);
        FAIL() << "gnuplot accepted an undefined variable";
    } catch (const Error& error) {
        EXPECT_THAT(error.message(), HasSubstr("no_such_variable"));
    }
    EXPECT_THAT(left(), IsEmpty());
}

TEST_F(MapPlot, SaysWhichPackageBringsGnuplot) {
    const std::string path = std::getenv("PATH");
    ::setenv("PATH", folder_.path().c_str(), 1);
    try {
        plot_map(map_of(3), file("a.png"));
        ADD_FAILURE() << "a picture was drawn without gnuplot";
    } catch (const Error& error) {
        EXPECT_THAT(error.message(), HasSubstr("gnuplot is not installed"));
        EXPECT_THAT(error.advice(), HasSubstr("apt install gnuplot"));
    }
    ::setenv("PATH", path.c_str(), 1);
    EXPECT_THAT(left(), IsEmpty());
}

TEST_F(MapPlot, RefusesOtherEndingsAndFoldersThatAreNotThere) {
    EXPECT_THROW(plot_map(map_of(3), file("a.jpg")), Error);
    EXPECT_THROW(plot_map(map_of(3), file("a")), Error);
    EXPECT_THROW(plot_map(map_of(3), file("no/such/a.png")), Error);
    fs::create_directory(file("b.png"));
    EXPECT_THROW(plot_map(map_of(3), file("b.png")), Error);
    EXPECT_EQ(left(), (std::vector<std::string>{"b.png"}));
}

}  // namespace
}  // namespace turnover
