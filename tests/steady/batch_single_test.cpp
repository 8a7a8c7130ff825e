// Networks with one steady state only take the short way, to the same answers.
#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

#include "batch_networks.hpp"
#include "single_networks.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/batch/single.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

struct Drawn {
    Network network;
    KineticsTable table;
};

/// `points` points of a network whose constants are drawn evenly in their logarithm.
Drawn drawn(const Surface& surface, std::size_t points, double lowest, double highest) {
    const Network network = network_of(surface);
    const PointKinetics unit = point_of(network);
    KineticsTable table(network, points);
    std::mt19937 generator(7);
    const auto vary = [&](std::vector<double>& constants) {
        for (double& k : constants) {
            const double u = static_cast<double>(generator()) / 4294967296.0;
            if (k > 0.0) k = std::pow(10.0, lowest + (highest - lowest) * u);
        }
    };
    for (std::size_t p = 0; p < points; ++p) {
        PointKinetics point = unit;
        vary(point.forward);
        vary(point.reverse);
        table.set(p, point);
    }
    return {network, std::move(table)};
}

std::vector<Surface> single_networks() {
    return {langmuir_hinshelwood(),
            {.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0}}, .pressures = {{"A_g", 1.0}}},
            {.reactions = {{"A2_g + 2*_s <-> 2A_s", 1.0, 1.0},
                           {"A_s <-> B_s", 1.0, 1.0},
                           {"B_s <-> B_g + *_s", 1.0, 1.0}},
             .pressures = {{"A2_g", 1.0}, {"B_g", 1.0}}},
            {.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0},
                           {"B2_g + 2*_t <-> 2B_t", 1.0, 1.0},
                           {"A_s + B_t <-> C_g + *_s + *_t", 1.0, 1.0}},
             .pressures = {{"A_g", 1.0}, {"B2_g", 1.0}, {"C_g", 1.0}},
             .totals = {{"s", 1.0}, {"t", 0.05}}},
            {.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0},
                           {"A_s <-> B_s", 1.0, 1.0},
                           {"B_s <-> C_s", 1.0, 1.0},
                           {"C_s <-> D_s", 1.0, 1.0},
                           {"B_s <-> D_s", 1.0, 1.0},
                           {"D_s => E_g + *_s", 1.0}},
             .pressures = {{"A_g", 1.0}}},
            {.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0},
                           {"B2_g + 2*_s <-> 2B_s", 1.0, 1.0},
                           {"C3_g + 3*_s <-> 3C_s", 1.0, 1.0}},
             .pressures = {{"A_g", 1.0}, {"B2_g", 1.0}, {"C3_g", 1.0}}}};
}

void expect_agreement(const StateTable& a, std::size_t p, std::span<const double> coverages,
                      std::span<const double> net_rates, double coverage_bound, double rate_bound) {
    for (std::size_t i = 0; i < a.unknowns; ++i) {
        EXPECT_LE(std::abs(a.coverages(p)[i] - coverages[i]),
                  1.0001 * (a.coverage_error[p] + coverage_bound) * coverages[i]);
    }
    for (std::size_t j = 0; j < a.steps; ++j) {
        EXPECT_LE(std::abs(a.net_rates(p)[j] - net_rates[j]),
                  1.0001 * (a.rate_error[p] + rate_bound) * std::abs(net_rates[j]));
    }
}

TEST(BatchSingle, AgreesWithTheTransientsAndWithTheReferencePath) {
    BatchOptions with_transients;
    with_transients.use_uniqueness = false;
    for (const Surface& surface : single_networks()) {
        SCOPED_TRACE(surface.reactions.back().equation);
        for (const double highest : {3.0, 9.0}) {
            const auto [network, table] = drawn(surface, 203, -3.0, highest);
            StateTable fast(network, table.points()), slow(network, table.points());
            const BatchReport report = solve_batch(network, table, fast);
            const BatchReport usual = solve_batch(network, table, slow, with_transients);
            EXPECT_EQ(usual.without_transient, 0u);
            EXPECT_GE(report.certified, usual.certified);
            // Newton's method falls slowly where three particles leave together.
            const bool slow_to_find =
                surface.reactions.back().equation.find('3') != std::string::npos;
            EXPECT_GE(report.without_transient, table.points() * (slow_to_find ? 6 : 19) / 20);
            std::size_t compared = 0;
            for (std::size_t p = 0; p < table.points(); ++p) {
                SCOPED_TRACE(testing::Message() << "point " << p);
                if (fast.path[p] != Path::batch) continue;
                EXPECT_LT(fast.slowest_eigenvalue[p], 0.0);
                if (slow.path[p] == Path::batch) {
                    ++compared;
                    expect_agreement(fast, p, slow.coverages(p), slow.net_rates(p),
                                     slow.coverage_error[p], slow.rate_error[p]);
                    EXPECT_NEAR(fast.slowest_eigenvalue[p] / slow.slowest_eigenvalue[p], 1.0, 1e-5);
                }
                if (p % 40 != 0) continue;
                const SteadyState truth = solve_reference(network, table.get(p));
                ASSERT_EQ(truth.status, Status::converged) << truth.detail;
                expect_agreement(fast, p, truth.coverages, truth.net_rates, truth.coverage_error,
                                 truth.rate_error);
                EXPECT_NEAR(fast.slowest_eigenvalue[p] / truth.slowest_eigenvalue, 1.0, 1e-5);
            }
            EXPECT_GE(compared, table.points() / 2);
        }
    }
}

