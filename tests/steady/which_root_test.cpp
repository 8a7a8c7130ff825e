// Of several steady states, or none, the one that the transient runs into.
#include <cmath>

#include <gtest/gtest.h>

#include "networks.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

/// A catalysed by two of its product: dx/dt = x^2 (1 - x) + c (1 - x) - b x with b + c = 0.2, which
/// has a fold at the smaller root of 3 x^2 - 2 x + 0.2 = 0.
struct Fold {
    static constexpr double sum = 0.2;
    const double x = (1.0 - std::sqrt(1.0 - 3.0 * sum)) / 3.0;
    const double c = sum * x - x * x + x * x * x;

    /// `excess`: c relative to the fold; positive: only the upper state exists.
    [[nodiscard]] static Network network(double excess, double initial) {
        const double seeding = Fold{}.c * (1.0 + excess);
        return network_of({.reactions = {{"A_g + 2X_s + *_s => 3X_s", 1.0},
                                         {"X_s => B_g + *_s", sum - seeding},
                                         {"A_g + *_s => X_s", seeding}},
                           .pressures = {{"A_g", 1.0}},
                           .initial = {{"X_s", initial}}});
    }
};

TEST(WhichRoot, BeforeTheFoldTheCleanSurfaceStaysLow) {
    for (const double excess : {-1e-2, -1e-4, -1e-6, -1e-8}) {
        const Network network = Fold::network(excess, 0.0);
        const SteadyState state = solve_reference(network, point_of(network));
        ASSERT_EQ(state.status, Status::converged) << state.detail;
        const double x = coverage(network, state.coverages, "X_s");
        EXPECT_LT(x, Fold{}.x);
        // f = f''/2 (x - x_f)^2 + excess c (1 - ...): the distance goes as the square root.
        EXPECT_NEAR(Fold{}.x - x, std::sqrt(-excess * Fold{}.c / (1.0 - 3.0 * Fold{}.x)),
                    0.5 * (-excess) * 10.0 + 0.05 * std::sqrt(-excess));
        EXPECT_LT(state.slowest_eigenvalue, 0.0);
    }
}

TEST(WhichRoot, BeyondTheFoldTheGhostOfTheLowStateIsPassed) {
    // The transient rests beside the ghost for pi / sqrt(0.63 * 0.011 excess), up to 4e6 times the
    // natural time of the rest.
    for (const double excess : {1e-2, 1e-4, 1e-6, 1e-8, 1e-10}) {
        const Network network = Fold::network(excess, 0.0);
        const SteadyState state = solve_reference(network, point_of(network));
        ASSERT_EQ(state.status, Status::converged) << state.detail;
        EXPECT_GT(coverage(network, state.coverages, "X_s"), 0.7);
        const double rest = M_PI / std::sqrt((1.0 - 3.0 * Fold{}.x) * excess * Fold{}.c);
        EXPECT_GT(state.integration_time, 0.8 * rest);
    }
}

TEST(WhichRoot, EitherSideOfTheSeparatrixGoesItsWay) {
    // With c 10 % under the fold the three roots are found by bisection of the cubic.
    const double c = 0.9 * Fold{}.c;
    const auto slope = [&](double x) { return x * x * (1.0 - x) + c - Fold::sum * x; };
    double low = Fold{}.x, high = 0.5;  // f < 0 at the fold's place, f > 0 beyond the separatrix
    ASSERT_LT(slope(low), 0.0);
    ASSERT_GT(slope(high), 0.0);
    for (int i = 0; i < 60; ++i)
        (slope(0.5 * (low + high)) < 0.0 ? low : high) = 0.5 * (low + high);
    for (const double nudge : {1e-2, 1e-4, 1e-6}) {
        const Network below = Fold::network(-0.1, low * (1.0 - nudge));
        const Network above = Fold::network(-0.1, low * (1.0 + nudge));
        const SteadyState under = solve_reference(below, point_of(below));
        const SteadyState over = solve_reference(above, point_of(above));
        ASSERT_EQ(under.status, Status::converged) << under.detail;
        ASSERT_EQ(over.status, Status::converged) << over.detail;
        EXPECT_LT(coverage(below, under.coverages, "X_s"), Fold{}.x);
        EXPECT_GT(coverage(above, over.coverages, "X_s"), low);
    }
}

