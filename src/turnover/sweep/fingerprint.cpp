#include "turnover/sweep/fingerprint.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "turnover/chemistry/equation.hpp"
#include "turnover/chemistry/mechanism.hpp"
#include "turnover/kinetics/kinetics_table.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/steady/reference.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover {

namespace {

/// A step with its rate constants in both directions, 1/s and per Pa for each gas; no reverse one:
/// the step runs one way.
struct StepConstants {
    const char* equation;
    double forward = 0.0, reverse = 0.0;
};

using Pressures = std::vector<std::pair<const char*, double>>;  // Pa

/// CO oxidation at 500 K: two adsorbates, dense linear algebra, more than one steady state.
constexpr StepConstants co_oxidation[] = {
    {"CO_g + *_s <-> CO_s", 890.6, 1.308e-5},
    {"O2_g + 2*_s <-> 2O_s", 164.1, 4.359e-9},
    {"CO_s + O_s <-> CO2_g + 2*_s", 1.221e9, 1.461e-11},
};

/// Two molecules that want the same sites: one steady state only, no transient needed.
constexpr StepConstants one_steady_state[] = {
    {"CO_g + *_s <-> CO_s", 1e3, 1e-1},
    {"O_g + *_s <-> O_s", 3e2, 1e1},
    {"CO_s + O_s -> CO2_g + 2*_s", 1e5},
};

/// Partial oxidation of methane at 1000 K, without reactions between hydrocarbons and OH: eleven
/// adsorbates, sparse linear algebra.
constexpr StepConstants methane_oxidation[] = {
    {"CH4_g + 2*_s <-> CH3_s + H_s", 8.92e4, 0.713},
    {"CH3_s + *_s <-> CH2_s + H_s", 2.21e9, 1.21e9},
    {"CH2_s + *_s <-> CH_s + H_s", 7.34e9, 2.81e9},
    {"CH_s + *_s <-> C_s + H_s", 1.09e8, 1.99e8},
    {"H2_g + 2*_s <-> 2H_s", 2e8, 3.16e9},
    {"O2_g + 2*_s <-> 2O_s", 1e7, 357},
    {"H2O_g + *_s <-> H2O_s", 1e8, 8.14e10},
    {"CO_g + *_s <-> CO_s", 1e8, 2.96e6},
    {"CO2_g + *_s <-> CO2_s", 1e6, 8e11},
    {"O_s + H_s <-> OH_s + *_s", 7.34e9, 1.73e9},
    {"OH_s + H_s <-> H2O_s + *_s", 2.45e10, 7.76e4},
    {"C_s + O_s <-> CO_s + *_s", 5.12e9, 6.86e6},
    {"CO_s + O_s <-> CO2_s + *_s", 3.28e7, 9e6},
    {"CH_s + O_s <-> HCO_s + *_s", 3.63e8, 2.21e9},
    {"HCO_s + *_s <-> CO_s + H_s", 9.02e11, 3.63e8},
};

template <std::size_t steps>
Network network_of(const StepConstants (&list)[steps]) {
    Mechanism mechanism;
    add_site(mechanism, {.name = "s", .label = ""});
    for (const StepConstants& constants : list) {
        const std::size_t step = add_step(mechanism, parse_equation(constants.equation));
        ArrheniusTheory theory;
        theory.forward.prefactor = constants.forward;
        if (mechanism.steps[step].reversible) theory.reverse = {constants.reverse, 0.0, 0.0};
        mechanism.steps[step].theory = theory;
    }
    mechanism.conditions.temperature = 500.0;
    return Network(std::move(mechanism));
}

PointKinetics point_at(const Network& network, const Pressures& pressures) {
    const Mechanism& mechanism = network.mechanism();
    Conditions conditions = mechanism.conditions;
    for (std::size_t s = 0; s < mechanism.species.size(); ++s) {
        if (mechanism.species[s].kind == SpeciesKind::gas) conditions.pressures.at(s) = 0.0;
    }
    for (const auto& [gas, pressure] : pressures) {
        conditions.pressures.at(mechanism.find_species(gas).value()) = pressure;
    }
    return network.at(conditions);
}

void add_bits(std::string& bytes, double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(bits >> shift & 0xff);
}

/// Barriers over k_B T, temperatures and partition functions lie in these ranges.
void add_elementary_functions(std::string& bytes) {
    constexpr int arguments = 10'000;
    for (int i = 0; i < arguments; ++i) {
        const double t = (i + 0.5) / arguments;
        const double positive = std::exp(140.0 * t - 70.0);
        add_bits(bytes, std::exp(-200.0 * t));
        add_bits(bytes, positive);
        add_bits(bytes, std::log(positive));
        add_bits(bytes, std::log10(positive));
        add_bits(bytes, std::pow(positive, 1.7));
        add_bits(bytes, std::expm1(-5.0 * t));
    }
}

void add_batch(detail::FingerprintSample& sample, const Network& network,
               std::initializer_list<Pressures> points) {
    KineticsTable table(network, points.size());
    std::size_t p = 0;
    for (const Pressures& pressures : points) table.set(p++, point_at(network, pressures));
    TileResult result{{0, points.size()}, StateTable(network, points.size())};
    sample.report += solve_batch(network, table, result.states);
    sample.bytes += encode_tile(result);
}

void add_reference(std::string& bytes, const Network& network, const Pressures& pressures) {
    TileResult result{{0, 1}, StateTable(network, 1)};
    result.states.set(0, solve_reference(network, point_at(network, pressures)), Path::reference);
    bytes += encode_tile(result);
}

}  // namespace

detail::FingerprintSample detail::fingerprint_sample() {
    FingerprintSample sample;
    add_elementary_functions(sample.bytes);
    const Network oxidation = network_of(co_oxidation);
    add_batch(sample, oxidation,
              {{{"CO_g", 1e4}, {"O2_g", 2e4}, {"CO2_g", 1e-2}},
               {{"CO_g", 1.0}, {"O2_g", 5e4}, {"CO2_g", 1e-2}},
               {{"CO_g", 5e4}, {"O2_g", 10.0}, {"CO2_g", 1e-2}},
               // Nearly nothing but CO: its balance costs more digits than double has.
               {{"CO_g", 1e6}, {"O2_g", 1e-7}, {"CO2_g", 1e-2}}});
    add_batch(sample, network_of(one_steady_state),
              {{{"CO_g", 1.0}, {"O_g", 1.0}}, {{"CO_g", 0.02}, {"O_g", 1.5}}});
    add_batch(sample, network_of(methane_oxidation),
              {{{"CH4_g", 0.1}, {"O2_g", 0.1}, {"CO_g", 1e-3}, {"H2_g", 1e-3}},
               {{"CH4_g", 0.5}, {"O2_g", 0.2}, {"CO2_g", 1e-3}, {"H2O_g", 1e-3}}});
    add_reference(sample.bytes, oxidation, {{"CO_g", 1e4}, {"O2_g", 2e4}, {"CO2_g", 1e-2}});
    return sample;
}

std::string bits_fingerprint() {
    static const std::string fingerprint = [] {
        const std::string bytes = detail::fingerprint_sample().bytes;
        return fmt::format("{:016x}", XXH3_64bits(bytes.data(), bytes.size()));
    }();
    return fingerprint;
}

}  // namespace turnover
