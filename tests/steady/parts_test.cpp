// The parts of the reference path by themselves.
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "networks.hpp"
#include "turnover/base/error.hpp"
#include "turnover/steady/double_double.hpp"
#include "turnover/steady/extended.hpp"
#include "turnover/steady/extended_transient.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/lu.hpp"
#include "turnover/steady/motion.hpp"
#include "turnover/steady/stability.hpp"
#include "turnover/steady/standing_law.hpp"
#include "turnover/steady/steady_state.hpp"
#include "turnover/steady/transient.hpp"

namespace turnover::test {
namespace {

Digits100 exact(const DoubleDouble& a) { return Digits100(a.high()) + Digits100(a.low()); }

TEST(DoubleDoubleNumber, OperationsAreRightTo31Digits) {
    std::mt19937_64 generator(7);
    const auto draw = [&] {
        const auto part = [&](int exponent) {
            return std::ldexp(static_cast<double>(static_cast<std::int64_t>(generator())),
                              exponent);
        };
        const int shift = static_cast<int>(generator() % 60) - 30;
        return DoubleDouble(part(shift - 63)) + DoubleDouble(part(shift - 63 - 54));
    };
    const auto right = [](const DoubleDouble& value, const Digits100& truth) {
        return abs(exact(value) - truth) <= Digits100(1e-31) * abs(truth);
    };
    for (int k = 0; k < 2000; ++k) {
        const DoubleDouble a = draw(), b = draw();
        EXPECT_TRUE(right(a + b, exact(a) + exact(b)));
        EXPECT_TRUE(right(a - b, exact(a) - exact(b)));
        EXPECT_TRUE(right(a * b, exact(a) * exact(b)));
        EXPECT_TRUE(right(a / b, exact(a) / exact(b)));
        EXPECT_TRUE(right(sqrt(abs(a)), sqrt(abs(exact(a)))));
        EXPECT_EQ(a < b, exact(a) < exact(b));
    }
    EXPECT_EQ((DoubleDouble(1.0) + DoubleDouble(1e-30)) - DoubleDouble(1.0), DoubleDouble(1e-30));
}

TEST(LuFactors, SolveAndKnowASingularMatrix) {
    Lu<double> lu;
    ASSERT_TRUE(lu.factor({0.0, 2.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0}, 3));
    std::vector<double> b{7.0, 1.0, 5.0};  // x = (1, 2, 3)
    lu.solve(b);
    EXPECT_EQ(b, (std::vector<double>{1.0, 2.0, 3.0}));
    EXPECT_TRUE(lu.determinant_is_negative());  // -1
    ASSERT_TRUE(lu.factor({0.0, 1.0, 1.0, 0.0}, 2));
    EXPECT_TRUE(lu.determinant_is_negative());
    ASSERT_TRUE(lu.factor({-2.0, 1.0, 1.0, -3.0}, 2));
    EXPECT_FALSE(lu.determinant_is_negative());
    EXPECT_FALSE(lu.factor({1.0, 2.0, 2.0, 4.0}, 2));
    EXPECT_FALSE(lu.factor({std::nan(""), 2.0, 2.0, 4.0}, 2));
}

TEST(SlowestModeOf, SmallEigenvalueBesideLargeOnes) {
    // S diag(-1e13, -1, l) S^-1 with S of ones above a unit diagonal: the sign of l is the
    // question.
    for (const double l : {-1e-8, 1e-8}) {
        const DoubleDouble big(-1e13), one(-1.0), small(l);
        const std::vector<DoubleDouble> matrix{
            big,  one - big,   small - one,       DoubleDouble(0.0),
            one,  small - one, DoubleDouble(0.0), DoubleDouble(0.0),
            small};
        // Mixed by a rotation of integers so that it is not triangular: P A P^-1, P =
        // [[1,0,0],[1,1,0], [0,1,1]].
        const auto at = [&](int i, int k) { return matrix[static_cast<std::size_t>(3 * i + k)]; };
        std::vector<DoubleDouble> left(9), mixed(9);
        for (std::size_t k = 0; k < 3; ++k) {
            const int c = static_cast<int>(k);
            left[k] = at(0, c);
            left[3 + k] = at(0, c) + at(1, c);
            left[6 + k] = at(1, c) + at(2, c);
        }
        for (std::size_t i = 0; i < 3; ++i) {  // P^-1 = [[1,0,0],[-1,1,0],[1,-1,1]]
            mixed[3 * i] = left[3 * i] - left[3 * i + 1] + left[3 * i + 2];
            mixed[3 * i + 1] = left[3 * i + 1] - left[3 * i + 2];
            mixed[3 * i + 2] = left[3 * i + 2];
        }
        const SlowestMode mode = slowest_mode(mixed, 3);
        EXPECT_NEAR(mode.real_part / l, 1.0, 1e-6);
        EXPECT_EQ(mode.decays(), l < 0.0);
        EXPECT_EQ(mode.grows(), l > 0.0);
    }
}

TEST(SlowestModeOf, ComplexPairAndZeroAndNothing) {
    const SlowestMode pair = slowest_mode<DoubleDouble>({-1.0, 5.0, -5.0, -1.0}, 2);
    EXPECT_NEAR(pair.real_part, -1.0, 1e-15);
    const SlowestMode zero = slowest_mode<DoubleDouble>({-1.0, 1.0, 1.0, -1.0}, 2);
    EXPECT_FALSE(zero.decays());
    EXPECT_FALSE(zero.grows());
    EXPECT_TRUE(slowest_mode<DoubleDouble>({}, 0).decays());
}

TEST(LiveNetworkOf, LeavesOutWhatCannotBeMade) {
    const Network network = network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0},
                                                      {"B_g + *_s <-> B_s", 1.0, 1.0},
                                                      {"A_s + B_s => C_g + 2*_s", 1.0}},
                                        .pressures = {{"A_g", 1.0}, {"B_g", 0.0}}});
    const LiveNetwork live = live_network(network, point_of(network));
    const auto b = position(network.unknown_names(), "B_s");
    for (std::size_t i = 0; i < live.is_live.size(); ++i) EXPECT_EQ(live.is_live[i], i != b);
    ASSERT_EQ(live.laws.size(), 1u);
    EXPECT_TRUE(live.laws[0].of_network);
    for (const bool routed : live.on_a_route) EXPECT_FALSE(routed);
    for (const bool turned : live.turns_over) EXPECT_FALSE(turned);
}

