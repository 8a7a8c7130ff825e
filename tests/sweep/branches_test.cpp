// Which states are distinct, on tables made by hand and on networks whose folds are known.
#include "turnover/sweep/branches.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "steady/seed.hpp"
#include "support/small_models.hpp"
#include "turnover/sweep/tile.hpp"

namespace turnover {
namespace {

using test::network_of;
using test::Surface;

// ---- Telling states apart ----------------------------------------------------------------------

/// A network with two unknowns, and states of it whose coverage of A_s is given; a negative one
/// stands for a failure.
const Network langmuir =
    network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0}}, .pressures = {{"A_g", 1.0}}});

StateTable states_at(const std::vector<double>& coverages, double error = 1e-12) {
    StateTable table(langmuir, coverages.size());
    for (std::size_t p = 0; p < coverages.size(); ++p) {
        SteadyState state = support::invented_state(langmuir, p);
        state.status = coverages[p] < 0.0 ? Status::not_settled : Status::converged;
        state.coverages = {coverages[p], 1.0 - coverages[p]};
        state.coverage_error = error;
        table.set(p, state, Path::reference);
    }
    return table;
}

TEST(Branches, NumbersStatesByTheFirstSurfaceThatReachesThem) {
    const StateTable rows = states_at({0.5, 0.2, 0.5, 0.2, 0.7, 0.7, 0.7, 0.7});
    const Branches branches(rows, 4);
    ASSERT_EQ(branches.points(), 2U);
    EXPECT_EQ(branches.most(), 2U);
    EXPECT_EQ(branches.count(0), 2U);
    EXPECT_EQ(branches.count(1), 1U);
    EXPECT_EQ(branches.row(0, 0), 0U);
    EXPECT_EQ(branches.row(0, 1), 1U);
    EXPECT_EQ(branches.row(1, 0), 4U);
    for (std::size_t s = 0; s < 4; ++s) EXPECT_EQ(branches.reached(0, s), s % 2);
    EXPECT_EQ(branches.histogram(), (std::vector<std::size_t>{0, 1, 1}));
    EXPECT_EQ(branches.stated().coverages(1)[0], 0.7);
}

TEST(Branches, LeavesOutSurfacesThatFailed) {
    const StateTable rows = states_at({-1.0, 0.2, 0.2, -1.0, -1.0, -1.0});
    const Branches branches(rows, 3);
    EXPECT_EQ(branches.count(0), 1U);
    EXPECT_EQ(branches.row(0, 0), 1U);
    EXPECT_FALSE(branches.reached(0, 0));
    EXPECT_EQ(branches.reached(0, 2), 0U);
    EXPECT_EQ(branches.count(1), 0U);
    EXPECT_EQ(branches.histogram(), (std::vector<std::size_t>{1, 1}));
    EXPECT_EQ(branches.stated().status[0], Status::not_settled);
}

TEST(Branches, JudgesByTheCertifiedBounds) {
    const auto count = [](double difference, double error) {
        const StateTable rows = states_at({0.25, 0.25 * (1.0 + difference)}, error);
        return Branches(rows, 2).count(0);
    };
    EXPECT_EQ(count(0.9e-9, 1e-15), 1U);  // the stated margin
    EXPECT_EQ(count(1.1e-9, 1e-15), 2U);
    EXPECT_EQ(count(1.9e-6, 1e-6), 1U);  // the sum of both bounds
    EXPECT_EQ(count(2.1e-6, 1e-6), 2U);
    // Relative to each coverage, however small.
    const StateTable tiny = states_at({1e-30, 2e-30});
    EXPECT_EQ(Branches(tiny, 2).count(0), 2U);
    const StateTable empty = states_at({0.0, 0.0});
    EXPECT_EQ(Branches(empty, 2).count(0), 1U);
}

TEST(Branches, DoNotDependOnTheOrderOfTheSurfaces) {
    // The first and the last agree only through the one between them.
    std::vector<double> coverages{0.25, 0.25 * (1.0 + 1.6e-9), 0.25 * (1.0 + 0.8e-9), 0.5};
    std::ranges::sort(coverages);
    do {
        const StateTable rows = states_at(coverages);
        const Branches branches(rows, 4);
        EXPECT_EQ(branches.count(0), 2U);
        for (std::size_t a = 0; a < 4; ++a) {
            for (std::size_t b = 0; b < 4; ++b) {
                EXPECT_EQ(branches.reached(0, a) == branches.reached(0, b),
                          (coverages[a] == 0.5) == (coverages[b] == 0.5));
            }
        }
    } while (std::ranges::next_permutation(coverages).found);
}

