#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/draws.hpp"
#include "turnover/base/constants.hpp"
#include "turnover/chemistry/mechanism.hpp"
#include "turnover/kinetics/network.hpp"

namespace turnover::test {

/// A network that nobody chose, with points of its own.
struct RandomNetwork {
    std::uint64_t seed = 0;
    Network network;
    std::vector<Conditions> points;
};

/// Which simplifications the network's maker allowed himself.
enum class Idealised {
    no,   ///< every step runs both ways and every gas has a pressure: thermodynamically consistent
    yes,  ///< one network in five has irreversible steps, one in ten a gas that is absent
};

/// How many adsorbates the network of `seed` should have, 1 to `largest`: half of them have at most
/// five, one in ten more than twelve; beyond `largest` = 20 one in fifty more than twenty.
[[nodiscard]] inline int random_size(std::uint64_t seed, int largest) {
    struct Range {
        double share;
        int low, high;
    };
    static constexpr Range ranges[] = {{0.06, 1, 1},     {0.22, 2, 3},     {0.40, 4, 7},
                                       {0.22, 8, 12},    {0.08, 13, 20},   {0.01, 21, 50},
                                       {0.007, 51, 128}, {0.003, 129, 200}};
    Draws draws(seed_of(seed, 1));
    double left = draws.uniform(0.0, 1.0);
    for (const Range& range : ranges) {
        if (left < range.share && range.low <= largest) {
            return std::min(largest, range.low + draws.pick(range.high - range.low + 1));
        }
        left -= range.share;
    }
    return std::min(largest, 5);
}

/// Builds a mechanism as nature might have: particles are made of up to four elements; every
/// adsorbate, gas and transition state has a free energy; rate constants follow from these by
/// collision or transition-state theory, so that every closed cycle of reversible steps returns to
/// where it started. Atoms and sites balance, which `add_step` checks.
///
/// What is drawn: one or two site types with totals of 1 or down to 1/32; adsorbates on one site or
/// two, also across both types; molecular, dissociative and associative adsorption, bond making and
/// breaking, isomerisation, exchange, spillover, Eley-Rideal steps, steps that need a bystander
/// (autocatalytic where it is a product); barriers of 0 to 2 eV, binding energies of -2.5 to 0.5
/// eV, temperatures of 300 to 1200 K, pressures of 1e-12 to 100 bar. A fifth of the networks start
/// from a covered surface. Energies are kept within what the network's lowest temperature can
/// overcome in the time of an experiment, but for one network in ten, whose barriers and
/// bindings reach 2 and 2.5 eV at any temperature.
class RandomMechanism {
public:
    RandomMechanism(std::uint64_t seed, int adsorbates, Idealised idealised)
        : draws_(seed_of(seed, 2)),
          wanted_(static_cast<std::size_t>(adsorbates)),
          idealised_(idealised) {
        choose_character();
        add_sites();
        add_atoms();
        while (adsorbates_.size() < wanted_) grow();
        for (std::size_t a = 0; a < elements_; ++a) feed(adsorbates_[a]);
        add_products();
        const int more = draws_.pick(2 + static_cast<int>(wanted_) / 2);
        for (int e = 0; e < more; ++e) add_exchange();
        mechanism_.name = "random network " + std::to_string(seed);
        mechanism_.conditions.temperature = coldest_;
        for (std::size_t j = 0; j < mechanism_.steps.size(); ++j) check_step(mechanism_, j);
        check_mechanism(mechanism_);
    }

