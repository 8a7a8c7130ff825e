#include "turnover/kinetics/network.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "turnover/base/error.hpp"

namespace turnover {
namespace {

/// Plain rate constants, forward and reverse.
void add(Mechanism& mechanism, const char* equation, double forward, double reverse) {
    const std::size_t j = add_step(mechanism, parse_equation(equation));
    mechanism.steps[j].theory =
        ArrheniusTheory{{forward, 0.0, 0.0}, ArrheniusExpression{reverse, 0.0, 0.0}, std::nullopt};
}

Mechanism empty_mechanism(std::initializer_list<std::pair<const char*, double>> sites) {
    Mechanism mechanism;
    mechanism.conditions.temperature = 500.0;
    for (const auto& [name, total] : sites) {
        Site site;
        site.name = name;
        site.total = total;
        add_site(mechanism, site);
    }
    return mechanism;
}

void set_pressure(Mechanism& mechanism, const char* gas, double pressure) {
    mechanism.conditions.pressures[*mechanism.find_species(gas)] = pressure;
}

Mechanism co_oxidation(bool backwards = false) {
    Mechanism mechanism = empty_mechanism({{"s", 1.0}});
    const auto steps = {
        +[](Mechanism& m) { add(m, "O2_g + 2*_s -> 2O_s", 3.0, 0.5); },
        +[](Mechanism& m) { add(m, "CO_g + *_s -> CO_s", 2.0, 0.25); },
        +[](Mechanism& m) { add(m, "O_s + CO_s -> CO2_g + 2*_s", 7.0, 0.125); },
    };
    if (backwards) {
        for (auto step = std::rbegin(steps); step != std::rend(steps); ++step) (*step)(mechanism);
    } else {
        for (const auto& step : steps) step(mechanism);
    }
    set_pressure(mechanism, "CO_g", 0.5);
    set_pressure(mechanism, "O2_g", 2.0);
    set_pressure(mechanism, "CO2_g", 4.0);
    return mechanism;
}

TEST(Network, OrdersEverythingAlphabeticallyAndKnowsTheWayBack) {
    const Network network(co_oxidation());
    EXPECT_EQ(network.unknown_names(), (std::vector<std::string>{"CO_s", "O_s", "*_s"}));
    EXPECT_EQ(network.gas_names(), (std::vector<std::string>{"CO2_g", "CO_g", "O2_g"}));
    EXPECT_EQ(network.step_names(),
              (std::vector<std::string>{"CO_g + *_s -> CO_s", "O_s + CO_s -> CO2_g + 2*_s",
                                        "O2_g + 2*_s -> 2O_s"}));
    EXPECT_EQ(network.unknown_order(), (std::vector<int>{1, 0, 2}));  // O_s is named first
    EXPECT_EQ(network.gas_order(), (std::vector<int>{2, 1, 0}));
    EXPECT_EQ(network.step_order(), (std::vector<int>{2, 0, 1}));
}

TEST(Network, StoichiometryByHand) {
    const Network network(co_oxidation());
    const int expected[3][3] = {{1, -1, 0}, {0, -1, 2}, {-1, 2, -2}};
    for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j) EXPECT_EQ(network.stoichiometry(i, j), expected[i][j]);
    }
    EXPECT_EQ(network.gas_stoichiometry(2, 2), -1);
    EXPECT_EQ(network.gas_stoichiometry(0, 1), 1);
    ASSERT_EQ(network.conservation_laws().size(), 1U);
    EXPECT_EQ(network.conservation_laws()[0].coefficients, (std::vector<int>{1, 1, 1}));
}

TEST(Network, FoldsPressuresIntoRateConstants) {
    const Network network(co_oxidation());
    const PointKinetics point = network.at(network.mechanism().conditions);
    EXPECT_EQ(point.forward, (std::vector<double>{2.0 * 0.5, 7.0, 3.0 * 2.0}));
    EXPECT_EQ(point.reverse, (std::vector<double>{0.25, 0.125 * 4.0, 0.5}));
    EXPECT_EQ(point.initial, (std::vector<double>{0.0, 0.0, 1.0}));
    EXPECT_EQ(point.totals, (std::vector<double>{1.0}));
}

TEST(Network, OrderInTheFileChangesNoNumber) {
    const Network one(co_oxidation(false));
    const Network other(co_oxidation(true));
    EXPECT_EQ(one.unknown_names(), other.unknown_names());
    EXPECT_EQ(one.step_names(), other.step_names());
    const PointKinetics a = one.at(one.mechanism().conditions);
    const PointKinetics b = other.at(other.mechanism().conditions);
    EXPECT_EQ(a.forward, b.forward);
    EXPECT_EQ(a.reverse, b.reverse);
}

TEST(Network, RatesAndBalancesByHand) {
    const Network network(co_oxidation());
    const PointKinetics point = network.at(network.mechanism().conditions);
    const double x[3] = {0.5, 0.25, 0.125};  // CO*, O*, *
    double forward[3], reverse[3], derivative[3];
    step_rates(network, point, x, forward, reverse);
    EXPECT_EQ(forward[0], 1.0 * 0.125);
    EXPECT_EQ(reverse[0], 0.25 * 0.5);
    EXPECT_EQ(forward[1], 7.0 * 0.5 * 0.25);
    EXPECT_EQ(reverse[1], 0.5 * 0.125 * 0.125);
    EXPECT_EQ(forward[2], 6.0 * 0.125 * 0.125);
    EXPECT_EQ(reverse[2], 0.5 * 0.25 * 0.25);
    balances(network, forward, reverse, derivative);
    EXPECT_DOUBLE_EQ(derivative[0], (forward[0] - reverse[0]) - (forward[1] - reverse[1]));
    EXPECT_DOUBLE_EQ(derivative[0] + derivative[1] + derivative[2], 0.0);
}