/// How many narrow points a map has, drawn with one line for each value of the first axis and '2'
/// where there are two states; the values of the second axis as given.
std::size_t narrow(const std::vector<std::string>& drawing, std::vector<double> values) {
    std::vector<double> coverages, first;
    for (const std::string& line : drawing) {
        first.push_back(static_cast<double>(first.size() + 1));
        for (const char c : line) {
            coverages.push_back(0.2);
            coverages.push_back(c == '2' ? 0.8 : 0.2);
        }
    }
    const StateTable rows = states_at(coverages);
    Axis slow, fast;
    slow.parameter = {Parameter::Kind::temperature, 0};
    slow.values = first;
    fast.parameter = {Parameter::Kind::pressure, 0};
    fast.values = std::move(values);
    return narrow_points(Branches(rows, 2), Grid({slow, fast}));
}

TEST(Branches, ARegionThatIsTooNarrowForItsGridIsCounted) {
    const std::vector<double> even{1.0, 2.0, 3.0, 4.0};
    EXPECT_EQ(narrow({"1111", "1221", "1221", "1111"}, even), 0U);
    EXPECT_EQ(narrow({"1111", "1211", "1111", "1111"}, even), 1U);  // an island
    EXPECT_EQ(narrow({"1211", "1211", "1211", "1211"}, even), 4U);  // a strip
    EXPECT_EQ(narrow({"1112", "1121", "1211", "2111"}, even),
              2U);  // what lies at the rim may go on
    EXPECT_EQ(narrow({"2111", "2111", "2111", "2111"}, even), 0U);
    EXPECT_EQ(narrow({"1222"}, even), 0U);
    // The middle two values are neighbours though they stand at the ends of their list.
    EXPECT_EQ(narrow({"2112"}, {2.0, 1.0, 4.0, 3.0}), 0U);
    EXPECT_EQ(narrow({"2111"}, {2.0, 1.0, 4.0, 3.0}), 1U);
}

TEST(Branches, RefuseRowsThatDoNotFit) {
    const StateTable rows = states_at({0.1, 0.2, 0.3});
    EXPECT_THROW(Branches(rows, 2), std::logic_error);
    EXPECT_THROW(Branches(rows, 0), std::logic_error);
}

TEST(Branches, MakeTheSurfacesTheInnermostAxis) {
    const Mechanism mechanism = support::co_oxidation();
    const Network plain(mechanism);
    const Network network = plain.with_surfaces(branch_surfaces(plain, {{{"CO_s", 0.3}}}));
    const Grid grid({support::pressure_axis(mechanism, "CO_g", 3)});
    const Grid work = with_surfaces(grid, network);
    ASSERT_EQ(work.size(), 12U);
    const TileResult all = solve_tile(network, work, {0, 12});
    // From each surface what a network that starts there gives, bit by bit.
    for (std::size_t s = 0; s < 4; ++s) {
        const Network alone = plain.with_surfaces({network.surfaces()[s]});
        const TileResult single = solve_tile(alone, grid, {0, 3});
        for (std::size_t p = 0; p < 3; ++p) {
            ASSERT_EQ(single.states.status[p], Status::converged);
            EXPECT_TRUE(
                std::ranges::equal(all.states.coverages(4 * p + s), single.states.coverages(p)));
        }
    }
}

// ---- Networks whose states are known -----------------------------------------------------------

/// All states of the base conditions of `surface`.
struct Solved {
    Network network;
    StateTable rows;

    explicit Solved(const Surface& surface,
                    const std::vector<std::map<std::string, double>>& listed = {})
        : network(network_of(surface)) {
        network = network.with_surfaces(branch_surfaces(network, listed));
        const Grid work = with_surfaces(Grid(), network);
        rows = solve_tile(network, work, {0, work.size()}).states;
    }
    [[nodiscard]] Branches branches() const { return {rows, network.surfaces().size()}; }

