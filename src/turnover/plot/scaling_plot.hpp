#pragma once

#include <string>
#include <vector>

namespace turnover {

/// How a job took with some number of workers: medians of repeated runs with the extremes.
struct ScalingRow {
    int workers = 1;
    double seconds = 0.0, least_seconds = 0.0, most_seconds = 0.0;
    double speed_up = 1.0, least_speed_up = 1.0, most_speed_up = 1.0;
};

/// Draws time against workers and speed-up against workers, each with what it would be if the work
/// were shared without loss, into `path` (by its ending: .png, .pdf or .svg). `rows` are in the
/// order of their workers, at least one; `title` is plain text. Throws Error as draw_with_gnuplot
/// does.
void plot_scaling(const std::string& title, const std::vector<ScalingRow>& rows,
                  const std::string& path, bool keep_script = false);

}  // namespace turnover
