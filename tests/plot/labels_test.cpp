#include "turnover/plot/labels.hpp"

#include <gtest/gtest.h>

#include "turnover/plot/gnuplot.hpp"

namespace turnover {
namespace {

TEST(Labels, LowerTheCountsOfAFormula) {
    EXPECT_EQ(formula_label("CO2"), "CO_{2}");
    EXPECT_EQ(formula_label("C12H22O11"), "C_{12}H_{22}O_{11}");
    EXPECT_EQ(formula_label("Fe(CO)5"), "Fe(CO)_{5}");
    EXPECT_EQ(formula_label("O-CO"), "O-CO");
    EXPECT_EQ(formula_label("*"), "*");
    EXPECT_EQ(formula_label(""), "");
}

TEST(Labels, LeaveTheSitePartOut) {
    EXPECT_EQ(species_label("CO2_g"), "CO_{2}");
    EXPECT_EQ(species_label("HCOO_2s"), "HCOO");
    EXPECT_EQ(species_label("*_s"), "*");
}

TEST(Labels, KeepWholeNamesWhereTheShortOnesWouldClash) {
    EXPECT_EQ(species_labels({"CO_s", "CO_t", "O_s"}),
              (std::vector<std::string>{"CO\\_s", "CO\\_t", "O"}));
}

TEST(Labels, NameAxesByQuantityAndUnit) {
    EXPECT_EQ(axis_label({"pressure.O2_g", "atm", false, {}}), "{/:Italic p}(O_{2}) / atm");
    EXPECT_EQ(axis_label({"temperature", "K", false, {}}), "{/:Italic T} / K");
    EXPECT_EQ(axis_label({"energy.CO_s", "eV", false, {}}), "{/:Italic E}(CO\\_s) / eV");
    EXPECT_EQ(axis_label({"barrier.CO_g + *_s <-> CO_s", "eV", false, {}}),
              "{/:Italic E}_{a}(CO\\_g + *\\_s ↔ CO\\_s) / eV");
    EXPECT_EQ(axis_label({"reaction-energy.r1", "kJ/mol", false, {}}),
              "Δ{/:Italic E}(r1) / kJ/mol");
    EXPECT_EQ(axis_label({"site-total.s", "1", false, {}}), "sites s");
    EXPECT_EQ(axis_label({"something.new", "", false, {}}), "something.new");
}

TEST(Labels, RaiseTheExponentsOfUnits) {
    EXPECT_EQ(unit_label("1/s"), "s^{−1}");
    EXPECT_EQ(unit_label("cm^-1"), "cm^{−1}");
    EXPECT_EQ(unit_label("1"), "");
}

TEST(GnuplotText, TakesEveryMarkLiterally) {
    EXPECT_EQ(gnuplot_plain("A_x^2 {b} @c &d ~e \\f"), "A\\_x\\^2 \\{b\\} \\@c \\&d \\~e \\\\f");
}

TEST(GnuplotText, QuotesSoThatNothingEscapes) {
    EXPECT_EQ(gnuplot_string("it's"), "'it''s'");
    EXPECT_EQ(gnuplot_string("a\nset output 'b'"), "'a set output ''b'''");
}

}  // namespace
}  // namespace turnover
