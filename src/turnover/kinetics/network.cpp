#include "turnover/kinetics/network.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "turnover/base/error.hpp"
#include "turnover/chemistry/stoichiometry.hpp"

namespace turnover {

namespace {

/// Indices of `items` for which `wanted` holds, in alphabetical order of `key`.
template <class Items, class Wanted, class Key>
std::vector<std::size_t> sorted_indices(const Items& items, Wanted wanted, Key key) {
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (wanted(items[i])) indices.push_back(i);
    }
    std::ranges::sort(indices, {}, [&](std::size_t i) { return key(items[i]); });
    return indices;
}

/// For a network order of mechanism indices: the network numbers in the order of the mechanism.
std::vector<int> file_order(const std::vector<std::size_t>& mechanism_index) {
    std::vector<int> order(mechanism_index.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {},
                      [&](int i) { return mechanism_index[static_cast<std::size_t>(i)]; });
    return order;
}

/// The laws beyond the site totals: left null vectors of the stoichiometric matrix that the site
/// totals do not span.
std::vector<ConservationLaw> completed_laws(const IntegerMatrix& stoichiometry, int steps,
                                            std::vector<ConservationLaw> site_laws) {
    const int unknowns = static_cast<int>(stoichiometry.size());
    IntegerMatrix basis;
    for (const ConservationLaw& law : site_laws) basis.push_back(law.coefficients);
    for (const auto& candidate : eliminate(transposed(stoichiometry, steps), unknowns).null_space) {
        basis.push_back(candidate);
        if (eliminate(basis, unknowns).rank < static_cast<int>(basis.size())) {
            basis.pop_back();
        } else {
            site_laws.push_back({candidate});
        }
    }
    return site_laws;
}

std::string_view name_of(const Species& species) { return species.name; }

}  // namespace

Network::Network(Mechanism mechanism, std::map<std::string, double> initial)
    : mechanism_(std::move(mechanism)) {
    const bool clean =
        std::ranges::all_of(initial, [](const auto& entry) { return entry.second == 0.0; });
    const std::string name = clean ? "clean" : "initial";
    surfaces_.push_back({name, std::move(initial), {}});
    const auto is = [](SpeciesKind kind) {
        return [kind](const Species& species) { return species.kind == kind; };
    };
    unknown_species_ = sorted_indices(mechanism_.species, is(SpeciesKind::adsorbate), name_of);
    for (const std::size_t i :
         sorted_indices(mechanism_.species, is(SpeciesKind::free_site), name_of)) {
        unknown_species_.push_back(i);
        const std::string& site = mechanism_.species[i].sites.begin()->first;
        site_order_.push_back(*mechanism_.find_site(site));
    }
    gas_species_ = sorted_indices(mechanism_.species, is(SpeciesKind::gas), name_of);
    // Steps by their canonical equation, so that the way in which a file writes them changes
    // nothing.
    step_index_ = sorted_indices(
        mechanism_.steps, [](const Step&) { return true; },
        [](const Step& step) {
            return std::tuple(std::string_view(step.equation), std::string_view(step.name));
        });
    for (const std::size_t i : unknown_species_)
        unknown_names_.push_back(mechanism_.species[i].name);
    for (const std::size_t i : gas_species_) gas_names_.push_back(mechanism_.species[i].name);
    for (const std::size_t j : step_index_) step_names_.push_back(mechanism_.steps[j].name);
    // Adsorbates come before free sites in the file's order too, wherever they are first named.
    unknown_order_ = file_order(unknown_species_);
    std::stable_partition(unknown_order_.begin(), unknown_order_.end(),
                          [this](int i) { return i < adsorbates(); });
    gas_order_ = file_order(gas_species_);
    step_order_ = file_order(step_index_);

    compile_steps();
    find_laws_and_routes();
    compile_surfaces();
}

Network Network::with_surfaces(std::vector<StartingSurface> surfaces) const {
    if (surfaces.empty()) throw std::invalid_argument("a network needs a surface to start from");
    Network network = *this;
    network.surfaces_ = std::move(surfaces);
    network.compile_surfaces();
    return network;
}

void Network::compile_steps() {
    std::vector<int> number(mechanism_.species.size(), -1);  // unknown or gas number of a species
    for (std::size_t i = 0; i < unknown_species_.size(); ++i) {
        number[unknown_species_[i]] = static_cast<int>(i);
    }
    for (std::size_t g = 0; g < gas_species_.size(); ++g) {
        number[gas_species_[g]] = static_cast<int>(g);
    }
    stoichiometry_.assign(unknown_names_.size() * step_names_.size(), 0);
    gas_stoichiometry_.assign(gas_names_.size() * step_names_.size(), 0);
    for (int j = 0; j < steps(); ++j) {
        const Step& step = mechanism_.steps[step_index_[static_cast<std::size_t>(j)]];
        NetworkStep terms, gases;
        const auto add_state = [&](const std::vector<StepTerm>& state, int sign,
                                   std::vector<Power>& powers, std::vector<Power>& pressures) {
            for (const StepTerm& term : state) {
                const int n = number[term.species];
                if (mechanism_.species[term.species].kind == SpeciesKind::gas) {
                    gas_stoichiometry_[index(n, j)] += sign * term.coefficient;
                    pressures.push_back({static_cast<int>(term.species), term.coefficient});
                } else {
                    stoichiometry_[index(n, j)] += sign * term.coefficient;
                    powers.push_back({n, term.coefficient});
                }
            }
        };
        add_state(step.initial, -1, terms.forward, gases.forward);
        add_state(step.final, +1, terms.reverse, gases.reverse);
        step_terms_.push_back(std::move(terms));
        gas_terms_.push_back(std::move(gases));
    }
}

