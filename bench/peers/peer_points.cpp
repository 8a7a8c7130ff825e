// The networks and points that bench/peers/cantera.py runs, with Turnover's answers and what they
// cost, as JSON on the standard output.
#include <cmath>
#include <cstddef>
#include <ctime>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "../../tests/steady/batch_networks.hpp"
#include "turnover/steady/batch.hpp"
#include "turnover/steady/batch/job.hpp"

namespace turnover::test {
namespace {

double core_seconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// What the peer is to be given: the constants of every step at every point, pressures included,
/// and Turnover's coverages, in the order of the names.
nlohmann::json solved(const std::string& name, const Network& network, const KineticsTable& table) {
    StateTable states(network, table.points());
    (void)solve_points(network, table, states);  // warm
    int rounds = 0;
    const double start = core_seconds();
    do {
        (void)solve_points(network, table, states);
        ++rounds;
    } while (core_seconds() - start < 0.5);
    const double seconds = (core_seconds() - start) / rounds;
    nlohmann::json points = nlohmann::json::array();
    for (std::size_t p = 0; p < table.points(); ++p) {
        points.push_back({{"forward", table.forward(p)},
                          {"reverse", table.reverse(p)},
                          {"converged", states.status[p] == Status::converged},
                          {"coverages", states.coverages(p)}});
    }
    return {{"name", name},
            {"temperature", network.mechanism().conditions.temperature},
            {"unknowns", network.unknown_names()},
            {"gases", network.gas_names()},
            {"steps", network.step_names()},
            {"seconds", seconds},
            {"points", std::move(points)}};
}

KineticsTable methane_points(const Network& network, std::size_t counts) {
    const PointKinetics unit = point_of(network);
    KineticsTable table(network, counts * counts);
    for (std::size_t p = 0; p < table.points(); ++p) {
        PointKinetics point = unit;
        const auto along = [&](std::size_t i) {
            return std::pow(100.0, static_cast<double>(i) / static_cast<double>(counts - 1) - 1.0);
        };
        for (int j = 0; j < network.steps(); ++j) {
            const auto consumes = [&](const char* gas) {
                const auto g = static_cast<int>(position(network.gas_names(), gas));
                return network.gas_stoichiometry(g, j) < 0;
            };
            const auto s = static_cast<std::size_t>(j);
            if (consumes("CH4_g")) point.forward[s] *= along(p % counts);
            if (consumes("O2_g")) point.forward[s] *= along(p / counts);
        }
        table.set(p, point);
    }
    return table;
}

}  // namespace
}  // namespace turnover::test

int main() {
    using namespace turnover::test;
    const auto seed = seed_network(1.0, 1.0);
    const auto methane = network_of(methane_surface(1.0, 1.0));
    std::cout << nlohmann::json{{"instruction_set", turnover::batch::instruction_set()},
                                {"networks",
                                 {solved("seed problem, 2 adsorbates", seed, seed_table(100)),
                                  solved("methane on platinum size, 11 adsorbates", methane,
                                         methane_points(methane, 30))}}};
}
