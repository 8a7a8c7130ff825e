// What must hold of every answer, on networks that nobody chose.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "random_networks.hpp"
#include "seed.hpp"
#include "turnover/steady/extended.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/newton.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

constexpr double unit = std::numeric_limits<double>::epsilon();

/// The same root in 100 digits, from the answer.
Root<Digits100> judge(const Network& network, const PointKinetics& point,
                      const SteadyState& state) {
    const LiveNetwork live = live_network(network, point);
    ScaledBalances<Digits100> equations(network, point, live, live.unknowns, state.coverages);
    return newton<Digits100, Digits100>(network, equations, {state.coverages, 1e-300});
}

double relative_error(double value, const Digits100& truth) {
    return static_cast<double>(abs((Digits100(value) - truth) / truth));
}

TEST(Properties, OfRandomNetworks) {
    int digits100 = 0;
    double smallest = 1.0;
    for (unsigned seed = 1; seed <= 150; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        const int adsorbates = 2 + static_cast<int>(seed % 6);
        const Network network = network_of(random_surface(seed, adsorbates, adsorbates / 2));
        const PointKinetics point = point_of(network);
        const SteadyState state = solve_reference(network, point);
        ASSERT_EQ(state.status, Status::converged) << state.detail;
        digits100 += state.digits >= 100;

        double sum = 0.0;
        for (const double x : state.coverages) {
            EXPECT_GT(x, 0.0);
            sum += x;
            smallest = std::min(smallest, x);
        }
        EXPECT_NEAR(sum, 1.0, 4.0 * unit);
        EXPECT_LT(state.slowest_eigenvalue, 0.0);
        EXPECT_LT(state.residual, 1e-24);
        EXPECT_LE(state.coverage_error, 1e-15);
        EXPECT_LE(state.rate_error, 1e-15);
        for (int i = 0; i < network.unknowns(); ++i) {
            double balance = 0.0, gross = 0.0;
            for (int j = 0; j < network.steps(); ++j) {
                const double term =
                    network.stoichiometry(i, j) * state.net_rates[static_cast<std::size_t>(j)];
                balance += term;
                gross += std::abs(term);
            }
            EXPECT_LE(std::abs(balance), 4.0 * unit * gross)
                << network.unknown_names()[std::size_t(i)];
        }

        const Root<Digits100> truth = judge(network, point, state);
        ASSERT_TRUE(truth.found);
        for (std::size_t i = 0; i < state.coverages.size(); ++i) {
            EXPECT_LE(relative_error(state.coverages[i], truth.coverages[i]), state.coverage_error);
        }
        for (std::size_t j = 0; j < state.net_rates.size(); ++j) {
            if (!network.on_a_route(static_cast<int>(j))) {
                EXPECT_EQ(state.net_rates[j], 0.0);
                continue;
            }
            EXPECT_LE(relative_error(state.net_rates[j], truth.forward[j] - truth.reverse[j]),
                      state.rate_error);
        }
        for (int g = 0; g < network.gases(); ++g) {
            Digits100 frequency(0.0), gross(0.0);
            for (int j = 0; j < network.steps(); ++j) {
                const auto s = static_cast<std::size_t>(j);
                frequency += Digits100(double(network.gas_stoichiometry(g, j))) *
                             (truth.forward[s] - truth.reverse[s]);
                gross += truth.forward[s] + truth.reverse[s];
            }
            if (state.turnover_frequencies[std::size_t(g)] == 0.0) {  // no route makes this gas
                EXPECT_LE(abs(frequency), Digits100(1e-70) * gross);
                continue;
            }
            EXPECT_LE(relative_error(state.turnover_frequencies[std::size_t(g)], frequency),
                      state.rate_error);
        }
    }
    EXPECT_GT(digits100, 0) << "the escalation to 100 digits was never tried";
    EXPECT_LT(smallest, 1e-30) << "coverages below the integrator's reach were never tried";
}

/// Every number of two states, named by the first network.
void expect_same(const Network& one, const SteadyState& a, const Network& other,
                 const SteadyState& b,
                 const std::function<std::string(const std::string&)>& renamed) {
    ASSERT_EQ(a.status, b.status) << a.detail << b.detail;
    ASSERT_EQ(a.status, Status::converged) << a.detail;
    for (std::size_t i = 0; i < a.coverages.size(); ++i) {
        EXPECT_EQ(a.coverages[i], coverage(other, b.coverages, renamed(one.unknown_names()[i])));
    }
    for (std::size_t g = 0; g < a.turnover_frequencies.size(); ++g) {
        EXPECT_EQ(a.turnover_frequencies[g],
                  b.turnover_frequencies[position(other.gas_names(), renamed(one.gas_names()[g]))]);
    }
}

