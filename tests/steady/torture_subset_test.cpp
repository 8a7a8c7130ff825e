// A part of the torture set (docs/torture.md) that is small enough for every run of the tests, and
// what the generator and the judge promise.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "networks.hpp"
#include "support/answers.hpp"
#include "support/examination.hpp"
#include "support/random_network.hpp"

namespace turnover::test {
namespace {

constexpr std::uint64_t seed = 20;

/// Solves the points of small networks in the way of `solve` and judges every answer; the branch at
/// the first point of each. Where steps are irreversible a surface may have no steady state to run
/// into.
template <class Solve>
void torture(int networks, int points, Idealised idealised, Solve solve) {
    constexpr int largest = 8;
    for (int i = 0; i < networks; ++i) {
        const std::uint64_t own = seed_of(seed, static_cast<std::uint64_t>(i));
        const RandomNetwork random =
            random_network(own, random_size(own, largest), points, idealised);
        const Network& network = random.network;
        std::vector<PointKinetics> kinetics;
        for (const Conditions& conditions : random.points)
            kinetics.push_back(network.at(conditions));
        const Answers answers = solve(network, kinetics);
        Examiner examine(network, 1);
        for (int p = 0; p < points; ++p) {
            const auto s = static_cast<std::size_t>(p);
            const Finding finding = examine(kinetics[s], answers.states[s], p == 0);
            const bool endless =
                idealised == Idealised::yes && answers.states[s].status == Status::not_settled;
            EXPECT_TRUE(finding.outcome == Outcome::certified ||
                        finding.outcome == Outcome::oscillates ||
                        (finding.outcome == Outcome::failed && endless))
                << finding.reason << "\ntorture --largest " << largest << " --points " << points
                << " --network " << own << " --point " << p << " --show";
        }
    }
}

TEST(TortureSubset, ReferencePath) { torture(40, 3, Idealised::no, reference_answers); }

TEST(TortureSubset, BatchedSolver) { torture(60, 8, Idealised::no, batch_answers); }

TEST(TortureSubset, IdealisedNetworks) { torture(30, 3, Idealised::yes, batch_answers); }

TEST(RandomNetworks, AreTheSameEverywhere) {
    Draws draws(1);
    // SplitMix64 from state 1.
    EXPECT_EQ(draws.bits(), 0x910a2dec89025cc1u);
    EXPECT_EQ(draws.bits(), 0xbeeb8da1658eec67u);
    const RandomNetwork once = random_network(7, 12, 2), again = random_network(7, 12, 2);
    EXPECT_EQ(once.network.step_names(), again.network.step_names());
    EXPECT_EQ(once.points[1].pressures.back(), again.points[1].pressures.back());
    // More points do not change those before.
    EXPECT_EQ(random_network(7, 12, 5).points[1].temperature, once.points[1].temperature);
}

TEST(RandomNetworks, KeepWhatTheyPromise) {
    int two_sites = 0, wide = 0, autocatalytic = 0, irreversible = 0, covered = 0, largest = 0;
    for (std::uint64_t i = 0; i < 300; ++i) {
        const std::uint64_t own = seed_of(seed, i);
        const int size = random_size(own, 200);
        const RandomNetwork random = random_network(own, size, 1, Idealised::yes);
        const Network& network = random.network;
        SCOPED_TRACE(own);
        ASSERT_EQ(network.adsorbates(), size);
        largest = std::max(largest, size);
        two_sites += network.sites() == 2;
        covered += !network.initial().empty();
        for (const Species& species : network.mechanism().species) {
            int sites = 0;
            for (const auto& [name, count] : species.sites) sites += count;
            wide += sites > 1;
        }
        const PointKinetics point = network.at(random.points.front());
        EXPECT_GE(random.points.front().temperature, 300.0);
        EXPECT_LE(random.points.front().temperature, 1200.0);
        for (int j = 0; j < network.steps(); ++j) {
            const auto s = static_cast<std::size_t>(j);
            irreversible += !network.mechanism().steps[network.mechanism_step(j)].reversible;
            for (const Power& from : network.step_terms()[s].forward) {
                for (const Power& to : network.step_terms()[s].reverse) {
                    autocatalytic += from.unknown == to.unknown && from.exponent < to.exponent &&
                                     from.unknown < network.adsorbates();
                }
            }
        }
        for (int g = 0; g < network.gases(); ++g) {
            const double p = random.points.front().pressures[network.gas_species(g)];
            EXPECT_TRUE(p == 0.0 || (p >= 1e-7 && p <= 1e7)) << p;
        }
    }
    EXPECT_GT(two_sites, 10);
    EXPECT_GT(wide, 50);
    EXPECT_GT(autocatalytic, 30);
    EXPECT_GT(irreversible, 10);
    EXPECT_GT(covered, 20);
    EXPECT_GT(largest, 60);
}

TEST(RandomNetworks, AreConsistent) {
    // ln(k_forward / k_reverse) of every step is a sum over its species: whatever combination of
    // steps changes nothing on the surface and in the gas, the sum vanishes.
    int cycles = 0;
    for (std::uint64_t i = 0; i < 60; ++i) {
        const std::uint64_t own = seed_of(seed, i);
        const RandomNetwork random = random_network(own, random_size(own, 30), 1);
        const Network& network = random.network;
        Conditions unit = random.points.front();
        for (double& pressure : unit.pressures) pressure = 1.0;
        const PointKinetics point = network.at(unit);
        IntegerMatrix matrix;
        for (int u = 0; u < network.unknowns() + network.gases(); ++u) {
            matrix.emplace_back();
            for (int j = 0; j < network.steps(); ++j) {
                matrix.back().push_back(u < network.unknowns()
                                            ? network.stoichiometry(u, j)
                                            : network.gas_stoichiometry(u - network.unknowns(), j));
            }
        }
        for (const std::vector<int>& cycle : eliminate(matrix, network.steps()).null_space) {
            double sum = 0.0, size = 0.0;
            for (std::size_t j = 0; j < cycle.size(); ++j) {
                if (cycle[j] == 0) continue;
                const double term = cycle[j] * std::log(point.forward[j] / point.reverse[j]);
                sum += term;
                size += std::abs(term);
            }
            ++cycles;
            EXPECT_LE(std::abs(sum), 1e-12 * (1.0 + size)) << own;
        }
    }
    EXPECT_GT(cycles, 10);
}

/// One point with its answer, to be spoilt.
class JudgeTest : public testing::Test {
protected:
    // B* + * -> ... two stable states and a saddle: x' = -(x - 0.1)(x - 0.3)(x - 0.5).
    Network network_ = network_of({.reactions = {{"A_g + 2X_s + *_s <-> 3X_s", 0.9, 0.1},
                                                 {"B_g + *_s <-> X_s", 0.015, 0.215}},
                                   .pressures = {{"A_g", 1.0}, {"B_g", 1.0}}});
    PointKinetics point_ = point_of(network_);
    SteadyState answer_ = solve_reference(network_, point_);
    Judge judge_{network_};

