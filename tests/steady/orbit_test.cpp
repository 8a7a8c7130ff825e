// Surfaces that oscillate, for ever or for long, and surfaces that take very long to settle.
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "networks.hpp"
#include "support/examination.hpp"
#include "turnover/steady/cycle.hpp"
#include "turnover/steady/envelope.hpp"
#include "turnover/steady/extended_transient.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/motion.hpp"
#include "turnover/steady/poincare.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

/// Passes a made-up transient by until it is seen to be periodic, at most to `end`: the time of
/// that, or -1.
template <class Function>
double time_of_recognition(const Function& at, double end, Cycle& cycle) {
    constexpr double step = 0.0173;
    Motion motion(at(0.0));
    PoincareSection section;
    for (double t = step; t < end; t += step) {
        const std::vector<double> x = at(t);
        motion.see(t, x, 1e-30);
        if (section.see(motion, t, x, 1e-30) && cycle.see(section)) return t;
    }
    return -1.0;
}

TEST(CycleSeen, TellsRangeAndPeriod) {
    Cycle cycle;
    const auto wave = [](double t) {
        const double u = std::exp(-3.0 + 0.5 * std::sin(2.0 * M_PI * t));
        return std::vector<double>{u, 1.0 - u, 1e-9 * (2.0 + std::cos(2.0 * M_PI * t))};
    };
    EXPECT_GT(time_of_recognition(wave, 30.0, cycle), 5.0);
    const Orbit& orbit = cycle.orbit();
    EXPECT_NEAR(orbit.period, 1.0, 1e-4);
    EXPECT_NEAR(orbit.low[0], std::exp(-3.5), 1e-3);
    EXPECT_NEAR(orbit.high[0], std::exp(-2.5), 1e-3);
    EXPECT_NEAR(orbit.mean_log[0], -3.0, 1e-2);
    EXPECT_NEAR(orbit.mean_coverage[2], 2e-9, 2e-11);
    EXPECT_LT(orbit.closure, 1e-5);
}

TEST(CycleSeen, TwoPassesInAPeriod) {
    Cycle cycle;
    const auto wave = [](double t) {
        const double u = 0.3 + 0.1 * std::sin(2.0 * M_PI * t) + 0.03 * std::sin(M_PI * t);
        return std::vector<double>{u, 1.0 - u};
    };
    EXPECT_GT(time_of_recognition(wave, 60.0, cycle), 0.0);
    EXPECT_NEAR(cycle.orbit().period, 2.0, 1e-3);
}

TEST(CycleSeen, TellsHowTheOrbitAttracts) {
    // The third coverage comes nearer by a factor in each period; by 0.85, it does not count, and
    // what was always there has not come from anywhere.
    const auto contraction = [](double factor, double away) {
        Cycle cycle;
        const auto wave = [&](double t) {
            const double u = std::exp(-3.0 + 0.5 * std::sin(2.0 * M_PI * t));
            return std::vector<double>{u, 1.0 - u, 1e-9 * std::exp(away * std::pow(factor, t))};
        };
        EXPECT_GT(time_of_recognition(wave, 200.0, cycle), 0.0) << factor;
        return cycle.orbit().contraction;
    };
    EXPECT_NEAR(contraction(0.3, 2.0), 0.3, 0.02);
    EXPECT_NEAR(contraction(0.6, 2.0), 0.6, 0.02);
    EXPECT_EQ(contraction(0.85, 2.0), 1.0);
    EXPECT_EQ(contraction(0.3, 0.0), 1.0);
}

TEST(CycleSeen, ASpiralAndADriftAreNone) {
    for (const double loss : {1e-2, 1e-3, 1e-4}) {
        Cycle spiral, drift;
        const auto damped = [&](double t) {
            const double size = 0.1 * std::exp(-loss * t);
            const double u = 0.3 + size * std::sin(2.0 * M_PI * t);
            return std::vector<double>{u, 1.0 - u, 0.3 + size * std::cos(2.0 * M_PI * t)};
        };
        EXPECT_EQ(time_of_recognition(damped, 100.0, spiral), -1.0) << loss;
        const auto beside = [&](double t) {
            const double u = 0.3 + 0.1 * std::sin(2.0 * M_PI * t);
            return std::vector<double>{u, 1.0 - u, 1e-12 * std::exp(loss * t)};
        };
        EXPECT_EQ(time_of_recognition(beside, 100.0, drift), -1.0) << loss;
    }
}

