#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/examination.hpp"
#include "turnover/steady/batch.hpp"

namespace turnover::test {

inline constexpr std::array all_outcomes{Outcome::certified, Outcome::oscillates, Outcome::failed,
                                         Outcome::untold, Outcome::wrong};

[[nodiscard]] inline const char* word(Outcome outcome) {
    constexpr std::array words{"certified", "oscillates", "FAILED", "untold", "WRONG"};
    return words[static_cast<std::size_t>(outcome)];
}

/// One point that is not certified, and what is needed to see it again.
struct Report {
    std::string origin;  ///< "--network 0x... --point 3"
    int adsorbates = 0;
    bool by_batch = false;
    Outcome outcome = Outcome::certified;
    std::string reason;

    [[nodiscard]] std::string line() const {
        return fmt::format("{:11}  {}  ({} adsorbates{}): {}", word(outcome), origin, adsorbates,
                           by_batch ? ", batch" : "", reason);
    }
};

/// What the points of a network, or of all networks, came to. A plain sum: the order in which parts
/// are added does not matter.
struct Summary {
    static constexpr std::array classes{"1", "2-3", "4-7", "8-12", "13-20", "more", "maps"};

    struct Class {
        std::array<int, all_outcomes.size()> counts{};
        int networks = 0, points = 0, by_batch = 0, branches = 0;
        double solving = 0.0;  ///< s of CPU time

        void add(const Class& other) {
            for (std::size_t o = 0; o < counts.size(); ++o) counts[o] += other.counts[o];
            networks += other.networks;
            points += other.points;
            by_batch += other.by_batch;
            branches += other.branches;
            solving += other.solving;
        }
        NLOHMANN_DEFINE_TYPE_INTRUSIVE(Class, counts, networks, points, by_batch, branches, solving)
    };

    std::array<Class, classes.size()> by_class;
    int several_states = 0;  ///< networks with more than one stable state seen
    int proved_stable = 0, many_digits = 0, empty_states = 0, handed_over = 0;
    std::array<int, hand_over_reasons> reasons{};
    double coverage_ratio = 0.0, rate_ratio = 0.0;  ///< worst true error over its bound
    double residual = 0.0;
    double worst_coverage_error = 0.0, worst_rate_error = 0.0;  ///< bounds as printed
    double smallest_coverage = 1.0, longest_time = 0.0;
    double judging = 0.0;  ///< s of CPU time
    std::vector<Report> reports;

    [[nodiscard]] static std::size_t class_of(int adsorbates) {
        std::size_t c = 0;
        for (const int last : {1, 3, 7, 12, 20}) c += adsorbates > last;
        return c;
    }

    void add(std::size_t c, const Finding& finding, const SteadyState& state, bool by_batch) {
        ++by_class[c].points;
        ++by_class[c].counts[static_cast<std::size_t>(finding.outcome)];
        by_class[c].by_batch += by_batch;
        if (finding.outcome == Outcome::oscillates || finding.outcome == Outcome::failed) return;
        coverage_ratio = std::max(coverage_ratio, finding.judgement.coverage_ratio);
        rate_ratio = std::max(rate_ratio, finding.judgement.rate_ratio);
        residual = std::max(residual, finding.judgement.residual);
        worst_coverage_error = std::max(worst_coverage_error, state.coverage_error);
        worst_rate_error = std::max(worst_rate_error, state.rate_error);
        longest_time = std::max(longest_time, state.integration_time);
        proved_stable += finding.judgement.stability_proved;
        many_digits += state.digits >= 100;
        bool empty = false;
        for (const double x : state.coverages) {
            if (x > 0.0) smallest_coverage = std::min(smallest_coverage, x);
            empty = empty || x == 0.0;
        }
        empty_states += empty;
    }

    void add(const BatchReport& report) {
        handed_over += static_cast<int>(report.handed_over);
        for (std::size_t r = 0; r < reasons.size(); ++r)
            reasons[r] += static_cast<int>(report.reasons[r]);
    }

