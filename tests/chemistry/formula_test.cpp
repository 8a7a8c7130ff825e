#include "turnover/chemistry/formula.hpp"

#include <gtest/gtest.h>

#include "turnover/base/error.hpp"
#include "turnover/chemistry/species.hpp"

namespace turnover {
namespace {

const Constants& constants = codata_2018();

TEST(Formula, CountsAtoms) {
    EXPECT_EQ(parse_formula("CO2", constants), (Composition{{"C", 1}, {"O", 2}}));
    EXPECT_EQ(parse_formula("CH3CH2OH", constants), (Composition{{"C", 2}, {"H", 6}, {"O", 1}}));
    EXPECT_EQ(parse_formula("Fe(CO)5", constants), (Composition{{"C", 5}, {"Fe", 1}, {"O", 5}}));
    EXPECT_EQ(parse_formula("O-CO", constants), parse_formula("CO2", constants));
    EXPECT_EQ(parse_formula("Co", constants), (Composition{{"Co", 1}}));
}

TEST(Formula, WeighsMolecules) {
    const double mass = molecular_mass(parse_formula("CO", constants), constants);
    EXPECT_DOUBLE_EQ(mass, (12.011 + 15.999) * 1.66053906660e-27);
}

TEST(Formula, RefusesWhatIsNoFormula) {
    for (const char* bad : {"", "co", "C0", "C(O", "CO)", "Xx", "C O", "2C", "-", "CO2!"}) {
        EXPECT_THROW((void)parse_formula(bad, constants), Error) << "'" << bad << "'";
    }
}

TEST(SpeciesNames, AreReadInEveryDialect) {
    const auto canonical = [](std::string_view text, std::string_view only_site = "s") {
        SpeciesName name = parse_species_name(text);
        if (name.site_count > 0 && name.site.empty()) name.site = only_site;
        return canonical_name(name);
    };
    EXPECT_EQ(canonical("CO_g"), "CO_g");
    EXPECT_EQ(canonical("CO(g)"), "CO_g");
    EXPECT_EQ(canonical("CO_s"), "CO_s");
    EXPECT_EQ(canonical("CO_1s"), "CO_s");
    EXPECT_EQ(canonical("CO*"), "CO_s");
    EXPECT_EQ(canonical("CO(S)"), "CO_S");
    EXPECT_EQ(canonical("HCOO**"), "HCOO_2s");
    EXPECT_EQ(canonical("O-CO_2t"), "O-CO_2t");
    EXPECT_EQ(canonical("*"), "*_s");
    EXPECT_EQ(canonical("*_t"), "*_t");
    EXPECT_EQ(canonical("*(t)"), "*_t");
}

TEST(SpeciesNames, RefuseNonsense) {
    for (const char* bad : {"", "CO", "_s", "CO_", "CO_2", "CO_0s", "CO_2g", "**", "*_2s", "*_g",
                            "C*O_s", "CO_s_t", "CO_s!", "CO()"}) {
        EXPECT_THROW((void)parse_species_name(bad), Error) << "'" << bad << "'";
    }
}

}  // namespace
}  // namespace turnover