/// The Brusselator (Prigogine and Lefever, J. Chem. Phys. 48, 1695 (1968)) on 1e6 sites that hold
/// about 4: X' = a - (b + 1) X + X^2 Y, Y' = b X - X^2 Y with a = 1. Its steady state X = 1, Y = b
/// has the Jacobian ((b - 1, 1), (-b, -1)).
Network brusselator(double b) {
    return network_of({.reactions = {{"A_g + *_s => X_s", 1e-6},
                                     {"B_g + X_s => Y_s + D_g", b},
                                     {"2X_s + Y_s => 3X_s", 1.0},
                                     {"X_s => E_g + *_s", 1.0}},
                       .pressures = {{"A_g", 1.0}, {"B_g", 1.0}},
                       .totals = {{"s", 1e6}}});
}

TEST(Oscillation, IsToldWithRangeAndPeriod) {
    const Network network = brusselator(3.0);
    const PointKinetics point = point_of(network);
    const SteadyState state = solve_reference(network, point);
    EXPECT_EQ(state.status, Status::oscillates) << state.detail;
    const OrbitClaim claim = read_claim(network, state);
    ASSERT_GE(claim.unknown, 0) << state.detail;
    EXPECT_NEAR(claim.period, 7.157, 0.01);            // known
    EXPECT_NEAR(state.slowest_eigenvalue, 0.5, 1e-4);  // (b - 2) / 2
    EXPECT_TRUE(std::isinf(state.coverage_error));

    Judge judge(network);
    Fate fate = Oracle(network, judge)(point, state.integration_time, 20000, 1e-4, claim.unknown);
    EXPECT_EQ(disagreement(claim, fate, 0.02), "");
    OrbitClaim other = claim;
    other.period *= 1.1;
    EXPECT_NE(disagreement(other, fate, 0.02), "");
    other = claim;
    other.high *= 1.1;
    EXPECT_NE(disagreement(other, fate, 0.02), "");
    fate.settled = true;
    EXPECT_NE(disagreement(claim, fate, 0.02), "");
}

TEST(Oscillation, ASlowSpiralSettles) {
    // Turns with a period of 2 pi and shrinks by 1 % in each.
    const Network network = brusselator(2.0 - 0.003);
    const SteadyState state = solve_reference(network, point_of(network));
    ASSERT_EQ(state.status, Status::converged) << state.detail;
    EXPECT_NEAR(state.slowest_eigenvalue, -0.0015, 1e-5);
    EXPECT_NEAR(coverage(network, state.coverages, "X_s"), 1.0, 1e-5);
}

TEST(Oscillation, ASpiralThatLeavesAWeaklyUnstableStateIsNone) {
    // The mode grows by 3e-6 a period: each turn is nearly the one before, and none is the orbit
    // that the surface ends in.
    const Network network = brusselator(2.0 + 1e-6);
    const SteadyState state = solve_reference(network, point_of(network));
    EXPECT_NE(state.status, Status::oscillates) << state.detail;
    EXPECT_NE(state.status, Status::converged) << state.detail;
}

/// As above, but its second step goes by an adsorbate Z, of which there are at first 3 on sites of
/// its own and which, at `speed`, becomes W until there are `last` of it: b goes from 3 to `last`.
Network draining_brusselator(double last, double speed) {
    return network_of({.reactions = {{"A_g + *_s => X_s", 1e-6},
                                     {"Z_t + X_s => Z_t + Y_s", 1.0},
                                     {"2X_s + Y_s => 3X_s", 1.0},
                                     {"X_s => E_g + *_s", 1.0},
                                     {"Z_t <-> W_t", speed * (3.0 - last), speed * last}},
                       .pressures = {{"A_g", 1.0}},
                       .totals = {{"s", 1e6}, {"t", 3.0}},
                       .initial = {{"Z_t", 3.0}}});
}