    [[nodiscard]] double coverage(std::size_t row, const std::string& name) const {
        return rows.coverages(row)[test::position(network.unknown_names(), name)];
    }
    /// The coverages of `name` in every state, in increasing order.
    [[nodiscard]] std::vector<double> coverages(const std::string& name) const {
        const Branches all = branches();
        std::vector<double> values;
        for (std::size_t k = 0; k < all.count(0); ++k) {
            values.push_back(coverage(all.row(0, k), name));
        }
        std::ranges::sort(values);
        return values;
    }
    void expect_all_converged() const {
        for (std::size_t s = 0; s < rows.points(); ++s) {
            EXPECT_EQ(rows.status[s], Status::converged)
                << network.surfaces()[s].name << ": " << rows.detail.count(s);
        }
    }
};

/// Schloegl's second model on a surface (Z. Physik 253, 147 (1972)):
///   A_g + 2X* + * <-> 3X*   38, 47       dx/dt = 38 x^2 (1 - x) - 47 x^3 + p (1 - x) - 4.84 x
///   B_g + * <-> X*          1, 4.84            = -f(x),   f(x) = 85 x^3 - 38 x^2 + (p + 4.84) x -
///   p
/// A steady x belongs to p(x) = (85 x^3 - 38 x^2 + 4.84 x) / (1 - x), whose slope is zero where
/// 85 (-2 x^3) + (3 * 85 + 38) x^2 - 76 x + 4.84 = 0: at x = 0.1, 0.2 (and 121/85). So there are
/// two folds, (x, p) = (0.1, 0.21) and (0.2, 0.16), and between them two stable states.
Surface schloegl(double p) {
    return {
        .reactions = {{"A_g + 2X_s + *_s <-> 3X_s", 38.0, 47.0}, {"B_g + *_s <-> X_s", 1.0, 4.84}},
        .pressures = {{"A_g", 1.0}, {"B_g", p}}};
}

/// The root of f between `low` and `high`, by bisection in extended precision.
double root_between(double p, long double low, long double high) {
    const auto f = [p](long double x) {
        const long double q = p;
        return ((85.0L * x - 38.0L) * x + q + 4.84L) * x - q;
    };
    const bool rises = f(low) < 0.0L;
    for (int step = 0; step < 100; ++step) {
        const long double middle = 0.5L * (low + high);
        ((f(middle) < 0.0L) == rises ? low : high) = middle;
    }
    return static_cast<double>(low);
}

constexpr double distances[] = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6};

/// How far a root moves by the rounding of the rate constants, next to the other of its pair.
double slack(double distance) { return 1e-14 / std::sqrt(distance); }

TEST(Branches, OnBothSidesOfTheUpperFoldOfACubic) {
    for (const double distance : distances) {
        SCOPED_TRACE(distance);
        const double inside = 0.21 * (1.0 - distance), outside = 0.21 * (1.0 + distance);
        const Solved two(schloegl(inside)), one(schloegl(outside));
        two.expect_all_converged();
        one.expect_all_converged();
        const std::vector<double> found = two.coverages("X_s");
        ASSERT_EQ(found.size(), 2U);
        EXPECT_NEAR(found[0], root_between(inside, 0.0L, 0.1L), slack(distance));
        EXPECT_NEAR(found[1], root_between(inside, 0.2L, 1.0L), 1e-14);
        const std::vector<double> left = one.coverages("X_s");
        ASSERT_EQ(left.size(), 1U);
        EXPECT_NEAR(left[0], root_between(outside, 0.2L, 1.0L), 1e-14);
    }
}

TEST(Branches, OnBothSidesOfTheLowerFoldOfACubic) {
    for (const double distance : distances) {
        SCOPED_TRACE(distance);
        const double inside = 0.16 * (1.0 + distance), outside = 0.16 * (1.0 - distance);
        const Solved two(schloegl(inside)), one(schloegl(outside));
        two.expect_all_converged();
        one.expect_all_converged();
        const std::vector<double> found = two.coverages("X_s");
        ASSERT_EQ(found.size(), 2U);
        EXPECT_NEAR(found[0], root_between(inside, 0.0L, 0.1L), 1e-14);
        EXPECT_NEAR(found[1], root_between(inside, 0.2L, 1.0L), slack(distance));
        const std::vector<double> left = one.coverages("X_s");
        ASSERT_EQ(left.size(), 1U);
        EXPECT_NEAR(left[0], root_between(outside, 0.0L, 0.1L), 1e-14);
    }
}

