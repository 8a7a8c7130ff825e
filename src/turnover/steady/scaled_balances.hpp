#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "turnover/base/index.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/standing_law.hpp"

namespace turnover {

/// The steady-state equations of a live network with some unknowns empty, scaled so that nothing in
/// them depends on how large a coverage or a rate constant is: the variables are relative changes
/// dx/x, each balance is divided by its gross rate sum_j |nu_ij| (forward_j + reverse_j) and each
/// law by its sum of absolute terms. `Number` is any real type constructible from double.
template <class Number>
class ScaledBalances {
public:
    /// `moving`: the unknowns that are not empty, ascending. `share`: roughly their coverages, by
    /// which each law takes the place of the balance of the unknown that carries most of it.
    ScaledBalances(const Network& network, const PointKinetics& point, const LiveNetwork& live,
                   std::vector<int> moving, const std::vector<double>& share)
        : network_(network),
          point_(point),
          moving_(std::move(moving)),
          laws_(place_laws<Number>(point, live, moving_, share)) {
        forward_.resize(at(network.steps()));
        reverse_.resize(at(network.steps()));
        derivative_.resize(at(network.unknowns()));
        jacobian_.resize(at(network.unknowns() * network.unknowns()));
    }

    [[nodiscard]] int size() const { return static_cast<int>(moving_.size()); }
    [[nodiscard]] const std::vector<int>& moving() const { return moving_; }
    [[nodiscard]] const std::vector<StandingLaw<Number>>& laws() const { return laws_; }
    [[nodiscard]] const std::vector<Number>& forward() const { return forward_; }
    [[nodiscard]] const std::vector<Number>& reverse() const { return reverse_; }
    [[nodiscard]] const std::vector<Number>& jacobian() const { return jacobian_; }

    /// Rates at `x` (one per unknown of the network) and the Newton system matrix du = right_side.
    void evaluate(const std::vector<Number>& x, std::vector<Number>& matrix,
                  std::vector<Number>& right_side) {
        step_rates(network_, point_, x.data(), forward_.data(), reverse_.data());
        balances(network_, forward_.data(), reverse_.data(), derivative_.data());
        turnover::jacobian(network_, point_, x.data(), jacobian_.data());
        const std::size_t n = moving_.size();
        matrix.assign(n * n, Number(0.0));
        right_side.assign(n, Number(0.0));
        for (std::size_t a = 0; a < n; ++a) {
            if (const StandingLaw<Number>* law = law_at(moving_[a])) {
                law_row(*law, x, &matrix[a * n], right_side[a]);
            } else {
                balance_row(moving_[a], x, &matrix[a * n], right_side[a]);
            }
        }
    }

    /// max_i |sum_j nu_ij (forward_j - reverse_j)| / sum_j |nu_ij| (forward_j + reverse_j) over all
    /// unknowns, at the x last evaluated.
    [[nodiscard]] double residual() const {
        using std::abs;
        Number worst(0.0);
        for (int i = 0; i < network_.unknowns(); ++i) {
            const Number gross = gross_rate(i);
            if (gross == Number(0.0)) continue;
            const Number relative = abs(derivative_[at(i)]) / gross;
            if (relative > worst) worst = relative;
        }
        return static_cast<double>(worst);
    }

private:
    [[nodiscard]] const StandingLaw<Number>* law_at(int unknown) const {
        for (const auto& law : laws_) {
            if (law.place == unknown) return &law;
        }
        return nullptr;
    }

    [[nodiscard]] Number gross_rate(int i) const {
        Number gross(0.0);
        for (int j = 0; j < network_.steps(); ++j) {
            const int nu = network_.stoichiometry(i, j);
            if (nu != 0)
                gross += Number(double(nu < 0 ? -nu : nu)) * (forward_[at(j)] + reverse_[at(j)]);
        }
        return gross;
    }

    void balance_row(int i, const std::vector<Number>& x, Number* row, Number& right) const {
        const Number gross = gross_rate(i);
        if (gross == Number(0.0)) return;
        for (std::size_t b = 0; b < moving_.size(); ++b) {
            const Number& slope = jacobian_[at(i * network_.unknowns() + moving_[b])];
            if (slope != Number(0.0)) row[b] = slope * x[at(moving_[b])] / gross;
        }
        right = -derivative_[at(i)] / gross;
    }

    void law_row(const StandingLaw<Number>& law, const std::vector<Number>& x, Number* row,
                 Number& right) const {
        using std::abs;
        Number sum(0.0), scale(0.0);
        for (std::size_t b = 0; b < moving_.size(); ++b) {
            row[b] = Number(double(law.coefficients[at(moving_[b])])) * x[at(moving_[b])];
            sum += row[b];
            scale += abs(row[b]);
        }
        for (std::size_t b = 0; b < moving_.size(); ++b) row[b] /= scale;
        right = (law.total - sum) / scale;
    }

    const Network& network_;
    const PointKinetics& point_;
    std::vector<int> moving_;
    std::vector<StandingLaw<Number>> laws_;
    std::vector<Number> forward_, reverse_, derivative_, jacobian_;
};

}  // namespace turnover
