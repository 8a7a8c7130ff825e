// Networks whose steady states stand in closed form.
#include <cmath>

#include <gtest/gtest.h>

#include "networks.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

/// Solves `surface`, expects convergence, and gives numbers by name.
struct Solved {
    explicit Solved(const Surface& surface)
        : network(network_of(surface)), state(solve_reference(network, point_of(network))) {
        EXPECT_EQ(state.status, Status::converged) << state.detail;
        EXPECT_LE(state.coverage_error, 1e-15);
        EXPECT_LE(state.rate_error, 1e-15);
    }
    [[nodiscard]] double operator[](const std::string& unknown) const {
        return coverage(network, state.coverages, unknown);
    }
    [[nodiscard]] double frequency(const std::string& gas) const {
        return state.turnover_frequencies[position(network.gas_names(), gas)];
    }
    [[nodiscard]] double net(const std::string& step) const {
        return state.net_rates[position(network.step_names(), step)];
    }
    Network network;
    SteadyState state;
};

TEST(HandChecked, LangmuirIsotherm) {
    const Solved solved({.reactions = {{"A_g + *_s <-> A_s", 3.0, 4.0, "adsorption"}},
                         .pressures = {{"A_g", 4.0}}});
    EXPECT_DOUBLE_EQ(solved["A_s"], 0.75);  // K p = 3
    EXPECT_DOUBLE_EQ(solved["*_s"], 0.25);
    EXPECT_EQ(solved.net("adsorption"), 0.0);
    EXPECT_EQ(solved.frequency("A_g"), 0.0);
    EXPECT_DOUBLE_EQ(solved.state.slowest_eigenvalue, -16.0);  // -(k p + k')
}

TEST(HandChecked, LangmuirIsothermOfTwoGasesOneDissociating) {
    // theta_A = K_A p_A t, theta_B = sqrt(K_B p_B) t, t = 1 / (1 + 6 + 3).
    const Solved solved(
        {.reactions = {{"A_g + *_s <-> A_s", 3e8, 1e8}, {"B2_g + 2*_s <-> 2B_s", 9e-3, 2e-3}},
         .pressures = {{"A_g", 2.0}, {"B2_g", 2.0}}});
    EXPECT_DOUBLE_EQ(solved["*_s"], 0.1);
    EXPECT_DOUBLE_EQ(solved["A_s"], 0.6);
    EXPECT_DOUBLE_EQ(solved["B_s"], 0.3);
}

TEST(HandChecked, SiteTotalOtherThanOne) {
    const Solved solved({.reactions = {{"A2_g + 2*_s <-> 2A_s", 1.0, 1.0}},
                         .pressures = {{"A2_g", 16.0}},
                         .totals = {{"s", 0.05}}});
    EXPECT_DOUBLE_EQ(solved["A_s"], 0.04);
    EXPECT_DOUBLE_EQ(solved["*_s"], 0.01);
    EXPECT_DOUBLE_EQ(solved.state.forward_rates[0], 16.0 * 0.01 * 0.01);
}

TEST(HandChecked, BidentateTakesTwoSites) {
    // theta = K p t^2 and t + 2 theta = 1: with K p = 3, t = (-1 + sqrt(1 + 24)) / 12 = 1/3.
    const Solved solved(
        {.reactions = {{"A_g + 2*_s <-> A_2s", 3.0, 1.0}}, .pressures = {{"A_g", 1.0}}});
    EXPECT_DOUBLE_EQ(solved["*_s"], 1.0 / 3.0);
    EXPECT_DOUBLE_EQ(solved["A_2s"], 1.0 / 3.0);
}

TEST(HandChecked, TwoSiteTypesWithSpillover) {
    // Both in equilibrium with the gas through s: theta_s = 1/2, and on t with K = 4: 4/5 of 0.5.
    const Solved solved(
        {.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0}, {"A_s + *_t <-> A_t + *_s", 4.0, 1.0}},
         .pressures = {{"A_g", 1.0}},
         .totals = {{"s", 2.0}, {"t", 0.5}}});
    EXPECT_DOUBLE_EQ(solved["A_s"], 1.0);
    EXPECT_DOUBLE_EQ(solved["*_s"], 1.0);
    EXPECT_DOUBLE_EQ(solved["A_t"], 0.4);
    EXPECT_DOUBLE_EQ(solved["*_t"], 0.1);
}

