// Networks with several steady states whose places, number and folds are known in closed form: both
// sides of each fold, from every surface.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "networks.hpp"
#include "support/answers.hpp"

namespace turnover::test {
namespace {

/// Both ways of solving a point have to find the same; `check` sees either's answer.
template <class Check>
void solve(const Network& network, const Check& check) {
    const std::vector<PointKinetics> points{point_of(network)};
    const std::pair<const char*, Answers> ways[] = {
        {"by the reference path", reference_answers(network, points)},
        {"by the batched solver", batch_answers(network, points)}};
    for (const auto& [way, answers] : ways) {
        SCOPED_TRACE(way);
        const SteadyState& state = answers.states.front();
        ASSERT_EQ(state.status, Status::converged) << state.detail;
        check(state);
    }
}

/// Schloegl's second model on a surface (Z. Physik 253, 147 (1972)):
///   A_g + 2X* + * <-> 3X*   k1, k2        dx/dt = k1 x^2 (1 - x) - k2 x^3 + k3 (1 - x) - k4 x
///   B_g + * <-> X*          k3, k4              = -(x - r1) (x - r2) (x - r3)
/// with k1 = r1 + r2 + r3, k2 = 1 - k1, k3 = r1 r2 r3, k4 = r1 r2 + r2 r3 + r3 r1 - k3: the rate
/// constants follow from the roots, and a fold is where two of them meet and become complex.
struct Schloegl {
    /// The roots: `lone`, and middle +- sqrt(split), a complex pair where split is negative.
    double lone, middle, split;

    [[nodiscard]] Network network(double initial) const {
        const double product = middle * middle - split;  // of the pair
        const double k1 = lone + 2.0 * middle;
        const double k3 = lone * product;
        const double k4 = 2.0 * lone * middle + product - k3;
        return network_of({.reactions = {{"A_g + 2X_s + *_s <-> 3X_s", k1, 1.0 - k1},
                                         {"B_g + *_s <-> X_s", k3, k4}},
                           .pressures = {{"A_g", 1.0}, {"B_g", 1.0}},
                           .initial = {{"X_s", initial}}});
    }

    /// Solves from `initial` and expects `root`, to what the rounding of the rate constants does to
    /// a root so close to another.
    void expect(double initial, double root) const {
        SCOPED_TRACE(testing::Message()
                     << "lone " << lone << " split " << split << " from " << initial);
        const Network here = network(initial);
        const double from_pair = std::sqrt(std::abs(split));
        const double slack = root == lone ? 1e-14 : 1e-15 / from_pair;
        // The only mode: d/dx of the cubic.
        const double slope = root == lone ? -(lone - middle) * (lone - middle) + split
                                          : -2.0 * from_pair * std::abs(root - lone);
        solve(here, [&](const SteadyState& state) {
            EXPECT_NEAR(coverage(here, state.coverages, "X_s"), root,
                        slack + state.coverage_error * root);
            EXPECT_NEAR(state.slowest_eigenvalue, slope,
                        1e-5 * std::abs(slope) + 1e-13 / from_pair);
        });
    }
};

constexpr double distances[] = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5};

TEST(ClosedForm, LowerFoldOfTheCubicBothSides) {
    for (const double distance : distances) {
        const double split = 0.01 * distance * distance;
        const double root = std::sqrt(split);
        const Schloegl two{0.6, 0.1, split}, one{0.6, 0.1, -split};
        two.expect(0.0, 0.1 - root);  // stable below
        for (const double aside : {1e-3, 0.03, 0.3, 0.8}) {
            two.expect(0.1 + root * (1.0 - aside), 0.1 - root);  // under the separatrix
            two.expect(0.1 + root * (1.0 + aside), 0.6);         // over it
        }
        two.expect(1.0, 0.6);
        one.expect(0.0, 0.6);  // past the ghost of the pair
        one.expect(1.0, 0.6);
    }
}

TEST(ClosedForm, UpperFoldOfTheCubicBothSides) {
    for (const double distance : distances) {
        const double split = 0.01 * distance * distance;
        const double root = std::sqrt(split);
        const Schloegl two{0.05, 0.4, split}, one{0.05, 0.4, -split};
        two.expect(1.0, 0.4 + root);
        for (const double aside : {1e-3, 0.03, 0.3, 0.8}) {
            two.expect(0.4 - root * (1.0 - aside), 0.4 + root);
            two.expect(0.4 - root * (1.0 + aside), 0.05);
        }
        two.expect(0.0, 0.05);
        one.expect(1.0, 0.05);
        one.expect(0.0, 0.05);
    }
}

TEST(ClosedForm, TinyLowerStateBesideALargeOne) {
    // The lower state down to 1e-12 of a site, its separatrix a hundred times above it.
    for (const double low : {1e-4, 1e-8, 1e-12}) {
        const double middle = 50.5 * low, split = 49.5 * 49.5 * low * low;
        const Schloegl model{0.9, middle, split};
        for (const auto& [initial, root] : std::map<double, double>{
                 {0.0, low}, {99.0 * low, low}, {101.0 * low, 0.9}, {1.0, 0.9}}) {
            const Network here = model.network(initial);
            solve(here, [&](const SteadyState& state) {
                EXPECT_NEAR(coverage(here, state.coverages, "X_s"), root,
                            (1e-12 + state.coverage_error) * root)
                    << initial;
            });
        }
    }
}

/// Langmuir and Hinshelwood's A + B2 without a way back (the mean field of Ziff, Gulari and
/// Barshad, Phys. Rev. Lett. 56, 2553 (1986)):
///   A_g + * => A*  (y),   B2_g + 2* => 2B*  (1),   A* + B* => C_g + 2*  (8)
/// Steady: either A everywhere, always stable, or free sites y / 2 and a b = y^2 / 16 with
/// a + b = 1 - y / 2, of which the state with b > a is stable and the other a saddle (the
/// determinant of the Jacobian is 8 y (b - a)). They meet at y = 1, a = b = 1/4. B everywhere is
/// steady and unstable.
struct PairAndSingle {
    double y;

