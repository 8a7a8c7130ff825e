#include "turnover/steady/motion.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

namespace turnover {

namespace {

/// A reversal counts once it has gone this far back, relative to the extreme.
constexpr double turning = 0.01;
/// So many reversals are an oscillation, not a relaxation that overshoots.
constexpr int many_turns = 8;

}  // namespace

Motion::Motion(const std::vector<double>& coverages)
    : tracks_(coverages.size()), earlier_(coverages), between_(coverages) {
    for (std::size_t i = 0; i < coverages.size(); ++i) tracks_[i].extreme = coverages[i];
}

void Motion::see(double time, const std::vector<double>& coverages, double resolved) {
    time_ = time;
    resolved_ = resolved;
    for (std::size_t i = 0; i < coverages.size(); ++i) {
        Track& track = tracks_[i];
        const double x = coverages[i];
        const bool further = track.direction == 0 || track.direction * (x - track.extreme) >= 0.0;
        if (further) {
            if (track.direction == 0 && x != track.extreme) {
                track.direction = x > track.extreme ? 1 : -1;
            }
            track.extreme = x;
            track.extreme_time = time;
        } else if (std::abs(x - track.extreme) >
                   turning * std::max({track.extreme, x, resolved_})) {
            if (track.direction > 0) {
                track.high = track.extreme;
            } else {
                track.low = track.extreme;
                track.previous_low_time = track.low_time;
                track.low_time = track.extreme_time;
            }
            ++track.turns;
            track.direction = -track.direction;
            track.extreme = x;
            track.extreme_time = time;
        }
    }
    if (time >= 10.0 * between_time_) {
        earlier_ = between_;
        earlier_time_ = between_time_;
        between_ = coverages;
        between_time_ = time;
    }
}

bool Motion::at_rest(const std::vector<double>& coverages) const {
    for (std::size_t i = 0; i < coverages.size(); ++i) {
        const double now = std::abs(coverages[i]);
        if (std::max(now, earlier_[i]) < resolved_) continue;
        if (!(std::abs(coverages[i] - earlier_[i]) <= 1e-6 * now)) return false;
    }
    return true;
}

template <class Width>
std::optional<Motion::Swing> Motion::widest_swing(int turns, const Width& width) const {
    std::optional<Swing> widest;
    double widest_width = 0.0;
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
        const Track& track = tracks_[i];
        // Swings that ended long ago are no oscillation.
        const double period = track.low_time - track.previous_low_time;
        if (track.turns < turns || time_ - track.low_time > 3.0 * period) continue;
        if (!widest || width(track) > widest_width) {
            widest = Swing{i, track.low, track.high, period};
            widest_width = width(track);
        }
    }
    return widest;
}

std::optional<Motion::Swing> Motion::widest_swing(int turns) const {
    return widest_swing(turns, [](const Track& track) { return track.high - track.low; });
}

std::optional<Motion::Swing> Motion::widest_log_swing(int turns) const {
    auto widest = widest_swing(turns, [this](const Track& track) {
        return std::log(std::max(track.high, resolved_) / std::max(track.low, resolved_));
    });
    if (widest) widest->low = std::max(widest->low, resolved_);
    return widest;
}

void Motion::leap(const std::vector<double>& growth, double duration) {
    time_ += duration;
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
        Track& track = tracks_[i];
        const double factor = std::exp(growth[i]);
        track.extreme *= factor;
        track.extreme_time += duration;
        track.low *= factor;
        track.high *= factor;
        track.low_time += duration;
        track.previous_low_time += duration;
    }
}

std::string Motion::describe(const std::vector<std::string>& names,
                             const std::vector<double>& coverages) const {
    if (const auto swing = widest_swing(many_turns)) {
        return fmt::format(
            "{} oscillates between {:.3g} and {:.3g} with a period of about {:.3g} s",
            names[swing->unknown], swing->low, swing->high, swing->period);
    }
    std::size_t fastest = coverages.size();
    double largest = 0.0;
    for (std::size_t i = 0; i < coverages.size(); ++i) {
        const double change = std::abs(coverages[i] - earlier_[i]) /
                              std::max({std::abs(coverages[i]), std::abs(earlier_[i]), resolved_});
        if (change > std::max(largest, 1e-6)) {
            fastest = i;
            largest = change;
        }
    }
    if (fastest == coverages.size()) return {};
    return fmt::format("{} still {}: {:.3g} now, {:.3g} at {:.3g} s", names[fastest],
                       coverages[fastest] > earlier_[fastest] ? "rises" : "falls",
                       coverages[fastest], earlier_[fastest], earlier_time_);
}

}  // namespace turnover
