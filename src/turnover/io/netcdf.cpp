#include "turnover/io/netcdf.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/base/version.hpp"
#include "turnover/io/atomic_file.hpp"
#include "turnover/io/map_columns.hpp"
#include "turnover/io/netcdf_branches.hpp"
#include "turnover/io/netcdf_file.hpp"
#include "turnover/sweep/map_uniqueness.hpp"

namespace turnover {

namespace {

/// Number of the layout that docs/output.md describes; it grows when an older reader would misread.
constexpr int layout = 1;

/// Attribute by which our files are known, and which column a variable is.
constexpr const char* layout_attribute = "turnover_layout";
constexpr const char* column_attribute = "column";

struct Diagnostic {
    const char* name;
    const char* units;
    const char* long_name;
    std::vector<double> StateTable::*values;
    bool kept_when_failed;
};

constexpr Diagnostic diagnostics[] = {
    {"residual", "1", "largest net over gross rate among the balances of the adsorbates",
     &StateTable::residual, false},
    {"coverage_error", "1", "bound on the relative error of every coverage",
     &StateTable::coverage_error, false},
    {"rate_error", "1", "bound on the relative error of every turnover frequency",
     &StateTable::rate_error, false},
    {"slowest_eigenvalue", "1/s", "largest real part of the eigenvalues of the reduced Jacobian",
     &StateTable::slowest_eigenvalue, false},
    {"integration_time", "s", "time integrated from the initial surface",
     &StateTable::integration_time, true},
};

struct Counter {
    const char* name;
    const char* long_name;
    std::vector<std::int32_t> StateTable::*values;
};

constexpr Counter counters[] = {
    {"integration_steps", "steps of the integrator", &StateTable::integration_steps},
    {"newton_iterations", "iterations of Newton's method", &StateTable::newton_iterations},
    {"digits", "decimal digits of the arithmetic that the root was found in", &StateTable::digits},
};

const char* spacing_name(Spacing spacing) {
    switch (spacing) {
        case Spacing::linear:
            return "linear";
        case Spacing::logarithmic:
            return "logarithmic";
        case Spacing::listed:
            break;
    }
    return "listed";
}

/// Command-line options that made this map differ from its model file, one a line.
std::string options_text(const Overrides& overrides) {
    std::string text;
    for (const std::string& setting : overrides.settings) text += "--set " + setting + "\n";
    if (!overrides.points.empty()) {
        text += fmt::format("--points {}\n", fmt::join(overrides.points, "x"));
    }
    if (overrides.branches) text += "--branches\n";
    return text;
}

void check_size(const Model& model, const ResultSet& results) {
    if (results.size() != model.grid.size()) {
        throw std::logic_error("the results do not belong to the model's grid");
    }
}

/// `value(p)` of every point p.
template <class Value, class Function>
std::vector<Value> gather(std::size_t points, const Function& value) {
    std::vector<Value> values(points);
    for (std::size_t p = 0; p < points; ++p) values[p] = static_cast<Value>(value(p));
    return values;
}

/// The points that did not converge, and why: a list, because they are few.
struct Failures {
    std::vector<std::int64_t> points;
    std::vector<std::string> reasons;

    explicit Failures(const StateTable& states) {
        for (std::size_t p = 0; p < states.points(); ++p) {
            const Status status = states.status[p];
            if (status == Status::converged || status == Status::not_computed) continue;
            points.push_back(static_cast<std::int64_t>(p));
            const auto reason = states.detail.find(p);
            reasons.push_back(reason == states.detail.end() ? "" : reason->second);
        }
    }
};

/// The contents of map.nc: first everything is declared, then it is filled in the same order.
class MapWriter {
public:
    MapWriter(const Model& model, const ResultSet& results, const Branches* branches)
        : model_(model),
          states_(results.states()),
          columns_(map_columns(model.network)),
          failures_(states_) {
        declare_globals();
        declare_axes();
        declare_columns();
        declare_proofs();
        declare_failures();
        std::optional<BranchWriter> all_states;
        if (branches != nullptr) all_states.emplace(file_, dimensions_, model, *branches);
        file_.end_definitions();
        fill();
        if (all_states) all_states->fill();
    }

    [[nodiscard]] NetcdfImage finish() { return file_.finish(); }

private:
    using Type = NetcdfWriter::Type;

    void describe(int variable, const std::string& units, const std::string& long_name) {
        file_.add_attribute(variable, "units", units);
        file_.add_attribute(variable, "long_name", long_name);
    }