    void add(const Summary& other) {
        for (std::size_t c = 0; c < by_class.size(); ++c) by_class[c].add(other.by_class[c]);
        several_states += other.several_states;
        proved_stable += other.proved_stable;
        many_digits += other.many_digits;
        empty_states += other.empty_states;
        handed_over += other.handed_over;
        for (std::size_t r = 0; r < reasons.size(); ++r) reasons[r] += other.reasons[r];
        coverage_ratio = std::max(coverage_ratio, other.coverage_ratio);
        rate_ratio = std::max(rate_ratio, other.rate_ratio);
        residual = std::max(residual, other.residual);
        worst_coverage_error = std::max(worst_coverage_error, other.worst_coverage_error);
        worst_rate_error = std::max(worst_rate_error, other.worst_rate_error);
        smallest_coverage = std::min(smallest_coverage, other.smallest_coverage);
        longest_time = std::max(longest_time, other.longest_time);
        judging += other.judging;
        reports.insert(reports.end(), other.reports.begin(), other.reports.end());
    }

    [[nodiscard]] Class all() const {
        Class sum;
        for (const Class& c : by_class) sum.add(c);
        return sum;
    }
    [[nodiscard]] int count(Outcome outcome) const {
        return all().counts[static_cast<std::size_t>(outcome)];
    }

    [[nodiscard]] std::string text() const;
};

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Report, origin, adsorbates, by_batch, outcome, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Summary, by_class, several_states, proved_stable, many_digits,
                                   empty_states, handed_over, reasons, coverage_ratio, rate_ratio,
                                   residual, worst_coverage_error, worst_rate_error,
                                   smallest_coverage, longest_time, judging, reports)

inline std::string Summary::text() const {
    std::string text;
    for (const Report& report : reports) text += report.line() + "\n";
    if (!reports.empty()) text += "\n";
    text += fmt::format("{:>10} {:>9} {:>8} {:>8} {:>10} {:>8} {:>12} {:>7} {:>7} {:>6} {:>10}\n",
                        "adsorbates", "networks", "points", "by batch", "certified", "branch",
                        "oscillates", "FAILED", "untold", "WRONG", "ms a point");
    const auto row = [&](const char* name, const Class& c) {
        if (c.points == 0) return;
        text += fmt::format(
            "{:>10} {:>9} {:>8} {:>8} {:>10} {:>8} {:>12} {:>7} {:>7} {:>6} {:>10.3g}\n", name,
            c.networks, c.points, c.by_batch, c.counts[0], c.branches, c.counts[1], c.counts[2],
            c.counts[3], c.counts[4], 1e3 * c.solving / c.points);
    };
    for (std::size_t c = 0; c < classes.size(); ++c) row(classes[c], by_class[c]);
    const Class sum = all();
    row("all", sum);
    text += fmt::format("handed over to the reference path: {}:", handed_over);
    for (std::size_t r = 0; r < reasons.size(); ++r) {
        text += fmt::format(" {} {}", reasons[r], to_string(static_cast<HandOver>(r)));
    }
    text += fmt::format(
        "\nworst true error over its printed bound: coverages {:.4g}, rates {:.4g} (bounds up to "
        "{:.2g} and {:.2g})\n",
        coverage_ratio, rate_ratio, worst_coverage_error, worst_rate_error);
    text += fmt::format(
        "stability proved at {} points; {} networks with several stable states; {} points needed "
        "100 digits or more\n",
        proved_stable, several_states, many_digits);
    text += fmt::format(
        "{} answers have exact zeros, smallest coverage {:.2g}, longest transient {:.2g} s\n",
        empty_states, smallest_coverage, longest_time);
    text += fmt::format("{:.0f} s of CPU time solving, {:.0f} s judging\n", sum.solving, judging);
    return text;
}

}  // namespace turnover::test
