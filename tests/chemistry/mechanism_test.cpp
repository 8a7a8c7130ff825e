#include "turnover/chemistry/mechanism.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "turnover/base/error.hpp"
#include "turnover/chemistry/parameter.hpp"

namespace turnover {
namespace {

Mechanism with_sites(std::initializer_list<const char*> names) {
    Mechanism mechanism;
    for (const char* name : names) {
        Site site;
        site.name = name;
        add_site(mechanism, site);
    }
    mechanism.conditions.temperature = 500.0;
    return mechanism;
}

std::string message_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.message();
    }
    return "nothing thrown";
}

void set_pressures(Mechanism& mechanism, double pressure) {
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
        if (mechanism.species[i].kind == SpeciesKind::gas) {
            mechanism.conditions.pressures[i] = pressure;
        }
    }
}

TEST(Mechanism, ResolvesStepsIntoSpecies) {
    Mechanism mechanism = with_sites({"s"});
    add_step(mechanism, parse_equation("O2_g + 2* <-> O-O_2s -> 2O*"));
    ASSERT_EQ(mechanism.species.size(), 3U);
    EXPECT_EQ(mechanism.species[1].name, "O2_g");
    EXPECT_EQ(mechanism.species[2].name, "O_s");
    EXPECT_EQ(mechanism.steps[0].equation, "O2_g + 2*_s <-> O-O_2s <-> 2O_s");
    EXPECT_EQ(mechanism.steps[0].name, "O2_g + 2* <-> O-O_2s -> 2O*");
    EXPECT_EQ(mechanism.transition_states.at(0).name, "O-O_2s");
    EXPECT_EQ(mechanism.find_species("O(S)"), mechanism.find_species("O_s"));
    EXPECT_EQ(mechanism.find_step(mechanism.steps[0].equation), 0U);
}

TEST(Mechanism, OrderOfTermsDoesNotChangeTheCanonicalEquation) {
    Mechanism one = with_sites({"s"});
    Mechanism other = with_sites({"s"});
    add_step(one, parse_equation("CO_s + O_s -> CO2_g + 2*_s"));
    add_step(other, parse_equation("O* + CO* <-> * + CO2_g + *"));
    EXPECT_EQ(one.steps[0].equation, other.steps[0].equation);
    EXPECT_EQ(one.steps[0].equation, "CO_s + O_s <-> CO2_g + 2*_s");
}

TEST(Mechanism, BidentateOverTwoSiteTypes) {
    Mechanism mechanism = with_sites({"s", "t"});
    Species formate;
    formate.name = "HCOO-b";
    formate.kind = SpeciesKind::adsorbate;
    formate.composition = parse_formula("HCOO", mechanism.constants);
    formate.sites = {{"s", 1}, {"t", 1}};
    declare_species(mechanism, formate);
    add_step(mechanism, parse_equation("H_s + CO2_g + *_t -> HCOO-b"));
    EXPECT_EQ(mechanism.steps.size(), 1U);
    EXPECT_EQ(message_of([&] { add_step(mechanism, parse_equation("H_s + CO2_g -> HCOO-b")); }),
              "sites do not balance between the initial and the final state of 'H_s + CO2_g -> "
              "HCOO-b': t (0 against 1)");
}

TEST(Mechanism, CatmapTransitionStateWithAFreeSiteBeside) {
    Mechanism mechanism = with_sites({"s"});
    add_step(mechanism, parse_equation("O2_g + 2* <-> O-O* + * -> 2O*"));
    EXPECT_EQ(mechanism.transition_states.at(0).name, "O-O_s");
}

TEST(Mechanism, SaysWhatDoesNotBalance) {
    Mechanism mechanism = with_sites({"s"});
    const auto adding = [&](const char* equation) {
        return message_of([&] { add_step(mechanism, parse_equation(equation)); });
    };
    EXPECT_EQ(adding("CO_g + *_s -> CO2_s"),
              "atoms do not balance between the initial and the final state of 'CO_g + *_s -> "
              "CO2_s': O (1 against 2)");
    EXPECT_EQ(adding("CO_g -> CO_s"),
              "sites do not balance between the initial and the final state of 'CO_g -> CO_s': s "
              "(0 against 1)");
    EXPECT_EQ(
        adding("CO_s + O_s <-> CO-O_s -> CO2_g + 2*_s"),
        "sites do not balance between the initial and the transition state of 'CO_s + O_s <-> "
        "CO-O_s -> CO2_g + 2*_s': s (2 against 1)");
    EXPECT_EQ(adding("CO_s -> CO_s"), "'CO_s -> CO_s' changes nothing");
    EXPECT_EQ(adding("CO_g + *_x -> CO_x"), "there is no site 'x' for '*_x'");
    EXPECT_TRUE(mechanism.steps.empty());
}