TEST(HandChecked, AdsorbateAcrossTwoSiteTypes) {
    // X over one s and one t: theta_X = K p (1 - theta_X)(1 - theta_X), K p = 2: theta_X = 1/2.
    const Solved solved({.reactions = {{"A_g + *_s + *_t <-> X_s", 2.0, 1.0}},
                         .pressures = {{"A_g", 1.0}},
                         .totals = {{"s", 1.0}, {"t", 1.0}},
                         .declared = {{"X_s", SpeciesKind::adsorbate, {}, {{"s", 1}, {"t", 1}}}}});
    EXPECT_DOUBLE_EQ(solved["X_s"], 0.5);
    EXPECT_DOUBLE_EQ(solved["*_s"], 0.5);
    EXPECT_DOUBLE_EQ(solved["*_t"], 0.5);
}

TEST(HandChecked, IrreversibleAdsorptionAndReactionTurnsOver) {
    // A + * -> A*, A* -> B + *: TOF = k1 k2 / (k1 + k2).
    const Solved solved({.reactions = {{"A_g + *_s => A_s", 3.0}, {"A_s => B_g + *_s", 6.0}},
                         .pressures = {{"A_g", 1.0}}});
    EXPECT_DOUBLE_EQ(solved["A_s"], 1.0 / 3.0);
    EXPECT_DOUBLE_EQ(solved.frequency("B_g"), 2.0);
    EXPECT_DOUBLE_EQ(solved.frequency("A_g"), -2.0);
}

TEST(HandChecked, GasCoefficientCountsInItsTurnoverFrequency) {
    // B2 dissociates: 2 r1 = r2; TOF(B2) = -r2 / 2.
    const Solved solved({.reactions = {{"B2_g + 2*_s => 2B_s", 1.0}, {"B_s => B_g + *_s", 1.0}},
                         .pressures = {{"B2_g", 1.0}}});
    // 2 t^2 = theta, theta = 1 - t: t = 1/2.
    EXPECT_DOUBLE_EQ(solved["B_s"], 0.5);
    EXPECT_DOUBLE_EQ(solved.frequency("B_g"), 0.5);
    EXPECT_DOUBLE_EQ(solved.frequency("B2_g"), -0.25);
}

Surface catalysed_by_itself(double birth, std::map<std::string, double> initial) {
    // A* comes and goes with the gas fast; A* + B* -> 2 B* and B* -> *.
    return {.reactions = {{"A_g + *_s <-> A_s", 1e6, 1e6},
                          {"A_s + B_s => 2B_s", birth},
                          {"B_s => C_g + *_s", 1.0}},
            .pressures = {{"A_g", 1.0}},
            .initial = std::move(initial)};
}

TEST(HandChecked, AutocatalyticStepHasTheNetCoefficientOne) {
    // birth theta_A = 1 at a steady state with B; A and * differ by rate/1e6 only.
    const Solved solved(catalysed_by_itself(4.0, {{"B_s", 0.1}}));
    EXPECT_DOUBLE_EQ(solved["A_s"], 0.25);
    // k (t - theta_A) = birth theta_A theta_B = theta_B, with t + theta_A + theta_B = 1.
    const double b = 0.5 / (1.0 + 1e-6);
    EXPECT_NEAR(solved["B_s"], b, 1e-15);
    EXPECT_NEAR(solved.frequency("C_g"), b, 1e-15);
}

TEST(HandChecked, AutocatalystThatWasNeverThereStaysAway) {
    const Solved solved(catalysed_by_itself(4.0, {}));
    EXPECT_EQ(solved["B_s"], 0.0);
    EXPECT_DOUBLE_EQ(solved["A_s"], 0.5);
    EXPECT_EQ(solved.frequency("C_g"), 0.0);
}

TEST(HandChecked, TraceOfAutocatalystGrows) {
    for (const double trace : {1e-6, 1e-18, 1e-35}) {
        const Solved solved(catalysed_by_itself(4.0, {{"B_s", trace}}));
        EXPECT_DOUBLE_EQ(solved["A_s"], 0.25) << trace;
    }
}

