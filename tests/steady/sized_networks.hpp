#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "batch_networks.hpp"

namespace turnover::test {

/// A family of networks in which nothing changes but the size: `adsorbates` adsorbates at 800 K.
///
/// Three atoms come from the gas, two of them as pairs. Every further adsorbate is made by two that
/// are there, with a barrier of 0.2 to 0.9 eV over the higher end and a free energy within 0.5 eV
/// of nothing; about half as many steps hand a fragment from one partner to another; every fifth
/// adsorbate desorbs. All steps are reversible, and their constants belong to one set of free
/// energies. `seed` draws the numbers and who reacts with whom. Adsorbates of every
/// `second_site`-th number (0: none) sit on a second site type, where their atoms arrive by
/// spillover.
inline Surface sized_surface(int adsorbates, unsigned seed, int second_site = 0) {
    constexpr double kT = 8.617333262e-5 * 800.0;  // eV
    constexpr double attempt = 1.7e13;             // 1/s
    std::mt19937 generator(seed);
    const auto uniform = [&](double low, double high) {
        return low + (high - low) * static_cast<double>(generator()) / 4294967296.0;
    };
    const auto pick = [&](std::size_t count) { return generator() % count; };
    struct Adsorbate {
        std::string name, site;
        double energy;
        std::size_t first = 0, second = 0;  ///< what it is made of
    };
    Surface surface;
    std::vector<Adsorbate> made;
    const auto site_of = [&](std::size_t i) {
        return second_site > 0 && (i + 1) % static_cast<std::size_t>(second_site) == 0 ? "t" : "s";
    };
    const auto free = [](const Adsorbate& a) { return "*_" + a.site; };
    const auto add = [&](const std::string& left, const std::string& right, double prefactor,
                         double barrier, double change) {
        const double forward = prefactor * std::exp(-(std::max(change, 0.0) + barrier) / kT);
        surface.reactions.push_back(
            {left + " <-> " + right, forward, forward * std::exp(change / kT)});
    };
    for (std::size_t i = 0; i < static_cast<std::size_t>(adsorbates); ++i) {
        Adsorbate own{"X" + std::to_string(i) + "_" + site_of(i), site_of(i), 0.0};
        if (i < 3) {
            own.site = "s";
            own.name = "X" + std::to_string(i) + "_s";
            own.energy = uniform(-0.3, 0.1);
            const bool pair = i > 0;
            const std::string gas = "G" + std::to_string(i) + "_g";
            surface.pressures[gas] = std::pow(10.0, uniform(-2.0, 0.0));
            add(gas + (pair ? " + 2*_s" : " + *_s"), (pair ? "2" : "") + own.name,
                std::pow(10.0, uniform(5.0, 8.0)), 0.0, own.energy * (pair ? 2.0 : 1.0));
        } else {
            own.first = pick(made.size());
            own.second = pick(made.size());
            const Adsorbate &a = made[own.first], &b = made[own.second];
            const double sum = a.energy + b.energy;
            own.energy = std::clamp(sum + uniform(-0.3, 0.3), -0.5, 0.5);
            // The site that becomes free is b's; a's serves the product or stays behind with it.
            const std::string left = a.name == b.name ? "2" + a.name : a.name + " + " + b.name;
            const bool moves = own.site != a.site && own.site != b.site;
            const std::string both = a.site == b.site ? "2" + free(a) : free(a) + " + " + free(b);
            const std::string vacated = moves ? both : own.site == a.site ? free(b) : free(a);
            add(moves ? left + " + " + free(own) : left, own.name + " + " + vacated, attempt,
                uniform(0.2, 0.9), own.energy - sum);
        }
        made.push_back(own);
        if (i >= 3 && i % 5 == 3) {
            const std::string gas = "P" + std::to_string(i) + "_g";
            surface.pressures[gas] = 1e-4;
            add(gas + " + " + free(own), own.name, 1e8, 0.0, -uniform(0.8, 1.2) + 0.5);
        }
    }
    // a.b + c <-> c.b + a, where c.b exists: a and c on either side take up what the other leaves.
    for (std::size_t i = 3; i < made.size(); ++i) {
        for (std::size_t j = i + 1; j < made.size(); ++j) {
            const Adsorbate &ab = made[i], &cb = made[j];
            if (ab.second != cb.second || ab.first == cb.first || uniform(0.0, 1.0) > 0.5) continue;
            const Adsorbate &a = made[ab.first], &c = made[cb.first];
            if (ab.site != cb.site || a.site != c.site) continue;
            if (ab.name == c.name || cb.name == a.name) continue;
            add(ab.name + " + " + c.name, cb.name + " + " + a.name, attempt, uniform(0.2, 0.9),
                cb.energy + a.energy - ab.energy - c.energy);
        }
    }
    if (second_site > 0) surface.totals["t"] = 0.3;
    return surface;
}

/// `points` points of one network: every gas that it takes up between a tenth and ten times its
/// pressure, each along its own way.
inline KineticsTable pressure_points(const Network& network, std::size_t points) {
    const PointKinetics unit = point_of(network);
    KineticsTable table(network, points);
    for (std::size_t p = 0; p < points; ++p) {
        PointKinetics point = unit;
        for (int g = 0; g < network.gases(); ++g) {
            const double phase = 0.618034 * static_cast<double>(p + 1) * static_cast<double>(g + 1);
            const double factor = std::pow(10.0, 2.0 * (phase - std::floor(phase)) - 1.0);
            for (int j = 0; j < network.steps(); ++j) {
                const auto s = static_cast<std::size_t>(j);
                const int made = network.gas_stoichiometry(g, j);
                if (made < 0) point.forward[s] *= std::pow(factor, -made);
                if (made > 0) point.reverse[s] *= std::pow(factor, made);
            }
        }
        table.set(p, point);
    }
    return table;
}

}  // namespace turnover::test
