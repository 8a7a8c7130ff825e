#include "turnover/kinetics/starting_surface.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "steady/networks.hpp"
#include "turnover/base/error.hpp"

namespace turnover {
namespace {

using test::network_of;

std::vector<std::string> names(const std::vector<StartingSurface>& surfaces) {
    std::vector<std::string> all;
    for (const StartingSurface& surface : surfaces) all.push_back(surface.name);
    return all;
}

/// The coverages that surface `number` of `network` begins with, by name.
double initial(const Network& network, std::size_t number, const std::string& name,
               double total = 0.0) {
    Conditions conditions = network.mechanism().conditions;
    conditions.starting_surface = static_cast<double>(number);
    if (total > 0.0) conditions.site_totals[0] = total;
    return test::coverage(network, network.at(conditions).initial, name);
}

Network pair_and_single(std::map<std::string, double> stated = {}) {
    return network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0},
                                     {"B2_g + 2*_s <-> 2B_s", 1.0, 1.0},
                                     {"A_s + B_s <-> C_g + 2*_s", 1.0, 1.0}},
                       .pressures = {{"A_g", 1.0}, {"B2_g", 1.0}},
                       .initial = std::move(stated)});
}

TEST(StartingSurface, ListsCleanAndEachAdsorbate) {
    const Network network = pair_and_single();
    EXPECT_EQ(network.surfaces(), (std::vector<StartingSurface>{{"clean", {}, {}}}));
    const auto surfaces = branch_surfaces(network, {{{"A_s", 0.3}, {"B_s", 0.25}}});
    EXPECT_EQ(names(surfaces),
              (std::vector<std::string>{"clean", "A_s", "B_s", "0.3 A_s + 0.25 B_s"}));
}

TEST(StartingSurface, BeginsWithTheStatedOne) {
    const Network network = pair_and_single({{"A_s", 0.5}});
    EXPECT_EQ(network.initial(), (std::map<std::string, double>{{"A_s", 0.5}}));
    // Listed surfaces that are there already are not started from twice.
    const auto surfaces =
        branch_surfaces(network, {{{"A_s", 0.5}}, {}, {{"A_s", 0.0}}, {{"B_s", 1.0}}});
    EXPECT_EQ(names(surfaces),
              (std::vector<std::string>{"initial", "clean", "A_s", "B_s", "1 B_s"}));
    EXPECT_EQ(pair_and_single({{"A_s", 0.0}}).surfaces().front().name, "clean");
}

TEST(StartingSurface, FillsAllButATraceOfTheSites) {
    const Network plain = pair_and_single();
    const Network network = plain.with_surfaces(branch_surfaces(plain, {{{"A_s", 0.25}}}));
    EXPECT_EQ(initial(network, 0, "*_s"), 1.0);
    EXPECT_EQ(initial(network, 1, "A_s"), 1.0 - trace_of_free_sites);
    EXPECT_NEAR(initial(network, 1, "*_s"), trace_of_free_sites, 1e-16);
    EXPECT_EQ(initial(network, 1, "B_s"), 0.0);
    EXPECT_EQ(initial(network, 3, "A_s"), 0.25);
    EXPECT_EQ(initial(network, 3, "*_s"), 0.75);
    // A surface is filled to the total that the point has.
    EXPECT_EQ(initial(network, 2, "B_s", 0.05), 0.05 * (1.0 - trace_of_free_sites));
    // The network without further surfaces is the same as ever.
    EXPECT_EQ(initial(plain, 0, "*_s"), 1.0);
    EXPECT_THROW((void)initial(plain, 1, "*_s"), std::out_of_range);
}