TEST(Mechanism, StepNamesAreUnique) {
    Mechanism mechanism = with_sites({"s"});
    add_step(mechanism, parse_equation("CO_g + *_s -> CO_s"));
    EXPECT_THROW(add_step(mechanism, parse_equation("CO_g + *_s -> CO_s")), Error);
    EXPECT_THROW(add_step(mechanism, parse_equation("*_s + CO_g <-> CO_s")), Error);
    EXPECT_EQ(add_step(mechanism, parse_equation("CO_g + *_s -> CO_s"), "second way"), 1U);
}

TEST(Mechanism, EachTheorySaysWhatItMisses) {
    Mechanism mechanism = with_sites({"s"});
    const std::size_t step = add_step(mechanism, parse_equation("CO_g + *_s -> CO_s"));
    Step& co = mechanism.steps[step];
    const auto missing = [&] { return message_of([&] { check_step(mechanism, step); }); };

    EXPECT_NE(missing().find("has no energies"), std::string::npos);
    co.energy_source = EnergySource::relative;
    EXPECT_NE(missing().find("has no barrier"), std::string::npos);
    mechanism.conditions.barriers[step] = 0.0;
    EXPECT_NE(missing().find("has no reaction energy"), std::string::npos);
    mechanism.conditions.reaction_energies[step] = -1e-19;
    EXPECT_EQ(missing(), "nothing thrown");

    co.energy_source = EnergySource::species;
    EXPECT_NE(missing().find("needs the energy of CO_g"), std::string::npos);

    co.energy_source = EnergySource::relative;
    co.theory = CollisionTheory{};
    EXPECT_NE(missing().find("needs the area of a site"), std::string::npos);
    mechanism.sites[0].area = 9e-20;
    EXPECT_EQ(missing(), "nothing thrown");

    co.theory = ArrheniusTheory{};
    co.energy_source = EnergySource::none;
    EXPECT_NE(missing().find("no reverse rate constant"), std::string::npos);
    co.reversible = false;
    EXPECT_EQ(missing(), "nothing thrown");
}

TEST(Mechanism, CollisionNeedsOneGasOnTheLeft) {
    Mechanism mechanism = with_sites({"s"});
    const std::size_t step = add_step(mechanism, parse_equation("CO_s -> CO_g + *_s"));
    mechanism.steps[step].theory = CollisionTheory{};
    mechanism.steps[step].energy_source = EnergySource::relative;
    mechanism.conditions.reaction_energies[step] = 0.0;
    EXPECT_NE(message_of([&] { check_step(mechanism, step); }).find("one gas molecule"),
              std::string::npos);
}

TEST(Mechanism, AnOpenCycleIsRefused) {
    // A_g -> A*, A* -> B*, B* -> B_g and A_g -> B_g through another intermediate (isomers).
    Mechanism mechanism = with_sites({"s"});
    const double eV = mechanism.constants.electronvolt;
    const auto add = [&](const char* equation, double energy) {
        const std::size_t j = add_step(mechanism, parse_equation(equation));
        mechanism.steps[j].energy_source = EnergySource::relative;
        mechanism.conditions.barriers[j] = eV;
        mechanism.conditions.reaction_energies[j] = energy * eV;
        return j;
    };
    add("CO_g + *_s -> CO_s", -1.0);
    add("CO_s -> OC_s", 0.5);
    const std::size_t closing = add("CO_g + *_s -> OC_s", -0.5);
    set_pressures(mechanism, 1e5);
    EXPECT_NO_THROW(check_mechanism(mechanism));
    mechanism.conditions.reaction_energies[closing] = -0.45 * eV;
    EXPECT_NE(message_of([&] { check_mechanism(mechanism); }).find("closed cycle"),
              std::string::npos);
    // And none of them can be varied alone.
    EXPECT_NE(message_of([&] {
                  (void)find_parameter(mechanism, "reaction-energy.CO_s -> OC_s");
              }).find("cannot vary alone"),
              std::string::npos);
}

TEST(Parameters, NothingThatOpensAClosedCycleMayVary) {
    // The cycle closes at the base energies, but one step has its own and the others their
    // species'.
    Mechanism mechanism = with_sites({"s"});
    const double eV = mechanism.constants.electronvolt;
    for (const char* equation : {"CO_g + *_s -> CO_s", "CO_s -> OC_s", "CO_g + *_s -> OC_s"}) {
        mechanism.steps[add_step(mechanism, parse_equation(equation))].energy_source =
            EnergySource::species;
    }
    for (const auto& [name, energy] : {std::pair{"CO_g", 0.0}, {"CO_s", -1.0}, {"OC_s", -0.5}}) {
        mechanism.conditions.energies[*mechanism.find_species(name)] = energy * eV;
    }
    set_pressures(mechanism, 1e5);
    EXPECT_NO_THROW((void)find_parameter(mechanism, "energy.CO_s"));
    mechanism.steps[2].energy_source = EnergySource::relative_free;
    mechanism.conditions.barriers[2] = eV;
    mechanism.conditions.reaction_energies[2] = -0.5 * eV;
    EXPECT_NO_THROW(check_mechanism(mechanism));
    EXPECT_THROW((void)find_parameter(mechanism, "energy.CO_s"), Error);
    EXPECT_THROW((void)find_parameter(mechanism, "temperature"), Error);
    EXPECT_NO_THROW((void)find_parameter(mechanism, "pressure.CO_g"));
}

