#include "turnover/plot/scaling_plot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch_directory.hpp"
#include "turnover/base/error.hpp"

namespace turnover {
namespace {

using support::file_bytes;
using testing::HasSubstr;
using testing::StartsWith;

const std::vector<ScalingRow> rows{{1, 12.0, 11.5, 13.0, 1.0, 12.0 / 13.0, 12.0 / 11.5},
                                   {2, 6.25, 6.0, 8.0, 1.92, 1.5, 2.0},
                                   {8, 2.0, 1.875, 2.5, 6.0, 4.8, 6.4}};

TEST(ScalingPlot, DrawsEachKindOfFile) {
    const support::ScratchDirectory folder;
    for (const auto& [name, head] : std::vector<std::pair<std::string, std::string>>{
             {"a.png", "\x89PNG"}, {"a.pdf", "%PDF"}, {"a.svg", "<?xml"}}) {
        plot_scaling("CO oxidation", rows, folder / name);
        EXPECT_THAT(file_bytes(folder / name), StartsWith(head));
    }
    EXPECT_EQ(folder.entries(), 3U);
    EXPECT_THROW(plot_scaling("CO oxidation", rows, folder / "a.jpg"), Error);
}

TEST(ScalingPlot, ShowsMedianSpreadAndIdeal) {
    const support::ScratchDirectory folder;
    plot_scaling("A_x 'quoted'", rows, folder / "a.png", true);
    const std::string script = file_bytes(folder / "a.gp");
    EXPECT_THAT(script, HasSubstr("A\\_x ''quoted''"));
    EXPECT_THAT(script, HasSubstr("\n2 6.25 6 8\n8 2 1.875 2.5\n"));
    EXPECT_THAT(script, HasSubstr("\n2 1.92 1.5 2\n8 6 4.8 6.4\n"));
    EXPECT_THAT(script, HasSubstr("plot sample [x=1:8.6] 12 / x with lines"));
    EXPECT_THAT(script, HasSubstr("plot sample [x=1:8.6] x with lines"));
    EXPECT_THAT(script, HasSubstr("set xrange [0:8.6]"));
    EXPECT_THAT(script, HasSubstr("yerrorbars"));
}

TEST(ScalingPlot, NumbersWholeWorkersAndCoversNoData) {
    const support::ScratchDirectory folder;
    plot_scaling("few", {rows[0], rows[1], {4, 4.0, 3.9, 4.1, 3.0, 2.9, 3.1}}, folder / "a.png",
                 true);
    const std::string script = file_bytes(folder / "a.gp");
    EXPECT_THAT(script, HasSubstr("set xrange [0:4.4]\nset xtics 1\n"));
    // One legend for both panels, above them.
    EXPECT_THAT(script, HasSubstr("set key at screen 0.5, screen 0.89"));
    EXPECT_THAT(script, HasSubstr("unset key\nset samples"));
}

TEST(ScalingPlot, DrawsASingleRowToo) {
    const support::ScratchDirectory folder;
    plot_scaling("alone", {rows.front()}, folder / "a.png");
    EXPECT_THAT(file_bytes(folder / "a.png"), StartsWith("\x89PNG"));
}

}  // namespace
}  // namespace turnover
