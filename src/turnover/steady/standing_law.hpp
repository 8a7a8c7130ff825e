#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/live_network.hpp"

namespace turnover {

/// A conservation law made ready to stand in the place of one balance.
template <class Number>
struct StandingLaw {
    std::vector<int>
        coefficients;  ///< per unknown of the network; zero at the other laws' `place`s
    Number total{0.0};
    int place = -1;  ///< the unknown whose balance it replaces
};

/// The laws of `live`, each given the place of the balance of an unknown that carries much of it,
/// by Gauss-Jordan elimination in integers with the largest term coefficient * `share` as the
/// pivot.
///
/// `among`: the unknowns that are not empty; `share`: roughly their coverages. Laws that involve
/// none of them are left out.
template <class Number>
[[nodiscard]] std::vector<StandingLaw<Number>> place_laws(const PointKinetics& point,
                                                          const LiveNetwork& live,
                                                          const std::vector<int>& among,
                                                          const std::vector<double>& share) {
    const auto at = [](int i) { return static_cast<std::size_t>(i); };
    std::vector<StandingLaw<Number>> laws;
    for (const LiveLaw& law : live.laws) {
        StandingLaw<Number> standing{law.coefficients, Number(law.total), -1};
        if (!law.of_network) {
            standing.total = Number(0.0);
            for (std::size_t i = 0; i < law.coefficients.size(); ++i) {
                standing.total += Number(double(law.coefficients[i])) * Number(point.initial[i]);
            }
        }
        laws.push_back(std::move(standing));
    }
    for (std::size_t done = 0; done < laws.size(); ++done) {
        double largest = 0.0;
        std::size_t chosen = done;
        for (std::size_t l = done; l < laws.size(); ++l) {
            for (const int i : among) {
                const double term = std::abs(laws[l].coefficients[at(i)]) * share[at(i)];
                if (term > largest) {
                    largest = term;
                    chosen = l;
                    laws[l].place = i;
                }
            }
        }
        if (largest == 0.0) {
            laws.resize(done);
            break;
        }
        std::swap(laws[done], laws[chosen]);
        const StandingLaw<Number>& pivot = laws[done];
        const int divisor = pivot.coefficients[at(pivot.place)];
        for (std::size_t l = 0; l < laws.size(); ++l) {
            StandingLaw<Number>& law = laws[l];
            const int multiple = law.coefficients[at(pivot.place)];
            if (l == done || multiple == 0) continue;
            for (std::size_t i = 0; i < law.coefficients.size(); ++i) {
                law.coefficients[i] =
                    law.coefficients[i] * divisor - pivot.coefficients[i] * multiple;
            }
            law.total =
                law.total * Number(double(divisor)) - pivot.total * Number(double(multiple));
        }
    }
    return laws;
}

}  // namespace turnover
