#include "turnover/steady/cycle.hpp"

#include <algorithm>
#include <cmath>

namespace turnover {

namespace {

/// So close must each coverage come back, relative. The integrators' steps, whose local errors are
/// up to 1e-4, fall otherwise in each period.
constexpr double closed = 1e-5;
/// Passes of the section in a period, at most.
constexpr std::size_t most_passes = 8;
/// An orbit is approached when the differences between turns fall from the first of these to the
/// second, and none is more than the third times the one before.
constexpr double far = 1e-3, near = closed, slowest_approach = 0.7;
/// Passes without a return after which another section is tried: the range may have changed.
constexpr std::size_t most_returns = 80;

}  // namespace

bool Cycle::see(PoincareSection& section) {
    if (repeats(section)) return true;
    if (section.passes().size() > std::max(most_returns, 2 * least_compared_ * most_passes)) {
        section.forget();
    }
    return false;
}

void Cycle::disbelieve(PoincareSection& section) {
    section.forget();
    least_compared_ *= 2;
}

bool Cycle::repeats(const PoincareSection& section) {
    const std::vector<Pass>& passed = section.passes();
    const std::size_t last = passed.size() - 1;
    for (std::size_t passes = 1; passes <= most_passes; ++passes) {
        const std::size_t compared = std::max(least_compared_, 2 * passes);
        if (passed.size() < compared + passes + 1) return false;
        const auto period_to = [&](std::size_t n) {
            return passed[n].time - passed[n - passes].time;
        };
        double closure = 0.0;
        for (std::size_t j = 0; j < compared; ++j) {
            const Pass& now = passed[last - j];
            const Pass& then = passed[last - j - passes];
            for (std::size_t i = 0; i < now.log.size(); ++i) {
                closure = std::max(closure, std::abs(now.log[i] - then.log[i]));
            }
            closure = std::max(closure, std::abs(period_to(last - j) / period_to(last) - 1.0));
        }
        if (!(closure <= closed)) continue;
        describe_orbit(section, passes, closure);
        return true;
    }
    return false;
}

double Cycle::contraction(const PoincareSection& section, std::size_t laps) {
    const std::vector<Pass>& passed = section.passes();
    double slowest = 0.0, before = 0.0;
    bool approaches = false, arrived = false;
    for (std::size_t n = laps; n < passed.size(); n += laps) {
        double difference = 0.0;
        for (std::size_t i = 0; i < passed[n].log.size(); ++i) {
            difference = std::max(difference, std::abs(passed[n].log[i] - passed[n - laps].log[i]));
        }
        if (difference >= far) {
            approaches = true;
            arrived = false;
            slowest = 0.0;
        } else if (arrived) {
            approaches = arrived = difference <= near;  // else it left again
        } else if (approaches) {
            slowest = std::max(slowest, difference / before);
            approaches = slowest <= slowest_approach;
            arrived = approaches && difference <= near;
        }
        before = difference;
    }
    return arrived ? slowest : 1.0;
}

void Cycle::describe_orbit(const PoincareSection& section, std::size_t laps, double closure) {
    const std::vector<Pass>& passed = section.passes();
    const std::size_t n = passed.back().log.size();
    orbit_ = Orbit{section.unknown(), 0.0, closure, contraction(section, laps), {}, {}, {}, {}};
    orbit_.period = passed.back().time - passed[passed.size() - 1 - laps].time;
    std::vector<double> low(n, 1e300), high(n, -1e300), coverage(n, 0.0), log(n, 0.0);
    double duration = 0.0;
    for (std::size_t l = 0; l < laps; ++l) {
        const Lap& lap = passed[passed.size() - 1 - l].lap;
        duration += lap.duration;
        for (std::size_t i = 0; i < n; ++i) {
            low[i] = std::min(low[i], lap.low[i]);
            high[i] = std::max(high[i], lap.high[i]);
            coverage[i] += lap.coverage_time[i];
            log[i] += lap.log_time[i];
        }
    }
    for (std::size_t i = 0; i < n; ++i) {
        orbit_.low.push_back(std::exp(low[i]));
        orbit_.high.push_back(std::exp(high[i]));
        orbit_.mean_coverage.push_back(coverage[i] / duration);
        orbit_.mean_log.push_back(log[i] / duration);
    }
}

}  // namespace turnover
