#include "turnover/io/netcdf_branches.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace turnover {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// By which the variable of the number of states is known, and the numbers of states, in order.
constexpr const char* count_attribute = "counts_states";
constexpr const char* state_column_attribute = "state_column";

struct Certificate {
    const char* name;
    const char* units;
    const char* long_name;
    std::vector<double> StateTable::*numbers;
};

constexpr Certificate certificates[] = {
    {"residual", "1", "largest net over gross rate among the balances of the adsorbates",
     &StateTable::residual},
    {"coverage_error", "1", "bound on the relative error of every coverage",
     &StateTable::coverage_error},
    {"rate_error", "1", "bound on the relative error of every turnover frequency",
     &StateTable::rate_error},
    {"slowest_eigenvalue", "1/s", "largest real part of the eigenvalues of the reduced Jacobian",
     &StateTable::slowest_eigenvalue},
};

constexpr std::array statuses = {
    Status::converged,          Status::not_computed,  Status::invalid_conditions,
    Status::integration_failed, Status::not_settled,   Status::newton_failed,
    Status::unstable,           Status::worker_failed, Status::oscillates,
};

/// Length of the dimension of states; no dimension has none.
std::size_t room_for_states(const Branches& branches) {
    return std::max<std::size_t>(1, branches.most());
}

/// `value(row)` of each state of each point; NaN where there is no such state.
template <class Function>
std::vector<double> over_states(const Branches& branches, const Function& value) {
    const std::size_t room = room_for_states(branches);
    std::vector<double> values(branches.points() * room, nothing);
    for (std::size_t p = 0; p < branches.points(); ++p) {
        for (std::size_t k = 0; k < branches.count(p); ++k) {
            values[p * room + k] = value(branches.row(p, k));
        }
    }
    return values;
}

template <class Value>
void put(NetcdfWriter& file, int variable, const std::vector<Value>& values) {
    file.put(variable, std::span<const Value>(values));
}

}  // namespace

BranchWriter::BranchWriter(NetcdfWriter& file, std::span<const int> axes, const Model& model,
                           const Branches& branches)
    : file_(file), model_(model), branches_(branches), columns_(map_columns(model.network)) {
    using Type = NetcdfWriter::Type;
    for (std::size_t row = 0; row < branches.rows().points(); ++row) {
        if (branches.rows().status[row] != Status::converged) failed_.push_back(row);
    }
    std::vector<int> of_states(axes.begin(), axes.end()), of_surfaces = of_states;
    of_states.push_back(file.add_dimension("state", room_for_states(branches)));
    const int surface = file.add_dimension("surface", branches.surfaces());
    of_surfaces.push_back(surface);

    count_ = add("states", Type::integer, axes, "1", "number of stable states found");
    file.add_attribute(count_, count_attribute, 1);
    const std::array of_surface{surface};
    names_ = add("surface_name", Type::text, of_surface, "1", "surface that transients start from");
    reached_ = add("surface_state", Type::integer, of_surfaces, "1",
                   "state that the transient from the surface runs into, from 1; 0: it failed");
    status_ = add("surface_status", Type::byte, of_surfaces, "1",
                  "how the transient from the surface ended");
    describe_statuses(file, status_);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        column_variables_.push_back(add("state." + columns_[c].name, Type::number, of_states,
                                        columns_[c].units, columns_[c].long_name));
        file.mark_missing_by_nan(column_variables_.back());
        file.add_attribute(column_variables_.back(), state_column_attribute, static_cast<int>(c));
    }
    for (const Certificate& certificate : certificates) {
        certificate_variables_.push_back(add(std::string("state.") + certificate.name, Type::number,
                                             of_states, certificate.units, certificate.long_name));
        file.mark_missing_by_nan(certificate_variables_.back());
    }
    if (failed_.empty()) return;
    const std::array failure{file.add_dimension("failed_start", failed_.size())};
    failed_points_ = add("failed_start_point", Type::long_integer, failure, "1",
                         "number of the point in index order, from 0");
    failed_surfaces_ =
        add("failed_start_surface", Type::integer, failure, "1", "number of the surface, from 0");
    failed_reasons_ =
        add("failed_start_reason", Type::text, failure, "1", "particulars of the failure");
}

