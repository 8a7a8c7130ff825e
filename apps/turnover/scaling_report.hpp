#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "turnover/plot/scaling_plot.hpp"

namespace turnover::program {

/// The times of repeated runs with one number of workers, in seconds.
struct Runs {
    int workers = 1;
    std::vector<double> seconds;
};

/// Medians, extremes and speed-ups. `runs` are in the order of their workers, each with at least
/// one time. The speed-up is over the first entry, whose own is its number of workers: so a series
/// that begins with more than one worker lies on the ideal line where it begins.
[[nodiscard]] std::vector<ScalingRow> scaling_rows(const std::vector<Runs>& runs);

/// scaling.csv: one row a number of workers.
[[nodiscard]] std::string scaling_csv(const std::vector<Runs>& runs, std::size_t points);

/// The same as a table and in words. `cores` is what the program may use.
[[nodiscard]] std::string describe_scaling(const std::vector<ScalingRow>& rows, std::size_t points,
                                           int cores);

}  // namespace turnover::program