TEST(Oscillation, ThatDiesOutAfterAHundredThousandTurnsSettles) {
    // Below b = 2 the steady state X = 1, Y = b is stable. Z takes 1e6 s to get there, in turns of
    // 7 s or so; every single one takes the integrator a hundred steps.
    const Network network = draining_brusselator(1.5, 1e-6 / 3.0);
    const SteadyState state = solve_reference(network, point_of(network));
    ASSERT_EQ(state.status, Status::converged) << state.detail;
    EXPECT_NEAR(coverage(network, state.coverages, "X_s"), 1.0, 1e-5);
    EXPECT_NEAR(coverage(network, state.coverages, "Y_s"), 1.5, 1e-5);
    EXPECT_NEAR(coverage(network, state.coverages, "Z_t"), 1.5, 1e-12);
    EXPECT_GT(state.integration_time, 1e6 * std::log(3.0));  // b = 2
    EXPECT_LT(state.integration_steps, 500000);
}

TEST(Oscillation, IsFollowedByLeapsAlongItsDrift) {
    // The same on its way to b = 2.2: Z = 2.2 + 0.8 exp(-t / 1e6 s).
    const Network network = draining_brusselator(2.2, 1e-6 / 3.0);
    const PointKinetics point = point_of(network);
    const LiveNetwork live = live_network(network, point);
    ExtendedTransient transient(network, point, live, 1e-4);
    Motion motion(point.initial);
    PoincareSection section;
    EnvelopeFollower follower(transient, motion, section, [] { return 1e-40; });
    const auto z = [&] { return coverage(network, transient.coverages(), "Z_t"); };
    while (follower.leaps() < 8 && transient.steps() < 100000) {
        ASSERT_TRUE(transient.step()) << transient.failure();
        motion.see(transient.time(), transient.coverages(), 1e-40);
        if (!section.see(motion, transient.time(), transient.coverages(), 1e-40)) continue;
        (void)follower.follow(false, [&] { return follower.leaps() < 8; });
    }
    EXPECT_EQ(follower.leaps(), 8);
    EXPECT_GT(transient.time(), 3000.0);  // 420 turns
    EXPECT_LT(transient.steps(), 20000);
    const double along = 0.8 * (1.0 - std::exp(-1e-6 * transient.time()));
    EXPECT_NEAR(3.0 - z(), along, 0.2 * along);
}

TEST(Oscillation, IsLedByLeapsToTheOrbitThatAttracts) {
    const Network network = draining_brusselator(2.2, 1e-6 / 3.0);
    const PointKinetics point = point_of(network);
    const LiveNetwork live = live_network(network, point);
    ExtendedTransient transient(network, point, live, 1e-4);
    Motion motion(point.initial);
    PoincareSection section;
    EnvelopeFollower follower(transient, motion, section, [] { return 1e-40; });
    const auto is_early = [&] { return transient.steps() < 100000; };
    auto course = EnvelopeFollower::Course::unknown;
    while (course != EnvelopeFollower::Course::closes && is_early()) {
        ASSERT_TRUE(transient.step()) << transient.failure();
        motion.see(transient.time(), transient.coverages(), 1e-40);
        if (!section.see(motion, transient.time(), transient.coverages(), 1e-40)) continue;
        EXPECT_FALSE(follower.leaps() == 0 && follower.has_led_to_orbit());
        course = follower.follow(false, is_early);
    }
    EXPECT_EQ(course, EnvelopeFollower::Course::closes);
    EXPECT_TRUE(follower.has_led_to_orbit());
    EXPECT_GT(transient.time(), 5e6);
    EXPECT_NEAR(coverage(network, transient.coverages(), "Z_t"), 2.2, 0.002);
}

