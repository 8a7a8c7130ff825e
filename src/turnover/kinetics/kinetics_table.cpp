#include "turnover/kinetics/kinetics_table.hpp"

#include <algorithm>

namespace turnover {

namespace {

std::vector<double> copied(std::span<const double> values) {
    return {values.begin(), values.end()};
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

}  // namespace turnover
