#include "turnover/kinetics/rate_constants.hpp"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "turnover/base/error.hpp"
#include "turnover/chemistry/thermodynamics.hpp"

namespace turnover {
namespace {

constexpr double temperature = 600.0;

class RateConstantsOf : public ::testing::Test {
protected:
    RateConstantsOf() {
        Site site;
        site.name = "s";
        site.area = 1e-19;
        site.reactive_fraction = 0.5;
        add_site(mechanism, site);
        mechanism.conditions.temperature = temperature;
    }

    std::size_t add(const char* equation, EnergySource source, double barrier, double energy) {
        const std::size_t j = add_step(mechanism, parse_equation(equation));
        mechanism.steps[j].energy_source = source;
        mechanism.conditions.barriers[j] = barrier * eV;
        mechanism.conditions.reaction_energies[j] = energy * eV;
        return j;
    }

    RateConstants constants() const { return rate_constants(mechanism, mechanism.conditions); }

    Mechanism mechanism;
    double eV = mechanism.constants.electronvolt;
    double kT = mechanism.constants.boltzmann * temperature;
    double attempt = kT / mechanism.constants.planck;
};

TEST_F(RateConstantsOf, EyringOnTheSurface) {
    add("CO_s -> OC_s", EnergySource::relative, 0.8, -0.3);
    const RateConstants k = constants();
    EXPECT_NEAR(k.forward[0] / (attempt * std::exp(-0.8 * eV / kT)), 1.0, 1e-14);
    EXPECT_NEAR(k.reverse[0] / (attempt * std::exp(-1.1 * eV / kT)), 1.0, 1e-14);
}

TEST_F(RateConstantsOf, TransmissionCoefficientScalesBothDirections) {
    add("CO_s -> OC_s", EnergySource::relative, 0.8, -0.3);
    const RateConstants one = constants();
    mechanism.steps[0].theory = TransitionStateTheory{0.25};
    const RateConstants quarter = constants();
    EXPECT_DOUBLE_EQ(quarter.forward[0], 0.25 * one.forward[0]);
    EXPECT_DOUBLE_EQ(quarter.reverse[0], 0.25 * one.reverse[0]);
}

TEST_F(RateConstantsOf, HertzKnudsen) {
    const std::size_t j = add("CO_g + *_s -> CO_s", EnergySource::relative, 0.1, -1.0);
    mechanism.steps[j].theory = CollisionTheory{};
    const double mass = (12.011 + 15.999) * 1.66053906660e-27;
    const double flux = 1e-19 / std::sqrt(2.0 * std::numbers::pi * mass * kT);
    EXPECT_NEAR(constants().forward[j] / (0.5 * flux * std::exp(-0.1 * eV / kT)), 1.0, 1e-14);
    mechanism.steps[j].theory = CollisionTheory{.sticking = 0.1, .area = 2e-19};
    EXPECT_NEAR(constants().forward[j] / (0.1 * 2.0 * flux * std::exp(-0.1 * eV / kT)), 1.0, 1e-14);
}

TEST_F(RateConstantsOf, NoCollisionIsFasterThanTheFluxNorDesorptionThanDownhill) {
    const std::size_t j = add("CO_g + *_s -> CO_s", EnergySource::relative, 0.0, -0.5);
    mechanism.steps[j].theory = CollisionTheory{};
    const double flux = constants().forward[j];
    mechanism.conditions.barriers[j] = -1.0 * eV;  // a precursor's energy, no faster for that
    EXPECT_EQ(constants().forward[j], flux);
    mechanism.conditions.reaction_energies[j] = 0.7 * eV;  // uphill: at least 0.7 eV to climb
    EXPECT_NEAR(constants().forward[j] / (flux * std::exp(-0.7 * eV / kT)), 1.0, 1e-14);
    EXPECT_NEAR(constants().reverse[j] / (flux * mechanism.standard_pressure), 1.0, 1e-14);
}

TEST_F(RateConstantsOf, DetailedBalanceHoldsInEveryTheory) {
    mechanism.standard_pressure = 101325.0;
    const std::size_t j = add("CO_g + *_s -> CO_s", EnergySource::relative, 0.2, -1.2);
    const std::size_t gas = *mechanism.find_species("CO_g");
    mechanism.thermochemistry[gas] = FixedCorrection{0.05 * eV, 2e-3 * eV};
    const auto corrections = gibbs_corrections(mechanism, temperature);
    const double gibbs = reaction_gibbs_energy(mechanism, mechanism.conditions, corrections, j);
    EXPECT_NEAR(gibbs / eV, -1.2 - 0.05 + 1.2, 1e-12);
    const double expected = std::exp(-gibbs / kT) / 101325.0;  // K in 1/Pa
    const ArrheniusTheory arrhenius{{3e-4, 1.5, 0.2 * eV}, {}, {}};
    for (const RateTheory& theory : {RateTheory{TransitionStateTheory{}},
                                     RateTheory{CollisionTheory{}}, RateTheory{arrhenius}}) {
        mechanism.steps[j].theory = theory;
        const RateConstants k = constants();
        EXPECT_NEAR(k.forward[j] / k.reverse[j] / expected, 1.0, 1e-12) << theory.index();
    }
}

TEST_F(RateConstantsOf, AClosedCycleReturnsToOne) {
    // Two ways from the gas to OC*, with thermochemistry on every species; all three theories.
    add("CO_g + *_s -> CO_s", EnergySource::species, NAN, NAN);
    add("CO_s <-> C-O_s -> OC_s", EnergySource::species, NAN, NAN);
    add("CO_g + *_s -> OC_s", EnergySource::species, NAN, NAN);
    mechanism.steps[0].theory = CollisionTheory{};
    mechanism.steps[2].theory = ArrheniusTheory{{1e3, 0.0, 0.3 * eV}, {}, {}};
    const auto set = [&](const char* name, double energy, Thermochemistry thermochemistry) {
        const std::size_t i = *mechanism.find_species(name);
        mechanism.conditions.energies[i] = energy * eV;
        mechanism.thermochemistry[i] = std::move(thermochemistry);
    };
    set("CO_g", -0.3, IdealGasCorrection{1.0, {2.78}, {0.27 * eV}, true, 1.0});
    set("CO_s", -1.7, HarmonicCorrection{{0.25 * eV, 0.05 * eV, 0.02 * eV}, true});
    set("OC_s", -1.1, HarmonicCorrection{{0.22 * eV, 0.04 * eV}, true});
    mechanism.conditions.transition_state_energies[0] = 0.4 * eV;
    EXPECT_NO_THROW(check_step(mechanism, 0));
    for (const double t : {300.0, 555.5, 1200.0}) {
        Conditions conditions = mechanism.conditions;
        conditions.temperature = t;
        const RateConstants k = rate_constants(mechanism, conditions);
        const double cycle = (k.forward[0] / k.reverse[0]) * (k.forward[1] / k.reverse[1]) /
                             (k.forward[2] / k.reverse[2]);
        EXPECT_NEAR(cycle, 1.0, 1e-12) << t;
    }
}

TEST_F(RateConstantsOf, ABarrierBelowTheReactionEnergyRaisesBothDirections) {
    const std::size_t j = add("CO_s -> OC_s", EnergySource::relative, 0.2, 0.7);
    const RateConstants k = constants();
    EXPECT_DOUBLE_EQ(k.reverse[j], attempt);  // no barrier back, and no faster than kT/h
    EXPECT_NEAR(k.forward[j] / k.reverse[j] / std::exp(-0.7 * eV / kT), 1.0, 1e-14);
}

TEST_F(RateConstantsOf, FreeEnergiesAreTakenAsTheyAre) {
    const std::size_t j = add("CO_g + *_s -> CO_s", EnergySource::relative_free, 0.6, -0.1);
    mechanism.thermochemistry[*mechanism.find_species("CO_g")] = FixedCorrection{eV, eV};
    const RateConstants k = constants();
    EXPECT_NEAR(k.forward[j] / (attempt * std::exp(-0.6 * eV / kT) / 1e5), 1.0, 1e-14);
    EXPECT_NEAR(k.reverse[j] / (attempt * std::exp(-0.7 * eV / kT)), 1.0, 1e-14);
}

TEST_F(RateConstantsOf, ArrheniusAsGiven) {
    const std::size_t j = add("CO_g + *_s -> CO_s", EnergySource::none, NAN, NAN);
    ArrheniusTheory theory{{2.0, 0.5, 0.3 * eV}, ArrheniusExpression{1e13, 0.0, eV}, {}};
    mechanism.steps[j].theory = theory;
    EXPECT_DOUBLE_EQ(constants().forward[j], 2.0 * std::sqrt(600.0) * std::exp(-0.3 * eV / kT));
    EXPECT_DOUBLE_EQ(constants().reverse[j], 1e13 * std::exp(-eV / kT));
    theory.reverse.reset();
    theory.equilibrium_constant = 4.0;
    mechanism.steps[j].theory = theory;
    EXPECT_DOUBLE_EQ(constants().reverse[j], constants().forward[j] / 4.0);
    mechanism.steps[j].reversible = false;
    EXPECT_EQ(constants().reverse[j], 0.0);
}

TEST_F(RateConstantsOf, RateConstantsFollowTheTemperature) {
    add("CO_s -> OC_s", EnergySource::relative, 0.8, -0.3);
    Conditions hot = mechanism.conditions;
    hot.temperature = 700.0;
    EXPECT_GT(rate_constants(mechanism, hot).forward[0], constants().forward[0]);
}

TEST_F(RateConstantsOf, AnInfiniteRateConstantIsAnError) {
    add("CO_g + *_s -> CO_s", EnergySource::none, NAN, NAN);
    mechanism.steps[0].theory =
        ArrheniusTheory{{1e300, 50.0, 0.0}, ArrheniusExpression{1.0, 0.0, 0.0}, {}};
    EXPECT_THROW((void)constants(), Error);
}

}  // namespace
}  // namespace turnover
