// What the batched solver does not certify it hands over, with a reason, and the reference path
// answers.
#include <limits>

#include <gtest/gtest.h>

#include "batch_networks.hpp"
#include "turnover/base/error.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

Surface blocking(double a = 0.4) {
    return {.reactions = {{"A_g + *_s <-> A_s", 1.0, 1e-3},
                          {"B2_g + 2*_s => 2B_s", 1.0},
                          {"A_s + B_s => C_g + 2*_s", 1e4}},
            .pressures = {{"A_g", a}, {"B2_g", 1.0}}};
}

/// One good point between two that are changed by `spoil`.
template <class Spoil>
KineticsTable spoilt_table(const Network& network, Spoil spoil) {
    std::vector<PointKinetics> points(3, point_of(network));
    spoil(points[0]);
    spoil(points[2]);
    return table_of(network, points);
}

void expect_handed_over(const Network& network, const KineticsTable& table, HandOver reason,
                        const BatchOptions& options = {}) {
    StateTable states(network, table.points());
    const BatchReport report = solve_batch(network, table, states, options);
    EXPECT_EQ(report.points, 3u);
    EXPECT_EQ(report.certified, 1u);
    EXPECT_EQ(report.handed_over, 2u);
    EXPECT_EQ(report.count(reason), 2u) << to_string(reason);
    EXPECT_EQ(states.path[1], Path::batch);
    EXPECT_EQ(states.status[1], Status::converged);
    for (const std::size_t p : {0u, 2u}) {
        EXPECT_EQ(states.path[p], Path::none);
        EXPECT_EQ(states.status[p], Status::not_computed);
    }
}

TEST(BatchHandOver, RateConstantsThatAreNone) {
    const Network network = network_of(blocking());
    for (const double bad : {std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity(), -1.0, 1e200}) {
        expect_handed_over(network,
                           spoilt_table(network, [&](PointKinetics& p) { p.forward[1] = bad; }),
                           HandOver::invalid);
        expect_handed_over(network,
                           spoilt_table(network, [&](PointKinetics& p) { p.initial[0] = bad; }),
                           HandOver::invalid);
    }
}

TEST(BatchHandOver, AnAdsorbateThatCannotForm) {
    const Network network = network_of(blocking());
    const std::size_t b2 = position(network.step_names(), "B2_g + 2*_s => 2B_s");
    const KineticsTable table =
        spoilt_table(network, [&](PointKinetics& p) { p.forward[b2] = 0.0; });
    expect_handed_over(network, table, HandOver::unsupported);

    StateTable states(network, 3);
    const BatchReport report = solve_points(network, table, states);
    EXPECT_EQ(report.certified, 1u);
    for (std::size_t p = 0; p < 3; ++p) EXPECT_EQ(states.status[p], Status::converged);
    EXPECT_EQ(states.path[0], Path::reference);
    EXPECT_EQ(states.path[1], Path::batch);
    EXPECT_EQ(states.coverages(0)[position(network.unknown_names(), "B_s")], 0.0);
}

TEST(BatchHandOver, AStepThatStandsStillLeavesTheRestToTheBatch) {
    // Without desorption, by a zero constant: fewer directions, the same unknowns.
    const Network network = network_of(blocking(0.2));
    const std::size_t a = position(network.step_names(), "A_g + *_s <-> A_s");
    const KineticsTable table =
        spoilt_table(network, [&](PointKinetics& p) { p.reverse[a] = 0.0; });
    StateTable states(network, 3);
    const BatchReport report = solve_batch(network, table, states);
    EXPECT_EQ(report.count(HandOver::unsupported), 0u);
    EXPECT_EQ(states.path[1], Path::batch);
    for (std::size_t p = 0; p < 3; ++p) {
        if (states.path[p] != Path::batch) continue;
        const SteadyState truth = solve_reference(network, table.get(p));
        ASSERT_EQ(truth.status, Status::converged);
        for (std::size_t i = 0; i < states.unknowns; ++i) {
            EXPECT_NEAR(states.coverages(p)[i] / truth.coverages[i], 1.0, 1e-15);
        }
    }
}

TEST(BatchHandOver, PoisoningForEver) {
    // A stays for ever once B2 is outnumbered: the free sites decay to nothing.
    Surface surface = blocking(2.0);
    surface.reactions[0] = {"A_g + *_s => A_s", 1.0};
    const Network network = network_of(surface);
    const KineticsTable table = table_of(network, {point_of(network)});
    StateTable states(network, 1);
    const BatchReport report = solve_batch(network, table, states);
    EXPECT_EQ(report.handed_over, 1u);
    EXPECT_EQ(states.path[0], Path::none);
}