TEST(Parameters, AnEnergyThatNoRateConstantReadsIsNone) {
    Mechanism mechanism = with_sites({"s"});
    add_step(mechanism, parse_equation("CO_g + *_s -> CO_s"));
    mechanism.steps[0].energy_source = EnergySource::relative;
    mechanism.conditions.energies[*mechanism.find_species("CO_s")] = -1e-19;
    set_pressures(mechanism, 1e5);
    EXPECT_THROW((void)find_parameter(mechanism, "energy.CO_s"), Error);
}

TEST(Mechanism, ATransitionStateIsNoSpecies) {
    Mechanism mechanism = with_sites({"s"});
    const std::size_t j = add_step(mechanism, parse_equation("H2_g + 2*_s <-> H2_2s -> 2H_s"));
    add_step(mechanism, parse_equation("H2_g + 2*_s -> H2_2s"));
    mechanism.steps[j].theory = ArrheniusTheory{{1.0, 0.0, 0.0}, {}, 1.0};
    mechanism.steps[1].theory = ArrheniusTheory{{1.0, 0.0, 0.0}, {}, 1.0};
    set_pressures(mechanism, 1e5);
    EXPECT_EQ(message_of([&] { check_mechanism(mechanism); }),
              "'H2_2s' is both a species and a transition state");
}

TEST(Mechanism, EveryGasNeedsAPressure) {
    Mechanism mechanism = with_sites({"s"});
    const std::size_t step = add_step(mechanism, parse_equation("CO_g + *_s => CO_s"));
    mechanism.steps[step].theory = ArrheniusTheory{{1.0, 0.0, 0.0}, {}, {}};
    EXPECT_EQ(message_of([&] { check_mechanism(mechanism); }), "the gas CO_g has no pressure");
    set_pressures(mechanism, 0.0);
    EXPECT_EQ(message_of([&] { check_mechanism(mechanism); }), "nothing thrown");
}

TEST(Mechanism, SitesHaveSensibleNames) {
    Mechanism mechanism = with_sites({"s"});
    for (const char* bad : {"", "g", "s", "2s", "a b", "a_b"}) {
        Site site;
        site.name = bad;
        EXPECT_THROW(add_site(mechanism, site), Error) << bad;
    }
}

TEST(Parameters, AreFoundByPathInAnySpelling) {
    Mechanism mechanism = with_sites({"s"});
    const std::size_t step = add_step(mechanism, parse_equation("CO_g + *_s -> CO_s"), "ads");
    mechanism.steps[step].energy_source = EnergySource::species;
    mechanism.conditions.energies[*mechanism.find_species("CO_s")] = -1e-19;
    set_pressures(mechanism, 1e5);
    EXPECT_EQ(find_parameter(mechanism, "temperature").kind, Parameter::Kind::temperature);
    EXPECT_EQ(find_parameter(mechanism, "pressure.CO(g)"),
              find_parameter(mechanism, "pressure.CO_g"));
    EXPECT_EQ(find_parameter(mechanism, "site-total.s").kind, Parameter::Kind::site_total);
    const Parameter energy = find_parameter(mechanism, "energy.CO*");
    parameter_value(mechanism.conditions, energy) = -2e-19;
    EXPECT_EQ(mechanism.conditions.energies[*mechanism.find_species("CO_s")], -2e-19);
    EXPECT_THROW((void)find_parameter(mechanism, "pressure.CO_s"), Error);
    EXPECT_THROW((void)find_parameter(mechanism, "barrier.ads"), Error);  // none was given
    EXPECT_THROW((void)find_parameter(mechanism, "presure.CO_g"), Error);
}

TEST(Parameters, AreCheckedForRangeAndUnit) {
    const Constants& constants = codata_2018();
    const auto value = [&](const char* text, Parameter::Kind kind) {
        return parameter_from(parse_quantity(text, constants), {kind, 0}, constants);
    };
    EXPECT_EQ(value("1 bar", Parameter::Kind::pressure), 1e5);
    EXPECT_EQ(value("0 bar", Parameter::Kind::pressure), 0.0);
    EXPECT_THROW((void)value("-1 bar", Parameter::Kind::pressure), Error);
    EXPECT_THROW((void)value("0 K", Parameter::Kind::temperature), Error);
    EXPECT_THROW((void)value("500", Parameter::Kind::temperature), Error);
    EXPECT_THROW((void)value("0", Parameter::Kind::site_total), Error);
    EXPECT_EQ(value("0.05", Parameter::Kind::site_total), 0.05);
    EXPECT_DOUBLE_EQ(value("-1 eV", Parameter::Kind::energy), -constants.electronvolt);
}

}  // namespace
}  // namespace turnover