TEST(BatchSingle, CountsNoSteps) {
    const auto [network, table] = drawn(langmuir_hinshelwood(), 9, 0.0, 2.0);
    StateTable states(network, table.points());
    const BatchReport report = solve_batch(network, table, states);
    EXPECT_EQ(report.without_transient, 9u);
    EXPECT_EQ(report.transient_steps, 0u);
    for (std::size_t p = 0; p < 9; ++p) {
        EXPECT_EQ(states.integration_time[p], 0.0);
        EXPECT_EQ(states.integration_steps[p], 0);
        EXPECT_GT(states.newton_iterations[p], 0);
        EXPECT_EQ(states.digits[p], 32);
    }
}

TEST(BatchSingle, PointsWithAnotherLiveNetworkTakeTheirOwnWay) {
    auto [network, table] = drawn(langmuir_hinshelwood(), 4, 0.0, 2.0);
    const std::size_t b = position(network.step_names(), "B_g + *_s <-> B_s");
    table.reverse(1)[b] = 0.0;  // B does not desorb: full of B is a steady state too
    table.forward(2)[b] = 0.0;  // no B
    StateTable states(network, table.points());
    const BatchReport report = solve_points(network, table, states);
    EXPECT_EQ(report.without_transient, 2u);
    for (std::size_t p = 0; p < 4; ++p) {
        const SteadyState truth = solve_reference(network, table.get(p));
        ASSERT_EQ(states.status[p], truth.status);
        if (truth.status != Status::converged) continue;
        expect_agreement(states, p, truth.coverages, truth.net_rates, truth.coverage_error,
                         truth.rate_error);
    }
}

/// A network of several steady states, as if it had been shown to have one only.
struct Misjudged {
    Misjudged(const Network& misjudged_network, const KineticsTable& points_of_it)
        : network(misjudged_network),
          table(points_of_it),
          live(live_network(network, table.get(0))),
          flat(network, live),
          states(network, table.points()) {
        for (std::size_t p = 0; p < table.points(); ++p) points.push_back(p);
    }
    [[nodiscard]] batch::Job job() {
        return {network, flat, table, points, options, states, report};
    }

    Network network;
    KineticsTable table;
    LiveNetwork live;
    batch::FlatNetwork flat;
    std::vector<std::size_t> points;
    BatchOptions options;
    StateTable states;
    BatchReport report;
};

TEST(BatchSingle, AMisjudgedNetworkIsFoundOut) {
    // A + B2 has two stable states over much of its map. Newton's method finds one of them, and the
    // transients from the two surfaces end in different ones.
    bool found_out = false;
    for (const bool full : {false, true}) {
        Surface surface{.reactions = {{"A_g + *_s <-> A_s", 1.0, 1e-3},
                                      {"B2_g + 2*_s => 2B_s", 1.0},
                                      {"A_s + B_s => C_g + 2*_s", 1e4}},
                        .pressures = {{"A_g", 1.0}, {"B2_g", 1.0}}};
        if (full) surface.initial["A_s"] = 1.0;
        const Network network = network_of(surface);
        Misjudged several(network,
                          pressure_table(network, "A_g + *_s <-> A_s", "B2_g + 2*_s => 2B_s", 20));
        try {
            batch::solve_single(several.job());
        } catch (const std::logic_error&) {
            found_out = true;
        }
    }
    EXPECT_TRUE(found_out);
}

TEST(BatchSingle, NoUnstableRootIsTaken) {
    // dx/dt = 16 x^3 (1 - x) + c (1 - x) - (2 + c) x is zero at x = 1/2, where Newton's method
    // starts, with the slope 2 - 2 c.
    const double c = 0.01;
    const Network network = network_of({.reactions = {{"A_g + 3X_s + *_s => 4X_s", 16.0},
                                                      {"A_g + *_s => X_s", c},
                                                      {"X_s => A_g + *_s", 2.0 + c}},
                                        .pressures = {{"A_g", 1.0}}});
    Misjudged middle(network, table_of(network, {point_of(network)}));
    const auto left = batch::run_single_lanes(middle.job());
    for (const double eigenvalue : middle.states.slowest_eigenvalue) EXPECT_LE(eigenvalue, 0.0);
    EXPECT_EQ(left.size(), 1u);
}

}  // namespace
}  // namespace turnover::test
