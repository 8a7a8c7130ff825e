#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "turnover/kinetics/kinetics_table.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/steady/steady_state.hpp"

namespace turnover {

/// Where an answer came from.
enum class Path : std::uint8_t {
    none,       ///< no answer
    batch,      ///< the batched solver, certified there
    reference,  ///< the reference path, for a point that the batched solver handed over (or all)
};

/// The steady states of many points of one network, in flat arrays with the point slowest: what a
/// map keeps, without an allocation a point. The fields are those of SteadyState.
struct StateTable {
    StateTable() = default;
    StateTable(const Network& network, std::size_t points);

    [[nodiscard]] std::size_t points() const noexcept { return status.size(); }

    /// Changes the number of points; those that are new have not been computed.
    void resize(std::size_t points);
    /// Sets memory aside for so many points, without writing to it.
    void reserve(std::size_t points);

    /// Stores `state` as point `p`.
    void set(std::size_t p, const SteadyState& state, Path origin);
    /// Copies all points of `other` (same network) to the points from `first` on.
    void insert(std::size_t first, const StateTable& other);
    /// Copies point k of `other` (same network) to point `places[k]`, for all k.
    void insert(std::span<const std::size_t> places, const StateTable& other);
    /// Points `places` alone, in that order.
    [[nodiscard]] StateTable picked(std::span<const std::size_t> places) const;

    [[nodiscard]] std::span<double> coverages(std::size_t p) {
        return detail::table_row(coverage, unknowns, p);
    }
    [[nodiscard]] std::span<double> net_rates(std::size_t p) {
        return detail::table_row(net_rate, steps, p);
    }
    [[nodiscard]] std::span<double> turnover_frequencies(std::size_t p) {
        return detail::table_row(turnover_frequency, gases, p);
    }
    [[nodiscard]] std::span<const double> coverages(std::size_t p) const {
        return detail::table_row(coverage, unknowns, p);
    }
    [[nodiscard]] std::span<const double> net_rates(std::size_t p) const {
        return detail::table_row(net_rate, steps, p);
    }
    [[nodiscard]] std::span<const double> turnover_frequencies(std::size_t p) const {
        return detail::table_row(turnover_frequency, gases, p);
    }

    std::size_t unknowns = 0, steps = 0, gases = 0;
    std::vector<Status> status;
    std::vector<Path> path;
    std::vector<double> coverage;            ///< points x unknowns
    std::vector<double> net_rate;            ///< points x steps, 1/s per reference site
    std::vector<double> turnover_frequency;  ///< points x gases, 1/s per reference site
    std::vector<double> residual, coverage_error, rate_error, slowest_eigenvalue, integration_time;
    std::vector<std::int32_t> integration_steps, newton_iterations, digits;
    std::map<std::size_t, std::string> detail;  ///< of points that have something to say
};

/// References to all columns of a StateTable, for what treats them alike: all fields but the three
/// sizes and `detail`.
template <class Table>
requires std::same_as<std::remove_const_t<Table>, StateTable>
[[nodiscard]] auto columns(Table& t) {
    return std::tie(t.status, t.path, t.coverage, t.net_rate, t.turnover_frequency, t.residual,
                    t.coverage_error, t.rate_error, t.slowest_eigenvalue, t.integration_time,
                    t.integration_steps, t.newton_iterations, t.digits);
}

/// Whether points `p` and `q` of `table`, both converged and of equal rate constants and totals,
/// are one state: every two coverages differ by no more than the sum of their certified bounds,
/// plus 1e-9 of the larger one. Certified states that are further apart are two.
[[nodiscard]] bool same_state(const StateTable& table, std::size_t p, std::size_t q);

}  // namespace turnover