TEST(LiveNetworkOf, FindsTheLawsThatDeadStepsLeaveBehind) {
    // Without gas A* and B* react pairwise for good: their difference stays.
    const Network network = network_of({.reactions = {{"A_g + *_s => A_s", 1.0},
                                                      {"B_g + *_s => B_s", 1.0},
                                                      {"A_s + B_s => C_g + 2*_s", 1.0}},
                                        .pressures = {{"A_g", 0.0}, {"B_g", 0.0}},
                                        .initial = {{"A_s", 0.5}, {"B_s", 0.3}}});
    const LiveNetwork live = live_network(network, point_of(network));
    ASSERT_EQ(live.laws.size(), 2u);
    EXPECT_FALSE(live.laws[1].of_network);
    // Whatever combination with the site total it is: no live step changes it.
    for (int j = 0; j < network.steps(); ++j) {
        if (!live.forward[std::size_t(j)]) continue;
        int change = 0;
        for (int i = 0; i < network.unknowns(); ++i) {
            change += live.laws[1].coefficients[std::size_t(i)] * network.stoichiometry(i, j);
        }
        EXPECT_EQ(change, 0);
    }
}

TEST(Siphon, IsTheLargestSetThatStaysEmpty) {
    // B* is made from A* and B* only; A* comes from the gas.
    const Network network = network_of({.reactions = {{"A_g + *_s <-> A_s", 1.0, 1.0},
                                                      {"A_s + B_s => 2B_s", 1.0},
                                                      {"B_s => C_g + *_s", 1.0}},
                                        .pressures = {{"A_g", 1.0}},
                                        .initial = {{"B_s", 0.1}}});
    const LiveNetwork live = live_network(network, point_of(network));
    const auto siphon = largest_siphon(network, live, {true, true, true});
    const auto is_in = [&](const std::string& name) {
        return siphon[position(network.unknown_names(), name)];
    };
    EXPECT_TRUE(is_in("A_s") && is_in("B_s") && is_in("*_s")) << "all sites gone stay gone";
    std::vector<bool> candidates(3, true);
    candidates[position(network.unknown_names(), "*_s")] = false;
    const auto smaller = largest_siphon(network, live, candidates);
    EXPECT_TRUE(smaller[position(network.unknown_names(), "B_s")]);
    EXPECT_FALSE(smaller[position(network.unknown_names(), "A_s")]);
}