/// A_g + * => A* (y), B2_g + 2* => 2B* (1), A* + B* => C_g + 2* (8), the mean field of Ziff, Gulari
/// and Barshad (Phys. Rev. Lett. 56, 2553 (1986)). A everywhere is always stable; free sites y/2
/// and a b = y^2/16 with b > a is stable up to the fold at y = 1. B everywhere is steady and
/// unstable.
Surface pair_and_single(double y) {
    return {.reactions = {{"A_g + *_s => A_s", y},
                          {"B2_g + 2*_s => 2B_s", 1.0},
                          {"A_s + B_s => C_g + 2*_s", 8.0}},
            .pressures = {{"A_g", 1.0}, {"B2_g", 1.0}}};
}

TEST(Branches, OnBothSidesOfTheFoldOfPairAndSingle) {
    for (const double distance : distances) {
        SCOPED_TRACE(distance);
        const double y = 1.0 - distance;
        const Solved two(pair_and_single(y), {{{"A_s", 0.1}, {"B_s", 0.5}}});
        two.expect_all_converged();
        const std::vector<double> a = two.coverages("A_s"), b = two.coverages("B_s");
        ASSERT_EQ(a.size(), 2U);
        const double gap = std::sqrt(1.0 - y);
        EXPECT_NEAR(a[0], 0.5 * (1.0 - 0.5 * y - gap), slack(distance));
        EXPECT_NEAR(b[1], 0.5 * (1.0 - 0.5 * y + gap), slack(distance));
        EXPECT_EQ(a[1], 1.0);
        EXPECT_EQ(b[0], 0.0);

        const Solved one(pair_and_single(1.0 + distance));
        one.expect_all_converged();
        EXPECT_EQ(one.coverages("A_s"), std::vector<double>{1.0});
    }
}

TEST(Branches, OneWhereThereIsOne) {
    const Solved isotherm(
        {.reactions = {{"A_g + *_s <-> A_s", 3.0, 1.0}}, .pressures = {{"A_g", 1.0}}},
        {{{"A_s", 0.4}}});
    ASSERT_EQ(isotherm.coverages("A_s").size(), 1U);
    EXPECT_NEAR(isotherm.coverages("A_s")[0], 0.75, 1e-15);
}

TEST(Branches, OfTheSeedProblemAreThoseOfTheReferenceTable) {
    const auto rows = test::read_table(std::filesystem::path(TURNOVER_SHARED_DIR) / "reference" /
                                       "scaks_co_oxidation_collision_branches.csv");
    if (rows.empty()) GTEST_SKIP() << "no table of branches in " << TURNOVER_SHARED_DIR;
    ASSERT_EQ(rows.size(), 100U);
    std::size_t bistable = 0;
    for (const auto& row : rows) {
        const Network plain =
            test::seed_network(std::stod(row.at("pCO")), std::stod(row.at("pO2")));
        const Network network = plain.with_surfaces(branch_surfaces(plain));
        const Grid work = with_surfaces(Grid(), network);
        const TileResult result = solve_tile(network, work, {0, work.size()});
        const Branches branches(result.states, network.surfaces().size());
        ASSERT_EQ(std::to_string(branches.count(0)), row.at("n_stable"));
        const auto product = test::position(network.gas_names(), "CO2_g");
        const auto frequency = [&](std::size_t k) {
            return result.states.turnover_frequencies(branches.row(0, k))[product];
        };
        EXPECT_NEAR(frequency(0) / std::stod(row.at("TOF_clean_surface")), 1.0, 1e-9);
        if (branches.count(0) == 1) continue;
        ++bistable;
        // Poisoned by CO it is slower by many powers of ten.
        EXPECT_LT(frequency(1), 1e-6 * frequency(0));
        EXPECT_EQ(branches.reached(0, 1), 1U);  // from CO_s
        EXPECT_EQ(branches.reached(0, 2), 0U);  // from O_s
    }
    EXPECT_EQ(bistable, 18U);
}

}  // namespace
}  // namespace turnover