TEST(LongWay, AsAPowerOfTimeToAStateAtLast) {
    // Two of the torture's networks: X4 (X5) poisons the surface, the others fall as t^-1/2, t^-3/4
    // and t^-1, and settle when they are as rare as what brings them back.
    const Network poisoned = network_of(
        {.reactions =
             {{"2X1_s <-> X2_2s", 1.4136551005556352e-09, 0.047612745132148943},
              {"2X3_2s + *_s <-> X1_s + X4_s + 3*_s", 4.6937396545204218e-06, 19827763.384527273},
              {"G1_g + 2*_s <-> X1_s + *_s", 0.29647710571645292, 2.8723670088299025e-17},
              {"X1_s + X2_2s + X3_2s <-> 2X3_2s + *_s", 17.692713559259367, 8.1870701232763548e-08},
              {"X1_s + X4_s + 2*_s <-> 2X3_2s", 1665255329.1516685, 0.00039420860647551028},
              {"X2_2s + X3_2s + X4_s <-> 2X4_s + 3*_s", 3.9753196224550838e-07,
               0.0077707125957953271},
              {"X3_2s + *_s <-> G2_g + 3*_s", 4.0772182791039838e-07, 0.015640664690641893},
              {"X3_2s + *_s <-> X1_s + X2_2s", 6.2198810418924296e-14, 1.3441508621503212e-05}},
         .pressures = {{"G1_g", 1.0}, {"G2_g", 1.0}}});
    const Network other = network_of(
        {.reactions = {{"2X3_s <-> X2_s + X4_s", 107607.59875464306, 23536.665165455241},
                       {"G1_g + 2*_s <-> 2X1_s", 71.406759232102104, 157.27999772895814},
                       {"G3_g + X1_s <-> G2_g + *_s", 1.679953616193658e-11, 180983.26431266073},
                       {"X1_s + X2_s <-> X3_s + *_s", 8921.4354764288437, 18896.741194892777},
                       {"X1_s + X3_s <-> X4_s + *_s", 1311.1582502304066, 607.44823860225267},
                       {"X1_s + X3_s <-> X2_s + X3_s", 2103964.2447691252, 243758728.43085831},
                       {"X1_s <-> X2_s", 12355.935836339357, 1431520.1484661438},
                       {"X3_s + X4_s <-> X5_s + *_s", 768.24727391777253, 23.616703290249234}},
         .pressures = {{"G1_g", 1.0}, {"G2_g", 1.0}, {"G3_g", 1.0}}});
    for (const Network* network : {&poisoned, &other}) {
        const PointKinetics point = point_of(*network);
        const SteadyState state = solve_reference(*network, point);
        ASSERT_EQ(state.status, Status::converged) << state.detail;
        EXPECT_GT(state.integration_time, 1e70);
        const Judgement judgement = PatientJudge(*network)(point, state);
        EXPECT_EQ(judgement.wrong + judgement.unknown, "");
        EXPECT_TRUE(judgement.stability_proved);
    }
}

TEST(LongWay, ANetRateThatCancelsInThirtyFourDigitsIsNotZero) {
    // A cycle on the surface turns at 4e-37 1/s, what rounding left of the constants' consistency;
    // X5 <-> X10 in it runs at 4.5 1/s either way.
    const Network network = network_of(
        {.reactions = {{"2X1_s + *_s <-> X2_s + 2*_s", 0.00040655789157360297, 502.13655188660164},
                       {"2X1_s <-> X3_s + *_s", 144742292.80672005, 395484700289.23907},
                       {"G1_g + 2*_s <-> X1_s + *_s", 0.018183880268474832, 15632855.771623196},
                       {"X10_s + X3_s <-> X2_s + X4_s", 166459480.00433391, 6140713976.3209152},
                       {"X1_s + X2_s <-> X5_s + *_s", 4628.8085001673171, 503.26907454240961},
                       {"X1_s + X3_s + *_s <-> X4_s + 2*_s", 602273.58309273119,
                        1388642747121.7627},
                       {"X3_s <-> G2_g + *_s", 272.18740736982073, 1.4999380202444204e-07},
                       {"X4_s + 2*_s <-> X6_2s + *_s", 1640509.4100474459, 54364.404259426607},
                       {"X5_s <-> G3_g + *_s", 0.063439973425763629, 62.238960383651552},
                       {"X5_s <-> X10_s", 180653.90714529646, 103849093164.79657}},
         .pressures = {{"G1_g", 1.0}, {"G2_g", 1.0}, {"G3_g", 1.0}},
         .totals = {{"s", 0.16435736622781297}}});
    const PointKinetics point = point_of(network);
    const SteadyState state = solve_reference(network, point);
    ASSERT_EQ(state.status, Status::converged) << state.detail;
    EXPECT_GT(state.digits, 34);
    int of_the_cycle = 0;
    for (const double rate : state.net_rates) of_the_cycle += std::abs(rate) > 1e-40;
    EXPECT_EQ(of_the_cycle, 9);  // all but the adsorption of X6 from X4, which is in equilibrium
    const Judgement judgement = PatientJudge(network)(point, state);
    EXPECT_EQ(judgement.wrong + judgement.unknown, "");
    EXPECT_GT(judgement.rate_ratio, 0.0);
}

}  // namespace
}  // namespace turnover::test
