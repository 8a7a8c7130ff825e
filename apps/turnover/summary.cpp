#include "summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

#include "turnover/plot/map_plot.hpp"
#include "turnover/sweep/map_uniqueness.hpp"

namespace turnover::program {

namespace {

constexpr std::size_t shown_failures = 3;

std::string describe_grid(const Grid& grid) {
    std::string text = fmt::format("{} point{}", grid.size(), grid.size() == 1 ? "" : "s");
    for (std::size_t a = 0; a < grid.axes().size(); ++a) {
        text += fmt::format("{}{} {}", a == 0 ? ": " : " x ", grid.axes()[a].values.size(),
                            grid.axes()[a].path);
    }
    return text;
}

/// The turnover frequency that is drawn, where it is largest: as production, or as consumption
/// where the gas is only consumed.
std::string describe_best(const Model& model, const MapData& map) {
    if (map.with_prefix("tof.").empty()) return {};
    const std::string name = "tof." + default_gas(map);
    const auto variable =
        std::ranges::find_if(map.variables, [&](const MapVariable& v) { return v.name == name; });
    const std::vector<double>& rates = variable->values;
    std::optional<std::size_t> best;
    const bool produced = std::ranges::any_of(rates, [](double r) { return r > 0.0; });
    for (std::size_t k = 0; k < rates.size(); ++k) {
        if (std::isnan(rates[k])) continue;
        const double sign = produced ? 1.0 : -1.0;
        if (!best || sign * rates[k] > sign * rates[*best]) best = k;
    }
    if (!best) return {};
    const std::string where = describe_point(model.grid, *best);
    return fmt::format("  best TOF    {} = {:.6g} 1/s{}{}\n", name, rates[*best],
                       where.empty() ? "" : " at ", where);
}

/// Which solver the answers come from: what the batched one could not certify went to the reference
/// path.
std::string describe_paths(const StateTable& states) {
    const auto by = [&](Path path) {
        return static_cast<std::size_t>(std::ranges::count(states.path, path));
    };
    const std::size_t batch = by(Path::batch), reference = by(Path::reference);
    if (batch + reference == 0) return {};
    return fmt::format(
        "  solved      {} in batches, {} ({:.3g} %) handed over to the reference path\n", batch,
        reference, 100.0 * static_cast<double>(reference) / static_cast<double>(batch + reference));
}

/// Where a region of several states is too narrow for its grid; empty when it is nowhere.
std::string describe_narrow(const Model& model, const Branches& branches) {
    const std::size_t narrow = narrow_points(branches, model.grid);
    if (narrow == 0) return {};
    return fmt::format(
        "              at {} of these the region of several states is less than two grid steps "
        "wide:\n"
        "              its shape is uncertain there, and parts of it may be missed; use more "
        "points "
        "(--points)\n",
        narrow);
}

/// "1 at 82 points, 2 at 18".
std::string describe_states(const Model& model, const Branches& branches) {
    std::string text;
    const std::vector<std::size_t> points = branches.histogram();
    for (std::size_t states = 0; states < points.size(); ++states) {
        if (points[states] == 0) continue;
        text += fmt::format("{}{} at {} point{}", text.empty() ? "" : ", ", states, points[states],
                            points[states] == 1 ? "" : "s");
    }
    std::string names;
    for (const StartingSurface& surface : model.network.surfaces()) {
        names += (names.empty() ? "" : ", ") + surface.name;
    }
    return fmt::format("  states      {}\n{}  started     {}\n", text,
                       describe_narrow(model, branches), names);
}

}  // namespace

std::string describe_point(const Grid& grid, std::size_t index) {
    const std::vector<double> values = grid.values(index);
    std::string text;
    for (std::size_t a = 0; a < values.size(); ++a) {
        const Axis& axis = grid.axes()[a];
        text += fmt::format("{}{} = {:.6g}{}{}", a == 0 ? "" : ", ", axis.path, values[a],
                            axis.unit.empty() ? "" : " ", axis.unit);
    }
    return text;
}

std::string describe_failures(const Model& model, const ResultSet& results) {
    const StateTable& states = results.states();
    const std::size_t surfaces = model.network.surfaces().size();
    std::string text;
    for (const auto& [status, count] : results.count()) {
        if (status == Status::converged || count == 0) continue;
        text += fmt::format("  failed      {} {}: {}\n", count, to_string(status), explain(status));
        std::size_t shown = 0;
        for (std::size_t k = 0; k < results.size() && shown < shown_failures; ++k) {
            if (states.status[k] != status) continue;
            ++shown;
            const std::string where = describe_point(model.grid, k / surfaces);
            const std::string from =
                surfaces == 1 ? "" : " from " + model.network.surfaces()[k % surfaces].name;
            const auto detail = states.detail.find(k);
            text += fmt::format("                point {}{}{}{}{}\n", k / surfaces, from,
                                where.empty() ? "" : ": ", where,
                                detail == states.detail.end() ? "" : ": " + detail->second);
        }
        if (count > shown) text += fmt::format("                and {} more\n", count - shown);
    }
    return text;
}

std::string summarise(const Model& model, const ResultSet& results, const Branches* branches,
                      const MapData& map, const std::string& origin) {
    const auto counts = results.count();
    const auto converged = counts.find(Status::converged);
    std::string text = model.title + "\n";
    const std::size_t surfaces = model.network.surfaces().size();
    text += fmt::format("  map         {}{}\n", describe_grid(model.grid),
                        surfaces == 1 ? "" : fmt::format(", from {} surfaces", surfaces));
    text += fmt::format("  converged   {} of {}\n",
                        converged == counts.end() ? 0 : converged->second, results.size());
    text += describe_failures(model, results);
    text += describe_paths(results.states());
    if (branches != nullptr) text += describe_states(model, *branches);
    if (const Uniqueness unique = examine_uniqueness(model.network, model.grid);
        unique.count == SteadyStateCount::one_reached || unique.count == SteadyStateCount::one) {
        text += fmt::format("  unique      {}\n", unique.describe());
    }
    return text + origin + describe_best(model, map);
}

}  // namespace turnover::program
