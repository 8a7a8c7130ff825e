#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "turnover/base/constants.hpp"
#include "turnover/chemistry/equation.hpp"
#include "turnover/chemistry/species.hpp"
#include "turnover/chemistry/thermochemistry.hpp"

namespace turnover {

/// A site type. Coverages are counted per reference site, so that those of a type add up to
/// `total`.
struct Site {
    std::string name;                ///< as in "CO_s": "s"
    std::string label;               ///< free text, for example "Pt(100)"
    double total = 1.0;              ///< sites of this type per reference site
    double area = 0.0;               ///< m^2 per site, for collision theory; 0 = not given
    double reactive_fraction = 1.0;  ///< share of the impinging molecules that meet a reactive site

    friend bool operator==(const Site&, const Site&) = default;
};

/// Transition-state theory, both directions over one barrier: k = kappa (k_B T / h) exp(-dG‡ / k_B
/// T) (Eyring, J. Chem. Phys. 3, 107 (1935)).
struct TransitionStateTheory {
    double transmission = 1.0;  ///< kappa
};

/// Collision theory of adsorption, in the direction that consumes the gas:
/// k = s A / sqrt(2 pi m k_B T) exp(-E_a / k_B T) per Pa, with the site area A and s the reactive
/// fraction or sticking coefficient; the other direction from detailed balance.
struct CollisionTheory {
    std::optional<double> sticking;  ///< replaces the site's reactive fraction
    std::optional<double> area;      ///< m^2; replaces the site's area
};

/// k = A T^b exp(-Ea / k_B T), A in 1/(s Pa^n K^b) with n gas molecules consumed.
struct ArrheniusExpression {
    double prefactor = 0.0;
    double temperature_exponent = 0.0;
    double activation_energy = 0.0;  ///< J
    friend bool operator==(const ArrheniusExpression&, const ArrheniusExpression&) = default;
};

/// Arrhenius, the forward direction given; the reverse given as well, from an equilibrium constant
/// (in Pa to the change of gas molecules), or from the step's thermodynamics.
struct ArrheniusTheory {
    ArrheniusExpression forward;
    std::optional<ArrheniusExpression> reverse;
    std::optional<double> equilibrium_constant;
};

using RateTheory = std::variant<TransitionStateTheory, CollisionTheory, ArrheniusTheory>;

/// Where the step's energies come from.
enum class EnergySource {
    none,           ///< Arrhenius with all that it needs
    relative,       ///< barrier and reaction energy of the step, thermochemistry added
    relative_free,  ///< barrier and reaction energy are Gibbs energies, taken as they are
    species,        ///< energies of species and transition state, thermochemistry added
};

/// A species in a step: index into `Mechanism::species` and how many take part (>= 1).
struct StepTerm {
    std::size_t species = 0;
    int coefficient = 1;

    friend bool operator==(const StepTerm&, const StepTerm&) = default;
};

/// A transition state: it has a composition and an energy, but no coverage. Steps may share one.
struct TransitionState {
    std::string name;  ///< canonical, e.g. "O-CO_2s"
    Composition composition;
    SiteCount sites;
    Thermochemistry thermochemistry = FixedCorrection{};

    friend bool operator==(const TransitionState&, const TransitionState&) = default;
};

/// An elementary step with everything resolved. Atoms and sites balance.
struct Step {
    std::string name;  ///< unique; the equation as written unless the user gave a name
    /// Canonical text, the same however the terms are ordered in the file: gases, adsorbates and
    /// free sites in this order, each in alphabetical order.
    std::string equation;
    std::vector<StepTerm> initial;  ///< sorted by species name, each species once
    std::vector<StepTerm> final;
    std::optional<std::size_t> transition_state;  ///< index into `Mechanism::transition_states`
    bool reversible = true;
    RateTheory theory = TransitionStateTheory{};
    EnergySource energy_source = EnergySource::none;
};

/// The numbers of a mechanism that an axis may vary. Vectors run parallel to `Mechanism::species`
/// (pressures, energies), `sites` (totals), `steps` (barriers, reaction energies) and
/// `transition_states` (their energies); entries that are not given are NaN.
struct Conditions {
    double temperature = 0.0;                       ///< K
    std::vector<double> pressures;                  ///< Pa, of gases; NaN for surface species
    std::vector<double> site_totals;                ///< sites per reference site
    std::vector<double> energies;                   ///< J, absolute or formation
    std::vector<double> barriers;                   ///< J, from the initial state
    std::vector<double> reaction_energies;          ///< J
    std::vector<double> transition_state_energies;  ///< J, absolute or formation
    double starting_surface = 0.0;  ///< which of Network::surfaces() the transient starts from
};

/// A mechanism in the order of its file, complete and consistent: what the chemist wrote, checked.
struct Mechanism {
    std::string name;
    Constants constants = codata_2018();
    double standard_pressure = 1e5;  ///< Pa, that gas Gibbs energies refer to
    std::vector<Site> sites;
    std::vector<Species> species;                  ///< gases, adsorbates and free sites
    std::vector<Thermochemistry> thermochemistry;  ///< parallel to `species`
    std::vector<TransitionState> transition_states;
    std::vector<Step> steps;
    Conditions conditions;  ///< the base values

    /// Index of a species, site, step or transition state by name; species and transition states in
    /// any spelling that parse_species_name reads, steps also by their canonical equation. Empty
    /// when there is none.
    [[nodiscard]] std::optional<std::size_t> find_species(std::string_view name) const;
    [[nodiscard]] std::optional<std::size_t> find_site(std::string_view name) const;
    [[nodiscard]] std::optional<std::size_t> find_step(std::string_view name) const;
    [[nodiscard]] std::optional<std::size_t> find_transition_state(std::string_view name) const;
};

/// Adds a site type with its free site "*_name". Throws Error on a duplicate or on a name that is
/// "g".
void add_site(Mechanism& mechanism, Site site);

/// The index of the species that `text` names; a species not seen before is added, its composition
/// read from its formula. Throws Error on unknown elements or sites.
std::size_t resolve_species(Mechanism& mechanism, std::string_view text);

/// Declares a species whose composition or sites cannot be read from its name (an adsorbate over
/// several site types, a label such as "HCOO-b_s"). Throws Error when it is there already.
std::size_t declare_species(Mechanism& mechanism, Species species);

/// Declares a transition state whose composition or sites cannot be read from its name; others are
/// added by the first step that names them. Throws Error when it is there already.
std::size_t declare_transition_state(Mechanism& mechanism, TransitionState state);

/// Resolves `equation` and appends the step, named `name` or as the equation is written. Theory and
/// energies are added by the caller. Throws Error, naming what differs and by how much, when atoms
/// or sites do not balance between initial, transition and final state; on a step that changes
/// nothing; and on a name already taken.
std::size_t add_step(Mechanism& mechanism, const Equation& equation, std::string name = {});

/// Number of gas molecules in one state (`step.initial` or `step.final`).
[[nodiscard]] int gas_molecules(const Mechanism& mechanism, const std::vector<StepTerm>& state);

/// Checks that step `index` has the numbers that its theory needs, and says which is missing and
/// where to write it. Throws Error.
void check_step(const Mechanism& mechanism, std::size_t index);

/// Checks what can only be seen of the whole, after check_step of every step: there are steps, the
/// temperature and site totals are positive, every gas has a pressure that is not negative, and the
/// reaction energies of steps that form a closed cycle add up to zero (to 1e-9 eV). Throws Error.
void check_mechanism(const Mechanism& mechanism);

}  // namespace turnover
