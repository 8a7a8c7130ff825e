// The batched solver against the reference path: the same state, within both error bounds.
#include "turnover/steady/batch.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include <gtest/gtest.h>

#include "batch_networks.hpp"
#include "random_networks.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

struct SolvedBatch {
    Network network;
    KineticsTable table;
    StateTable states;
    BatchReport report;
};

SolvedBatch solved(const Network& network, const KineticsTable& table,
                   const BatchOptions& options = {}) {
    StateTable states(network, table.points());
    const BatchReport report = solve_batch(network, table, states, options);
    return {network, table, std::move(states), report};
}

/// One network at several points, which differ in pressures or initial coverages only.
SolvedBatch solved(const std::vector<Surface>& surfaces) {
    const Network network = network_of(surfaces.front());
    std::vector<PointKinetics> points;
    for (const Surface& surface : surfaces) points.push_back(point_of(network_of(surface)));
    return solved(network, table_of(network, points));
}

/// How far apart the gross rates of the unknowns are. The balance of the coverage that dominates a
/// site type is not solved: it is minus the sum of the others', and has their rounding, which is
/// relative to their gross rates and not to its own. An adsorbate that fills the surface and reacts
/// 1e11 times as slowly as two rare ones that turn into each other keeps a residual of 1e-21, in
/// whatever arithmetic of 32 digits.
double spread_of_gross_rates(const Network& network, const SteadyState& state) {
    double least = std::numeric_limits<double>::infinity(), most = 0.0;
    for (int i = 0; i < network.unknowns(); ++i) {
        double gross = 0.0;
        for (int j = 0; j < network.steps(); ++j) {
            const auto s = static_cast<std::size_t>(j);
            gross += std::abs(network.stoichiometry(i, j)) *
                     (state.forward_rates[s] + state.reverse_rates[s]);
        }
        least = std::min(least, gross);
        most = std::max(most, gross);
    }
    return most / least;
}

/// Point `p` is certified, and the reference path finds the same within both bounds.
void expect_as_reference(const SolvedBatch& batch, std::size_t p) {
    SCOPED_TRACE(testing::Message() << "point " << p);
    const StateTable& states = batch.states;
    ASSERT_EQ(states.path[p], Path::batch);
    const SteadyState truth = solve_reference(batch.network, batch.table.get(p));
    ASSERT_EQ(truth.status, Status::converged) << truth.detail;
    const auto agrees = [](double value, double true_value, double bound, const std::string& name) {
        EXPECT_LE(std::abs(value - true_value), 1.0001 * bound * std::abs(true_value))
            << name << ": " << value << ", by the reference " << true_value;
    };
    const double coverage_bound = states.coverage_error[p] + truth.coverage_error;
    const double rate_bound = states.rate_error[p] + truth.rate_error;
    for (std::size_t i = 0; i < states.unknowns; ++i) {
        EXPECT_GT(states.coverages(p)[i], 0.0);
        agrees(states.coverages(p)[i], truth.coverages[i], coverage_bound,
               batch.network.unknown_names()[i]);
    }
    for (std::size_t j = 0; j < states.steps; ++j) {
        agrees(states.net_rates(p)[j], truth.net_rates[j], rate_bound,
               batch.network.step_names()[j]);
    }
    for (std::size_t g = 0; g < states.gases; ++g) {
        agrees(states.turnover_frequencies(p)[g], truth.turnover_frequencies[g], rate_bound,
               batch.network.gas_names()[g]);
    }
    EXPECT_LE(states.coverage_error[p], 2e-16);
    EXPECT_LE(states.rate_error[p], 1e-10);
    EXPECT_LT(states.residual[p],
              1e-24 + 16.0 * 0x1p-106 * spread_of_gross_rates(batch.network, truth));
    EXPECT_NEAR(states.slowest_eigenvalue[p] / truth.slowest_eigenvalue, 1.0, 1e-5);
    EXPECT_LT(states.slowest_eigenvalue[p], 0.0);
    EXPECT_EQ(states.digits[p], 32);
    if (batch.report.without_transient == 0) {
        EXPECT_GT(states.integration_time[p], 0.0);
        EXPECT_GE(states.integration_steps[p], 10);
    }
    EXPECT_GE(states.newton_iterations[p], 2);
}