TEST(HandChecked, AutocatalystThatDiesOutIsExactlyGone) {
    const Solved solved(catalysed_by_itself(1.5, {{"B_s", 0.4}}));  // 1.5 * 0.5 < 1
    EXPECT_EQ(solved["B_s"], 0.0);
    EXPECT_DOUBLE_EQ(solved["A_s"], 0.5);
    EXPECT_NEAR(solved.state.slowest_eigenvalue, -0.25, 1e-12);
}

TEST(HandChecked, NothingHappensOnASurfaceWithoutGas) {
    const Solved solved(
        {.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0}}, .pressures = {{"A_g", 0.0}}});
    EXPECT_EQ(solved["A_s"], 0.0);
    EXPECT_EQ(solved["*_s"], 1.0);
}

TEST(HandChecked, WithoutGasWhatWasThereLeaves) {
    const Solved solved({.reactions = {{"A_g + *_s <-> A_s", 1.0, 2.0}},
                         .pressures = {{"A_g", 0.0}},
                         .initial = {{"A_s", 0.5}}});
    EXPECT_EQ(solved["A_s"], 0.0);
    EXPECT_EQ(solved["*_s"], 1.0);
    EXPECT_DOUBLE_EQ(solved.state.slowest_eigenvalue, -2.0);
}

TEST(HandChecked, IrreversiblePoisonTakesEverySite) {
    const Solved solved({.reactions = {{"A_g + *_s => A_s", 2.0}, {"B_g + *_s <-> B_s", 1.0, 3.0}},
                         .pressures = {{"A_g", 1.0}, {"B_g", 1.0}}});
    EXPECT_DOUBLE_EQ(solved["A_s"], 1.0);
    EXPECT_EQ(solved["*_s"], 0.0);
    EXPECT_EQ(solved["B_s"], 0.0);
    EXPECT_EQ(solved.frequency("A_g"), 0.0);
}

TEST(HandChecked, PoisoningByPairsNeverEnds) {
    // d t/dt = -2 k t^2: t falls as 1/time and reaches no state.
    const Network network =
        network_of({.reactions = {{"A2_g + 2*_s => 2A_s", 1.0}}, .pressures = {{"A2_g", 1.0}}});
    EXPECT_EQ(solve_reference(network, point_of(network)).status, Status::not_settled);
    ReferenceOptions options;
    options.longest_time = 1e100;
    const SteadyState state = solve_reference(network, point_of(network), options);
    EXPECT_EQ(state.status, Status::not_settled);
    EXPECT_NE(state.detail.find("*_s still falls"), std::string::npos) << state.detail;
    EXPECT_NEAR(2.0 * state.coverages.back() * state.integration_time, 1.0, 1e-2);
}

TEST(HandChecked, EndOfAContinuumIsNoSteadyStateToReport) {
    // A* leaves by itself and with B*: what is left of B* is a matter of history, not of balances.
    const Network network =
        network_of({.reactions = {{"A_s + B_s => C_g + 2*_s", 1.0}, {"A_s => D_g + *_s", 1.0}},
                    .initial = {{"A_s", 0.5}, {"B_s", 0.3}}});
    const SteadyState state = solve_reference(network, point_of(network));
    EXPECT_EQ(state.status, Status::newton_failed) << state.detail;
}

TEST(HandChecked, TwoAdsorbatesThatCannotLeaveKeepTheirSum) {
    // A* <-> B* with K = 3, the sum fixed by the initial surface.
    const Solved solved({.reactions = {{"A_s <-> B_s", 3.0, 1.0}}, .initial = {{"A_s", 0.4}}});
    EXPECT_DOUBLE_EQ(solved["A_s"], 0.1);
    EXPECT_DOUBLE_EQ(solved["B_s"], 0.3);
    EXPECT_DOUBLE_EQ(solved["*_s"], 0.6);
}

