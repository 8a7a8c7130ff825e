// The bits of a point's answer depend on nothing but the point.
#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "batch_networks.hpp"
#include "random_networks.hpp"
#include "single_networks.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/batch/job.hpp"

namespace turnover::test {
namespace {

template <class Values>
bool same_bits(const Values& a, const Values& b) {
    return a.size() == b.size() &&
           std::memcmp(a.data(), b.data(), a.size() * sizeof(a.data()[0])) == 0;
}

/// Whether point `p` of `a` and point `q` of `b` are the same to the last bit.
testing::AssertionResult same_point(const StateTable& a, std::size_t p, const StateTable& b,
                                    std::size_t q) {
    const auto same = [](const auto& x, const auto& y) {
        return std::memcmp(&x, &y, sizeof(x)) == 0;
    };
    if (!same(a.status[p], b.status[q]) || !same(a.path[p], b.path[q])) {
        return testing::AssertionFailure() << "one is certified, the other is not: point " << p;
    }
    const bool equal =
        same_bits(a.coverages(p), b.coverages(q)) && same_bits(a.net_rates(p), b.net_rates(q)) &&
        same_bits(a.turnover_frequencies(p), b.turnover_frequencies(q)) &&
        same(a.residual[p], b.residual[q]) && same(a.coverage_error[p], b.coverage_error[q]) &&
        same(a.rate_error[p], b.rate_error[q]) &&
        same(a.slowest_eigenvalue[p], b.slowest_eigenvalue[q]) &&
        same(a.integration_time[p], b.integration_time[q]) &&
        same(a.integration_steps[p], b.integration_steps[q]) &&
        same(a.newton_iterations[p], b.newton_iterations[q]);
    if (!equal) return testing::AssertionFailure() << "different bits at point " << p;
    return testing::AssertionSuccess();
}

StateTable states_of(const Network& network, const KineticsTable& table) {
    StateTable states(network, table.points());
    (void)solve_batch(network, table, states);
    return states;
}

struct Example {
    Network network;
    KineticsTable table;
};

std::vector<Example> examples() {
    std::vector<Example> all;
    all.push_back({seed_network(1.0, 1.0), seed_table(25)});
    const Network methane = network_of(methane_surface(1.0, 1.0));
    std::vector<PointKinetics> points;
    for (int i = 0; i < 30; ++i) {
        points.push_back(
            point_of(network_of(methane_surface(0.01 + 0.03 * i, 0.5, 900.0 + 10 * i))));
    }
    all.push_back({methane, table_of(methane, points)});
    // Without transients.
    const Network single = network_of(langmuir_hinshelwood());
    all.push_back({single, pressure_table(single, "A_g + *_s <-> A_s", "B_g + *_s <-> B_s", 20)});
    // Handed over here and there, restarted often, third order.
    for (const unsigned seed : {3u, 8u, 11u}) {
        const Network random = network_of(random_surface(seed, 4, 3));
        points.assign(11, point_of(random));
        for (std::size_t p = 0; p < points.size(); ++p) {
            for (double& k : points[p].forward) k *= 1.0 + 0.3 * static_cast<double>(p);
        }
        all.push_back({random, table_of(random, points)});
    }
    return all;
}

TEST(BatchBits, OfAnyOrderOfThePoints) {
    for (const Example& example : examples()) {
        const StateTable straight = states_of(example.network, example.table);
        std::vector<std::size_t> order(example.table.points());
        std::iota(order.begin(), order.end(), 0u);
        std::shuffle(order.begin(), order.end(), std::mt19937(5));
        KineticsTable shuffled(example.network, order.size());
        for (std::size_t p = 0; p < order.size(); ++p) {
            shuffled.set(p, example.table.get(order[p]));
        }
        const StateTable states = states_of(example.network, shuffled);
        for (std::size_t p = 0; p < order.size(); ++p) {
            ASSERT_TRUE(same_point(straight, order[p], states, p));
        }
    }
}

TEST(BatchBits, OfAnyPartOfThePoints) {
    for (const Example& example : examples()) {
        const StateTable all = states_of(example.network, example.table);
        const std::size_t points = example.table.points();
        for (const std::size_t first : {std::size_t{0}, std::size_t{3}, points - 1}) {
            const std::size_t count = std::min<std::size_t>(points - first, first == 0 ? 1 : 7);
            KineticsTable part(example.network, count);
            for (std::size_t p = 0; p < count; ++p) part.set(p, example.table.get(first + p));
            const StateTable states = states_of(example.network, part);
            for (std::size_t p = 0; p < count; ++p) {
                ASSERT_TRUE(same_point(all, first + p, states, p));
            }
        }
    }
}

/// Lets Highway use only `targets` (0: all) from here on.
void allow(std::int64_t targets) {
    hwy::SetSupportedTargetsForTest(targets);
    hwy::GetChosenTarget().DeInit();
}

TEST(BatchBits, OfEveryVectorWidth) {
    allow(0);
    const std::int64_t best = hwy::SupportedTargets();
    std::vector<std::string> sets;
    for (const Example& example : examples()) {
        allow(0);
        const StateTable widest = states_of(example.network, example.table);
        for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SCALAR}) {
            if (target != HWY_SCALAR && (best & target) == 0) continue;
            allow(target);
            sets.emplace_back(batch::instruction_set());
            const StateTable states = states_of(example.network, example.table);
            for (std::size_t p = 0; p < states.points(); ++p) {
                ASSERT_TRUE(same_point(widest, p, states, p)) << sets.back();
            }
        }
    }
    allow(0);
    std::ranges::sort(sets);
    sets.erase(std::ranges::unique(sets).begin(), sets.end());
    EXPECT_GE(sets.size(), 2u) << "only one instruction set was compared";
}

}  // namespace
}  // namespace turnover::test