void Network::find_laws_and_routes() {
    IntegerMatrix matrix(unknown_names_.size());
    for (int i = 0; i < unknowns(); ++i) {
        for (int j = 0; j < steps(); ++j) {
            matrix[static_cast<std::size_t>(i)].push_back(stoichiometry(i, j));
        }
    }
    std::vector<ConservationLaw> site_laws;
    for (const std::size_t s : site_order_) {
        ConservationLaw law;
        for (const std::size_t i : unknown_species_) {
            const SiteCount& occupied = mechanism_.species[i].sites;
            const auto found = occupied.find(mechanism_.sites[s].name);
            law.coefficients.push_back(found == occupied.end() ? 0 : found->second);
        }
        site_laws.push_back(std::move(law));
    }
    laws_ = completed_laws(matrix, steps(), std::move(site_laws));
    const Elimination routes = eliminate(matrix, steps());
    for (const bool zero : routes.zero_in_null_space) on_a_route_.push_back(!zero);
}

std::size_t Network::adsorbate(const std::string& name) const {
    const auto found = std::ranges::find(unknown_names_, name);
    if (found == unknown_names_.end() || name.starts_with('*')) {
        throw Error("the initial coverage of '" + name + "' names no adsorbate",
                    "Name adsorbates of the reactions; what they leave are free sites.");
    }
    return static_cast<std::size_t>(found - unknown_names_.begin());
}

void Network::compile_surfaces() {
    compiled_surfaces_.clear();
    for (const StartingSurface& surface : surfaces_) {
        Coverages compiled;
        compiled.given.assign(unknown_names_.size(), 0.0);
        for (const auto& [name, coverage] : surface.coverages) {
            const std::size_t i = adsorbate(name);
            if (!(coverage >= 0.0) || !std::isfinite(coverage)) {
                throw Error("the initial coverage of " + name + " must not be negative",
                            "Give a number from 0 to the site total.");
            }
            compiled.given[i] = coverage;
        }
        for (const std::string& name : surface.filled_by) {
            compiled.fillers.push_back(adsorbate(name));
        }
        compiled_surfaces_.push_back(std::move(compiled));
    }
    std::vector<double> fits(unknown_names_.size());
    Conditions conditions = mechanism_.conditions;
    for (std::size_t k = 0; k < surfaces_.size(); ++k) {
        conditions.starting_surface = static_cast<double>(k);
        fill_initial(conditions, fits);
    }
}

void Network::fill_initial(const Conditions& conditions, std::span<double> initial) const {
    const Coverages& surface =
        compiled_surfaces_.at(static_cast<std::size_t>(conditions.starting_surface));
    std::ranges::copy(surface.given, initial.begin());
    const std::span<double> free_sites = initial.subspan(static_cast<std::size_t>(adsorbates()));
    for (std::size_t s = 0; s < site_order_.size(); ++s) {
        const double total = conditions.site_totals[site_order_[s]];
        double occupied = 0.0;
        for (std::size_t i = 0; i < surface.given.size(); ++i) {
            occupied += laws_[s].coefficients[i] * surface.given[i];
        }
        // A surface given as full may miss the total by rounding.
        if (occupied > total * (1.0 + 1e-12)) {
            throw Error("the initial coverages occupy " + std::to_string(occupied) + " of " +
                            std::to_string(total) + " sites '" +
                            mechanism_.sites[site_order_[s]].name + "'",
                        "Lower conditions: initial-coverages.");
        }
        free_sites[s] = std::max(0.0, total - occupied);
    }
    for (const std::size_t i : surface.fillers) {
        double fits = std::numeric_limits<double>::infinity();
        for (std::size_t s = 0; s < free_sites.size(); ++s) {
            const int needed = laws_[s].coefficients[i];
            if (needed > 0) fits = std::min(fits, free_sites[s] / needed);
        }
        const double more = (1.0 - trace_of_free_sites) * fits;
        initial[i] += more;
        for (std::size_t s = 0; s < free_sites.size(); ++s) {
            free_sites[s] = std::max(0.0, free_sites[s] - laws_[s].coefficients[i] * more);
        }
    }
}

PointKinetics Network::at(const Conditions& conditions) const {
    PointKinetics point;
    point.forward.resize(step_names_.size());
    point.reverse.resize(step_names_.size());
    point.totals.resize(laws_.size());
    point.initial.resize(unknown_names_.size());
    fill(conditions, rate_constants(mechanism_, conditions), point.forward, point.reverse,
         point.totals, point.initial);
    return point;
}

void Network::fill(const Conditions& conditions, const RateConstants& constants,
                   std::span<double> forward, std::span<double> reverse, std::span<double> totals,
                   std::span<double> initial) const {
    const auto with_pressures = [&](double k, const std::vector<Power>& gases) {
        for (const Power& gas : gases) {
            k *= power(conditions.pressures[static_cast<std::size_t>(gas.unknown)], gas.exponent);
        }
        return k;
    };
    for (std::size_t j = 0; j < step_index_.size(); ++j) {
        forward[j] = with_pressures(constants.forward[step_index_[j]], gas_terms_[j].forward);
        reverse[j] = with_pressures(constants.reverse[step_index_[j]], gas_terms_[j].reverse);
    }
    fill_initial(conditions, initial);
    for (std::size_t l = 0; l < laws_.size(); ++l) {
        // A site total is what was asked for, not what the sum of the initial coverages rounds to.
        if (l < site_order_.size()) {
            totals[l] = conditions.site_totals[site_order_[l]];
            continue;
        }
        totals[l] = 0.0;
        for (std::size_t i = 0; i < initial.size(); ++i) {
            totals[l] += laws_[l].coefficients[i] * initial[i];
        }
    }
}

}  // namespace turnover
