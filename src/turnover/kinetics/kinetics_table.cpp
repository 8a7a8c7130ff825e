#include "turnover/kinetics/kinetics_table.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace turnover {

namespace {

std::vector<double> copied(std::span<const double> values) {
    return {values.begin(), values.end()};
}

/// Bit by bit: a NaN (a number that is not given) equals itself.
bool same_bits(std::span<const double> a, std::span<const double> b) {
    return std::ranges::equal(a, b, [](double x, double y) {
        return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
    });
}

bool same_rate_constants(const Conditions& a, const Conditions& b) {
    return a.temperature == b.temperature && same_bits(a.energies, b.energies) &&
           same_bits(a.barriers, b.barriers) &&
           same_bits(a.reaction_energies, b.reaction_energies) &&
           same_bits(a.transition_state_energies, b.transition_state_energies);
}

}  // namespace

KineticsTable::KineticsTable(const Network& network, std::size_t points)
    : points_(points),
      steps_(static_cast<std::size_t>(network.steps())),
      laws_(network.conservation_laws().size()),
      unknowns_(static_cast<std::size_t>(network.unknowns())),
      forward_(points * steps_),
      reverse_(points * steps_),
      totals_(points * laws_),
      initial_(points * unknowns_) {}

void KineticsTable::truncate(std::size_t points) {
    points_ = points;
    forward_.resize(points * steps_);
    reverse_.resize(points * steps_);
    totals_.resize(points * laws_);
    initial_.resize(points * unknowns_);
}

void KineticsTable::set(std::size_t point, const PointKinetics& kinetics) {
    std::ranges::copy(kinetics.forward, forward(point).begin());
    std::ranges::copy(kinetics.reverse, reverse(point).begin());
    std::ranges::copy(kinetics.totals, totals(point).begin());
    std::ranges::copy(kinetics.initial, initial(point).begin());
}

PointKinetics KineticsTable::get(std::size_t point) const {
    return {copied(forward(point)), copied(reverse(point)), copied(totals(point)),
            copied(initial(point))};
}

void KineticsFiller::fill(KineticsTable& table, std::size_t point, const Conditions& conditions) {
    if (!last_ || !same_rate_constants(*last_, conditions)) {
        last_.reset();  // stays empty when the next line throws
        constants_ = rate_constants(network_.mechanism(), conditions);
        last_ = conditions;
    }
    network_.fill(conditions, constants_, table.forward(point), table.reverse(point),
                  table.totals(point), table.initial(point));
}

}  // namespace turnover