TEST(StandingLaws, TakePlacesThatLeaveThemIndependent) {
    // Two site types joined by an adsorbate over both, which carries nearly everything.
    const Network network =
        network_of({.reactions = {{"A_g + *_s + *_t <-> X_s", 2.0, 1.0}},
                    .pressures = {{"A_g", 1.0}},
                    .totals = {{"s", 1.0}, {"t", 1.0}},
                    .declared = {{"X_s", SpeciesKind::adsorbate, {}, {{"s", 1}, {"t", 1}}}}});
    const PointKinetics point = point_of(network);
    const LiveNetwork live = live_network(network, point);
    std::vector<double> share(3, 1e-20);
    share[position(network.unknown_names(), "X_s")] = 1.0;
    const auto laws = place_laws<double>(point, live, live.unknowns, share);
    ASSERT_EQ(laws.size(), 2u);
    EXPECT_NE(laws[0].place, laws[1].place);
    for (int a = 0; a < 2; ++a) {
        EXPECT_EQ(laws[std::size_t(a)].coefficients[std::size_t(laws[std::size_t(1 - a)].place)],
                  0);
        EXPECT_NE(laws[std::size_t(a)].coefficients[std::size_t(laws[std::size_t(a)].place)], 0);
    }
}

TEST(TransientOf, FirstOrderRelaxationAgainstTheExponential) {
    // theta = (1 - exp(-t (k + k'))) k / (k + k').
    const Network network =
        network_of({.reactions = {{"A_g + *_s <-> A_s", 3.0, 1.0}}, .pressures = {{"A_g", 1.0}}});
    const PointKinetics point = point_of(network);
    const LiveNetwork live = live_network(network, point);
    Transient transient(network, point, live, 1e-8);
    while (transient.time() < 10.0) {
        ASSERT_TRUE(transient.step()) << transient.failure();
        const double truth = -0.75 * std::expm1(-4.0 * transient.time());
        EXPECT_NEAR(coverage(network, transient.coverages(), "A_s") / truth, 1.0, 1e-6);
        EXPECT_NEAR(transient.coverages()[0] + transient.coverages()[1], 1.0, 1e-15);
    }
    EXPECT_LT(transient.steps(), 1000);
}

TEST(TransientOf, TinyCoveragesAreFollowedToRelativeAccuracy) {
    // A* -> B* -> C* with 1e-12 1/s each from a full surface: C = t^2/2 1e-24 while it is small.
    const Network network =
        network_of({.reactions = {{"A_s <-> B_s", 1e-12, 1.0e-30}, {"B_s <-> C_s", 1e-12, 1.0e-30}},
                    .initial = {{"A_s", 1.0}}});
    const PointKinetics point = point_of(network);
    const LiveNetwork live = live_network(network, point);
    Transient transient(network, point, live, 1e-8);
    while (transient.time() < 1e3) {
        ASSERT_TRUE(transient.step()) << transient.failure();
        if (transient.time() < 1e-1) continue;
        const double t = transient.time() * 1e-12;
        EXPECT_NEAR(coverage(network, transient.coverages(), "C_s") / (0.5 * t * t), 1.0, 1e-5);
    }
}

TEST(ExtendedTransientOf, FirstOrderRelaxationAgainstTheExponential) {
    const Network network =
        network_of({.reactions = {{"A_g + *_s <-> A_s", 3.0, 1.0}}, .pressures = {{"A_g", 1.0}}});
    const PointKinetics point = point_of(network);
    const LiveNetwork live = live_network(network, point);
    ExtendedTransient transient(network, point, live, 1e-4);
    while (transient.time() < 10.0) {
        ASSERT_TRUE(transient.step()) << transient.failure();
        const double truth = -0.75 * std::expm1(-4.0 * transient.time());
        EXPECT_NEAR(coverage(network, transient.coverages(), "A_s") / truth, 1.0, 1e-4);
        EXPECT_NEAR(transient.coverages()[0] + transient.coverages()[1], 1.0, 1e-15);
    }
    EXPECT_LT(transient.steps(), 300);
    EXPECT_EQ(transient.digits(), 0);
}

TEST(ExtendedTransientOf, TakesMoreDigitsAsTimeGoesOn) {
    const Network network =
        network_of({.reactions = {{"A_g + *_s <-> A_s", 1e13, 1e13}, {"A_s <-> B_s", 1e-95, 1e-95}},
                    .pressures = {{"A_g", 1.0}}});
    const PointKinetics point = point_of(network);
    const LiveNetwork live = live_network(network, point);
    ExtendedTransient transient(network, point, live, 1e-4);
    std::map<int, double> since;
    while (transient.time() < 1e96) {
        ASSERT_TRUE(transient.step()) << transient.failure();
        since.try_emplace(transient.digits(), transient.time());
        EXPECT_EQ(transient.digits() == 0, transient.exact_coverages().empty());
        // B = (1 - exp(-3/2 k t)) / 3, with A and the free site in equilibrium.
        const double truth = -std::expm1(-1.5e-95 * transient.time()) / 3.0;
        if (transient.time() > 1e-10) {
            EXPECT_NEAR(coverage(network, transient.coverages(), "B_s") / truth, 1.0, 1e-3);
        }
    }
    ASSERT_EQ(since.size(), 3u);
    EXPECT_GT(since.at(100), 1e8);
    EXPECT_GT(since.at(250), 1e70);
}