void expect_all_as_reference(const SolvedBatch& batch) {
    EXPECT_EQ(batch.report.certified, batch.table.points());
    for (std::size_t p = 0; p < batch.table.points(); ++p) expect_as_reference(batch, p);
}

TEST(Batch, ReferenceGridOfTheSeedProblem) {
    // 18 of its points have two stable states.
    expect_all_as_reference(solved(seed_network(1.0, 1.0), seed_table(10)));
}

TEST(Batch, ReferenceGridFromThePoisonedSurface) {
    const Network network = seed_network(1.0, 1.0, {{"CO_s", 1.0}});
    std::vector<PointKinetics> points;
    const KineticsTable clean = seed_table(10);
    for (std::size_t p = 0; p < clean.points(); ++p) {
        points.push_back(clean.get(p));
        points.back().initial = point_of(network).initial;
    }
    // The same network with another surface at time zero: free sites are not there at first, but
    // can be made.
    const SolvedBatch batch = solved(network, table_of(network, points));
    std::size_t poisoned = 0;
    for (std::size_t p = 0; p < points.size(); ++p) {
        expect_as_reference(batch, p);
        poisoned +=
            coverage(network, {batch.states.coverages(p).begin(), batch.states.coverages(p).end()},
                     "CO_s") > 0.5;
    }
    EXPECT_GT(poisoned, 50u);
}

/// Points beside which the answer jumps from one branch to the other.
std::vector<std::size_t> at_the_folds(const StateTable& states, std::size_t counts) {
    std::vector<std::size_t> edge;
    const auto differ = [&](std::size_t p, std::size_t q) {
        return states.path[p] != Path::batch || states.path[q] != Path::batch ||
               std::abs(states.coverages(p)[0] - states.coverages(q)[0]) > 0.1;
    };
    for (std::size_t p = 0; p < states.points(); ++p) {
        const bool right = p % counts + 1 < counts && differ(p, p + 1);
        const bool above = p + counts < states.points() && differ(p, p + counts);
        if (right || above) edge.push_back(p);
    }
    return edge;
}

TEST(Batch, PointsAtTheFoldsOfTheSeedProblem) {
    constexpr std::size_t counts = 200;
    const SolvedBatch batch = solved(seed_network(1.0, 1.0), seed_table(counts));
    EXPECT_GT(batch.report.certified, batch.table.points() * 999 / 1000);
    std::vector<std::size_t> edge = at_the_folds(batch.states, counts);
    ASSERT_GT(edge.size(), 200u);
    for (const std::size_t p : edge) {
        if (batch.states.path[p] == Path::batch) expect_as_reference(batch, p);
    }
}

TEST(Batch, ACrudeTransientIsFoundOutByItsErrorEstimate) {
    constexpr std::size_t counts = 100;
    BatchOptions crude;
    crude.relative_tolerance = 0.3;
    const SolvedBatch batch = solved(seed_network(1.0, 1.0), seed_table(counts), crude);
    EXPECT_GT(batch.report.restarts, counts * counts / 2);
    const std::vector<std::size_t> edge = at_the_folds(batch.states, counts);
    for (std::size_t e = 0; e < edge.size(); e += 8) {
        if (batch.states.path[edge[e]] == Path::batch) expect_as_reference(batch, edge[e]);
    }
}

/// Langmuir-Hinshelwood, A + B2: both states stable over much of the map.
Surface blocking(double a, double b2, std::map<std::string, double> initial = {}) {
    return {.reactions = {{"A_g + *_s <-> A_s", 1.0, 1e-3},
                          {"B2_g + 2*_s => 2B_s", 1.0},
                          {"A_s + B_s => C_g + 2*_s", 1e4}},
            .pressures = {{"A_g", a}, {"B2_g", b2}},
            .initial = std::move(initial)};
}

