// What the structure of a network says of the number of its steady states: networks whose answer is
// known, and the reference path from several surfaces wherever it says "one".
#include "turnover/steady/uniqueness.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "networks.hpp"
#include "turnover/steady/reference.hpp"
#include "turnover/steady/sign_test.hpp"

namespace turnover::test {
namespace {

using enum SteadyStateCount;

/// Every gas at 1 Pa, every constant 1.
Network with_ones(std::vector<std::string> equations,
                  std::map<std::string, double> totals = {{"s", 1.0}},
                  std::map<std::string, double> initial = {}) {
    Surface surface{.reactions = {}, .totals = std::move(totals), .initial = std::move(initial)};
    for (const std::string& equation : equations) {
        surface.reactions.push_back({equation, 1.0, 1.0});
        const Equation parsed = parse_equation(equation);
        for (const auto* side : {&parsed.initial, &parsed.final}) {
            for (const EquationTerm& term : *side) {
                if (term.species.ends_with("_g")) surface.pressures[term.species] = 1.0;
            }
        }
    }
    return network_of(surface);
}

void expect(SteadyStateCount count, const std::string& why, const Network& network) {
    const LiveNetwork live = live_network(network, point_of(network));
    const Uniqueness answer = examine_uniqueness(network, live);
    EXPECT_EQ(answer.count, count) << answer.describe();
    EXPECT_NE(answer.describe().find(why), std::string::npos) << answer.describe();
    EXPECT_EQ(reaches_one_steady_state(network, live), count == one_reached);
}

TEST(Uniqueness, LangmuirHinshelwoodOfTwoMoleculesHasOne) {
    // Bykov and Yablonskii: several steady states need adsorption steps of different orders. By
    // hand, both adsorptions reversible: the determinant has terms of both signs unless the rates
    // are those of a steady state.
    const std::string a = "A_g + *_s <-> A_s", b = "B_g + *_s <-> B_s";
    expect(one_reached, "every steady state", with_ones({a, b, "A_s + B_s => C_g + 2*_s"}));
    expect(one_reached, "every steady state", with_ones({a, b, "A_s + B_s <-> C_g + 2*_s"}));
}

TEST(Uniqueness, ASurfaceThatCanBePoisonedForGoodIsNotShown) {
    const std::string reaction = "A_s + B_s => C_g + 2*_s";
    // Without desorption of B, a surface full of B stays so.
    expect(not_shown, "A_s, *_s: once empty, for good",
           with_ones({"A_g + *_s <-> A_s", "B_g + *_s => B_s", reaction}));
    expect(not_shown, "once empty", with_ones({"A_g + *_s => A_s", "B_g + *_s => B_s", reaction}));
    expect(not_shown, "A_s, *_s: once empty, for good",
           with_ones({"A_g + *_s <-> A_s", "B2_g + 2*_s => 2B_s", reaction}));
}

TEST(Uniqueness, DissociativeAdsorptionBesideMolecularIsNotShown) {
    // CO oxidation: three steady states for some constants (the seed problem has points of them).
    expect(
        not_shown, "either sign",
        with_ones({"CO_g + *_s <-> CO_s", "O2_g + 2*_s <-> 2O_s", "CO_s + O_s <-> CO2_g + 2*_s"}));
    // On site types of their own they do not block each other.
    expect(one_reached, "injective",
           with_ones({"A_g + *_s <-> A_s", "B2_g + 2*_t <-> 2B_t", "A_s + B_t <-> C_g + *_s + *_t"},
                     {{"s", 1.0}, {"t", 1.0}}));
    // Eley-Rideal: A reacts from the gas.
    expect(one_reached, "injective",
           with_ones({"A_g + *_s <-> A_s", "B2_g + 2*_s <-> 2B_s", "A_g + B_s => C_g + *_s"}));
}

TEST(Uniqueness, FirstOrder) {
    expect(one_reached, "first order",
           with_ones({"A_g + *_s <-> A_s", "A_s <-> B_s", "B_s <-> C_s", "C_s => D_g + *_s"}));
    // B is a trap.
    expect(not_shown, "A_s, *_s: once empty", with_ones({"A_g + *_s <-> A_s", "A_s => B_s"}));
}

TEST(Uniqueness, AdsorptionEquilibriumOfAnySizeHasDeficiencyZero) {
    // One complex of free sites for each molecularity.
    expect(one_reached, "deficiency zero",
           with_ones({"A_g + *_s <-> A_s", "B2_g + 2*_s <-> 2B_s", "C_g + *_s <-> C_s",
                      "D3_g + 3*_s <-> 3D_s"}));
    // The same steps one way round only are not weakly reversible.
    expect(not_shown, "once empty", with_ones({"A_g + *_s <-> A_s", "B2_g + 2*_s => 2B_s"}));
}

TEST(Uniqueness, Autocatalysis) {
    // Without a seed A can die out.
    expect(
        not_shown, "A_s: once empty, for good",
        with_ones({"A_g + A_s + *_s => 2A_s", "A_s => A_g + *_s"}, {{"s", 1.0}}, {{"A_s", 0.5}}));
    // Schloegl's: three steady states of x^2 (1 - x) + c (1 - x) - b x.
    expect(not_shown, "either sign", with_ones({"A_g + 2A_s + *_s => 3A_s", "A_g + *_s <-> A_s"}));
    // Of second order and seeded: one free coverage, x (1 - x) + c (1 - x) - b x falls where it is
    // zero.
    expect(one_reached, "only one coverage is free",
           with_ones({"A_g + A_s + *_s => 2A_s", "A_g + *_s <-> A_s"}));
}

TEST(Uniqueness, ThreeFreeCoveragesMayOscillate) {
    const Network network = with_ones(
        {"A_g + *_s <-> A_s", "B_g + *_s <-> B_s", "A_s + B_s <-> C_s + *_s", "C_s <-> C_g + *_s"});
    expect(one, "oscillation not excluded", network);
}

TEST(Uniqueness, MoreThanSitesConserved) {
    // A and B are exchanged with each other only.
    expect(not_shown, "initial surface counts",
           with_ones({"A_s <-> B_s", "C_g + *_s <-> C_s"}, {{"s", 1.0}}, {{"A_s", 0.5}}));
}

TEST(Uniqueness, OfWhatIsAliveAtThePoint) {
    // Langmuir-Hinshelwood, whose B does not desorb at one point.
    const Network network =
        with_ones({"A_g + *_s <-> A_s", "B_g + *_s <-> B_s", "A_s + B_s => C_g + 2*_s"});
    PointKinetics point = point_of(network);
    point.reverse[position(network.step_names(), "B_g + *_s <-> B_s")] = 0.0;
    EXPECT_EQ(examine_uniqueness(network, live_network(network, point)).count, not_shown);
    // Without B in the gas: a Langmuir isotherm.
    point = point_of(network);
    point.forward[position(network.step_names(), "B_g + *_s <-> B_s")] = 0.0;
    const Uniqueness alone = examine_uniqueness(network, live_network(network, point));
    EXPECT_EQ(alone.count, one_reached) << alone.describe();
    EXPECT_NE(alone.reason.find("first order"), std::string::npos);
}

TEST(Uniqueness, TooLargeIsNotNo) {
    std::vector<std::string> equations;
    for (char a = 'A'; a < 'A' + 21; ++a) {
        const std::string name(1, a), other(1, a == 'A' ? 'U' : static_cast<char>(a - 1));
        equations.push_back(name + "_g + *_s <-> " + name + "_s");
        equations.push_back(name + "_s + " + other + "_s <-> X_g + 2*_s");
    }
    expect(not_examined, "not examined: the determinant of its Jacobian has too many terms",
           with_ones(equations));
}

TEST(SignTest, RaysOfAReversibleTriangle) {
    // A <-> B <-> C <-> A: three pairs, and once around in either direction.
    const IntegerMatrix change = {{-1, 1, 0, 0, 1, -1}, {1, -1, -1, 1, 0, 0}, {0, 0, 1, -1, -1, 1}};
    IntegerMatrix rays = extreme_rays(change, 6, 100);
    std::ranges::sort(rays);
    const IntegerMatrix expected = {{0, 0, 0, 0, 1, 1},
                                    {0, 0, 1, 1, 0, 0},
                                    {0, 1, 0, 1, 0, 1},
                                    {1, 0, 1, 0, 1, 0},
                                    {1, 1, 0, 0, 0, 0}};
    EXPECT_EQ(rays, expected);
    EXPECT_TRUE(extreme_rays(change, 6, 2).empty());
    // 2 v1 = 3 v2.
    EXPECT_EQ(extreme_rays({{2, -3}}, 2, 10), (IntegerMatrix{{3, 2}}));
}

TEST(SignTest, OfTwoByTwoDeterminantsByHand) {
    const IntegerMatrix unit = {{1, 0}, {0, 1}};
    const IntegerMatrix laws = {{1, 1}};
    // A -> B, B -> A: det [1 1; -v1 h1, v2 h2] (A's balance is left out or B's): one sign.
    EXPECT_EQ(determinant_sign({{{-1, 1}, {1, -1}}, {{1, 0}, {0, 1}}, 2}, laws, unit, 1000),
              DeterminantSign::one);
    // A + B -> 2B, B -> A: dB/dt = v1 - v2, terms v1 (h2 - h1) and -v2 h2.
    const Reactions autocatalysis{{{-1, 1}, {1, -1}}, {{1, 0}, {1, 1}}, 2};
    EXPECT_EQ(determinant_sign(autocatalysis, laws, unit, 1000), DeterminantSign::both);
    // In a steady state v1 = v2: only -v1 h1 is left.
    EXPECT_EQ(determinant_sign(autocatalysis, laws, {{1, 1}}, 1000), DeterminantSign::one);
    EXPECT_EQ(determinant_sign(autocatalysis, laws, unit, 5), DeterminantSign::too_large);
}

/// Networks of two or three adsorbates from a list of steps, each taken or not, reversible or not.
Surface drawn_surface(unsigned seed) {
    std::mt19937 generator(seed);
    const auto uniform = [&] { return static_cast<double>(generator()) / 4294967296.0; };
    const auto constant = [&] { return std::pow(10.0, 4.0 * uniform() - 2.0); };
    const std::vector<std::pair<std::string, std::string>> steps = {{"A_g + *_s", "A_s"},
                                                                    {"A2_g + 2*_s", "2A_s"},
                                                                    {"B_g + *_s", "B_s"},
                                                                    {"B2_g + 2*_s", "2B_s"},
                                                                    {"A_s", "B_s"},
                                                                    {"A_s + *_s", "B_s + *_s"},
                                                                    {"2A_s", "B_s + *_s"},
                                                                    {"A_s + B_s", "D_g + 2*_s"},
                                                                    {"A_g + B_s", "D_g + *_s"},
                                                                    {"A_s + B_s", "2B_s"},
                                                                    {"2A_s + B_s", "E_g + 3*_s"},
                                                                    {"A_s + 2B_s", "3B_s"},
                                                                    {"A_s + B_s", "C_s + *_s"},
                                                                    {"C_s", "F_g + *_s"}};
    Surface surface;
    const bool with_c = uniform() < 0.25;
    for (std::size_t k = 0; k < steps.size(); ++k) {
        const auto& [from, to] = steps[k];
        const bool wanted = k >= 12 ? with_c : uniform() < 0.4;
        if (!wanted) continue;
        const bool reversible = uniform() < 0.7;
        surface.reactions.push_back({from + (reversible ? " <-> " : " => ") + to, constant(),
                                     reversible ? constant() : 0.0, "step " + std::to_string(k)});
    }
    for (const char* gas : {"A_g", "A2_g", "B_g", "B2_g", "D_g", "E_g", "F_g"}) {
        surface.pressures[gas] = 1.0;
    }
    return surface;
}

TEST(Uniqueness, OneMeansOneFromEverySurface) {
    int shown = 0, bistable = 0;
    for (unsigned seed = 1; seed <= 400; ++seed) {
        Surface surface = drawn_surface(seed);
        std::erase_if(surface.pressures, [&](const auto& gas) {
            return std::ranges::none_of(surface.reactions, [&](const Reaction& r) {
                return r.equation.find(gas.first) != std::string::npos;
            });
        });
        std::set<std::string> adsorbates;
        for (const Reaction& r : surface.reactions) {
            for (const char* name : {"A_s", "B_s", "C_s"}) {
                if (r.equation.find(name) != std::string::npos) adsorbates.insert(name);
            }
        }
        if (surface.reactions.size() < 2 || adsorbates.empty()) continue;
        const Network network = network_of(surface);
        const PointKinetics clean = point_of(network);
        const LiveNetwork live = live_network(network, clean);
        if (static_cast<int>(live.unknowns.size()) != network.unknowns()) continue;
        const SteadyStateCount count = examine_uniqueness(network, live).count;
        // Enough of the others to know that there are bistable ones among them.
        if (count != one && count != one_reached && seed > 120) continue;
        std::vector<SteadyState> states;
        for (int i = 0; i < network.unknowns(); ++i) {
            PointKinetics point = clean;
            std::ranges::fill(point.initial, 1e-3);
            point.initial[static_cast<std::size_t>(i)] = 1.0 - 1e-3 * (network.unknowns() - 1);
            states.push_back(solve_reference(network, point));
        }
        const auto same = [](const SteadyState& a, const SteadyState& b) {
            for (std::size_t i = 0; i < a.coverages.size(); ++i) {
                if (std::abs(a.coverages[i] - b.coverages[i]) > 1e-9 * a.coverages[i]) return false;
            }
            return true;
        };
        const bool all_settle = std::ranges::all_of(
            states, [](const SteadyState& s) { return s.status == Status::converged; });
        const bool all_same = std::ranges::all_of(
            states, [&](const SteadyState& s) { return same(states.front(), s); });
        if (count == one_reached || (count == one && all_settle)) {
            ++shown;
            EXPECT_TRUE(all_settle && all_same) << "seed " << seed;
        }
        bistable += all_settle && !all_same;
    }
    EXPECT_GE(shown, 45);
    EXPECT_GE(bistable, 2) << "the networks drawn are too tame to test anything";
}

}  // namespace
}  // namespace turnover::test
