#include "turnover/steady/poincare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace turnover {

namespace {

/// Turning points that an unknown must have behind it before a section is laid through its range.
constexpr int turns_of_a_swing = 6;

/// A section that is not passed in so many of the longest laps is laid anew. Bursts of short laps
/// between long ones must not make the long ones forgotten.
constexpr double patience = 5.0, forgetting = 0.97;
/// A level that is farther than this from the middle, as a share of the range, is off centre.
constexpr double off_centre = 0.3;

double log_of(double coverage) {
    return std::log(std::max(coverage, std::numeric_limits<double>::min()));
}

double range(const Motion::Swing& swing) { return log_of(swing.high) - log_of(swing.low); }

}  // namespace

bool is_narrow(double range, double widest) {
    constexpr double narrow = 1.0, narrow_part = 0.3;
    return range < std::min(narrow, narrow_part * widest);
}

bool PoincareSection::see(const Motion& motion, double time, const std::vector<double>& coverages,
                          double resolved) {
    std::rotate(samples_.begin(), samples_.begin() + 1, samples_.end());
    Sample& latest = samples_.back();
    latest.time = time;
    latest.log.resize(coverages.size());
    for (std::size_t i = 0; i < coverages.size(); ++i) {
        latest.log[i] = std::log(std::max(coverages[i], resolved));
    }
    ++seen_;
    if (!section_ || !holds(time)) lay(motion);
    if (!section_ || seen_ < samples_.size()) return false;
    extend_lap();
    const std::size_t s = section_->unknown;
    if (!(samples_[1].log[s] < section_->level && samples_[2].log[s] >= section_->level)) {
        return false;
    }
    passes_.push_back(on_section());
    const Pass& pass = passes_.back();
    const double lap = pass.time - last_pass_;
    if (began_on_section_) longest_lap_ = std::max(lap, forgetting * longest_lap_);
    last_pass_ = pass.time;
    began_on_section_ = true;
    return true;
}

bool PoincareSection::centre(std::size_t laps) {
    const std::size_t s = section_->unknown;
    double low = passes_.back().lap.low[s], high = passes_.back().lap.high[s];
    for (std::size_t l = 1; l < laps; ++l) {
        const Lap& lap = passes_[passes_.size() - 1 - l].lap;
        low = std::min(low, lap.low[s]);
        high = std::max(high, lap.high[s]);
    }
    is_centred_ = true;
    if (std::abs((section_->level - low) / (high - low) - 0.5) <= off_centre) return false;
    section_->level = 0.5 * (low + high);
    ++times_laid_;
    start_lap(last_pass_);
    return true;
}

void PoincareSection::restart(double time) {
    seen_ = 0;
    start_lap(time);
    began_on_section_ = true;
}

/// Whether it is still worth waiting for a pass.
bool PoincareSection::holds(double time) const {
    return time <= last_pass_ + patience * longest_lap_;
}

void PoincareSection::lay(const Motion& motion) {
    auto swing = motion.widest_swing(turns_of_a_swing);
    const auto widest = motion.widest_log_swing(turns_of_a_swing);
    if (swing && widest && is_narrow(range(*swing), range(*widest))) swing = widest;
    const double now = samples_.back().time;
    // The period may be of a ripple on longer turns. Who has waited in vain waits longer next time.
    const double waited = section_ && passes_.size() < 2 ? now - last_pass_ : 0.0;
    section_.reset();
    if (!swing) return;
    section_ = Section{swing->unknown, 0.5 * (log_of(swing->low) + log_of(swing->high))};
    is_centred_ = false;
    longest_lap_ = std::max(swing->period, waited);
    ++times_laid_;
    start_lap(now);
}

void PoincareSection::start_lap(double time) {
    last_pass_ = time;
    began_on_section_ = false;
    passes_.clear();
    lap_ = Lap{};
}

void PoincareSection::extend_lap() {
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
Pass PoincareSection::on_section() {
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
    Pass result{samples_[1].time, std::vector<double>(samples_[1].log.size(), 0.0),
                std::exchange(lap_, Lap{})};
    for (std::size_t a = first; a < last; ++a) {
        result.time += weight[a] * (samples_[a].time - samples_[1].time);
        for (std::size_t i = 0; i < result.log.size(); ++i) {
            result.log[i] += weight[a] * samples_[a].log[i];
        }
    }
    return result;
}

}  // namespace turnover
