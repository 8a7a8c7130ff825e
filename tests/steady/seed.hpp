#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "networks.hpp"

/// The seed problem, CO oxidation on one site type at 500 K, with the rate constants behind the
/// reference table.
namespace turnover::test {

inline constexpr double atmosphere = 101325.0;

/// Pressures in atm.
inline Network seed_network(double co, double oxygen, std::map<std::string, double> initial = {}) {
    return network_of({.reactions = {{"CO_g + *_s <-> CO_s", 90235665.7025330526 / atmosphere,
                                      1.308100029902695851e-5},
                                     {"O2_g + 2*_s <-> 2O_s", 16630285.06918506888 / atmosphere,
                                      4.35902632680814367e-9},
                                     {"CO_s + O_s <-> CO2_g + 2*_s", 1221152322.967303604,
                                      1.480343998564502952e-6 / atmosphere}},
                       .pressures = {{"CO_g", co * atmosphere},
                                     {"O2_g", oxygen * atmosphere},
                                     {"CO2_g", 1.32e-7 * atmosphere}},
                       .initial = std::move(initial)});
}

/// A table as text, header first; empty when the file is not there.
inline std::vector<std::map<std::string, std::string>> read_table(
    const std::filesystem::path& path) {
    std::vector<std::map<std::string, std::string>> rows;
    std::ifstream file(path);
    std::vector<std::string> header;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::vector<std::string> cells;
        std::istringstream text(line);
        for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
        if (header.empty()) {
            header = cells;
            continue;
        }
        std::map<std::string, std::string> row;
        for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i)
            row[header[i]] = cells[i];
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace turnover::test
