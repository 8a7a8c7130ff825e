#include "turnover/io/map_columns.hpp"

#include <limits>

namespace turnover {

namespace {

struct Family {
    const char* prefix;
    const char* units;
    const char* meaning;
    std::vector<double> StateTable::*numbers;
};

void add(std::vector<MapColumn>& columns, const Family& family, const std::vector<int>& order,
         const std::vector<std::string>& names) {
    for (const int number : order) {
        const auto index = static_cast<std::size_t>(number);
        columns.push_back({family.prefix + names[index], family.units,
                           family.meaning + names[index], family.numbers, names.size(), index});
    }
}

}  // namespace

double MapColumn::operator()(const StateTable& states, std::size_t point) const {
    if (states.status[point] != Status::converged) return std::numeric_limits<double>::quiet_NaN();
    return (states.*numbers)[point * width + index];
}

std::vector<MapColumn> map_columns(const Network& network) {
    std::vector<MapColumn> columns;
    add(columns, {"coverage.", "1", "coverage, per reference site, of ", &StateTable::coverage},
        network.unknown_order(), network.unknown_names());
    add(columns, {"rate.", "1/s", "net rate, per reference site, of ", &StateTable::net_rate},
        network.step_order(), network.step_names());
    add(columns,
        {"tof.", "1/s", "turnover frequency: net production, per reference site, of ",
         &StateTable::turnover_frequency},
        network.gas_order(), network.gas_names());
    return columns;
}

std::string output_unit(const std::string& unit) { return unit.empty() ? "1" : unit; }

}  // namespace turnover