    void declare_globals() {
        constexpr int global = NetcdfWriter::global;
        file_.add_attribute(global, "title", model_.title);
        file_.add_attribute(global, layout_attribute, layout);
        file_.add_attribute(global, "turnover_version", version);
        file_.add_attribute(global, "options", options_text(model_.overrides));
        file_.add_attribute(global, "steady_states",
                            examine_uniqueness(model_.network, model_.grid).describe());
        file_.add_long_attribute(global, "model_file", model_.text);
    }

    void declare_axes() {
        for (const Axis& axis : model_.grid.axes()) {
            const int dimension = file_.add_dimension(axis.path, axis.values.size());
            const int variable = file_.add_coordinate(axis.path, dimension);
            describe(variable, output_unit(axis.unit), axis.path);
            file_.add_attribute(variable, "spacing", std::string_view(spacing_name(axis.spacing)));
            file_.add_attribute(variable, "si_factor", axis.unit_factor);
            dimensions_.push_back(dimension);
            axis_variables_.push_back(variable);
        }
    }

    void declare_columns() {
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            const int variable = file_.add_variable(columns_[c].name, Type::number, dimensions_);
            file_.mark_missing_by_nan(variable);
            describe(variable, columns_[c].units, columns_[c].long_name);
            file_.add_attribute(variable, column_attribute, static_cast<int>(c));
            column_variables_.push_back(variable);
        }
    }

    void declare_proofs() {
        status_ = file_.add_variable("status", Type::byte, dimensions_);
        describe(status_, "1", "how the point ended");
        describe_statuses(file_, status_);
        path_ = file_.add_variable("path", Type::byte, dimensions_);
        describe(path_, "1", "the solver that the answer comes from");
        file_.add_attribute(path_, "flag_values", std::vector<signed char>{0, 1, 2});
        file_.add_attribute(path_, "flag_meanings", std::string("none batch reference"));

        for (const Diagnostic& diagnostic : diagnostics) {
            const int variable = file_.add_variable(diagnostic.name, Type::number, dimensions_);
            file_.mark_missing_by_nan(variable);
            describe(variable, diagnostic.units, diagnostic.long_name);
            diagnostic_variables_.push_back(variable);
        }
        for (const Counter& counter : counters) {
            const int variable = file_.add_variable(counter.name, Type::integer, dimensions_);
            describe(variable, "1", counter.long_name);
            counter_variables_.push_back(variable);
        }
    }

    void declare_failures() {
        if (failures_.points.empty()) return;
        const std::array dimension = {file_.add_dimension("failed", failures_.points.size())};
        failed_points_ = file_.add_variable("failed_point", Type::long_integer, dimension);
        describe(failed_points_, "1", "number of the point in index order, from 0");
        failed_reasons_ = file_.add_variable("failed_reason", Type::text, dimension);
        describe(failed_reasons_, "1", "particulars of the failure");
    }

    void fill() {
        const std::size_t points = states_.points();
        for (std::size_t a = 0; a < axis_variables_.size(); ++a) {
            file_.put(axis_variables_[a], std::span(model_.grid.axes()[a].values));
        }
        for (std::size_t c = 0; c < columns_.size(); ++c) {
            put(column_variables_[c],
                gather<double>(points, [&](std::size_t p) { return columns_[c](states_, p); }));
        }
        put(status_, gather<signed char>(points, [&](std::size_t p) { return states_.status[p]; }));
        put(path_, gather<signed char>(points, [&](std::size_t p) { return states_.path[p]; }));
        for (std::size_t d = 0; d < diagnostic_variables_.size(); ++d) {
            const Diagnostic& diagnostic = diagnostics[d];
            put(diagnostic_variables_[d], gather<double>(points, [&](std::size_t p) {
                    const bool keep =
                        diagnostic.kept_when_failed || states_.status[p] == Status::converged;
                    return keep ? (states_.*diagnostic.values)[p]
                                : std::numeric_limits<double>::quiet_NaN();
                }));
        }
        for (std::size_t c = 0; c < counter_variables_.size(); ++c) {
            put(counter_variables_[c], states_.*counters[c].values);
        }
        if (failures_.points.empty()) return;
        put(failed_points_, failures_.points);
        file_.put(failed_reasons_, failures_.reasons);
    }

    template <class Value>
    void put(int variable, const std::vector<Value>& values) {
        file_.put(variable, std::span<const Value>(values));
    }

