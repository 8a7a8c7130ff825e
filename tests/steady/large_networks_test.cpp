// Networks too large for dense matrices: the sparse lanes against the reference path, and the parts
// that they are made of.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <utility>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "sized_networks.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/job.hpp"
#include "turnover/steady/batch/sparse/pattern.hpp"
#include "turnover/steady/batch/sparse/ritz.hpp"
#include "turnover/steady/batch/sparse/route_rates.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

/// All points certified, and the points `sample` as the reference path has them.
void expect_as_reference(const Network& network, const KineticsTable& table,
                         const std::vector<std::size_t>& sample) {
    StateTable states(network, table.points());
    const BatchReport report = solve_batch(network, table, states);
    EXPECT_EQ(report.certified, table.points());
    for (const std::size_t p : sample) {
        SCOPED_TRACE(testing::Message() << "point " << p);
        ASSERT_EQ(states.path[p], Path::batch);
        const SteadyState truth = solve_reference(network, table.get(p));
        ASSERT_EQ(truth.status, Status::converged) << truth.detail;
        for (std::size_t i = 0; i < states.unknowns; ++i) {
            EXPECT_LE(
                std::abs(states.coverages(p)[i] - truth.coverages[i]),
                1.001 * (states.coverage_error[p] + truth.coverage_error) * truth.coverages[i])
                << network.unknown_names()[i];
        }
        for (std::size_t j = 0; j < states.steps; ++j) {
            EXPECT_LE(
                std::abs(states.net_rates(p)[j] - truth.net_rates[j]),
                1.001 * (states.rate_error[p] + truth.rate_error) * std::abs(truth.net_rates[j]))
                << network.step_names()[j];
        }
        EXPECT_NEAR(states.slowest_eigenvalue[p] / truth.slowest_eigenvalue, 1.0, 1e-4);
    }
}

TEST(LargeNetworks, FortyAdsorbates) {
    for (const unsigned seed : {1u, 2u, 3u}) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        const Network network = network_of(sized_surface(40, seed));
        expect_as_reference(network, pressure_points(network, 20), {0, 7, 19});
    }
}

TEST(LargeNetworks, EightyAdsorbates) {
    const Network network = network_of(sized_surface(80, 1));
    expect_as_reference(network, pressure_points(network, 9), {4});
}

TEST(LargeNetworks, TwoHundredAdsorbatesOfWhichNoneIsHandedOver) {
    const Network network = network_of(sized_surface(200, 1));
    expect_as_reference(network, pressure_points(network, 8), {});
}

TEST(LargeNetworks, TwoSiteTypes) {
    for (const unsigned seed : {1u, 2u}) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        const Network network = network_of(sized_surface(40, seed, 4));
        ASSERT_EQ(network.sites(), 2);
        expect_as_reference(network, pressure_points(network, 8), {0, 5});
    }
}

/// On either side of where the dense matrices end, of the old limit of 32, and of the greatest
/// size.
TEST(LargeNetworks, EitherSideOfEveryLimit) {
    for (const int unknowns :
         {batch::most_dense_unknowns, batch::most_dense_unknowns + 1, 31, 32, 33}) {
        SCOPED_TRACE(testing::Message() << unknowns << " unknowns");
        const Network network = network_of(sized_surface(unknowns - 1, 4));
        ASSERT_EQ(network.unknowns(), unknowns);
        expect_as_reference(network, pressure_points(network, 9), {3});
    }
    EXPECT_TRUE(batch_supports(network_of(sized_surface(batch::most_sparse_unknowns - 1, 1))));
    EXPECT_FALSE(batch_supports(network_of(sized_surface(batch::most_sparse_unknowns, 1))));
}

/// A fast step in equilibrium beside slow ones: 1e16 times as fast as the turnover, where matrices
/// in double know nothing of the latter.
TEST(LargeNetworks, WhatDoubleCannotHoldIsDoneInDoubleDouble) {
    const Network network = network_of({.reactions = {{"A_g + *_s <-> A_s", 1e9, 1e9},
                                                      {"A_s <-> B_s", 1e12, 3e12},
                                                      {"B_s <-> C_s", 1e12, 1e12},
                                                      {"C_s => D_g + *_s", 1e-7}},
                                        .pressures = {{"A_g", 1.0}}});
    KineticsTable table = table_of(network, {point_of(network)});
    StateTable states(network, 1);
    BatchOptions options;
    options.use_uniqueness = false;
    options.largest_error = 1e-14;
    const BatchReport report = solve_batch(network, table, states, options);
    ASSERT_EQ(report.certified, 1u);
    EXPECT_EQ(report.in_double_double, 1u);
    // A : * = 1 up to 1e-16, B = A / 3, C = B; the turnover is 1e-7 C.
    EXPECT_NEAR(states.coverages(0)[position(network.unknown_names(), "C_s")], 1.0 / 8.0, 1e-15);
    EXPECT_NEAR(states.turnover_frequencies(0)[position(network.gas_names(), "D_g")], 1e-7 / 8.0,
                1e-22);
}

