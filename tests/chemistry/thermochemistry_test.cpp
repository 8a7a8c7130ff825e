#include "turnover/chemistry/thermochemistry.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "turnover/base/error.hpp"
#include "turnover/chemistry/formula.hpp"

namespace turnover {
namespace {

const Constants& codata = codata_2018();

double mass_of(std::string_view formula) {
    return molecular_mass(parse_formula(formula, codata), codata);
}

/// Entropy in J/(mol K) by a central difference of the Gibbs correction.
double entropy(const Thermochemistry& gas, std::string_view formula, double temperature) {
    const double step = 1e-3 * temperature;
    const auto gibbs = [&](double t) {
        return gibbs_correction(gas, mass_of(formula), t, 1e5, codata);
    };
    return -(gibbs(temperature + step) - gibbs(temperature - step)) / (2.0 * step) *
           codata.avogadro;
}

// NIST Chemistry WebBook (Chase 1998): Shomate coefficients and standard entropies at 298.15 K.
const ShomateCorrection shomate_co{
    {{298.0,
      1300.0,
      {25.56759, 6.096130, 4.054656, -2.671301, 0.131021, -118.0089, 227.3665, -110.5271}}}};
const ShomateCorrection shomate_co2{
    {{298.0,
      1200.0,
      {24.99735, 55.18696, -33.69137, 7.948387, -0.136638, -403.6075, 228.2431, -393.5224}}}};

TEST(Thermochemistry, ShomateGivesTheTabulatedEntropy) {
    EXPECT_NEAR(entropy(shomate_co, "CO", 300.0), 197.66 + 29.1 * std::log(300.0 / 298.15), 0.05);
    EXPECT_NEAR(entropy(shomate_co2, "CO2", 300.0), 213.79 + 37.1 * std::log(300.0 / 298.15), 0.05);
}

TEST(Thermochemistry, ShomateAtTheReferenceTemperatureIsMinusTS) {
    // H(298.15) - H(298.15) = 0, so the correction is -T S.
    const double correction = gibbs_correction(shomate_co, mass_of("CO"), 298.15, 1e5, codata);
    EXPECT_NEAR(correction * codata.avogadro / 298.15, -197.66, 0.02);
}

TEST(Thermochemistry, ShomateMovesWithTheStandardPressure) {
    const double bar = gibbs_correction(shomate_co, mass_of("CO"), 500.0, 1e5, codata);
    const double atm = gibbs_correction(shomate_co, mass_of("CO"), 500.0, 101325.0, codata);
    EXPECT_NEAR((atm - bar) / (codata.boltzmann * 500.0), std::log(1.01325), 1e-12);
}

TEST(Thermochemistry, ShomateOutsideItsRangeIsAnError) {
    EXPECT_THROW((void)gibbs_correction(shomate_co, mass_of("CO"), 1400.0, 1e5, codata), Error);
}

TEST(Thermochemistry, PartitionFunctionsAgreeWithTabulatedEntropies) {
    // Rotational and vibrational temperatures: McQuarrie, Statistical Mechanics (1976), table 6-1.
    const double k = codata.boltzmann;
    const IdealGasCorrection co{1.0, {2.77}, {3103.0 * k}, true, 1.0};
    EXPECT_NEAR(entropy(co, "CO", 298.15), 197.66, 0.15);
    const IdealGasCorrection o2{2.0, {2.07}, {2256.0 * k}, true, 3.0};
    EXPECT_NEAR(entropy(o2, "O2", 298.15), 205.15, 0.15);
    const IdealGasCorrection argon{};
    EXPECT_NEAR(entropy(argon, "Ar", 298.15), 154.85, 0.05);
    // Water, nonlinear: table 8-1.
    const IdealGasCorrection water{
        2.0, {40.1, 20.9, 13.4}, {5360.0 * k, 5160.0 * k, 2290.0 * k}, true, 1.0};
    EXPECT_NEAR(entropy(water, "H2O", 298.15), 188.84, 0.3);
}

TEST(Thermochemistry, ZeroPointEnergyIsCountedWhenAsked) {
    const double quantum = 3000.0 * codata.boltzmann;
    const HarmonicCorrection with{{quantum, quantum}, true};
    const HarmonicCorrection without{{quantum, quantum}, false};
    const double difference = gibbs_correction(with, 0.0, 500.0, 1e5, codata) -
                              gibbs_correction(without, 0.0, 500.0, 1e5, codata);
    EXPECT_DOUBLE_EQ(difference, quantum);  // two modes, half a quantum each
}

TEST(Thermochemistry, ADegenerateModeCountsEachTime) {
    const double quantum = 960.0 * codata.boltzmann;
    const double once =
        gibbs_correction(HarmonicCorrection{{quantum}, true}, 0.0, 500.0, 1e5, codata);
    const double twice =
        gibbs_correction(HarmonicCorrection{{quantum, quantum}, true}, 0.0, 500.0, 1e5, codata);
    EXPECT_DOUBLE_EQ(twice, 2.0 * once);
}

TEST(Thermochemistry, FixedCorrection) {
    EXPECT_DOUBLE_EQ(gibbs_correction(FixedCorrection{5.0, 0.25}, 0.0, 400.0, 1e5, codata), -95.0);
    EXPECT_EQ(gibbs_correction(FixedCorrection{}, 0.0, 400.0, 1e5, codata), 0.0);
}

TEST(Thermochemistry, TwoRotationalTemperaturesAreRefused) {
    const IdealGasCorrection odd{1.0, {2.0, 3.0}, {}, true, 1.0};
    EXPECT_THROW((void)gibbs_correction(odd, mass_of("CO"), 400.0, 1e5, codata), Error);
}

}  // namespace
}  // namespace turnover
