#include "turnover/chemistry/equation.hpp"

#include <gtest/gtest.h>

#include "turnover/base/error.hpp"

namespace turnover {
namespace {

TEST(Equation, ReadsAllArrows) {
    const Equation plain = parse_equation("CO_g + *_s -> CO_s");
    EXPECT_EQ(plain.initial, (std::vector<EquationTerm>{{1, "CO_g"}, {1, "*_s"}}));
    EXPECT_TRUE(plain.transition.empty());
    EXPECT_EQ(plain.final, (std::vector<EquationTerm>{{1, "CO_s"}}));
    EXPECT_TRUE(plain.reversible);

    EXPECT_TRUE(parse_equation("CO_g + *_s <-> CO_s").reversible);
    EXPECT_TRUE(parse_equation("CO_g + *_s <=> CO_s").reversible);
    EXPECT_FALSE(parse_equation("CO_g + *_s => CO_s").reversible);
}

TEST(Equation, ReadsTransitionStatesAndCoefficients) {
    const Equation step = parse_equation("CO_s+O_s  <->  CO-O_2s -> CO2_g + 2*_s");
    EXPECT_EQ(step.transition, (std::vector<EquationTerm>{{1, "CO-O_2s"}}));
    EXPECT_EQ(step.final, (std::vector<EquationTerm>{{1, "CO2_g"}, {2, "*_s"}}));
    EXPECT_EQ(step.text, "CO_s+O_s <-> CO-O_2s -> CO2_g + 2*_s");
    EXPECT_EQ(parse_equation("O2_g + 2 *_s -> 2 O_s").initial,
              (std::vector<EquationTerm>{{1, "O2_g"}, {2, "*_s"}}));
}

TEST(Equation, SaysWhereItStumbles) {
    const auto message = [](std::string_view text) -> std::string {
        try {
            (void)parse_equation(text);
        } catch (const Error& error) {
            return error.message();
        }
        return "accepted";
    };
    EXPECT_EQ(message("CO_g + -> CO_s"),
              "cannot read the equation 'CO_g + -> CO_s' at character 8: a species is missing");
    EXPECT_NE(message("CO_g + *_s CO_s").find("expected '+' or an arrow before 'CO_s'"),
              std::string::npos);
    EXPECT_NE(message("CO_g").find("no arrow"), std::string::npos);
    EXPECT_NE(message("").find("species is missing"), std::string::npos);
    EXPECT_NE(message("A -> B -> C -> D").find("more than two arrows"), std::string::npos);
    EXPECT_NE(message("0A_s -> B_s").find("coefficient of zero"), std::string::npos);
    EXPECT_NE(message("123A_s -> B_s").find("above 99"), std::string::npos);
}

}  // namespace
}  // namespace turnover