TEST(Batch, AnotherBistableModelFromEitherSide) {
    for (const bool full : {false, true}) {
        std::vector<Surface> surfaces;
        for (int i = 0; i < 80; ++i) {
            const std::map<std::string, double> initial = {{"A_s", 1.0}};
            surfaces.push_back(blocking(0.3 + 0.01 * i, 1.0, full ? initial : decltype(initial){}));
        }
        const SolvedBatch batch = solved(surfaces);
        EXPECT_GE(batch.report.certified, 78u);
        for (std::size_t p = 0; p < surfaces.size(); ++p) {
            if (batch.states.path[p] == Path::batch) expect_as_reference(batch, p);
        }
    }
}

/// X made by X itself: dx/dt = x^2 (1 - x) + c (1 - x) - b x with b + c = 0.2; for c between the
/// folds two states are stable. A step of third order.
Surface autocatalysis(double seeding, double initial) {
    return {.reactions = {{"A_g + 2X_s + *_s => 3X_s", 1.0},
                          {"X_s => B_g + *_s", 0.2 - seeding},
                          {"A_g + *_s => X_s", seeding}},
            .pressures = {{"A_g", 1.0}},
            .initial = {{"X_s", initial}}};
}

TEST(Batch, EitherSideOfTheFoldAndOfTheSeparatrix) {
    const double fold = (1.0 - std::sqrt(0.4)) / 3.0;
    const double seeding = 0.2 * fold - fold * fold + fold * fold * fold;
    std::vector<Surface> surfaces;
    for (const double excess : {-1e-1, -1e-2, -1e-3, -1e-4, 1e-4, 1e-3, 1e-2, 1e-1}) {
        surfaces.push_back(autocatalysis(seeding * (1.0 + excess), 0.0));
    }
    for (const double initial : {0.1, 0.2, 0.21, 0.22, 0.23, 0.24, 0.25, 0.3, 0.9}) {
        surfaces.push_back(autocatalysis(0.9 * seeding, initial));
    }
    const Network network = network_of(surfaces.front());
    std::size_t certified = 0;
    for (const Surface& surface : surfaces) {
        const SolvedBatch batch = solved({surface});
        if (batch.states.path[0] != Path::batch) continue;  // doubt is handed over
        ++certified;
        expect_as_reference(batch, 0);
    }
    EXPECT_GE(certified, 12u);
}

TEST(Batch, SeedsTooSmallToSeeGrowUp) {
    // B* feeds on A* and is seeded once in 1e18 s only; for forty of its growth times the surface
    // looks like the equilibrium of A.
    const SolvedBatch batch = solved({{.reactions = {{"A_g + *_s <-> A_s", 1e6, 1e6},
                                                     {"A_s + B_s => 2B_s", 4e-3},
                                                     {"A_s => B_s", 1e-18},
                                                     {"B_s => C_g + *_s", 1e-3}},
                                       .pressures = {{"A_g", 1.0}}}});
    if (batch.states.path[0] == Path::batch) expect_as_reference(batch, 0);
}

TEST(Batch, OfTwoSeedsTheFasterOneWins) {
    // B* and C* exclude each other; which of them grows up is decided while both are far below any
    // absolute tolerance: at the same rate the one with the larger seed, else the faster one.
    for (const double b : {1.0, 0.9, 0.5}) {
        const SolvedBatch batch = solved({{.reactions = {{"A_g + 2B_s + *_s => 3B_s", 10.0},
                                                         {"A_g + 2C_s + *_s => 3C_s", 10.0},
                                                         {"A_g + B_s + *_s => 2B_s", 2.0 * b},
                                                         {"A_g + C_s + *_s => 2C_s", 2.0},
                                                         {"A_g + *_s => B_s", 1e-12},
                                                         {"A_g + *_s => C_s", 0.98e-12},
                                                         {"B_s => D_g + *_s", 1.0},
                                                         {"C_s => D_g + *_s", 1.0}},
                                           .pressures = {{"A_g", 1.0}}}});
        if (batch.states.path[0] == Path::batch) expect_as_reference(batch, 0);
        const Network& network = batch.network;
        const SteadyState state = solve_reference(network, batch.table.get(0));
        ASSERT_EQ(state.status, Status::converged) << state.detail;
        const bool b_wins = b == 1.0;
        EXPECT_GT(coverage(network, state.coverages, b_wins ? "B_s" : "C_s"), 0.5);
        EXPECT_LT(coverage(network, state.coverages, b_wins ? "C_s" : "B_s"), 1e-6);
    }
}