TEST(WhichRoot, SlowIgnitionIsWaitedFor) {
    // B* feeds on A* and is seeded once in 1e18 s only: for forty of its growth times the surface
    // looks like the equilibrium of A.
    const Network network = network_of({.reactions = {{"A_g + *_s <-> A_s", 1e6, 1e6},
                                                      {"A_s + B_s => 2B_s", 4e-3},
                                                      {"A_s => B_s", 1e-18},
                                                      {"B_s => C_g + *_s", 1e-3}},
                                        .pressures = {{"A_g", 1.0}}});
    const SteadyState state = solve_reference(network, point_of(network));
    ASSERT_EQ(state.status, Status::converged) << state.detail;
    EXPECT_NEAR(coverage(network, state.coverages, "A_s"), 0.25, 1e-8);
    EXPECT_NEAR(coverage(network, state.coverages, "B_s"), 0.5, 1e-8);
    EXPECT_GT(state.integration_time, 3e4);
}

TEST(WhichRoot, ReactantsThatBlockEachOther) {
    // Langmuir-Hinshelwood, A + B2, reaction irreversible (mean field of Ziff, Gulari and Barshad):
    // the clean surface goes to the reactive state, one full of A stays so.
    const auto surface = [](std::map<std::string, double> initial) {
        return Surface{.reactions = {{"A_g + *_s <-> A_s", 1.0, 1e-3},
                                     {"B2_g + 2*_s => 2B_s", 1.0},
                                     {"A_s + B_s => C_g + 2*_s", 1e4}},
                       .pressures = {{"A_g", 0.35}, {"B2_g", 1.0}},
                       .initial = std::move(initial)};
    };
    const Network clean = network_of(surface({}));
    const Network full = network_of(surface({{"A_s", 1.0}}));
    const SteadyState active = solve_reference(clean, point_of(clean));
    const SteadyState blocked = solve_reference(full, point_of(full));
    ASSERT_EQ(active.status, Status::converged) << active.detail;
    ASSERT_EQ(blocked.status, Status::converged) << blocked.detail;
    EXPECT_GT(coverage(clean, active.coverages, "B_s"), 0.3);
    EXPECT_GT(coverage(full, blocked.coverages, "A_s"), 0.9);
    EXPECT_GT(active.turnover_frequencies[position(clean.gas_names(), "C_g")], 0.05);
    EXPECT_LT(blocked.turnover_frequencies[position(full.gas_names(), "C_g")], 0.01);
}

TEST(WhichRoot, AnUnstableStateIsLeft) {
    // Start exactly on the saddle between two ways of life that exclude each other, B and C, a hair
    // off the symmetry: dominance of either is stable, coexistence is not.
    const auto surface = [](double b, double c) {
        return Surface{.reactions = {{"A_g + 2B_s + *_s => 3B_s", 10.0},
                                     {"A_g + 2C_s + *_s => 3C_s", 10.0},
                                     {"B_s => D_g + *_s", 1.0},
                                     {"C_s => D_g + *_s", 1.0}},
                       .pressures = {{"A_g", 1.0}},
                       .initial = {{"B_s", b}, {"C_s", c}}};
    };
    // Coexistence: 10 x (1 - 2x) = 1, upper root.
    const double x = (1.0 + std::sqrt(1.0 - 0.8)) / 4.0;
    const Network network = network_of(surface(x * (1.0 + 1e-13), x));
    const SteadyState state = solve_reference(network, point_of(network));
    ASSERT_EQ(state.status, Status::converged) << state.detail;
    EXPECT_GT(coverage(network, state.coverages, "B_s"), 0.8);
    EXPECT_EQ(coverage(network, state.coverages, "C_s"), 0.0);
}

TEST(WhichRoot, StepsOfTheIntegratorAreLimited) {
    const Network network =
        network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0}}, .pressures = {{"A_g", 1.0}}});
    ReferenceOptions options;
    options.most_steps = 20;
    const SteadyState state = solve_reference(network, point_of(network), options);
    EXPECT_EQ(state.status, Status::not_settled);
    EXPECT_EQ(state.integration_steps, 20 + 50);  // in double, and 2.5 times that in extended
    EXPECT_EQ(state.coverages.size(), 2u);
}

TEST(WhichRoot, TooShortATimeIsNotSettled) {
    const Network network =
        network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0}}, .pressures = {{"A_g", 1.0}}});
    ReferenceOptions options;
    options.longest_time = 1e-3;
    const SteadyState state = solve_reference(network, point_of(network), options);
    EXPECT_EQ(state.status, Status::not_settled);
    EXPECT_NE(state.detail.find("A_s still rises"), std::string::npos) << state.detail;
}

}  // namespace
}  // namespace turnover::test
