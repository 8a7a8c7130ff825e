#include "turnover/steady/cycle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace turnover {

namespace {

/// Turning points that an unknown must have behind it before a section is laid through its range.
constexpr int turns_of_a_swing = 6;
/// So close must each coverage come back, relative. The integrators' steps, whose local errors are
/// up to 1e-4, fall otherwise in each period.
constexpr double closed = 1e-5;
/// Passes of the section in a period, at most.
constexpr std::size_t most_passes = 8;
/// Passes without a return after which another section is tried: the range may have changed.
constexpr std::size_t most_returns = 80;

}  // namespace

bool Cycle::see(const Motion& motion, double time, const std::vector<double>& coverages,
                double resolved) {
    std::rotate(samples_.begin(), samples_.begin() + 1, samples_.end());
    Sample& latest = samples_.back();
    latest.time = time;
    latest.log.resize(coverages.size());
    for (std::size_t i = 0; i < coverages.size(); ++i) {
        latest.log[i] = std::log(std::max(coverages[i], resolved));
    }
    ++seen_;
    choose_section(motion);
    if (!section_ || seen_ < samples_.size()) return false;
    extend_lap();
    const std::size_t s = section_->unknown;
    if (!(samples_[1].log[s] < section_->level && samples_[2].log[s] >= section_->level)) {
        return false;
    }
    returns_.push_back({on_section(), std::exchange(lap_, Lap{})});
    if (repeats()) return true;
    if (returns_.size() > std::max(most_returns, 2 * least_compared_ * most_passes)) {
        section_.reset();
    }
    return false;
}

void Cycle::disbelieve() {
    section_.reset();
    least_compared_ *= 2;
}

void Cycle::choose_section(const Motion& motion) {
    const auto swing = motion.widest_swing(turns_of_a_swing);
    if (!swing) {
        section_.reset();
        return;
    }
    const double low = std::log(std::max(swing->low, std::numeric_limits<double>::min()));
    const double high = std::log(std::max(swing->high, std::numeric_limits<double>::min()));
    if (section_ && (section_->unknown != swing->unknown ||
                     (low < section_->level && section_->level < high))) {
        return;
    }
    section_ = Section{swing->unknown, 0.5 * (low + high)};
    returns_.clear();
    lap_ = Lap{};
}

void Cycle::extend_lap() {
    const Sample& before = samples_[2];
    const Sample& now = samples_[3];
    const std::size_t n = now.log.size();
    if (lap_.low.empty()) {
        lap_.low = lap_.high = before.log;
        lap_.coverage_time.assign(n, 0.0);
        lap_.log_time.assign(n, 0.0);
    }
    const double step = now.time - before.time;
    lap_.duration += step;
    for (std::size_t i = 0; i < n; ++i) {
        lap_.low[i] = std::min(lap_.low[i], now.log[i]);
        lap_.high[i] = std::max(lap_.high[i], now.log[i]);
        lap_.log_time[i] += 0.5 * step * (before.log[i] + now.log[i]);
        lap_.coverage_time[i] += 0.5 * step * (std::exp(before.log[i]) + std::exp(now.log[i]));
    }
}

/// The state where the section's unknown is at its level: Lagrange's polynomial through the four
/// samples around it with that unknown as the variable, or a straight line where it turns there.
Cycle::Sample Cycle::on_section() const {
    const std::size_t s = section_->unknown;
    std::array<double, 4> weight{};
    bool monotonic = true;
    for (std::size_t a = 1; a < 4; ++a) {
        monotonic = monotonic && samples_[a].log[s] > samples_[a - 1].log[s];
    }
    const std::size_t first = monotonic ? 0 : 1, last = monotonic ? 4 : 3;
    for (std::size_t a = first; a < last; ++a) {
        weight[a] = 1.0;
        for (std::size_t b = first; b < last; ++b) {
            if (b == a) continue;
            weight[a] *=
                (section_->level - samples_[b].log[s]) / (samples_[a].log[s] - samples_[b].log[s]);
        }
    }
    Sample result{samples_[1].time, std::vector<double>(samples_[1].log.size(), 0.0)};
    for (std::size_t a = first; a < last; ++a) {
        result.time += weight[a] * (samples_[a].time - samples_[1].time);
        for (std::size_t i = 0; i < result.log.size(); ++i) {
            result.log[i] += weight[a] * samples_[a].log[i];
        }
    }
    return result;
}

bool Cycle::repeats() {
    const std::size_t last = returns_.size() - 1;
    for (std::size_t passes = 1; passes <= most_passes; ++passes) {
        const std::size_t compared = std::max(least_compared_, 2 * passes);
        if (returns_.size() < compared + passes + 1) return false;
        const auto period_to = [&](std::size_t n) {
            return returns_[n].at.time - returns_[n - passes].at.time;
        };
        double closure = 0.0;
        for (std::size_t j = 0; j < compared; ++j) {
            const Sample& now = returns_[last - j].at;
            const Sample& then = returns_[last - j - passes].at;
            for (std::size_t i = 0; i < now.log.size(); ++i) {
                closure = std::max(closure, std::abs(now.log[i] - then.log[i]));
            }
            closure = std::max(closure, std::abs(period_to(last - j) / period_to(last) - 1.0));
        }
        if (!(closure <= closed)) continue;
        describe_orbit(passes, closure);
        return true;
    }
    return false;
}

void Cycle::describe_orbit(std::size_t laps, double closure) {
    const std::size_t n = returns_.back().at.log.size();
    orbit_ = Orbit{section_->unknown, 0.0, closure, {}, {}, {}, {}};
    orbit_.period = returns_.back().at.time - returns_[returns_.size() - 1 - laps].at.time;
    std::vector<double> low(n, 1e300), high(n, -1e300), coverage(n, 0.0), log(n, 0.0);
    double duration = 0.0;
    for (std::size_t l = 0; l < laps; ++l) {
        const Lap& lap = returns_[returns_.size() - 1 - l].lap;
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