TEST(Batch, TwoSiteTypesAndAnAdsorbateOverTwoSites) {
    std::vector<Surface> surfaces;
    for (const double a : {1e-3, 1.0, 1e3}) {
        for (const double b : {1e-3, 1.0, 1e3}) {
            surfaces.push_back({.reactions = {{"A_g + *_s <-> A_s", 1e3, 1e1},
                                              {"B2_g + 2*_t <-> 2B_t", 1e4, 1e2},
                                              {"D_g + 2*_s <-> D_2s", 1e2, 1e3},
                                              {"A_s + B_t => C_g + *_s + *_t", 1e5},
                                              {"D_2s + B_t => E_g + 2*_s + *_t", 1e4}},
                                .pressures = {{"A_g", a}, {"B2_g", b}, {"D_g", 1.0}},
                                .totals = {{"s", 1.0}, {"t", 0.05}}});
        }
    }
    expect_all_as_reference(solved(surfaces));
}

TEST(Batch, ASiteTotalPerPoint) {
    std::vector<Surface> surfaces;
    for (const double total : {0.05, 1.0, 3.0}) {
        surfaces.push_back(blocking(0.4, 1.0));
        surfaces.back().totals = {{"s", total}};
    }
    const SolvedBatch batch = solved(surfaces);
    expect_all_as_reference(batch);
    for (std::size_t p = 0; p < surfaces.size(); ++p) {
        double sum = 0.0;
        for (const double x : batch.states.coverages(p)) sum += x;
        EXPECT_NEAR(sum / surfaces[p].totals.at("s"), 1.0, 4e-16);
    }
}

TEST(Batch, MethaneOnPlatinumSize) {
    std::vector<Surface> surfaces;
    for (const double temperature : {800.0, 1000.0, 1100.0}) {
        for (const double methane : {0.01, 0.1, 1.0}) {
            for (const double oxygen : {0.01, 0.1, 1.0}) {
                surfaces.push_back(methane_surface(methane, oxygen, temperature));
            }
        }
    }
    expect_all_as_reference(solved(surfaces));
}

TEST(Batch, RandomNetworks) {
    std::size_t certified = 0;
    for (unsigned seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        const SolvedBatch batch = solved({random_surface(seed, 2 + static_cast<int>(seed % 5), 3)});
        if (batch.states.path[0] != Path::batch) continue;
        const SteadyState truth = solve_reference(batch.network, batch.table.get(0));
        if (truth.status != Status::converged) continue;  // nothing to compare with
        ++certified;
        expect_as_reference(batch, 0);
    }
    EXPECT_GE(certified, 30u);
}

TEST(Batch, AStepOffEveryRouteHasNoNetRate) {
    // D only adsorbs and desorbs.
    Surface surface = blocking(0.4, 1.0);
    surface.reactions.push_back({"D_g + *_s <-> D_s", 1e7, 1e6});
    surface.pressures["D_g"] = 1.0;
    const SolvedBatch batch = solved({surface});
    expect_as_reference(batch, 0);
    EXPECT_EQ(batch.states.net_rates(0)[position(batch.network.step_names(), "D_g + *_s <-> D_s")],
              0.0);
    EXPECT_EQ(batch.states.turnover_frequencies(0)[position(batch.network.gas_names(), "D_g")],
              0.0);
}

}  // namespace
}  // namespace turnover::test