int BranchWriter::add(const std::string& name, NetcdfWriter::Type type,
                      std::span<const int> dimensions, const std::string& units,
                      const std::string& long_name) {
    const int variable = file_.add_variable(name, type, dimensions);
    file_.add_attribute(variable, "units", units);
    file_.add_attribute(variable, "long_name", long_name);
    return variable;
}

void BranchWriter::fill() {
    const StateTable& rows = branches_.rows();
    std::vector<int> count, reached;
    std::vector<signed char> status;
    for (std::size_t p = 0; p < branches_.points(); ++p) {
        count.push_back(static_cast<int>(branches_.count(p)));
        for (std::size_t s = 0; s < branches_.surfaces(); ++s) {
            const std::optional<std::size_t> state = branches_.reached(p, s);
            reached.push_back(state ? static_cast<int>(*state) + 1 : 0);
            status.push_back(static_cast<signed char>(rows.status[branches_.row_from(p, s)]));
        }
    }
    put(file_, count_, count);
    put(file_, reached_, reached);
    put(file_, status_, status);
    std::vector<std::string> names;
    for (const StartingSurface& surface : model_.network.surfaces()) names.push_back(surface.name);
    file_.put(names_, names);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
        put(file_, column_variables_[c],
            over_states(branches_, [&](std::size_t row) { return columns_[c](rows, row); }));
    }
    for (std::size_t c = 0; c < certificate_variables_.size(); ++c) {
        const auto numbers = certificates[c].numbers;
        put(file_, certificate_variables_[c],
            over_states(branches_, [&](std::size_t row) { return (rows.*numbers)[row]; }));
    }
    if (failed_.empty()) return;
    std::vector<std::int64_t> points;
    std::vector<int> surfaces;
    std::vector<std::string> reasons;
    for (const std::size_t row : failed_) {
        points.push_back(static_cast<std::int64_t>(row / branches_.surfaces()));
        surfaces.push_back(static_cast<int>(row % branches_.surfaces()));
        const auto reason = rows.detail.find(row);
        reasons.push_back(reason == rows.detail.end() ? "" : reason->second);
    }
    put(file_, failed_points_, points);
    put(file_, failed_surfaces_, surfaces);
    file_.put(failed_reasons_, reasons);
}

std::optional<MapBranches> read_branches(const NetcdfReader& file, const std::vector<int>& axes) {
    MapBranches branches;
    std::vector<std::pair<int, int>> columns;
    bool found = false;
    for (int variable = 0; variable < file.variables(); ++variable) {
        if (file.integer_attribute(variable, count_attribute) &&
            file.dimensions(variable) == axes) {
            branches.count = file.numbers(variable);
            found = true;
        }
        if (const auto column = file.integer_attribute(variable, state_column_attribute)) {
            columns.emplace_back(*column, variable);
        }
    }
    if (!found) return std::nullopt;
    std::ranges::sort(columns);
    constexpr std::string_view prefix = "state.";
    for (const auto& [column, variable] : columns) {
        std::vector<int> dimensions = file.dimensions(variable);
        const std::string name = file.name(variable);
        if (dimensions.empty() || !file.is_number(variable) || !name.starts_with(prefix)) continue;
        dimensions.pop_back();
        if (dimensions != axes) continue;
        branches.variables.push_back({name.substr(prefix.size()),
                                      file.text_attribute(variable, "units").value_or("1"),
                                      file.numbers(variable)});
        branches.most = branches.variables.back().values.size() / branches.count.size();
    }
    return branches;
}

MapBranches map_branches(const Model& model, const Branches& branches) {
    MapBranches map;
    map.most = room_for_states(branches);
    for (std::size_t p = 0; p < branches.points(); ++p) {
        map.count.push_back(static_cast<double>(branches.count(p)));
    }
    for (const MapColumn& column : map_columns(model.network)) {
        map.variables.push_back({column.name, column.units, over_states(branches, [&](auto row) {
                                     return column(branches.rows(), row);
                                 })});
    }
    return map;
}

void describe_statuses(NetcdfWriter& file, int variable) {
    std::vector<signed char> values;
    std::string meanings;
    for (const Status status : statuses) {
        values.push_back(static_cast<signed char>(status));
        if (!meanings.empty()) meanings += ' ';
        meanings += to_string(status);
    }
    file.add_attribute(variable, "flag_values", values);
    file.add_attribute(variable, "flag_meanings", meanings);
}

}  // namespace turnover
