// Where users read whether a network has one steady state only.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/run_program.hpp"

namespace turnover::program_test {
namespace {

using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;
using testing::HasSubstr;
using testing::Not;

/// Langmuir-Hinshelwood of two molecules.
const std::string water_gas_shift = R"(
name: Water-gas shift
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar, H2O_g: 1 bar, CO2_g: 0 bar, H2_g: 0 bar}}
reactions:
  - {equation: CO_g + *_s -> CO_s, theory: arrhenius, forward: 1e5 1/(s bar), reverse: 1e3 1/s}
  - {equation: H2O_g + *_s -> H2O_s, theory: arrhenius, forward: 1e4 1/(s bar), reverse: 1e5 1/s}
  - {equation: CO_s + H2O_s => CO2_g + H2_g + 2*_s, theory: arrhenius, forward: 1e2 1/s}
map:
  axes:
    - {vary: pressure.CO_g, from: 0.1 bar, to: 1 bar, points: 3}
)";

TEST(UniquenessWords, OfANetworkWithOne) {
    const ScratchDirectory folder;
    write_bytes(folder / "model.yaml", water_gas_shift);
    const std::string words = "one steady state only, and every transient runs into it: ";
    const Outcome checked = run({"check", folder / "model.yaml"});
    EXPECT_EQ(checked.code, 0) << checked.err;
    EXPECT_THAT(checked.out, HasSubstr("Steady states\n  " + words));
    const Outcome mapped = run({"map", folder / "model.yaml", "-o", folder / "out", "--no-plot"});
    EXPECT_EQ(mapped.code, 0) << mapped.err;
    EXPECT_THAT(mapped.out, HasSubstr("unique      " + words));
    EXPECT_THAT(file_bytes(folder / "out/map.nc"), HasSubstr(words));
}

TEST(UniquenessWords, OfANetworkThatMayHaveSeveral) {
    const ScratchDirectory folder;
    const std::string model = "examples/01_co_oxidation/model.yaml";
    EXPECT_THAT(run({"check", model}).out,
                HasSubstr("  One or several: that this surface ends in the same state"));
    const Outcome mapped = run({"map", model, "-o", folder / "out", "--no-plot"});
    EXPECT_THAT(mapped.out, Not(HasSubstr("unique")));
    EXPECT_THAT(file_bytes(folder / "out/map.nc"), HasSubstr("not shown to be only one: "));
}

}  // namespace
}  // namespace turnover::program_test