    [[nodiscard]] Network network(double a, double b) const {
        return network_of({.reactions = {{"A_g + *_s => A_s", y},
                                         {"B2_g + 2*_s => 2B_s", 1.0},
                                         {"A_s + B_s => C_g + 2*_s", 8.0}},
                           .pressures = {{"A_g", 1.0}, {"B2_g", 1.0}},
                           .initial = {{"A_s", a}, {"B_s", b}}});
    }
    [[nodiscard]] double free_sites() const { return 0.5 * y; }
    [[nodiscard]] double occupied() const { return 1.0 - 0.5 * y; }
    /// (a + b)^2 - 4 a b = (1 - y / 2)^2 - y^2 / 4.
    [[nodiscard]] double discriminant() const { return 1.0 - y; }
    [[nodiscard]] double more() const { return 0.5 * (occupied() + std::sqrt(discriminant())); }
    [[nodiscard]] double less() const { return 0.5 * (occupied() - std::sqrt(discriminant())); }

    void expect_reactive(double a, double b) const {
        SCOPED_TRACE(testing::Message() << "y = " << y << " from " << a << ", " << b);
        const Network here = network(a, b);
        const double slack = 1e-14 / std::sqrt(discriminant());
        solve(here, [&](const SteadyState& state) {
            const auto expect = [&](const std::string& name, double value) {
                EXPECT_NEAR(coverage(here, state.coverages, name), value,
                            slack + state.coverage_error * value);
            };
            expect("A_s", less());
            expect("B_s", more());
            expect("*_s", free_sites());
            EXPECT_NEAR(state.turnover_frequencies[position(here.gas_names(), "C_g")], 0.5 * y * y,
                        1e-14 + state.rate_error);
            EXPECT_LT(state.slowest_eigenvalue, 0.0);
        });
    }

    void expect_poisoned(double a, double b) const {
        SCOPED_TRACE(testing::Message() << "y = " << y << " from " << a << ", " << b);
        const Network here = network(a, b);
        solve(here, [&](const SteadyState& state) {
            EXPECT_EQ(coverage(here, state.coverages, "A_s"), 1.0);
            EXPECT_EQ(coverage(here, state.coverages, "B_s"), 0.0);
            EXPECT_EQ(coverage(here, state.coverages, "*_s"), 0.0);
            EXPECT_EQ(state.turnover_frequencies[position(here.gas_names(), "C_g")], 0.0);
            // The modes there are those of filling (y) and of the reaction (8); nothing moves on a
            // surface that is full from the start.
            if (a < 1.0) {
                EXPECT_NEAR(state.slowest_eigenvalue, -std::min(y, 8.0), 1e-5);
            }
        });
    }
};

TEST(ClosedForm, PairAndSingleBeforeTheFoldReactsOrIsPoisoned) {
    for (const double distance : {0.9, 0.5, 1e-1, 1e-2, 1e-4, 1e-6}) {
        const PairAndSingle model{1.0 - distance};
        const double gap = model.more() - model.less();
        // On either side of the saddle (a = more, b = less), along the line between the two states.
        const double aside = std::min(0.01 * gap, 0.5 * model.less());
        model.expect_reactive(model.more() - aside, model.less() + aside);
        model.expect_poisoned(model.more() + aside, model.less() - aside);
        model.expect_reactive(model.less(), model.more());
        model.expect_poisoned(1.0, 0.0);
        model.expect_reactive(0.0, 0.9);
    }
}

TEST(ClosedForm, PairAndSingleBeyondTheFoldIsPoisonedFromEverywhere) {
    for (const double distance : {1.0, 1e-1, 1e-2, 1e-4, 1e-6}) {
        const PairAndSingle model{1.0 + distance};
        for (const auto& [a, b] : std::vector<std::pair<double, double>>{
                 {0.0, 0.0}, {0.0, 0.9}, {0.25, 0.25}, {0.9, 0.0}, {1.0, 0.0}}) {
            model.expect_poisoned(a, b);
        }
    }
}

TEST(ClosedForm, AllOfTheOneThatComesInPairsStays) {
    // No step can begin on a surface full of B: steady from the start, whatever a trace would do.
    const PairAndSingle model{0.5};
    const Network here = model.network(0.0, 1.0);
    solve(here, [&](const SteadyState& state) {
        EXPECT_EQ(coverage(here, state.coverages, "B_s"), 1.0);
    });
    model.expect_reactive(0.0, 1.0 - 1e-6);
}

}  // namespace
}  // namespace turnover::test
