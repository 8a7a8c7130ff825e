#pragma once

#include <cmath>
#include <cstddef>

#include "networks.hpp"
#include "turnover/kinetics/kinetics_table.hpp"

/// Networks with one steady state only.
namespace turnover::test {

/// Langmuir-Hinshelwood of two molecules, A on sites that B wants as well.
inline Surface langmuir_hinshelwood(double a = 1.0, double b = 1.0) {
    return {.reactions = {{"A_g + *_s <-> A_s", 1e3, 1e-1},
                          {"B_g + *_s <-> B_s", 3e2, 1e1},
                          {"A_s + B_s => C_g + 2*_s", 1e5}},
            .pressures = {{"A_g", a}, {"B_g", b}}};
}

/// A grid of `counts` x `counts` points whose constants of two steps are multiplied by 0.01 to 2,
/// the first fastest.
inline KineticsTable pressure_table(const Network& network, const std::string& first,
                                    const std::string& second, std::size_t counts) {
    const PointKinetics unit = point_of(network);
    const std::size_t a = position(network.step_names(), first);
    const std::size_t b = position(network.step_names(), second);
    const auto along = [&](std::size_t i) {
        return 0.01 + 1.99 * static_cast<double>(i) / static_cast<double>(counts - 1);
    };
    KineticsTable table(network, counts * counts);
    for (std::size_t p = 0; p < table.points(); ++p) {
        PointKinetics point = unit;
        point.forward[a] *= along(p % counts);
        point.forward[b] *= along(p / counts);
        table.set(p, point);
    }
    return table;
}

}  // namespace turnover::test