TEST(StartingSurface, FillsSeveralSiteTypes) {
    Mechanism mechanism;
    add_site(mechanism, {.name = "s", .label = "", .total = 0.9});
    add_site(mechanism, {.name = "t", .label = "", .total = 0.1});
    declare_species(mechanism,
                    {"CO2-b", SpeciesKind::adsorbate, {{"C", 1}, {"O", 2}}, {{"s", 1}, {"t", 1}}});
    for (const char* const equation : {"CO_g + *_s -> CO_s", "CO_g + *_t -> CO_t",
                                       "CO2_g + *_s + *_t -> CO2-b", "O2_g + 2*_s -> O2_2s"}) {
        const std::size_t step = add_step(mechanism, parse_equation(equation));
        mechanism.steps[step].theory =
            ArrheniusTheory{{1.0, 0.0, 0.0}, ArrheniusExpression{1.0, 0.0, 0.0}, {}};
    }
    mechanism.conditions.temperature = 500.0;
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
        if (mechanism.species[i].kind == SpeciesKind::gas) mechanism.conditions.pressures[i] = 1.0;
    }
    const Network plain(mechanism);
    const auto surfaces = branch_surfaces(plain);
    EXPECT_EQ(names(surfaces),
              (std::vector<std::string>{"clean", "CO2-b", "CO_s", "CO_t", "O2_2s", "CO_s + CO_t"}));
    const Network network = plain.with_surfaces(surfaces);
    const auto at = [&](const std::string& surface) {
        return static_cast<std::size_t>(
            std::ranges::find(surfaces, surface, &StartingSurface::name) - surfaces.begin());
    };
    const double most = 1.0 - trace_of_free_sites;
    EXPECT_DOUBLE_EQ(initial(network, at("CO2-b"), "CO2-b"), 0.1 * most);  // the scarcer type
    EXPECT_NEAR(initial(network, at("CO2-b"), "*_s"), 0.8, 1e-6);
    EXPECT_DOUBLE_EQ(initial(network, at("O2_2s"), "O2_2s"), 0.45 * most);
    EXPECT_DOUBLE_EQ(initial(network, at("CO_t"), "*_s"), 0.9);
    EXPECT_DOUBLE_EQ(initial(network, at("CO_s + CO_t"), "CO_s"), 0.9 * most);
    EXPECT_DOUBLE_EQ(initial(network, at("CO_s + CO_t"), "CO_t"), 0.1 * most);
}

TEST(StartingSurface, KeepsWhatNoStepChanges) {
    // P never leaves: a surface with another amount of it would be another problem.
    const std::vector<test::Reaction> reactions{{"A_g + *_s <-> A_s", 1.0, 1.0},
                                                {"A_s + P_s <-> B_g + *_s + P_s", 1.0, 1.0}};
    const Network clean = network_of({.reactions = reactions, .pressures = {{"A_g", 1.0}}});
    EXPECT_EQ(names(branch_surfaces(clean)), (std::vector<std::string>{"clean", "A_s"}));
    const Network poisoned = network_of(
        {.reactions = reactions, .pressures = {{"A_g", 1.0}}, .initial = {{"P_s", 0.2}}});
    const auto surfaces = branch_surfaces(poisoned);
    EXPECT_EQ(names(surfaces), (std::vector<std::string>{"initial", "A_s"}));
    const Network network = poisoned.with_surfaces(surfaces);
    EXPECT_EQ(initial(network, 1, "P_s"), 0.2);
    EXPECT_DOUBLE_EQ(initial(network, 1, "A_s"), 0.8 * (1.0 - trace_of_free_sites));
}

TEST(StartingSurface, RefusesWhatDoesNotFit) {
    const Network network = pair_and_single();
    EXPECT_THROW((void)network.with_surfaces({{"x", {{"A_s", 1.5}}, {}}}), Error);
    EXPECT_THROW((void)network.with_surfaces({{"x", {{"A_s", -0.5}}, {}}}), Error);
    EXPECT_THROW((void)network.with_surfaces({{"x", {{"N_s", 0.5}}, {}}}), Error);
    EXPECT_THROW((void)network.with_surfaces({{"x", {}, {"*_s"}}}), Error);
    EXPECT_THROW((void)network.with_surfaces({}), std::invalid_argument);
}

}  // namespace
}  // namespace turnover
