// Rate constants of CO oxidation at 500 K as SCAKS (commit fd93e2c, 2019) computes them from the
// energies, in its order of steps; 1/s, adsorption per atm. Example 7 states the constants that
// they were made with, example 3 takes the numbers themselves, example 1 has today's constants.

#include <array>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "turnover/io/model_file.hpp"
#include "turnover/kinetics/rate_constants.hpp"

namespace {

using namespace turnover;

constexpr double atm = 101325.0;

struct Reference {
    bool adsorption;  ///< forward consumes a gas; else the reverse does
    double forward;
    double reverse;
};

constexpr std::array references{
    Reference{true, 90235665.7025330960750579833984375,
              1.308100029902695851330135725252754759479e-5},
    Reference{true, 16630285.06918506888148638916015625,
              4.35902632680814367287854679353567502657e-9},
    Reference{false, 1221152322.967303604610125023822458195654,
              1.480343998564502952130115354732181921551e-6},
};

/// Largest relative difference of the six rate constants of an example from the reference.
double largest_difference(const std::string& example) {
    const Model model =
        read_model(std::string(TURNOVER_SOURCE_DIR) + "/examples/" + example + "/model.yaml");
    const Mechanism& mechanism = model.network.mechanism();
    const RateConstants k = rate_constants(mechanism, mechanism.conditions);
    double largest = 0.0;
    const auto compare = [&largest](double value, double expected) {
        largest = std::max(largest, std::abs(value / expected - 1.0));
    };
    EXPECT_EQ(mechanism.steps.size(), references.size());
    for (std::size_t j = 0; j < references.size(); ++j) {
        // The direction that consumes a gas comes per Pa.
        const Reference& reference = references[j];
        compare(k.forward[j] * (reference.adsorption ? atm : 1.0), reference.forward);
        compare(k.reverse[j] * (reference.adsorption ? 1.0 : atm), reference.reverse);
    }
    return largest;
}

TEST(ReferenceRateConstants, follow_from_the_energies_with_the_constants_of_their_time) {
    EXPECT_LT(largest_difference("07_scaks_reference"), 1e-12);
}

TEST(ReferenceRateConstants, are_taken_as_given) {
    EXPECT_LT(largest_difference("03_rate_constants"), 1e-15);
}

TEST(ReferenceRateConstants, differ_in_the_fifth_digit_with_the_constants_of_today) {
    const double difference = largest_difference("01_co_oxidation");
    EXPECT_LT(difference, 3e-5);
    EXPECT_GT(difference, 1e-6);
}

}  // namespace
