#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "support/oracle.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/steady/steady_state.hpp"

namespace turnover::test {

/// What the reason of a point with Status::oscillates claims.
struct OrbitClaim {
    int unknown = -1;  ///< -1: no claim that could be read
    double low = 0.0, high = 0.0, period = 0.0;
};

[[nodiscard]] inline OrbitClaim read_claim(const Network& network, const SteadyState& answer) {
    OrbitClaim claim;
    for (int i = 0; i < network.unknowns(); ++i) {
        const std::string& name = network.unknown_names()[static_cast<std::size_t>(i)];
        if (answer.detail.rfind(name + " oscillates", 0) != 0) continue;
        if (std::sscanf(answer.detail.c_str() + name.size(),
                        " oscillates between %lf and %lf with a period of %lf s", &claim.low,
                        &claim.high, &claim.period) == 3) {
            claim.unknown = i;
        }
    }
    return claim;
}

/// Whether the last of what the oracle saw is the orbit claimed: the same range within `tolerance`,
/// and passes of its middle that come back after the same period, once or several of them in a
/// period. Empty, or what differs.
[[nodiscard]] inline std::string disagreement(const OrbitClaim& claim, const Fate& fate,
                                              double tolerance) {
    if (fate.settled) return fmt::format("settled at {:.3g} s", fate.time);
    // Two and a half periods, as claimed, up to the end.
    const double from = fate.time - 2.5 * claim.period;
    if (fate.track.empty() || !(from > fate.track.front().time)) {
        return fmt::format("got to {:.3g} s only", fate.time);
    }
    double low = 1e300, high = 0.0;
    for (const Fate::Sample& sample : fate.track) {
        if (sample.time < from) continue;
        low = std::min(low, sample.coverage);
        high = std::max(high, sample.coverage);
    }
    const auto alike = [&](double a, double b) { return std::abs(a / b - 1.0) <= tolerance; };
    if (!alike(low, claim.low) || !alike(high, claim.high)) {
        return fmt::format("between {:.4g} and {:.4g}", low, high);
    }
    const double level = std::sqrt(low) * std::sqrt(high);
    std::vector<double> passes;
    for (std::size_t n = 1; n < fate.track.size(); ++n) {
        const Fate::Sample &before = fate.track[n - 1], &now = fate.track[n];
        if (now.time < from || !(before.coverage < level && now.coverage >= level)) continue;
        const double share =
            std::log(level / before.coverage) / std::log(now.coverage / before.coverage);
        passes.push_back(before.time + share * (now.time - before.time));
    }
    for (std::size_t a = 0; a < passes.size(); ++a) {
        for (std::size_t b = a + 1; b < passes.size(); ++b) {
            if (alike(passes[b] - passes[a], claim.period)) return {};
        }
    }
    return fmt::format("no period of {:.4g} s in {} passes", claim.period, passes.size());
}

}  // namespace turnover::test