    void SetUp() override {
        ASSERT_EQ(answer_.status, Status::converged);
        const Judgement fine = judge_(point_, answer_);
        ASSERT_EQ(fine.wrong + fine.unknown, "");
        ASSERT_TRUE(fine.stability_proved);
        ASSERT_LT(fine.residual, 1e-90);
    }
};

TEST_F(JudgeTest, SeesAnErrorBeyondItsBound) {
    answer_.coverages[0] *= 1.0 + 4e-15;
    answer_.coverage_error = 1e-15;
    EXPECT_NE(judge_(point_, answer_).wrong.find("the coverage of X_s"), std::string::npos);
    answer_.coverage_error = 1e-14;
    EXPECT_EQ(judge_(point_, answer_).wrong, "");
}

TEST_F(JudgeTest, SeesAWrongRate) {
    answer_.turnover_frequencies[0] *= 1.0 + 1e-9;
    EXPECT_NE(judge_(point_, answer_).wrong.find("the turnover frequency of"), std::string::npos);
}

TEST_F(JudgeTest, SeesASaddle) {
    answer_.coverages = {0.3, 0.7};
    answer_.coverage_error = answer_.rate_error = 1e3;
    EXPECT_EQ(judge_(point_, answer_).wrong, "the root is not stable");
}

TEST_F(JudgeTest, SeesWhereNoRootIs) {
    answer_.coverages = {0.21, 0.79};
    EXPECT_NE(judge_(point_, answer_).wrong, "");
}

TEST_F(JudgeTest, SeesAZeroThatFillsUp) {
    answer_.coverages = {0.0, 1.0};
    EXPECT_NE(judge_(point_, answer_).wrong.find("makes it"), std::string::npos);
}

TEST_F(JudgeTest, SeesALostSite) {
    answer_.coverages = {0.1, 0.89};
    EXPECT_NE(judge_(point_, answer_).wrong.find("conservation"), std::string::npos);
}

TEST_F(JudgeTest, TheOtherBranchIsWrong) {
    const Network other = network_of({.reactions = {{"A_g + 2X_s + *_s <-> 3X_s", 0.9, 0.1},
                                                    {"B_g + *_s <-> X_s", 0.015, 0.215}},
                                      .pressures = {{"A_g", 1.0}, {"B_g", 1.0}},
                                      .initial = {{"X_s", 1.0}}});
    const SteadyState upper = solve_reference(other, point_of(other));
    Examiner examine(network_, 0);
    EXPECT_EQ(examine(point_, upper, false).outcome, Outcome::certified);
    EXPECT_EQ(examine(point_, upper, true).outcome, Outcome::wrong);
}

TEST_F(JudgeTest, TheOracleFollowsTheTransient) {
    const Fate fate = Oracle(network_, judge_)(point_, 1e10, 5000);
    ASSERT_TRUE(fate.settled);
    EXPECT_NEAR(fate.coverages[0], 0.1, 1e-13);
    // 4 ln 10 / 0.08 s would take it from 0.1 to 1e-5 of the state; 1 % away is enough.
    EXPECT_GT(fate.time, 10.0);
    EXPECT_LT(fate.time, 500.0);
}

TEST(Hurwitz, TellsModesFarApart) {
    using Number = Judge::Number;
    using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;
    Matrix a(3, 3);
    // Eigenvalues -1e13, -1 and -+1e-20 under a triangular disguise.
    a << Number(-1e13), Number(3e6), Number(7), Number(0), Number(-1), Number(2), Number(0),
        Number(0), Number(-1e-20);
    EXPECT_EQ(stability(a), Stability::stable);
    a(2, 2) = Number(1e-20);
    EXPECT_EQ(stability(a), Stability::unstable);
    Matrix spiral(2, 2);
    spiral << Number(1e-30), Number(-1), Number(1), Number(0);
    EXPECT_EQ(stability(spiral), Stability::unstable);
    spiral(0, 0) = Number(-1e-30);
    EXPECT_EQ(stability(spiral), Stability::stable);
}

}  // namespace
}  // namespace turnover::test
