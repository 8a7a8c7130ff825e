#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "turnover/chemistry/mechanism.hpp"
#include "turnover/kinetics/rate_constants.hpp"
#include "turnover/kinetics/starting_surface.hpp"

namespace turnover {

/// A power of one unknown in a rate: x[unknown]^exponent, exponent >= 1.
struct Power {
    int unknown = 0;
    int exponent = 1;

    friend bool operator==(const Power&, const Power&) = default;
};

/// The mass-action part of a step: which unknowns multiply in either direction.
struct NetworkStep {
    std::vector<Power> forward;
    std::vector<Power> reverse;
};

/// A linear combination of unknowns that no step changes: sum_i coefficients[i] x_i = constant.
/// The first laws are the site totals, one per site type in the network's order of sites; further
/// ones exist where adsorbates cannot be exchanged with the gas, and keep the value of the initial
/// surface.
struct ConservationLaw {
    std::vector<int> coefficients;  ///< one per unknown, not negative for a site total
};

/// Everything that one grid point adds to the network: numbers only, ready for a solver.
struct PointKinetics {
    std::vector<double>
        forward;  ///< per step, 1/s: rate constant times pressures of consumed gases
    std::vector<double> reverse;
    std::vector<double> totals;   ///< per conservation law
    std::vector<double> initial;  ///< per unknown: coverages of the starting surface
};

/// A mechanism compiled for solving: immutable, shareable between threads, and the same whatever
/// the order of species, sites and steps in the file.
///
/// Unknowns are the adsorbates and then the free sites, each in alphabetical order of their names;
/// steps are in alphabetical order of their canonical equations. Free sites are unknowns of their
/// own, never 1 - sum of the others: at a coverage of 1e-12 that difference would be noise.
/// `*_order()` give the way back to the file's order.
class Network {
public:
    /// `initial` names the coverages of the initial surface, by adsorbate; what they leave is free
    /// sites. Empty is the clean surface. Throws Error on an unknown adsorbate, a negative
    /// coverage, or more adsorbates than sites.
    explicit Network(Mechanism mechanism, std::map<std::string, double> initial = {});

    [[nodiscard]] const Mechanism& mechanism() const noexcept { return mechanism_; }
    /// The stated initial surface, by adsorbate.
    [[nodiscard]] const std::map<std::string, double>& initial() const noexcept {
        return surfaces_.front().coverages;
    }

    /// The surfaces that a transient can start from, of which `Conditions::starting_surface` picks
    /// one. The first is the stated initial surface; there are others only after with_surfaces().
    [[nodiscard]] const std::vector<StartingSurface>& surfaces() const noexcept {
        return surfaces_;
    }
    /// This network with `surfaces`, at least one, in place of its own. Throws Error as the
    /// constructor does.
    [[nodiscard]] Network with_surfaces(std::vector<StartingSurface> surfaces) const;

    [[nodiscard]] int unknowns() const noexcept { return static_cast<int>(unknown_names_.size()); }
    [[nodiscard]] int adsorbates() const noexcept { return unknowns() - sites(); }
    [[nodiscard]] int sites() const noexcept { return static_cast<int>(site_order_.size()); }
    [[nodiscard]] int steps() const noexcept { return static_cast<int>(step_names_.size()); }
    [[nodiscard]] int gases() const noexcept { return static_cast<int>(gas_names_.size()); }

    [[nodiscard]] const std::vector<std::string>& unknown_names() const noexcept {
        return unknown_names_;
    }
    [[nodiscard]] const std::vector<std::string>& step_names() const noexcept {
        return step_names_;
    }
    [[nodiscard]] const std::vector<std::string>& gas_names() const noexcept { return gas_names_; }

    /// The mass-action terms of each step.
    [[nodiscard]] const std::vector<NetworkStep>& step_terms() const noexcept {
        return step_terms_;
    }

    /// Net stoichiometric coefficient of unknown `i` in step `j` (produced minus consumed).
    [[nodiscard]] int stoichiometry(int i, int j) const { return stoichiometry_[index(i, j)]; }
    /// The same for gas `g`.
    [[nodiscard]] int gas_stoichiometry(int g, int j) const {
        return gas_stoichiometry_[index(g, j)];
    }

    /// Site totals first, then any further laws; linearly independent and complete (their number is
    /// unknowns minus the rank of the stoichiometric matrix of the unknowns).
    [[nodiscard]] const std::vector<ConservationLaw>& conservation_laws() const noexcept {
        return laws_;
    }

    /// Whether step `j` can have a net rate in a steady state at all: false where no reaction route
    /// passes through it (an adsorbate that only adsorbs and desorbs), whose net rate is exactly
    /// zero.
    [[nodiscard]] bool on_a_route(int j) const { return on_a_route_[static_cast<std::size_t>(j)]; }

    /// Unknown / step / gas numbers in the order in which the file first names them; adsorbates
    /// before free sites.
    [[nodiscard]] const std::vector<int>& unknown_order() const noexcept { return unknown_order_; }
    [[nodiscard]] const std::vector<int>& step_order() const noexcept { return step_order_; }
    [[nodiscard]] const std::vector<int>& gas_order() const noexcept { return gas_order_; }

    /// Rate constants and pressures folded into pseudo rate constants, in the network's order.
    /// Throws Error as rate_constants does.
    [[nodiscard]] PointKinetics at(const Conditions& conditions) const;
    /// The same with `constants` (of rate_constants, in the mechanism's order) at hand, into
    /// vectors that have the right sizes already: without an allocation. Throws Error when the
    /// initial surface does not fit the site totals.
    void fill(const Conditions& conditions, const RateConstants& constants,
              std::span<double> forward, std::span<double> reverse, std::span<double> totals,
              std::span<double> initial) const;

