#include "turnover/kinetics/kinetics_table.hpp"

#include <gtest/gtest.h>

#include "support/small_models.hpp"
#include "turnover/base/error.hpp"

namespace turnover {
namespace {

/// With a step that depends on the temperature, so that stale rate constants would show.
Mechanism activated() {
    Mechanism mechanism = support::co_oxidation();
    std::get<ArrheniusTheory>(mechanism.steps[0].theory).forward.activation_energy = 1e-20;
    return mechanism;
}

void expect_same(const PointKinetics& a, const PointKinetics& b) {
    EXPECT_EQ(a.forward, b.forward);
    EXPECT_EQ(a.reverse, b.reverse);
    EXPECT_EQ(a.totals, b.totals);
    EXPECT_EQ(a.initial, b.initial);
}

TEST(KineticsTable, GivesBackWhatItWasGiven) {
    const Network network(activated(), {{"CO_s", 0.25}});
    KineticsTable table(network, 3);
    const PointKinetics point = network.at(network.mechanism().conditions);
    table.set(1, point);
    expect_same(table.get(1), point);
    EXPECT_EQ(table.forward(0)[0], 0.0);
    EXPECT_EQ(table.forward(2)[0], 0.0);
}

TEST(KineticsFiller, IsNetworkAtForEveryPoint) {
    const Network network(activated(), {{"CO_s", 0.25}});
    KineticsTable table(network, 5);
    std::vector<Conditions> points(5, network.mechanism().conditions);
    const std::size_t co = *network.mechanism().find_species("CO_g");
    points[1].pressures[co] *= 2.0;
    points[2].temperature += 50.0;  // other rate constants
    points[3].temperature += 50.0;
    points[3].site_totals[0] = 0.5;
    // points[4] is as the first again
    KineticsFiller filler(network);
    for (std::size_t p = 0; p < points.size(); ++p) filler.fill(table, p, points[p]);
    for (std::size_t p = 0; p < points.size(); ++p)
        expect_same(table.get(p), network.at(points[p]));
    EXPECT_NE(table.forward(1)[0], table.forward(2)[0]);
}

TEST(KineticsFiller, APointThatThrowsDoesNotSpoilTheNext) {
    Mechanism mechanism = activated();
    std::get<ArrheniusTheory>(mechanism.steps[0].theory).forward.temperature_exponent = 100.0;
    const Network network(mechanism);
    Conditions cold = mechanism.conditions, hot = mechanism.conditions;
    cold.temperature = 10.0;
    hot.temperature = 1e4;  // k = A T^100 overflows
    KineticsTable table(network, 2);
    KineticsFiller filler(network);
    filler.fill(table, 0, cold);
    EXPECT_THROW(filler.fill(table, 1, hot), Error);
    filler.fill(table, 1, cold);
    expect_same(table.get(1), network.at(cold));
}

}  // namespace
}  // namespace turnover