TEST(Properties, OrderOfTheFileChangesNotOneBit) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        Surface surface = random_surface(seed, 5, 2);
        const Network network = network_of(surface);
        const SteadyState state = solve_reference(network, point_of(network));
        std::reverse(surface.reactions.begin(), surface.reactions.end());
        const Network reversed = network_of(surface);
        const SteadyState other = solve_reference(reversed, point_of(reversed));
        expect_same(network, state, reversed, other, [](const std::string& name) { return name; });
        EXPECT_EQ(state.coverages, other.coverages);
        if (state.status != Status::converged) continue;
        EXPECT_EQ(state.residual, other.residual);
        EXPECT_EQ(state.coverage_error, other.coverage_error);
        EXPECT_EQ(state.integration_steps, other.integration_steps);
        EXPECT_EQ(state.slowest_eigenvalue, other.slowest_eigenvalue);
    }
}

TEST(Properties, NamesChangeNotOneBitOfTheNumbers) {
    // A <-> Y, B <-> X, ... turns the alphabetical order of adsorbates around. The way of the
    // integrator differs in its roundings; the rounded root must not.
    const auto renamed = [](std::string name) {
        if (name[0] >= 'A' && name[0] <= 'Y') name[0] = static_cast<char>('A' + 'Y' - name[0]);
        return name;
    };
    for (unsigned seed = 1; seed <= 20; ++seed) {
        const Surface surface = random_surface(seed, 5, 2);
        Surface other = surface;
        for (Reaction& reaction : other.reactions) {
            for (std::size_t i = 0; i < reaction.equation.size(); ++i) {
                char& c = reaction.equation[i];
                if (c >= 'A' && c <= 'Y') c = static_cast<char>('A' + 'Y' - c);
            }
            if (!reaction.name.empty()) reaction.name = "a" + reaction.name;
        }
        other.pressures.clear();
        for (const auto& [gas, pressure] : surface.pressures)
            other.pressures[renamed(gas)] = pressure;
        const Network network = network_of(surface), turned = network_of(other);
        expect_same(network, solve_reference(network, point_of(network)), turned,
                    solve_reference(turned, point_of(turned)), renamed);
    }
}

TEST(Properties, TheSameCallGivesTheSameBits) {
    const Network network = seed_network(0.05, 0.3);
    const PointKinetics point = point_of(network);
    const SteadyState a = solve_reference(network, point), b = solve_reference(network, point);
    EXPECT_EQ(a.coverages, b.coverages);
    EXPECT_EQ(a.net_rates, b.net_rates);
    EXPECT_EQ(a.integration_time, b.integration_time);
    EXPECT_EQ(a.slowest_eigenvalue, b.slowest_eigenvalue);
}

TEST(Properties, BoundsFollowTheArithmetic) {
    // In 34 digits the bound must not be smaller than the true error, nor a million times larger.
    double tightest = std::numeric_limits<double>::infinity();
    for (unsigned seed = 1; seed <= 40; ++seed) {
        const Network network = network_of(random_surface(seed, 4, 2));
        const PointKinetics point = point_of(network);
        const SteadyState state = solve_reference(network, point);
        ASSERT_EQ(state.status, Status::converged) << state.detail;
        const LiveNetwork live = live_network(network, point);
        ScaledBalances<Digits34> equations(network, point, live, live.unknowns, state.coverages);
        const auto root = newton<Digits34, Digits34>(network, equations, {state.coverages, 1e-300});
        const auto truth = judge(network, point, state);
        ASSERT_TRUE(root.found && truth.found);
        for (std::size_t i = 0; i < state.coverages.size(); ++i) {
            const Digits100 found(root.coverages[i]);
            const double error =
                static_cast<double>(abs((found - truth.coverages[i]) / truth.coverages[i]));
            EXPECT_LE(error, root.coverage_error[i]) << "seed " << seed << ", unknown " << i;
            if (error > 0.0) tightest = std::min(tightest, root.coverage_error[i] / error);
        }
        for (std::size_t j = 0; j < root.net_error.size(); ++j) {
            const Digits100 found = Digits100(root.forward[j]) - Digits100(root.reverse[j]);
            const double error =
                static_cast<double>(abs(found - (truth.forward[j] - truth.reverse[j])));
            EXPECT_LE(error, root.net_error[j]) << "seed " << seed << ", step " << j;
        }
    }
    EXPECT_LT(tightest, 1e6);
}

}  // namespace
}  // namespace turnover::test