    [[nodiscard]] RandomNetwork finish(std::uint64_t seed, int points) {
        RandomNetwork result{seed, Network(mechanism_, initial_surface()), {}};
        std::optional<std::size_t> absent;
        if (idealised_ == Idealised::yes && draws_.chance(0.1))
            absent = gases_[draws_.pick(static_cast<int>(gases_.size()))].index;
        for (int p = 0; p < points; ++p) {
            Conditions conditions = mechanism_.conditions;
            conditions.temperature = draws_.uniform(coldest_, hottest_);
            for (const Particle& gas : gases_) {
                double pressure = 0.0;  // Pa, 1e-12 to 100 bar
                while (!(pressure >= 1e-7 && pressure <= 1e7)) pressure = draws_.octaves(-24, 24);
                conditions.pressures[gas.index] = gas.index == absent ? 0.0 : pressure;
            }
            result.points.push_back(std::move(conditions));
        }
        return result;
    }

private:
    struct Particle {
        std::size_t index = 0;  ///< into Mechanism::species
        std::string name;
        Composition atoms;
        SiteCount sites;
        double energy = 0.0;  ///< eV
    };
    using Side = std::vector<Particle>;

    static constexpr double kB = 8.617333262e-5;  // eV/K
    static constexpr const char* symbols[] = {"H", "C", "N", "O"};

    void choose_character() {
        coldest_ = draws_.uniform(300.0, 1000.0);
        hottest_ = std::min(1200.0, coldest_ + draws_.uniform(20.0, 200.0));
        const bool frozen = draws_.chance(0.1);
        highest_ = frozen ? 2.0 : std::min(2.0, 30.0 * kB * coldest_);
        deepest_ = frozen ? 2.5 : std::min(2.5, 35.0 * kB * coldest_);
        irreversible_ = idealised_ == Idealised::yes && draws_.chance(0.2) ? 0.3 : 0.0;
        bystanders_ = draws_.chance(0.3) ? 0.4 : 0.05;
    }

    void add_sites() {
        const bool two = wanted_ > 1 && draws_.chance(0.2);
        for (const char* name : {"s", "t"}) {
            if (*name == 't' && !two) break;
            const double total = draws_.chance(0.3) ? draws_.octaves(-5, 1) : 1.0;
            add_site(mechanism_, {name, "", total, draws_.uniform(5e-20, 1.2e-19),
                                  draws_.chance(0.5) ? 1.0 : draws_.uniform(0.01, 1.0)});
            const std::size_t index = mechanism_.find_species(std::string("*_") + name).value();
            free_[name] = {index, mechanism_.species[index].name, {}, {{name, 1}}, 0.0};
        }
    }

    [[nodiscard]] std::string any_site() {
        return mechanism_
            .sites[static_cast<std::size_t>(draws_.pick(static_cast<int>(mechanism_.sites.size())))]
            .name;
    }

    [[nodiscard]] const Particle& any_adsorbate() {
        return adsorbates_[static_cast<std::size_t>(
            draws_.pick(static_cast<int>(adsorbates_.size())))];
    }

    [[nodiscard]] double joule(double electronvolts) const {
        return electronvolts * mechanism_.constants.electronvolt;
    }

    static Composition sum(Composition a, const Composition& b) {
        for (const auto& [element, count] : b) a[element] += count;
        return a;
    }

    static int count(const std::map<std::string, int, std::less<>>& parts) {
        int sum = 0;
        for (const auto& [name, number] : parts) sum += number;
        return sum;
    }

    Particle add_adsorbate(Composition atoms, SiteCount sites, double energy) {
        Particle particle{0, {}, std::move(atoms), std::move(sites), energy};
        const std::string& site = particle.sites.begin()->first;
        particle.name = "X" + std::to_string(adsorbates_.size() + 1) + "_" +
                        (particle.sites.begin()->second > 1 ? "2" : "") + site;
        particle.index = declare_species(
            mechanism_, {particle.name, SpeciesKind::adsorbate, particle.atoms, particle.sites});
        mechanism_.conditions.energies[particle.index] = joule(energy);
        mechanism_.thermochemistry[particle.index] =
            FixedCorrection{0.0, draws_.uniform(0.0, 4.0) * mechanism_.constants.boltzmann};
        adsorbates_.push_back(particle);
        return particle;
    }

