// Sweeps a function of your own over a grid, in threads and in worker processes: the temperature at
// which desorption is fastest while a surface is heated, over the energy of desorption and the
// heating rate.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "turnover/engines/pool.hpp"
#include "turnover/sweep/grid.hpp"

/// Peak temperature in K of first-order desorption with an attempt frequency of 1e13 1/s: the root
/// of E/(R T^2) = (nu/beta) exp(-E/(R T)) (P. A. Redhead, Vacuum 12 (1962) 203). `energy` in J/mol,
/// `heating_rate` in K/s.
double peak_temperature(double energy, double heating_rate) {
    if (energy <= 0.0) throw std::invalid_argument("nothing holds the adsorbate");
    const double nu = 1e13, R = 8.31446261815324;
    double low = 1.0, high = 1e4;
    while (high - low > 1e-9 * high) {
        const double T = 0.5 * (low + high);
        const double x = energy / (R * T);
        (x / T < nu / heating_rate * std::exp(-x) ? high : low) = T;
    }
    return high;
}

int main() {
    using namespace turnover;

    // 81 x 41 points, the energies in J/mol, the heating rates in K/s.
    const auto grid = product(spaced(Spacing::linear, 0.0, 200e3, 81),
                              spaced(Spacing::logarithmic, 0.01, 100.0, 41));

    Pool threads({.kind = WorkerKind::threads});
    Pool processes({.kind = WorkerKind::processes, .time_limit = std::chrono::seconds(10)});

    // The energy 0 has no peak. map() would throw the ItemError of the first such point; try_map()
    // keeps what became of each.
    const std::vector<Outcome<double>> peaks = threads.try_map(grid, peak_temperature);
    const std::vector<Outcome<double>> again = processes.try_map(grid, peak_temperature);

    std::size_t peaked = 0, same = 0;
    for (std::size_t k = 0; k < grid.size(); ++k) {
        peaked += peaks[k].ok();
        same += peaks[k].ok() == again[k].ok() &&
                (!peaks[k].ok() || peaks[k].value() == again[k].value());
    }
    std::printf("%zu points, %zu with a peak, %zu the same in threads and processes\n", grid.size(),
                peaked, same);
    std::printf("%s\n", peaks.front().error().what());

    // Results one by one while the rest is computed, here in the order of the list.
    for (const auto& peak :
         processes.imap(std::vector<double>{80e3, 120e3, 160e3},
                        [](double energy) { return peak_temperature(energy, 1.0); })) {
        std::printf("peak %zu at %.2f K\n", peak.index(), peak.value());
    }
    return same == grid.size() ? 0 : 1;
}
