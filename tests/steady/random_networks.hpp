#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "networks.hpp"

namespace turnover::test {

/// A network of `adsorbates` adsorbates A, B, ... on one site type, every one of which can be
/// reached and left: the first ones adsorb from gases (every third as a pair), the others are made
/// from two that are there; `extra` more steps between random pairs; and one product leaves for
/// good. Rate constants are drawn evenly in their logarithm from 1e-6 to 1e13 1/s, with no regard
/// to thermodynamics: a solver must not depend on it.
inline Surface random_surface(unsigned seed, int adsorbates, int extra) {
    std::mt19937 generator(seed);
    const auto uniform = [&](double low, double high) {
        // Not std::uniform_real_distribution, whose numbers differ between libraries.
        return low + (high - low) * static_cast<double>(generator()) / 4294967296.0;
    };
    const auto pick = [&](int count) {
        return static_cast<int>(generator() % static_cast<unsigned>(count));
    };
    const auto constant = [&] { return std::pow(10.0, uniform(-6.0, 13.0)); };
    const auto letter = [](int i) { return std::string(1, static_cast<char>('A' + i)); };
    const auto adsorbed = [&](int i) { return letter(i) + "_s"; };

    Surface surface;
    const int fed = std::max(2, adsorbates / 3);
    for (int i = 0; i < fed; ++i) {
        const bool pair = i % 3 == 1;
        const std::string gas = pair ? letter(i) + "2_g" : letter(i) + "_g";
        surface.pressures[gas] = std::pow(10.0, uniform(-3.0, 5.0));
        surface.reactions.push_back(
            {pair ? gas + " + 2*_s <-> 2" + adsorbed(i) : gas + " + *_s <-> " + adsorbed(i),
             std::pow(10.0, uniform(0.0, 4.0)), constant()});
    }
    for (int i = fed; i < adsorbates; ++i) {
        const int a = pick(i), b = pick(i);
        const std::string made = " <-> " + adsorbed(i) + " + *_s";
        surface.reactions.push_back(
            {a == b ? "2" + adsorbed(a) + made : adsorbed(a) + " + " + adsorbed(b) + made,
             constant(), constant()});
    }
    for (int e = 0; e < extra; ++e) {
        const int a = pick(adsorbates);
        const int b = (a + 1 + pick(adsorbates - 1)) % adsorbates;
        surface.reactions.push_back({adsorbed(a) + " <-> " + adsorbed(b), constant(), constant(),
                                     "exchange " + std::to_string(e)});
    }
    surface.reactions.push_back(
        {adsorbed(0) + " + " + adsorbed(adsorbates - 1) + " => Z_g + 2*_s", constant()});
    return surface;
}

}  // namespace turnover::test