    Particle add_gas(Composition atoms, double energy) {
        Particle gas{
            0, "G" + std::to_string(gases_.size() + 1) + "_g", std::move(atoms), {}, energy};
        gas.index = declare_species(mechanism_, {gas.name, SpeciesKind::gas, gas.atoms, {}});
        IdealGasCorrection ideal;
        const int size = count(gas.atoms);
        if (size == 2) ideal.rotational_temperatures = {draws_.uniform(0.4, 20.0)};
        if (size > 2) {
            for (int axis = 0; axis < 3; ++axis) {
                ideal.rotational_temperatures.push_back(draws_.uniform(0.4, 15.0));
            }
        }
        for (int mode = 0; mode < std::min(6, 3 * size - (size == 2 ? 5 : 6)); ++mode) {
            ideal.vibrations.push_back(joule(draws_.uniform(0.05, 0.4)));
        }
        ideal.symmetry_number = 1 + draws_.pick(2);
        mechanism_.conditions.energies[gas.index] = joule(energy);
        mechanism_.conditions.pressures[gas.index] = 1.0;
        mechanism_.thermochemistry[gas.index] = ideal;
        gases_.push_back(gas);
        return gas;
    }

    [[nodiscard]] double binding() { return draws_.uniform(-deepest_, 0.5); }
    /// The energy of what is made of particles of `energy`: kept within what the temperature can
    /// overcome, lest one adsorbate of many be a trap for all.
    [[nodiscard]] double near_by(double energy) {
        const double made = energy + draws_.uniform(-0.4 * highest_, 0.4 * highest_);
        return std::clamp(made, -0.8 * highest_, 0.8 * highest_);
    }

    /// An adsorbed atom of each element, energy zero: where the scale begins for each.
    void add_atoms() {
        elements_ = std::min<std::size_t>(wanted_, static_cast<std::size_t>(1 + draws_.pick(4)));
        if (wanted_ == 2) elements_ = 1 + static_cast<std::size_t>(draws_.pick(2));
        for (std::size_t e = 0; e < elements_; ++e) {
            add_adsorbate({{symbols[e], 1}}, {{any_site(), 1}}, 0.0);
        }
    }

    [[nodiscard]] SiteCount random_sites() {
        if (!draws_.chance(0.12)) return {{any_site(), 1}};
        if (mechanism_.sites.size() == 2 && draws_.chance(0.5)) return {{"s", 1}, {"t", 1}};
        return {{any_site(), 2}};
    }

    /// One more adsorbate with the step that makes it.
    void grow() {
        const Particle a = any_adsorbate();
        const double kind = draws_.uniform(0.0, 1.0);
        if (kind < 0.25) {  // an isomer, or the same thing elsewhere
            const Particle made = add_adsorbate(a.atoms, random_sites(), near_by(a.energy));
            add({a}, {made});
            return;
        }
        const Particle b = any_adsorbate();
        if (count(a.atoms) + count(b.atoms) > 9) {
            grow();
            return;
        }
        const Particle made =
            add_adsorbate(sum(a.atoms, b.atoms), random_sites(), near_by(a.energy + b.energy));
        add({a, b}, {made});
    }

    /// A gas that brings this atom, as it is or as a pair, and may take it away.
    void feed(const Particle& atom) {
        const bool pair = draws_.chance(0.4);
        if (pair || draws_.chance(0.15)) {
            const Particle gas =
                add_gas(sum(atom.atoms, atom.atoms), 2.0 * atom.energy - binding());
            add({gas}, {atom, atom}, pair);
            if (pair && wanted_ > 1) return;
        }
        add({add_gas(atom.atoms, atom.energy - binding())}, {atom}, true);
    }

