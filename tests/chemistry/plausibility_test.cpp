#include "turnover/chemistry/plausibility.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace turnover {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Site site(const std::string& name) {
    Site type;
    type.name = name;
    return type;
}

/// CO that adsorbs and hops, with numbers that nobody wonders at.
class Plausibility : public testing::Test {
protected:
    Plausibility() {
        add_site(m, site("s"));
        add_site(m, site("t"));
        add_step(m, parse_equation("CO_g + *_s -> CO_s"));
        declare_transition_state(m, {"CO-hop", {{"C", 1}, {"O", 1}}, {{"s", 1}, {"t", 1}}});
        add_step(m, parse_equation("CO_s + *_t <-> CO-hop -> CO_t + *_s"), "hop");
        m.steps[0].energy_source = EnergySource::relative;
        m.steps[1].energy_source = EnergySource::species;
        m.conditions.temperature = 500.0;
        m.conditions.pressures[*m.find_species("CO_g")] = 1e5;
        m.conditions.barriers[0] = 0.0;
        m.conditions.reaction_energies[0] = -1.5 * eV;
        for (double& energy : m.conditions.energies) energy = 0.0;
        m.conditions.transition_state_energies = {0.1 * eV};
    }

    [[nodiscard]] std::vector<std::string> found() const { return implausible(m, m.conditions); }

    const double eV = codata_2018().electronvolt;
    Mechanism m;
};

TEST_F(Plausibility, OfOrdinaryNumbersThereIsNothingToSay) { EXPECT_THAT(found(), IsEmpty()); }

TEST_F(Plausibility, LooksAtTheConditions) {
    for (const double temperature : {26.85, 5e5}) {
        m.conditions.temperature = temperature;
        EXPECT_THAT(found(), ElementsAre(HasSubstr("temperature")));
    }
    m.conditions.temperature = 500.0;
    m.conditions.pressures[*m.find_species("CO_g")] = 2e8;
    EXPECT_THAT(found(), ElementsAre(HasSubstr("The pressure of CO_g is 2000 bar")));
}

TEST_F(Plausibility, LooksAtEnergies) {
    m.conditions.reaction_energies[0] = -6.5 * eV;
    EXPECT_THAT(found(), ElementsAre(HasSubstr("releases 6.5 eV")));
    m.conditions.reaction_energies[0] = 0.5 * eV;
    EXPECT_THAT(found(), ElementsAre(HasSubstr("below the final state")));
    m.conditions.reaction_energies[0] = -1.5 * eV;
    m.conditions.barriers[0] = -0.2 * eV;
    EXPECT_THAT(found(), ElementsAre(HasSubstr("is -0.2 eV, below zero")));
    m.conditions.barriers[0] = 4.5 * eV;
    EXPECT_THAT(found(), ElementsAre(HasSubstr("is 4.5 eV. Nothing passes it")));
}

TEST_F(Plausibility, LooksAtEnergiesOfSpecies) {
    m.conditions.transition_state_energies[0] = -0.1 * eV;
    EXPECT_THAT(found(), ElementsAre(HasSubstr("The barrier of 'hop' is -0.1 eV")));
    m.conditions.transition_state_energies[0] = 0.1 * eV;
    m.conditions.energies[*m.find_species("CO_t")] = 0.3 * eV;
    EXPECT_THAT(found(), ElementsAre(HasSubstr("'hop' is 0.1 eV, but its reaction takes 0.3 eV")));
}

TEST_F(Plausibility, LetsAPrecursorLieBelowTheGas) {
    Mechanism other;
    add_site(other, site("s"));
    add_step(other, parse_equation("O2_g + 2*_s <-> O-O_2s -> 2O_s"));
    other.steps[0].energy_source = EnergySource::species;
    other.conditions = {
        500.0,           {1e5, 0.0, 0.0},           {1.0},
        {0.0, 0.0, 0.0}, other.conditions.barriers, other.conditions.reaction_energies,
        {-0.15 * eV}};
    other.conditions.energies[*other.find_species("O_s")] = -1.0 * eV;
    EXPECT_THAT(implausible(other, other.conditions), IsEmpty());
}

TEST_F(Plausibility, LooksAtVibrations) {
    const double per_cm = codata_2018().planck * codata_2018().speed_of_light * 100.0;
    m.thermochemistry[*m.find_species("CO_s")] =
        HarmonicCorrection{{2050.0 * per_cm, 5.0 * per_cm, 8000.0 * per_cm}, true};
    EXPECT_THAT(found(), ElementsAre(HasSubstr("CO_s has a vibration of 5 cm^-1"),
                                     HasSubstr("CO_s has a vibration of 8000 cm^-1")));
}

}  // namespace
}  // namespace turnover
