#include "turnover/base/units.hpp"

#include <gtest/gtest.h>

#include "turnover/base/error.hpp"

namespace turnover {
namespace {

const Constants& constants = codata_2018();

double si(std::string_view text) { return parse_quantity(text, constants).si(); }

TEST(Units, PressuresAreExact) {
    EXPECT_EQ(si("1 atm"), 101325.0);
    EXPECT_EQ(si("0.1 bar"), 1e4);
    EXPECT_EQ(si("5mbar"), 500.0);
    EXPECT_EQ(si("2 kPa"), 2000.0);
    EXPECT_DOUBLE_EQ(si("760 torr"), 101325.0);
}

TEST(Units, ProductsQuotientsAndPowers) {
    const Unit per_pressure = parse_unit("1/(s atm)", constants);
    EXPECT_EQ(per_pressure.dimension, dimension::rate_constant(1));
    EXPECT_DOUBLE_EQ(per_pressure.factor, 1.0 / 101325.0);
    for (const char* same : {"1/s/atm", "s^-1 atm^-1", "1 / (s*atm)", "atm^-1 s^-1"}) {
        EXPECT_EQ(parse_unit(same, constants).dimension, per_pressure.dimension) << same;
        EXPECT_DOUBLE_EQ(parse_unit(same, constants).factor, per_pressure.factor) << same;
    }
    EXPECT_DOUBLE_EQ(si("9 angstrom^2"), 9e-20);
    EXPECT_DOUBLE_EQ(si("0.09 nm^2"), 9e-20);
}

TEST(Units, EnergiesInEveryDress) {
    const auto energy = [](std::string_view text) {
        return to_energy(parse_quantity(text, constants), constants);
    };
    EXPECT_DOUBLE_EQ(energy("1 eV"), 1.602176634e-19);
    EXPECT_DOUBLE_EQ(energy("300 meV"), 0.3 * 1.602176634e-19);
    // 1 eV is 96.485 332 12... kJ/mol, 8065.543 937 cm^-1 and 11604.518 12 K (CODATA 2018).
    EXPECT_NEAR(energy("96.48533212 kJ/mol") / energy("1 eV"), 1.0, 1e-9);
    EXPECT_NEAR(energy("8065.543937 cm^-1") / energy("1 eV"), 1.0, 1e-9);
    EXPECT_NEAR(energy("11604.51812 K") / energy("1 eV"), 1.0, 1e-9);
    EXPECT_NEAR(energy("241.7989242 THz") / energy("1 eV"), 1.0, 1e-9);
    EXPECT_NEAR(energy("23.06054783 kcal/mol") / energy("1 eV"), 1.0, 1e-9);
}

TEST(Units, ElectronvoltFollowsTheConstants) {
    Constants old = codata_2018();
    old.electronvolt = 1.6e-19;
    EXPECT_EQ(parse_quantity("2 eV", old).si(), 3.2e-19);
}

TEST(Units, RefusesWhatItCannotRead) {
    for (const char* bad : {"", "bar", "0.1 baar", "1e999 bar", "nan bar", "inf K", "1 bar)",
                            "1 (s atm", "1 s^", "1 s^99", "0.1.2 bar", "1 kmin", "--1 K"}) {
        EXPECT_THROW((void)si(bad), Error) << "'" << bad << "'";
    }
}

TEST(Units, AdvisesOnCommonSlips) {
    const auto advice = [](const char* text) {
        try {
            (void)si(text);
        } catch (const Error& error) {
            return error.advice();
        }
        return std::string("none");
    };
    EXPECT_EQ(advice("0,5 bar"), "Write a point: 0.5 bar.");
    EXPECT_EQ(advice("400 C"), "Temperatures are in kelvin: write 673.15 K.");
    EXPECT_EQ(advice("-10.5 °C"), "Temperatures are in kelvin: write 262.65 K.");
    const std::string power = "Write mol^-1 for one over it, or divide, as in kJ/mol.";
    EXPECT_EQ(advice("95 kJ mol-1"), power);
    EXPECT_EQ(advice("95 kJ mol⁻¹"), power);
}

TEST(Units, AForgottenMoleIsNoticed) {
    const auto energy = [](std::string_view text) {
        return to_energy(parse_quantity(text, constants), constants);
    };
    EXPECT_NO_THROW((void)energy("-1e6 eV"));  // a total energy of many electrons
    EXPECT_THROW((void)energy("-38.9 kJ"), Error);
    const auto entropy = [](std::string_view text) {
        return to_entropy(parse_quantity(text, constants), constants);
    };
    EXPECT_DOUBLE_EQ(entropy("197.7 J/(mol K)"), 197.7 / 6.02214076e23);
    EXPECT_DOUBLE_EQ(entropy("1 meV/K"), 1.602176634e-22);
    EXPECT_THROW((void)entropy("197.7 J/K"), Error);
    EXPECT_THROW((void)entropy("1 eV"), Error);
}

TEST(Units, NamesBothDimensionsOnAMismatch) {
    try {
        (void)to_si(parse_quantity("5 eV", constants), dimension::pressure);
        FAIL() << "an energy passed for a pressure";
    } catch (const Error& error) {
        EXPECT_EQ(error.message(), "expected a pressure, found 'eV' (an energy)");
        EXPECT_FALSE(error.advice().empty());
    }
}

TEST(Units, DescribesUncommonDimensionsByBaseUnits) {
    EXPECT_EQ(describe(Dimension{.mass = 1, .length = -3}), "kg m^-3");
    EXPECT_EQ(describe(dimension::none), "a plain number");
}

}  // namespace
}  // namespace turnover