    /// Gases that others leave as: at least one that is no atom, where there is such an adsorbate.
    void add_products() {
        if (wanted_ == elements_) {
            if (elements_ > 1) add_associative_desorption(adsorbates_[0], adsorbates_[1]);
            return;
        }
        const int products = 1 + draws_.pick(1 + static_cast<int>(wanted_) / 4);
        for (int p = 0; p < products; ++p) {
            const auto others = static_cast<int>(wanted_ - elements_);
            const Particle a =
                adsorbates_[elements_ + static_cast<std::size_t>(draws_.pick(others))];
            if (draws_.chance(0.4)) {
                add_associative_desorption(a, any_adsorbate());
            } else {
                add({a}, {gas_of(a.atoms, a.energy)});
            }
        }
    }

    void add_associative_desorption(const Particle& a, const Particle& b) {
        const double energy = a.energy + b.energy;
        const Particle gas = gas_of(sum(a.atoms, b.atoms), energy);
        if (draws_.chance(0.15)) {  // Eley and Rideal: one of the two comes from the gas
            add({gas_of(a.atoms, a.energy), b}, {gas});
        } else {
            add({a, b}, {gas});
        }
    }

    /// The gas of these atoms; a new one binds with respect to an adsorbed state of `energy`.
    Particle gas_of(const Composition& atoms, double energy) {
        for (const Particle& gas : gases_) {
            if (gas.atoms == atoms) return gas;
        }
        return add_gas(atoms, energy - binding());
    }

    /// A step between adsorbates that are there already: A + B <-> C + D or C.
    void add_exchange() {
        for (int attempt = 0; attempt < 40; ++attempt) {
            const Particle& a = any_adsorbate();
            Side initial{a};
            Composition atoms = a.atoms;
            if (draws_.chance(0.7)) {
                const Particle& b = any_adsorbate();
                initial.push_back(b);
                atoms = sum(atoms, b.atoms);
            }
            Side final{any_adsorbate()};
            bool fits = true;
            for (const auto& [element, number] : final.front().atoms) {
                fits = fits && atoms[element] >= number;
                atoms[element] -= number;
            }
            if (!fits) continue;
            std::erase_if(atoms, [](const auto& item) { return item.second == 0; });
            if (!atoms.empty()) {
                Side rest;
                for (const Particle& d : adsorbates_) {
                    if (d.atoms == atoms) rest.push_back(d);
                }
                if (rest.empty()) continue;
                final.push_back(
                    rest[static_cast<std::size_t>(draws_.pick(static_cast<int>(rest.size())))]);
            }
            if (add(std::move(initial), std::move(final))) return;
        }
    }

    [[nodiscard]] static double energy_of(const Side& side) {
        double sum = 0.0;
        for (const Particle& particle : side) sum += particle.energy;
        return sum;
    }

    [[nodiscard]] static SiteCount sites_of(const Side& side) {
        SiteCount sum;
        for (const Particle& particle : side) {
            for (const auto& [site, number] : particle.sites) sum[site] += number;
        }
        return sum;
    }

    static std::vector<EquationTerm> terms_of(const Side& side) {
        std::map<std::string, int> numbers;
        for (const Particle& particle : side) ++numbers[particle.name];
        std::vector<EquationTerm> terms;
        for (const auto& [name, number] : numbers) terms.push_back({number, name});
        return terms;
    }

    static std::string text_of(const std::vector<EquationTerm>& terms) {
        std::string text;
        for (const EquationTerm& term : terms) {
            text += (text.empty() ? "" : " + ") +
                    (term.coefficient > 1 ? std::to_string(term.coefficient) : "") + term.species;
        }
        return text;
    }