TEST(BatchHandOver, TooFewStepsOrTooMuchPrecisionOrTooSensitive) {
    const Network network = network_of(blocking());
    const KineticsTable table = table_of(network, {point_of(network)});
    const auto reason = [&](const BatchOptions& options) {
        StateTable states(network, 1);
        const BatchReport report = solve_batch(network, table, states, options);
        EXPECT_EQ(report.handed_over, 1u);
        for (std::size_t r = 0; r < hand_over_reasons; ++r) {
            if (report.reasons[r] > 0) return static_cast<HandOver>(r);
        }
        return HandOver::invalid;
    };
    EXPECT_EQ(reason({.most_steps = 8}), HandOver::slow);
    EXPECT_EQ(reason({.largest_error = 1e-18}), HandOver::imprecise);
    EXPECT_EQ(reason({.largest_drift = 1e-12}), HandOver::too_sensitive);
}

TEST(BatchHandOver, NetRatesThatDrownInRounding) {
    // Two ways between gas and surface in equilibrium: nothing turns over, which no difference of
    // rounded rates can show.
    const Network network = network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 4.0},
                                                      {"A_s <-> B_s", 80.0, 20.0},
                                                      {"A_g + *_s <-> B_s", 3.0, 3.0}},
                                        .pressures = {{"A_g", 1.0}}});
    const KineticsTable table = table_of(network, {point_of(network)});
    StateTable states(network, 1);
    const BatchReport report = solve_batch(network, table, states);
    EXPECT_EQ(report.count(HandOver::imprecise), 1u);
}

TEST(BatchHandOver, OscillationIsNoSteadyState) {
    const Network network = network_of({.reactions = {{"A_g + *_s => X_s", 1e-3},
                                                      {"B_g + X_s => Y_s + D_g", 3.0},
                                                      {"2X_s + Y_s => 3X_s", 1.0},
                                                      {"X_s => E_g + *_s", 1.0}},
                                        .pressures = {{"A_g", 1.0}, {"B_g", 1.0}},
                                        .totals = {{"s", 1000.0}}});
    StateTable states(network, 1);
    const BatchReport report = solve_batch(network, table_of(network, {point_of(network)}), states);
    EXPECT_EQ(report.handed_over, 1u);
}

TEST(BatchHandOver, NetworksThatAreNoneForTheBatch) {
    // Y never leaves: besides the sites, X + Y is conserved.
    const Network locked = network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0},
                                                     {"A_s + X_s <-> *_s + Y_s + B_g", 1.0, 1.0}},
                                       .pressures = {{"A_g", 1.0}, {"B_g", 1.0}},
                                       .initial = {{"X_s", 0.5}}});
    EXPECT_FALSE(batch_supports(locked));
    EXPECT_TRUE(batch_supports(network_of(blocking())));

    StateTable states(locked, 1);
    const KineticsTable table = table_of(locked, {point_of(locked)});
    const BatchReport report = solve_points(locked, table, states);
    EXPECT_EQ(report.count(HandOver::unsupported), 1u);
    EXPECT_EQ(states.status[0], Status::converged);
    EXPECT_EQ(states.path[0], Path::reference);
}

TEST(BatchHandOver, AStopLeavesTheRestNotComputed) {
    const Network network = network_of(blocking());
    const std::size_t b2 = position(network.step_names(), "B2_g + 2*_s => 2B_s");
    const KineticsTable table =
        spoilt_table(network, [&](PointKinetics& p) { p.forward[b2] = 0.0; });
    std::stop_source source;
    source.request_stop();
    StateTable states(network, 3);
    (void)solve_points(network, table, states, {}, source.get_token());
    for (std::size_t p = 0; p < 3; ++p) EXPECT_NE(states.path[p], Path::reference);
    EXPECT_EQ(states.status[0], Status::not_computed);
}

TEST(BatchHandOver, TablesOfDifferentLengthsAreRefused) {
    const Network network = network_of(blocking());
    StateTable states(network, 2);
    EXPECT_THROW((void)solve_batch(network, table_of(network, {point_of(network)}), states), Error);
}

}  // namespace
}  // namespace turnover::test
