#include "turnover/chemistry/thermochemistry.hpp"

#include <cmath>
#include <numbers>
#include <string>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

/// Free energy of one harmonic mode, J: [h nu / 2] + k_B T ln(1 - exp(-h nu / k_B T)).
double vibration(double quantum, bool zero_point_energy, double kT) {
    const double thermal = kT * std::log(-std::expm1(-quantum / kT));
    return zero_point_energy ? 0.5 * quantum + thermal : thermal;
}

struct Correction {
    double mass;
    double temperature;
    double standard_pressure;
    const Constants& constants;

    double operator()(const FixedCorrection& fixed) const {
        return fixed.enthalpy - temperature * fixed.entropy;
    }

    double operator()(const HarmonicCorrection& harmonic) const {
        return vibrations(harmonic.vibrations, harmonic.zero_point_energy);
    }

    double operator()(const IdealGasCorrection& gas) const {
        const double kT = constants.boltzmann * temperature;
        const double wave =
            2.0 * std::numbers::pi * mass * kT / (constants.planck * constants.planck);
        const double translation = kT / standard_pressure * wave * std::sqrt(wave);
        return -kT * std::log(translation * rotation(gas) * gas.electronic_degeneracy) +
               vibrations(gas.vibrations, gas.zero_point_energy);
    }

    double operator()(const ShomateCorrection& shomate) const {
        for (const ShomateCorrection::Range& range : shomate.ranges) {
            if (temperature < range.low || temperature > range.high) continue;
            const auto& [a, b, c, d, e, f, g, h] = range.coefficients;
            const double t = temperature / 1000.0;
            const double enthalpy =  // kJ/mol, H(T) - H(298.15 K)
                t * (a + t * (b / 2.0 + t * (c / 3.0 + t * d / 4.0))) - e / t + f - h;
            const double entropy =  // J/(mol K)
                a * std::log(t) + t * (b + t * (c / 2.0 + t * d / 3.0)) - e / (2.0 * t * t) + g;
            // The polynomials hold at 1 bar; an ideal gas at another pressure differs by k_B T ln
            // p.
            const double pressure =
                constants.boltzmann * temperature * std::log(standard_pressure / 1e5);
            return (1000.0 * enthalpy - temperature * entropy) / constants.avogadro + pressure;
        }
        std::string known;
        for (const ShomateCorrection::Range& range : shomate.ranges) {
            if (!known.empty()) known += ", ";
            known += std::to_string(std::lround(range.low)) + "-" +
                     std::to_string(std::lround(range.high)) + " K";
        }
        throw Error("no Shomate range covers " + std::to_string(temperature) + " K",
                    "The ranges given are " + known + ": add one, or change the temperature.");
    }

    [[nodiscard]] double vibrations(const std::vector<double>& quanta,
                                    bool zero_point_energy) const {
        double sum = 0.0;
        for (const double quantum : quanta) {
            sum += vibration(quantum, zero_point_energy, constants.boltzmann * temperature);
        }
        return sum;
    }

    [[nodiscard]] double rotation(const IdealGasCorrection& gas) const {
        const auto& theta = gas.rotational_temperatures;
        if (theta.empty()) return 1.0;
        if (theta.size() == 1) return temperature / (gas.symmetry_number * theta[0]);
        if (theta.size() == 3) {
            return std::sqrt(std::numbers::pi * temperature / theta[0] * temperature / theta[1] *
                             temperature / theta[2]) /
                   gas.symmetry_number;
        }
        throw Error("an ideal gas has no, one or three rotational temperatures, not " +
                        std::to_string(theta.size()),
                    "Give none for an atom, one for a linear molecule, three for any other.");
    }
};

}  // namespace

double gibbs_correction(const Thermochemistry& thermochemistry, double mass, double temperature,
                        double standard_pressure, const Constants& constants) {
    return std::visit(Correction{mass, temperature, standard_pressure, constants}, thermochemistry);
}

}  // namespace turnover
