#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <Eigen/Dense>
#include <boost/multiprecision/eigen.hpp>

#include "support/judge.hpp"
#include "turnover/kinetics/network.hpp"

namespace turnover::test {

/// Where the transient from the initial surface ends, by a second way that shares no code with the
/// solvers: 100 digits throughout, so that stiffness costs nothing but time.
struct Fate {
    /// Time and coverage of one unknown after each step.
    struct Sample {
        double time = 0.0;
        double coverage = 0.0;
    };
    bool settled = false;
    double time = 0.0;              ///< s; when the steady state was near, or where it gave up
    std::vector<double> coverages;  ///< of the steady state, or the last ones
    int steps = 0;
    std::vector<Sample> track;  ///< of the unknown asked for
};

/// Linearly implicit Euler with Richardson extrapolation (Deuflhard, SIAM Rev. 27, 505 (1985)) in
/// 100-digit arithmetic: x(h) and x(h/2, h/2) give an error of each coverage relative to itself,
/// held under `tolerance`. Ends where a stable root is within 1 % of every coverage.
class Oracle {
public:
    using Number = Judge::Number;

    Oracle(const Network& network, Judge& judge) : network_(network), judge_(judge) {}

    /// `tracked`: the unknown whose coverage is kept after each step; -1: none.
    [[nodiscard]] Fate operator()(const PointKinetics& point, double longest_time, int most_steps,
                                  double tolerance = 1e-3, int tracked = -1) {
        n_ = network_.unknowns();
        std::vector<Number> x(point.initial.begin(), point.initial.end());
        double fastest = 1e-300;
        for (const double k : point.forward) fastest = std::max(fastest, k);
        for (const double k : point.reverse) fastest = std::max(fastest, k);
        Fate fate;
        // Two steps from an empty surface every coverage in reach is above the floor.
        Number step(1e-20 / fastest), time(0);
        double last_look = 0.0;
        while (fate.steps < most_steps && time < Number(longest_time)) {
            ++fate.steps;
            const std::vector<Number> once = advance(point, x, step);
            const Number half = step / 2;
            std::vector<Number> twice = advance(point, advance(point, x, half), half);
            double error = 0.0;
            for (std::size_t i = 0; i < twice.size(); ++i) {
                const Number size = abs(twice[i]) + Number(floor);
                const double relative = static_cast<double>(abs(twice[i] - once[i]) / size);
                if (!(relative <= error)) error = relative;
                twice[i] += twice[i] - once[i];
                if (twice[i] < 0 && abs(twice[i]) > Number(floor)) error = 1e9;
            }
            const double growth = 0.9 * std::sqrt(tolerance / std::max(error, 1e-12));
            if (error <= tolerance) {
                for (Number& value : twice) {
                    if (value < 0) value = 0;
                }
                time += step;
                x = std::move(twice);
                fate.time = static_cast<double>(time);
                if (tracked >= 0) {
                    fate.track.push_back(
                        {fate.time, static_cast<double>(x[static_cast<std::size_t>(tracked)])});
                }
                if (fate.steps % 25 == 0 || fate.time > 4.0 * last_look) {
                    last_look = fate.time;
                    if (look(point, x, fate)) return fate;
                }
            }
            step *= Number(std::clamp(growth, 0.1, 5.0));
        }
        fate.coverages = rounded(x);
        return fate;
    }

private:
    using Vector = Eigen::Matrix<Number, Eigen::Dynamic, 1>;
    using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;
    static constexpr double floor = 1e-40;

    static std::vector<double> rounded(const std::vector<Number>& x) {
        std::vector<double> result;
        for (const Number& value : x) result.push_back(static_cast<double>(value));
        return result;
    }

    /// One step of the linearly implicit Euler method.
    [[nodiscard]] std::vector<Number> advance(const PointKinetics& point,
                                              const std::vector<Number>& x, const Number& step) {
        const auto n = static_cast<std::size_t>(n_);
        forward_.resize(static_cast<std::size_t>(network_.steps()));
        reverse_.resize(forward_.size());
        derivative_.resize(n);
        jacobian_.resize(n * n);
        step_rates(network_, point, x.data(), forward_.data(), reverse_.data());
        balances(network_, forward_.data(), reverse_.data(), derivative_.data());
        jacobian(network_, point, x.data(), jacobian_.data());
        Matrix matrix(n_, n_);
        Vector side(n_);
        for (int i = 0; i < n_; ++i) {
            side[i] = step * derivative_[static_cast<std::size_t>(i)];
            for (int k = 0; k < n_; ++k) {
                matrix(i, k) = -step * jacobian_[static_cast<std::size_t>(i * n_ + k)];
            }
            matrix(i, i) += 1;
        }
        const Vector change = matrix.partialPivLu().solve(side);
        std::vector<Number> result = x;
        for (int i = 0; i < n_; ++i) result[static_cast<std::size_t>(i)] += change[i];
        return result;
    }

    bool look(const PointKinetics& point, const std::vector<Number>& x, Fate& fate) {
        for (const double empty : {1e-12, 0.0}) {
            std::vector<double> start = rounded(x);
            bool none = true;
            for (double& value : start) {
                none = none && value >= empty;
                if (value < empty) value = 0.0;
            }
            if (empty > 0.0 && none) continue;
            if (judge_.stable_root_near(point, start, 0.01)) {
                fate.settled = true;
                fate.coverages = std::move(start);
                return true;
            }
        }
        return false;
    }

    const Network& network_;
    Judge& judge_;
    int n_ = 0;
    std::vector<Number> forward_, reverse_, derivative_, jacobian_;
};

}  // namespace turnover::test