TEST(ExtendedTransientOf, MovesBesideItsPlaceByLessThanARoundingOfTheLogarithm) {
    // ln x = -27.6 is held to 4e-15 in double.
    const Network network =
        network_of({.reactions = {{"A_g + *_s <-> A_s", 1e-12, 1.0}}, .pressures = {{"A_g", 1.0}}});
    const PointKinetics point = point_of(network);
    const LiveNetwork live = live_network(network, point);
    ExtendedTransient transient(network, point, live, 1e-4);
    while (transient.time() < 100.0) ASSERT_TRUE(transient.step());
    const auto a = static_cast<std::size_t>(position(network.unknown_names(), "A_s"));
    const auto place = transient.place();
    std::vector<double> growth(2, 0.0);
    growth[a] = 3e-18;
    ASSERT_TRUE(transient.leap(growth, 1.0).has_value());
    EXPECT_NEAR(transient.growth_since(*place)[a], 3e-18, 1e-24);
    EXPECT_NEAR(transient.log_over(a, 2e-12), std::log(0.5), 1e-9);
    transient.return_to(*place);
    EXPECT_EQ(transient.growth_since(*place)[a], 0.0);
    growth[a] = -60.0;  // to a part of it that has no digit in common
    ASSERT_TRUE(transient.leap(growth, 1.0).has_value());
    EXPECT_NEAR(transient.growth_since(*place)[a], -60.0, 1e-12);
}

TEST(ExtendedTransientOf, DoesNotStepOverAGrowingMode) {
    // dx/dt = x^2 (1 - x) - x / 10 with a trace: rests beside 0.1127 from just above it, then
    // grows.
    const double unstable = 0.5 - std::sqrt(0.15);
    const Network network =
        network_of({.reactions = {{"2X_s + *_s => 3X_s", 1.0}, {"X_s => X_g + *_s", 0.1}},
                    .initial = {{"X_s", unstable + 1e-13}}});
    const PointKinetics point = point_of(network);
    const LiveNetwork live = live_network(network, point);
    ExtendedTransient transient(network, point, live, 1e-4);
    while (transient.time() < 1e5) ASSERT_TRUE(transient.step()) << transient.failure();
    EXPECT_NEAR(coverage(network, transient.coverages(), "X_s"), 0.5 + std::sqrt(0.15), 1e-3);
}

TEST(MotionSeen, TellsRestFromRiseAndSwing) {
    Motion rest({0.5, 0.5}), rise({0.1, 0.9}), swing({0.5, 0.5});
    std::vector<double> x;
    for (int k = 1; k <= 2000; ++k) {
        const double t = 0.01 * k;
        rest.see(t, {0.5, 0.5}, 1e-31);
        rise.see(t, {0.1 + 0.001 * t, 0.9 - 0.001 * t}, 1e-31);
        x = {0.5 + 0.2 * std::sin(2.0 * M_PI * t), 0.5 - 0.2 * std::sin(2.0 * M_PI * t)};
        swing.see(t, x, 1e-31);
    }
    EXPECT_TRUE(rest.at_rest({0.5, 0.5}));
    EXPECT_EQ(rest.describe({"a", "b"}, {0.5, 0.5}), "");
    EXPECT_FALSE(rise.at_rest({0.12, 0.88}));
    EXPECT_EQ(rise.describe({"a", "b"}, {0.12, 0.88}).substr(0, 13), "a still rises");
    const std::string text = swing.describe({"a", "b"}, x);
    EXPECT_NE(text.find("oscillates between 0.3 and 0.7 with a period of about 1 s"),
              std::string::npos)
        << text;
}

TEST(StatusWords, ComeBackAsTheyWent) {
    for (int s = 0; s <= 8; ++s) {
        const auto status = static_cast<Status>(s);
        EXPECT_EQ(status_from(to_string(status)), status);
        EXPECT_FALSE(explain(status).empty());
    }
    EXPECT_EQ(to_string(Status::not_settled), "not-settled");
    EXPECT_THROW((void)status_from("fine"), Error);
}

}  // namespace
}  // namespace turnover::test