TEST(HandChecked, EquilibriumOfACycleHasNoTurnover) {
    // A + * <-> A* <-> B* <-> B + *, with equilibrium constants and pressures that fit exactly.
    const Solved solved({.reactions = {{"A_g + *_s <-> A_s", 4.0, 2.0, "1"},
                                       {"A_s <-> B_s", 1024.0, 256.0, "2"},
                                       {"B_s <-> B_g + *_s", 8.0, 0.5, "3"}},
                         .pressures = {{"A_g", 1.0}, {"B_g", 128.0}}});
    EXPECT_DOUBLE_EQ(solved["A_s"], 2.0 / 11.0);
    EXPECT_DOUBLE_EQ(solved["B_s"], 8.0 / 11.0);
    EXPECT_DOUBLE_EQ(solved["*_s"], 1.0 / 11.0);
    for (const std::string step : {"1", "2", "3"}) EXPECT_EQ(solved.net(step), 0.0);
    EXPECT_EQ(solved.frequency("A_g"), 0.0);
}

TEST(HandChecked, TurnoverFrequencyFarBelowTheRatesThatMakeIt) {
    // A* in equilibrium to 25 digits; the product forms with 1e-12 1/s from it.
    const Solved solved(
        {.reactions = {{"A_g + *_s <-> A_s", 1e13, 1e13}, {"A_s => B_g + *_s", 1e-12}},
         .pressures = {{"A_g", 1.0}}});
    EXPECT_DOUBLE_EQ(solved.frequency("B_g"), 0.5e-12);
    EXPECT_DOUBLE_EQ(solved.frequency("A_g"), -0.5e-12);
}

TEST(HandChecked, SlowModeBesideAFastOne) {
    // Equilibrated by 1e13 1/s with the gas; B* relaxes with 1e-8 1/s (up to 3/4 by the others).
    const Solved solved(
        {.reactions = {{"A_g + *_s <-> A_s", 1e13, 1e13}, {"A_s <-> B_s", 1e-8, 1e-8}},
         .pressures = {{"A_g", 1.0}}});
    EXPECT_DOUBLE_EQ(solved["B_s"], 1.0 / 3.0);
    EXPECT_NEAR(solved.state.slowest_eigenvalue / -1.5e-8, 1.0, 1e-6);
    EXPECT_GT(solved.state.integration_time, 1e8);
}

TEST(HandChecked, SlowModesThatDoubleCannotSee) {
    // As above, down to where 100 digits no longer see the slow mode beside the fast one.
    for (const double slow : {1e-20, 1e-40, 1e-70, 1e-120}) {
        SCOPED_TRACE(slow);
        const Solved solved(
            {.reactions = {{"A_g + *_s <-> A_s", 1e13, 1e13}, {"A_s <-> B_s", slow, slow}},
             .pressures = {{"A_g", 1.0}}});
        EXPECT_DOUBLE_EQ(solved["B_s"], 1.0 / 3.0);
        EXPECT_NEAR(solved.state.slowest_eigenvalue / slow, -1.5, 1e-6);
        EXPECT_GT(solved.state.integration_time, 1.0 / slow);
        EXPECT_LT(solved.state.integration_time, 1e3 / slow);
    }
}

TEST(HandChecked, CoveragesBeneathEveryTolerance) {
    // A chain of adsorbates each 1e-30 times as much as the one before, back and forth at 1 1/s.
    const Solved solved({.reactions = {{"A_g + *_s <-> A_s", 1e-30, 1.0},
                                       {"A_s + *_s <-> B_s + *_s", 1e-30, 1.0},
                                       {"B_s + *_s <-> C_s + *_s", 1e-30, 1.0},
                                       {"C_s + B_s => D_g + 2*_s", 1.0}},
                         .pressures = {{"A_g", 1.0}}});
    EXPECT_NEAR(solved["A_s"] / 1e-30, 1.0, 1e-15);
    EXPECT_NEAR(solved["B_s"] / 1e-60, 1.0, 1e-15);
    EXPECT_NEAR(solved["C_s"] / 1e-90, 1.0, 1e-15);
    EXPECT_NEAR(solved.frequency("D_g") / 1e-150, 1.0, 1e-15);
}

TEST(HandChecked, InvalidNumbersAreAStatusNotAnException) {
    const Network network =
        network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0}}, .pressures = {{"A_g", 1.0}}});
    PointKinetics point = point_of(network);
    point.forward[0] = std::nan("");
    EXPECT_EQ(solve_reference(network, point).status, Status::invalid_conditions);
    point.forward[0] = 1.0;
    point.initial[0] = -0.1;
    EXPECT_EQ(solve_reference(network, point).status, Status::invalid_conditions);
}

}  // namespace
}  // namespace turnover::test
