#include "turnover/steady/distant_root.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>

#include "turnover/base/index.hpp"
#include "turnover/steady/extended.hpp"
#include "turnover/steady/lu.hpp"
#include "turnover/steady/scaled_balances.hpp"
#include "turnover/steady/stability.hpp"

namespace turnover {

namespace {

/// Larger relative changes are taken as exponents, and not more than this at a time.
constexpr double small_change = 0.3, longest_stride = 1.0;
constexpr int most_iterations = 200;
/// Close enough for the signs of the eigenvalues.
constexpr double settled = 1e-30;
/// So far outside the range of the orbit, by factors, a root may be and still count as inside: what
/// is constant on average is not what the average would make constant.
constexpr double slack = 10.0;
/// The averages of a relaxation are far from any root. Starts are drawn from its ranges then, where
/// the network is small enough for Newton's method to take milliseconds.
constexpr int averages = 3, most_starts = 40;
constexpr std::size_t largest_drawn = 30;

/// Newton's method from `x`, which becomes the root. The equations have then been evaluated there.
bool converge(ScaledBalances<Digits100>& equations, std::vector<Digits100>& x) {
    std::vector<Digits100> matrix, update;
    Lu<Digits100> lu;
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
        equations.evaluate(x, matrix, update);
        if (!lu.factor(matrix, equations.size())) return false;
        lu.solve(update);
        double largest = 0.0;
        for (std::size_t a = 0; a < update.size(); ++a) {
            const double change = static_cast<double>(update[a]);
            if (!std::isfinite(change)) return false;
            largest = std::max(largest, std::abs(change));
            Digits100& coverage = x[at(equations.moving()[a])];
            if (std::abs(change) < small_change) {
                coverage *= Digits100(1.0) + update[a];
            } else {
                coverage *=
                    Digits100(std::exp(std::clamp(change, -longest_stride, longest_stride)));
            }
        }
        if (largest < settled) {
            equations.evaluate(x, matrix, update);
            return true;
        }
    }
    return false;
}

bool is_inside(const std::vector<Digits100>& x, const Orbit& orbit, double resolved) {
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double coverage = static_cast<double>(x[i]);
        if (std::max(coverage, orbit.high[i]) < resolved) continue;
        if (coverage < orbit.low[i] / slack || coverage > orbit.high[i] * slack) return false;
    }
    return true;
}

}  // namespace

std::optional<RootInside> root_inside(const Network& network, const PointKinetics& point,
                                      const LiveNetwork& live, const Orbit& orbit,
                                      double resolved) {
    std::mt19937_64 draws(1);
    const int starts = orbit.low.size() <= largest_drawn ? most_starts : averages;
    for (int start = 0; start < starts; ++start) {
        std::vector<double> coverages = orbit.mean_coverage;
        for (std::size_t i = 0; i < coverages.size() && start > 0; ++i) {
            const double low = std::log(orbit.low[i]), high = std::log(orbit.high[i]);
            const double share = std::ldexp(static_cast<double>(draws() >> 11), -53);
            coverages[i] = std::exp(start == 1   ? orbit.mean_log[i]
                                    : start == 2 ? 0.5 * (low + high)
                                                 : low + share * (high - low));
        }
        ScaledBalances<Digits100> equations(network, point, live, live.unknowns, coverages);
        std::vector<Digits100> x(coverages.size(), Digits100(0.0));
        for (const int i : live.unknowns) x[at(i)] = Digits100(coverages[at(i)]);
        if (!converge(equations, x) || !is_inside(x, orbit, resolved)) continue;
        int kept = 0;
        auto reduced = reduced_jacobian(network, equations, x, kept);
        const SlowestMode mode = slowest_mode(std::move(reduced), kept);
        RootInside root{{}, mode.real_part, mode.grows()};
        for (const Digits100& coverage : x) root.coverages.push_back(static_cast<double>(coverage));
        return root;
    }
    return std::nullopt;
}

}  // namespace turnover
