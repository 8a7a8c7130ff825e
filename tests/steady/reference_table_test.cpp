// The seed problem against numbers that others computed.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>

#include <gtest/gtest.h>

#include "seed.hpp"
#include "turnover/steady/reference.hpp"

namespace turnover::test {
namespace {

const std::filesystem::path folder = std::filesystem::path(TURNOVER_SHARED_DIR) / "reference";

double number(const std::map<std::string, std::string>& row, const std::string& column) {
    return std::stod(row.at(column));
}

TEST(ReferenceTable, CoveragesAndTurnoverFrequenciesToTenDigits) {
    const auto rows = read_table(folder / "scaks_co_oxidation_collision.csv");
    if (rows.empty()) GTEST_SKIP() << "no reference table in " << folder;
    ASSERT_EQ(rows.size(), 100u);
    double smallest = 1.0;
    for (const auto& row : rows) {
        const double co = number(row, "pCO"), oxygen = number(row, "pO2");
        const Network network = seed_network(co, oxygen);
        const SteadyState state = solve_reference(network, point_of(network));
        SCOPED_TRACE(testing::Message() << "p(CO) = " << co << ", p(O2) = " << oxygen << " atm");
        ASSERT_EQ(state.status, Status::converged) << state.detail;
        const auto agrees = [&](double value, const std::string& column) {
            EXPECT_NEAR(value / number(row, column), 1.0, 1e-10) << column;
        };
        agrees(coverage(network, state.coverages, "CO_s"), "theta_CO");
        agrees(coverage(network, state.coverages, "O_s"), "theta_O");
        agrees(coverage(network, state.coverages, "*_s"), "theta_free");
        agrees(coverage(network, state.coverages, "O_s"), "theta_O");
        const auto frequency = [&](const std::string& gas) {
            return state.turnover_frequencies[position(network.gas_names(), gas)];
        };
        agrees(frequency("CO2_g"), "TOF_CO2");
        agrees(frequency("CO_g"), "TOF_CO");
        agrees(frequency("O2_g"), "TOF_O2");
        EXPECT_LT(state.residual, 1e-25);
        EXPECT_LE(state.coverage_error, 1e-15);
        EXPECT_LE(state.rate_error, 1e-15);
        smallest = std::min(smallest, coverage(network, state.coverages, "O_s"));
    }
    EXPECT_LT(smallest, 1e-31) << "the table reaches down to 1e-32";
}

TEST(ReferenceTable, SlowestEigenvalueAndBranchOfTheCleanSurface) {
    const auto rows = read_table(folder / "scaks_co_oxidation_collision_branches.csv");
    if (rows.empty()) GTEST_SKIP() << "no table of branches in " << folder;
    ASSERT_EQ(rows.size(), 100u);
    for (const auto& row : rows) {
        const Network network = seed_network(number(row, "pCO"), number(row, "pO2"));
        const PointKinetics point = point_of(network);
        const SteadyState state = solve_reference(network, point);
        ASSERT_EQ(state.status, Status::converged) << state.detail;
        EXPECT_NEAR(state.turnover_frequencies[position(network.gas_names(), "CO2_g")] /
                        number(row, "TOF_clean_surface"),
                    1.0, 1e-9);

        // The Jacobian of CO_s and O_s by hand, free sites eliminated.
        const double co = coverage(network, state.coverages, "CO_s");
        const double o = coverage(network, state.coverages, "O_s");
        const double t = coverage(network, state.coverages, "*_s");
        const auto step = [&](const std::string& gas) {
            for (std::size_t j = 0; j < network.step_names().size(); ++j) {
                if (network.gas_stoichiometry(static_cast<int>(position(network.gas_names(), gas)),
                                              static_cast<int>(j)) != 0) {
                    return j;
                }
            }
            throw std::out_of_range(gas);
        };
        const double a = point.forward[step("CO_g")], a_back = point.reverse[step("CO_g")];
        const double d = point.forward[step("O2_g")], d_back = point.reverse[step("O2_g")];
        const double r = point.forward[step("CO2_g")], r_back = point.reverse[step("CO2_g")];
        const double by_t = 2.0 * r_back * t;  // of the reaction's reverse rate
        const double j11 = -a - a_back - r * o - by_t, j12 = -a - r * co - by_t;
        const double j21 = -4.0 * d * t - r * o - by_t;
        const double j22 = -4.0 * d * t - 4.0 * d_back * o - r * co - by_t;
        const double trace = j11 + j22, determinant = j11 * j22 - j12 * j21;
        const double fast = 0.5 * (trace - std::sqrt(trace * trace - 4.0 * determinant));
        EXPECT_NEAR(state.slowest_eigenvalue / (determinant / fast), 1.0, 1e-10);
        // The table's column is determinant over trace, to four digits.
        EXPECT_NEAR(determinant / trace / number(row, "slow_eigen_1_per_s"), 1.0, 5e-4);
    }
}

TEST(ReferenceTable, WhereTwoStatesAreStableTheInitialSurfaceDecides) {
    const auto rows = read_table(folder / "scaks_co_oxidation_collision_branches.csv");
    if (rows.empty()) GTEST_SKIP() << "no table of branches in " << folder;
    int bistable = 0;
    for (const auto& row : rows) {
        const double co = number(row, "pCO"), oxygen = number(row, "pO2");
        const Network clean = seed_network(co, oxygen);
        const Network poisoned = seed_network(co, oxygen, {{"CO_s", 1.0}});
        const SteadyState from_clean = solve_reference(clean, point_of(clean));
        const SteadyState from_poisoned = solve_reference(poisoned, point_of(poisoned));
        ASSERT_EQ(from_clean.status, Status::converged) << from_clean.detail;
        ASSERT_EQ(from_poisoned.status, Status::converged) << from_poisoned.detail;
        EXPECT_LT(from_poisoned.slowest_eigenvalue, 0.0);
        if (row.at("n_stable") == "1") {
            EXPECT_EQ(from_clean.coverages, from_poisoned.coverages);
        } else {
            ++bistable;
            EXPECT_GT(coverage(clean, from_clean.coverages, "O_s"), 0.1);
            EXPECT_GT(coverage(poisoned, from_poisoned.coverages, "CO_s"), 0.99);
        }
    }
    EXPECT_EQ(bistable, 18);
}

TEST(SeedProblem, AgreesWithTheSameEquationsSolvedIndependentlyIn60Digits) {
    // Newton on the three equations in 60-digit arithmetic of another program (mpmath), pressures
    // of 1e-5 atm and the rate constants of seed.hpp.
    const Network network = seed_network(1e-5, 1e-5);
    const SteadyState state = solve_reference(network, point_of(network));
    ASSERT_EQ(state.status, Status::converged) << state.detail;
    // What is left is the rounding of the rate constants to double: 2 units in O_s for each.
    EXPECT_NEAR(coverage(network, state.coverages, "O_s") / 5.723811274158777e-23, 1.0, 3e-15);
    EXPECT_NEAR(coverage(network, state.coverages, "*_s") / 1.4496485483264603e-8, 1.0, 1e-15);
    EXPECT_NEAR(
        state.turnover_frequencies[position(network.gas_names(), "CO2_g")] / 6.989645332340135e-14,
        1.0, 3e-15);
}

}  // namespace
}  // namespace turnover::test