TEST(Network, JacobianAgreesWithDifferences) {
    const Network network(co_oxidation());
    const PointKinetics point = network.at(network.mechanism().conditions);
    const int n = network.unknowns();
    const std::vector<double> x{0.3, 0.2, 0.5};
    std::vector<double> exact(static_cast<std::size_t>(n * n));
    jacobian(network, point, x.data(), exact.data());
    const auto derivative = [&](std::vector<double> at) {
        std::vector<double> forward(3), reverse(3), result(3);
        step_rates(network, point, at.data(), forward.data(), reverse.data());
        balances(network, forward.data(), reverse.data(), result.data());
        return result;
    };
    for (int k = 0; k < n; ++k) {
        std::vector<double> up = x, down = x;
        up[static_cast<std::size_t>(k)] += 1e-5;
        down[static_cast<std::size_t>(k)] -= 1e-5;
        const auto high = derivative(up), low = derivative(down);
        for (int i = 0; i < n; ++i) {
            const auto s = static_cast<std::size_t>(i);
            EXPECT_NEAR(exact[static_cast<std::size_t>(i * n + k)], (high[s] - low[s]) / 2e-5,
                        1e-8);
        }
    }
}

TEST(Network, AutocatalysisCountsBothSides) {
    // A* + B* -> 2B*: rate k a b, B gains one, A loses one.
    Mechanism mechanism = empty_mechanism({{"s", 1.0}});
    add(mechanism, "CO_s + OC_s -> 2OC_s", 3.0, 0.0);
    const Network network(mechanism);
    const PointKinetics point = network.at(network.mechanism().conditions);
    const double x[3] = {0.5, 0.25, 0.25};
    double forward[1], reverse[1], derivative[3];
    step_rates(network, point, x, forward, reverse);
    balances(network, forward, reverse, derivative);
    EXPECT_EQ(derivative[0], -3.0 * 0.5 * 0.25);
    EXPECT_EQ(derivative[1], +3.0 * 0.5 * 0.25);
    EXPECT_EQ(derivative[2], 0.0);
}

TEST(Network, SiteTotalsAndBidentatesConserve) {
    Mechanism mechanism = empty_mechanism({{"s", 1.0}, {"t", 0.05}});
    add(mechanism, "CO_g + *_s -> CO_s", 1.0, 1.0);
    add(mechanism, "CO_s + *_t -> CO_t + *_s", 1.0, 1.0);
    add(mechanism, "O2_g + 2*_t -> O2_2t", 1.0, 1.0);
    set_pressure(mechanism, "CO_g", 1.0);
    set_pressure(mechanism, "O2_g", 1.0);
    const Network network(mechanism);
    ASSERT_EQ(network.unknown_names(),
              (std::vector<std::string>{"CO_s", "CO_t", "O2_2t", "*_s", "*_t"}));
    ASSERT_EQ(network.conservation_laws().size(), 2U);
    EXPECT_EQ(network.conservation_laws()[0].coefficients, (std::vector<int>{1, 0, 0, 1, 0}));
    EXPECT_EQ(network.conservation_laws()[1].coefficients, (std::vector<int>{0, 1, 2, 0, 1}));
    EXPECT_EQ(network.at(mechanism.conditions).totals, (std::vector<double>{1.0, 0.05}));
    for (int j = 0; j < network.steps(); ++j) EXPECT_FALSE(network.on_a_route(j));
}

TEST(Network, FindsLawsBeyondTheSites) {
    // Nothing exchanges with the gas: carbon monoxide on the surface is conserved as well.
    Mechanism mechanism = empty_mechanism({{"s", 1.0}});
    add(mechanism, "CO_s -> OC_s", 1.0, 2.0);
    const Network network(mechanism, {{"CO_s", 0.25}});
    ASSERT_EQ(network.conservation_laws().size(), 2U);
    const PointKinetics point = network.at(network.mechanism().conditions);
    EXPECT_EQ(point.totals[0], 1.0);
    EXPECT_EQ(point.initial, (std::vector<double>{0.25, 0.0, 0.75}));
}

TEST(Network, RefusesImpossibleInitialSurfaces) {
    EXPECT_THROW(Network(co_oxidation(), {{"CO_s", 0.6}, {"O_s", 0.6}}), Error);
    EXPECT_THROW(Network(co_oxidation(), {{"CO_s", -0.1}}), Error);
    EXPECT_THROW(Network(co_oxidation(), {{"*_s", 0.1}}), Error);
    EXPECT_THROW(Network(co_oxidation(), {{"N_s", 0.1}}), Error);
    EXPECT_NO_THROW(Network(co_oxidation(), {{"CO_s", 1.0}}));
}

}  // namespace
}  // namespace turnover