    /// Index into `mechanism().species` of an unknown, and into `mechanism().steps` of a step.
    [[nodiscard]] std::size_t unknown_species(int i) const {
        return unknown_species_[static_cast<std::size_t>(i)];
    }
    [[nodiscard]] std::size_t gas_species(int g) const {
        return gas_species_[static_cast<std::size_t>(g)];
    }
    [[nodiscard]] std::size_t mechanism_step(int j) const {
        return step_index_[static_cast<std::size_t>(j)];
    }

private:
    void compile_steps();
    void find_laws_and_routes();
    void compile_surfaces();
    [[nodiscard]] std::size_t adsorbate(const std::string& name) const;
    void fill_initial(const Conditions& conditions, std::span<double> initial) const;

    [[nodiscard]] std::size_t index(int row, int step) const {
        return static_cast<std::size_t>(row) * step_names_.size() + static_cast<std::size_t>(step);
    }

    /// A starting surface by unknowns.
    struct Coverages {
        std::vector<double> given;         ///< per unknown; zero for free sites
        std::vector<std::size_t> fillers;  ///< unknowns
    };

    Mechanism mechanism_;
    std::vector<StartingSurface> surfaces_;
    std::vector<std::string> unknown_names_, step_names_, gas_names_;
    std::vector<std::size_t> unknown_species_, gas_species_, step_index_;  // into the mechanism
    std::vector<std::size_t> site_order_;  // network site -> mechanism site
    std::vector<NetworkStep> step_terms_;
    std::vector<NetworkStep> gas_terms_;  // powers of pressures, by mechanism species
    std::vector<Coverages> compiled_surfaces_;
    std::vector<int> stoichiometry_, gas_stoichiometry_;
    std::vector<ConservationLaw> laws_;
    std::vector<bool> on_a_route_;
    std::vector<int> unknown_order_, step_order_, gas_order_;
};

/// x^exponent by repeated multiplication, for any number type.
template <class Number>
[[nodiscard]] Number power(const Number& x, int exponent) {
    Number result = x;
    for (int k = 1; k < exponent; ++k) result *= x;
    return result;
}

/// `sum` += `multiple` * `x`: most multiples of stoichiometry are 0, 1 or -1, and a multiplication
/// in 100 digits is worth avoiding.
template <class Number>
void add_multiple(Number& sum, int multiple, const Number& x) {
    if (multiple == 1) {
        sum += x;
    } else if (multiple == -1) {
        sum -= x;
    } else if (multiple != 0) {
        sum += Number(double(multiple)) * x;
    }
}

/// Forward and reverse rate of every step, 1/s per reference site.
///
/// `Number` is any arithmetic type constructible from double; `x` holds `network.unknowns()`
/// coverages, `forward` and `reverse` receive `network.steps()` rates.
template <class Number>
void step_rates(const Network& network, const PointKinetics& point, const Number* x,
                Number* forward, Number* reverse) {
    for (std::size_t j = 0; j < network.step_terms().size(); ++j) {
        const NetworkStep& step = network.step_terms()[j];
        forward[j] = Number(point.forward[j]);
        reverse[j] = Number(point.reverse[j]);
        for (const Power& p : step.forward) forward[j] *= power(x[p.unknown], p.exponent);
        for (const Power& p : step.reverse) reverse[j] *= power(x[p.unknown], p.exponent);
    }
}

/// d x_i / dt = sum_j nu_ij (forward_j - reverse_j). The net rate of a step is formed once and then
/// multiplied by integers, so that conserved totals stay conserved to the last bit but one.
template <class Number>
void balances(const Network& network, const Number* forward, const Number* reverse,
              Number* derivative) {
    for (int i = 0; i < network.unknowns(); ++i) derivative[i] = Number(0.0);
    for (int j = 0; j < network.steps(); ++j) {
        const Number net = forward[j] - reverse[j];
        for (int i = 0; i < network.unknowns(); ++i) {
            add_multiple(derivative[i], network.stoichiometry(i, j), net);
        }
    }
}

/// Jacobian d(dx_i/dt)/dx_k, row-major `unknowns` x `unknowns` into `jacobian`, every unknown taken
/// as independent. Products are formed without dividing by x, so a coverage may be zero.
template <class Number>
void jacobian(const Network& network, const PointKinetics& point, const Number* x,
              Number* jacobian) {
    const int n = network.unknowns();
    for (int e = 0; e < n * n; ++e) jacobian[e] = Number(0.0);
    const auto add = [&](int j, double k, int sign, const std::vector<Power>& powers) {
        for (const Power& varied : powers) {
            Number slope(k);
            for (const Power& p : powers) {
                if (p.unknown != varied.unknown) {
                    slope *= power(x[p.unknown], p.exponent);
                } else if (p.exponent > 1) {
                    slope *= Number(double(p.exponent)) * power(x[p.unknown], p.exponent - 1);
                }
            }
            for (int i = 0; i < n; ++i) {
                add_multiple(jacobian[i * n + varied.unknown], sign * network.stoichiometry(i, j),
                             slope);
            }
        }
    };
    for (int j = 0; j < network.steps(); ++j) {
        const auto s = static_cast<std::size_t>(j);
        add(j, point.forward[s], 1, network.step_terms()[s].forward);
        add(j, point.reverse[s], -1, network.step_terms()[s].reverse);
    }
}

}  // namespace turnover
