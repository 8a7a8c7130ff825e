#include "scaling_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "table.hpp"

namespace turnover::program {

namespace {

double median(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

double efficiency(const ScalingRow& row) { return row.speed_up / row.workers; }

std::string workers_text(int workers) {
    return fmt::format("{} worker{}", workers, workers == 1 ? "" : "s");
}

}  // namespace

std::vector<ScalingRow> scaling_rows(const std::vector<Runs>& runs) {
    std::vector<ScalingRow> rows;
    const double work = median(runs.front().seconds) * runs.front().workers;
    for (const Runs& run : runs) {
        const auto [least, most] = std::ranges::minmax(run.seconds);
        const double middle = median(run.seconds);
        rows.push_back(
            {run.workers, middle, least, most, work / middle, work / most, work / least});
    }
    return rows;
}

std::string scaling_csv(const std::vector<Runs>& runs, std::size_t points) {
    std::string text =
        "workers,median_s,fastest_s,slowest_s,speed_up,speed_up_of_slowest,speed_up_of_fastest,"
        "efficiency,points_per_s";
    for (std::size_t run = 1; run <= runs.front().seconds.size(); ++run) {
        text += fmt::format(",run_{}_s", run);
    }
    text += "\n";
    const std::vector<ScalingRow> rows = scaling_rows(runs);
    for (std::size_t k = 0; k < rows.size(); ++k) {
        const ScalingRow& row = rows[k];
        text += fmt::format(
            "{},{},{},{},{},{},{},{},{},{}\n", row.workers, row.seconds, row.least_seconds,
            row.most_seconds, row.speed_up, row.least_speed_up, row.most_speed_up, efficiency(row),
            static_cast<double>(points) / row.seconds, fmt::join(runs[k].seconds, ","));
    }
    return text;
}

std::string describe_scaling(const std::vector<ScalingRow>& rows, std::size_t points, int cores) {
    Table table(
        {"Workers", "time / s", "fastest", "slowest", "points/s", "speed-up", "efficiency"});
    for (const ScalingRow& row : rows) {
        table.add({fmt::format("{}", row.workers), fmt::format("{:.4g}", row.seconds),
                   fmt::format("{:.4g}", row.least_seconds),
                   fmt::format("{:.4g}", row.most_seconds),
                   fmt::format("{:.4g}", static_cast<double>(points) / row.seconds),
                   fmt::format("{:.2f}", row.speed_up),
                   fmt::format("{:.0f} %", 100.0 * efficiency(row))});
    }
    std::string text = table.text() + "\n";
    const ScalingRow& first = rows.front();
    for (const ScalingRow& row : rows) {
        if (row.workers == first.workers) continue;
        const double ideal = static_cast<double>(row.workers) / first.workers;
        text += fmt::format(
            "  {} are {:.2f} times as fast as {}, where {:.3g} times would be "
            "without loss: a parallel efficiency of {:.0f} %{}.\n",
            workers_text(row.workers), first.seconds / row.seconds,
            first.workers == 1 ? "one" : fmt::format("{}", first.workers), ideal,
            100.0 * efficiency(row),
            row.workers > cores
                ? fmt::format(" (they share {} core{})", cores, cores == 1 ? "" : "s")
                : "");
    }
    return text;
}

}  // namespace turnover::program