    const Model& model_;
    const StateTable& states_;
    std::vector<MapColumn> columns_;
    Failures failures_;
    NetcdfWriter file_;
    std::vector<int> dimensions_, axis_variables_, column_variables_;
    std::vector<int> diagnostic_variables_, counter_variables_;
    int status_ = 0, path_ = 0, failed_points_ = 0, failed_reasons_ = 0;
};

MapAxis read_axis(const NetcdfReader& file, int variable) {
    return {file.name(variable), file.text_attribute(variable, "units").value_or("1"),
            file.text_attribute(variable, "spacing") == "logarithmic", file.numbers(variable)};
}

void check_ours(const NetcdfReader& file, const std::string& path) {
    const std::optional<int> found = file.integer_attribute(NetcdfReader::global, layout_attribute);
    if (!found) {
        throw Error(fmt::format("{} is a NetCDF file, but not a map that Turnover wrote", path),
                    "Give a map.nc from `turnover map`.");
    }
    if (*found != layout) {
        throw Error(fmt::format("{} has layout {}, and this Turnover ({}) reads layout {}", path,
                                *found, version, layout),
                    "Read it with the Turnover that wrote it, or run `turnover map` again.");
    }
}

[[noreturn]] void fail_incomplete(const std::string& path, const std::string& what) {
    throw Error(fmt::format("{} is not a complete map: {}", path, what),
                "Run `turnover map` again.");
}

MapData read_variables(const NetcdfReader& file, const std::string& path) {
    MapData map;
    map.title = file.text_attribute(NetcdfReader::global, "title").value_or("");

    const std::optional<int> status = file.find_variable("status");
    if (!status) fail_incomplete(path, "it has no variable `status`");
    const std::vector<int> dimensions = file.dimensions(*status);
    for (const int dimension : dimensions) {
        const std::optional<int> coordinate = file.coordinate(dimension);
        if (!coordinate || !file.is_number(*coordinate)) {
            fail_incomplete(path, "an axis has no values");
        }
        map.axes.push_back(read_axis(file, *coordinate));
    }

    // NetCDF may list variables in any order; `column` says which one is ours.
    std::vector<std::pair<int, int>> columns;
    for (int variable = 0; variable < file.variables(); ++variable) {
        if (const auto column = file.integer_attribute(variable, column_attribute)) {
            columns.emplace_back(*column, variable);
        }
    }
    std::sort(columns.begin(), columns.end());
    for (const auto& [column, variable] : columns) {
        const std::string name = file.name(variable);
        if (!file.is_number(variable) || file.dimensions(variable) != dimensions) {
            fail_incomplete(path, fmt::format("`{}` does not span its axes", name));
        }
        map.variables.push_back(
            {name, file.text_attribute(variable, "units").value_or("1"), file.numbers(variable)});
    }
    map.branches = read_branches(file, dimensions);
    return map;
}

}  // namespace

void write_netcdf(AtomicFile& file, const Model& model, const ResultSet& results,
                  const Branches* branches) {
    check_size(model, results);
    const NetcdfImage image = MapWriter(model, results, branches).finish();
    file.write(image.bytes());
}

void write_netcdf(const std::string& path, const Model& model, const ResultSet& results,
                  const Branches* branches) {
    check_size(model, results);
    AtomicFile file(path);  // first, so that a path that cannot be written is told before the work
    write_netcdf(file, model, results, branches);
    file.commit();
}

std::vector<const MapVariable*> MapData::with_prefix(std::string_view prefix) const {
    std::vector<const MapVariable*> found;
    for (const MapVariable& variable : variables) {
        if (variable.name.starts_with(prefix)) found.push_back(&variable);
    }
    return found;
}

MapData read_map(const std::string& path) {
    const NetcdfReader file(path);
    check_ours(file, path);
    try {
        return read_variables(file, path);
    } catch (const std::bad_alloc&) {
        throw Error(fmt::format("{} does not fit into memory", path));
    }
}

MapData map_data(const Model& model, const ResultSet& results, const Branches* branches) {
    check_size(model, results);
    MapData map;
    map.title = model.title;
    for (const Axis& axis : model.grid.axes()) {
        map.axes.push_back(
            {axis.path, output_unit(axis.unit), axis.spacing == Spacing::logarithmic, axis.values});
    }
    const StateTable& states = results.states();
    for (const MapColumn& column : map_columns(model.network)) {
        map.variables.push_back(
            {column.name, column.units,
             gather<double>(states.points(), [&](std::size_t p) { return column(states, p); })});
    }
    if (branches != nullptr) map.branches = map_branches(model, *branches);
    return map;
}

}  // namespace turnover