TEST(LargeNetworks, BitsAreThoseOfEveryVectorWidthAndOrder) {
    const Network network = network_of(sized_surface(40, 2));
    const KineticsTable table = pressure_points(network, 13);
    const auto solved = [&](const KineticsTable& points) {
        StateTable states(network, points.points());
        (void)solve_batch(network, points, states);
        return states;
    };
    const auto allow = [](std::int64_t targets) {
        hwy::SetSupportedTargetsForTest(targets);
        hwy::GetChosenTarget().DeInit();
    };
    const auto expect_same = [](const StateTable& a, std::size_t p, const StateTable& b,
                                std::size_t q) {
        const auto same = [](const auto& x, const auto& y) {
            return std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) == 0;
        };
        EXPECT_EQ(a.path[p], b.path[q]);
        EXPECT_TRUE(same(a.coverages(p), b.coverages(q)));
        EXPECT_TRUE(same(a.net_rates(p), b.net_rates(q)));
        for (const auto& [x, y] : {std::pair(&a.rate_error, &b.rate_error),
                                   std::pair(&a.coverage_error, &b.coverage_error),
                                   std::pair(&a.slowest_eigenvalue, &b.slowest_eigenvalue)}) {
            EXPECT_EQ(std::memcmp(&(*x)[p], &(*y)[q], sizeof(double)), 0);
        }
    };
    allow(0);
    const std::int64_t best = hwy::SupportedTargets();
    const StateTable widest = solved(table);
    for (const std::int64_t target : {HWY_AVX2, HWY_SCALAR}) {
        if (target != HWY_SCALAR && (best & target) == 0) continue;
        allow(target);
        const StateTable states = solved(table);
        for (std::size_t p = 0; p < table.points(); ++p) expect_same(widest, p, states, p);
    }
    allow(0);
    KineticsTable reversed(network, table.points());
    for (std::size_t p = 0; p < table.points(); ++p) {
        reversed.set(table.points() - 1 - p, table.get(p));
    }
    const StateTable states = solved(reversed);
    for (std::size_t p = 0; p < table.points(); ++p) {
        expect_same(widest, p, states, table.points() - 1 - p);
    }
}

batch::FlatNetwork flat_of(const Network& network) {
    return batch::FlatNetwork(network, live_network(network, point_of(network)));
}

TEST(LargeNetworks, ThePatternHoldsEveryEntryAndEveryFillIn) {
    const Network network = network_of(sized_surface(60, 5));
    const batch::FlatNetwork flat = flat_of(network);
    const batch::SparsePattern pattern(flat);
    // The elimination as sets: position by position, on the dense matrix.
    const int n = network.unknowns();
    std::set<std::pair<int, int>> filled;
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    for (const batch::Entry& e : flat.entries) {
        filled.insert({pattern.position_of[at(e.row)], pattern.position_of[at(e.column)]});
    }
    std::size_t updates = 0;
    for (int p = 0; p < n; ++p) {
        std::set<int> near(pattern.neighbours(p).begin(), pattern.neighbours(p).end());
        for (int q = p + 1; q < n; ++q) {
            const bool linked = filled.contains({p, q}) || filled.contains({q, p});
            EXPECT_TRUE(!linked || near.contains(q)) << p << ' ' << q;
        }
        for (const int i : near) {
            for (const int j : near) filled.insert({i, j});
        }
        updates += near.size() * near.size();
    }
    EXPECT_EQ(pattern.targets.size(), updates);
    EXPECT_LT(updates, at(n * n * n / 3) / 10) << "hardly sparse";
    EXPECT_LT(*std::ranges::max_element(pattern.targets), pattern.values());
}

TEST(LargeNetworks, RatesOfStepsInEquilibriumFollowFromTheSlowOnes) {
    // Two routes from A to gases, over a fast step: net rates 3 and 4, whose sum is the fast one's.
    const Network network = network_of({.reactions = {{"A_g + *_s <-> A_s", 1e9, 1e9},
                                                      {"A_s => B_g + *_s", 3.0},
                                                      {"A_s => C_g + *_s", 4.0}},
                                        .pressures = {{"A_g", 1.0}}});
    const batch::FlatNetwork flat = flat_of(network);
    const std::size_t fast = position(network.step_names(), "A_g + *_s <-> A_s");
    const std::size_t b = position(network.step_names(), "A_s => B_g + *_s");
    const std::size_t c = position(network.step_names(), "A_s => C_g + *_s");
    batch::BoundedRates steps, gases;
    steps.high.assign(3, 0.0);
    steps.high[fast] = 7.3;  // as a difference of large rates: rounding
    steps.high[b] = 3.0;
    steps.high[c] = 4.0;
    steps.low.assign(3, 0.0);
    steps.error.assign(3, 1e-20);
    steps.error[fast] = 0.5;
    gases.high.assign(3, 7.3);
    gases.low.assign(3, 0.0);
    gases.error.assign(3, 0.5);
    batch::RouteRates(flat).improve(steps, gases);
    EXPECT_EQ(steps.high[fast], 7.0);
    EXPECT_LT(steps.error[fast], 1e-19);
    EXPECT_EQ(steps.high[b], 3.0);
    EXPECT_EQ(gases.high[position(network.gas_names(), "A_g")], -7.0);
    EXPECT_EQ(gases.high[position(network.gas_names(), "C_g")], 4.0);
}

TEST(LargeNetworks, SlowestModesOfKnownMatrices) {
    // Three steps in an invariant space, eigenvalues 1, 1/2 and 1/10 of the inverse: rates -1, -2
    // and -10.
    const std::vector<double> known = {1.0, 0.3, 0.0,  //
                                       0.0, 0.5, 0.2,  //
                                       0.0, 0.0, 0.1,  //
                                       0.0, 0.0, 0.0};
    EXPECT_NEAR(batch::slowest_ritz_value(known, 3).value(), -1.0, 1e-12);
    // A pair of complex ones, 1 +- i: -1 / (1 + i) has the real part -1/2.
    const std::vector<double> pair = {1.0, -1.0, 1.0, 1.0, 0.0, 0.0};
    EXPECT_NEAR(batch::slowest_ritz_value(pair, 2).value(), -0.5, 1e-12);
    // What is still under way says nothing.
    const std::vector<double> open = {1.0, 0.3, 0.2, 0.5, 0.0, 0.9};
    EXPECT_FALSE(batch::slowest_ritz_value(open, 2));
}

}  // namespace
}  // namespace turnover::test