    /// Adds the step with the free sites that it takes. False when it is there already or changes
    /// nothing.
    bool add(Side initial, Side final, bool must_be_reversible = false) {
        for (const auto& [name, site] : free_) {
            const int missing = sites_of(initial)[name] - sites_of(final)[name];
            Side& short_side = missing > 0 ? final : initial;
            for (int k = 0; k < std::abs(missing); ++k) short_side.push_back(site);
        }
        if (draws_.chance(bystanders_)) {
            const Particle bystander = draws_.chance(0.4)   ? free_.at(any_site())
                                       : draws_.chance(0.5) ? final.front()
                                                            : any_adsorbate();
            if (!bystander.sites.empty()) {
                initial.push_back(bystander);
                final.push_back(bystander);
            }
        }
        Equation equation;
        equation.initial = terms_of(initial);
        equation.final = terms_of(final);
        equation.reversible = must_be_reversible || !draws_.chance(irreversible_);
        const std::string left = text_of(equation.initial), right = text_of(equation.final);
        if (left == right || !known_.insert(std::minmax(left, right)).second) return false;
        equation.text = left + (equation.reversible ? " <-> " : " => ") + right;

        const auto is_gas = [](const Particle& p) { return p.sites.empty(); };
        const auto gases = std::count_if(initial.begin(), initial.end(), is_gas);
        const double change = energy_of(final) - energy_of(initial);
        // Where the gas binds badly the way is no less uphill for it.
        const bool activated = gases == 0 || change > 0.0 || draws_.chance(0.3);
        const double top = std::max(0.05, highest_ - std::abs(change));
        if (activated) {
            equation.transition = {
                {1, add_transition_state(initial, final, draws_.uniform(0.0, top))}};
        }
        const std::size_t step = add_step(mechanism_, equation);
        mechanism_.steps[step].energy_source = EnergySource::species;
        if (gases == 1) {
            CollisionTheory theory;
            theory.area = draws_.uniform(5e-20, 1.2e-19);
            theory.sticking = draws_.chance(0.5) ? 1.0 : draws_.octaves(-16, 0);
            mechanism_.steps[step].theory = theory;
        }
        return true;
    }

    std::string add_transition_state(const Side& initial, const Side& final, double above) {
        TransitionState state;
        state.name = "TS" + std::to_string(mechanism_.transition_states.size() + 1) + "_s";
        for (const Particle& particle : initial) {
            state.composition = sum(std::move(state.composition), particle.atoms);
        }
        state.sites = sites_of(initial);
        state.thermochemistry =
            FixedCorrection{0.0, draws_.uniform(0.0, 6.0) * mechanism_.constants.boltzmann};
        const std::size_t index = declare_transition_state(mechanism_, state);
        mechanism_.conditions.transition_state_energies[index] =
            joule(std::max(energy_of(initial), energy_of(final)) + above);
        return state.name;
    }

    /// Empty in four cases of five: clean.
    [[nodiscard]] std::map<std::string, double> initial_surface() {
        std::map<std::string, double> surface;
        if (!draws_.chance(0.2)) return surface;
        double left = 1.0;
        for (int k = 1 + draws_.pick(3); k > 0; --k) {
            const Particle& a = any_adsorbate();
            if (surface.contains(a.name)) continue;
            const double share = left * draws_.uniform(0.0, 0.99);
            left -= share;
            double room = 1e300;
            for (const Site& site : mechanism_.sites) {
                const auto found = a.sites.find(site.name);
                if (found != a.sites.end()) room = std::min(room, site.total / found->second);
            }
            surface[a.name] = share * room;
        }
        return surface;
    }

    Draws draws_;
    std::size_t wanted_;
    Idealised idealised_;
    std::size_t elements_ = 1;
    double coldest_ = 0.0, hottest_ = 0.0;  ///< K
    double highest_ = 0.0;                  ///< barrier, eV
    double deepest_ = 0.0;                  ///< binding energy, eV
    double irreversible_ = 0.0;             ///< share of the steps
    double bystanders_ = 0.0;               ///< share of the steps
    Mechanism mechanism_;
    std::map<std::string, Particle> free_;
    std::vector<Particle> adsorbates_, gases_;
    std::set<std::pair<std::string, std::string>> known_;
};

/// The network of `seed` with this many adsorbates (random_size chooses) and points.
[[nodiscard]] inline RandomNetwork random_network(std::uint64_t seed, int adsorbates, int points,
                                                  Idealised idealised = Idealised::no) {
    return RandomMechanism(seed, adsorbates, idealised).finish(seed, points);
}

}  // namespace turnover::test
