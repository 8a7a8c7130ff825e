#include "turnover/chemistry/mechanism.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <tuple>
#include <utility>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

constexpr double not_given = std::numeric_limits<double>::quiet_NaN();

bool same_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string site_names(const Mechanism& mechanism) {
    std::string names;
    for (const Site& site : mechanism.sites) names += (names.empty() ? "" : ", ") + site.name;
    return names.empty() ? "none" : names;
}

/// Puts the declared site's name into `name`: the only site for "CO*", `s` for "(S)".
void settle_site(const Mechanism& mechanism, std::string_view text, SpeciesName& name) {
    if (name.site_count == 0) return;
    if (name.site.empty()) {
        if (mechanism.sites.size() != 1) {
            throw Error("'" + std::string(text) + "' does not say on which site it is",
                        "With several site types write the site: CO_s, *_s. Sites here: " +
                            site_names(mechanism) + ".");
        }
        name.site = mechanism.sites.front().name;
        return;
    }
    if (mechanism.find_site(name.site)) return;
    const auto alike = std::ranges::find_if(mechanism.sites, [&name](const Site& site) {
        return same_ignoring_case(site.name, name.site);
    });
    if (alike == mechanism.sites.end()) {
        throw Error("there is no site '" + name.site + "' for '" + std::string(text) + "'",
                    "Declare it under sites, or use one of: " + site_names(mechanism) + ".");
    }
    name.site = alike->name;
}

std::size_t append_species(Mechanism& mechanism, Species species) {
    const bool free_site = species.kind == SpeciesKind::free_site;
    mechanism.species.push_back(std::move(species));
    mechanism.thermochemistry.emplace_back(FixedCorrection{});
    mechanism.conditions.pressures.push_back(not_given);
    // Energies of adsorbates are counted from the free site.
    mechanism.conditions.energies.push_back(free_site ? 0.0 : not_given);
    return mechanism.species.size() - 1;
}

/// Atoms and sites of one side of a step.
struct Inventory {
    Composition atoms;
    SiteCount sites;

    void add(const Composition& composition, const SiteCount& occupied, int times) {
        for (const auto& [element, count] : composition) atoms[element] += times * count;
        for (const auto& [site, count] : occupied) sites[site] += times * count;
    }
};

/// "C (1 against 2), O (...)" for what differs; empty when all balances.
std::string imbalance(const std::map<std::string, int, std::less<>>& left,
                      const std::map<std::string, int, std::less<>>& right) {
    std::map<std::string, std::pair<int, int>> both;
    for (const auto& [name, count] : left) both[name].first = count;
    for (const auto& [name, count] : right) both[name].second = count;
    std::string text;
    for (const auto& [name, counts] : both) {
        if (counts.first == counts.second) continue;
        if (!text.empty()) text += ", ";
        text += name + " (" + std::to_string(counts.first) + " against " +
                std::to_string(counts.second) + ")";
    }
    return text;
}

void check_balance(const std::string& equation, const Inventory& left, const Inventory& right,
                   std::string_view right_name) {
    const std::string where =
        " between the initial and the " + std::string(right_name) + " state of '" + equation + "'";
    if (const std::string atoms = imbalance(left.atoms, right.atoms); !atoms.empty()) {
        throw Error("atoms do not balance" + where + ": " + atoms,
                    "Correct a formula or a coefficient so that both sides have the same atoms.");
    }
    if (const std::string sites = imbalance(left.sites, right.sites); !sites.empty()) {
        throw Error("sites do not balance" + where + ": " + sites,
                    "Add free sites (such as *_s) to the side that has too few.");
    }
}

/// Resolves one side: each species once, sorted by kind and name.
std::vector<StepTerm> resolve_state(Mechanism& mechanism, const std::vector<EquationTerm>& terms) {
    std::vector<StepTerm> state;
    for (const EquationTerm& term : terms) {
        const std::size_t species = resolve_species(mechanism, term.species);
        const auto there = std::ranges::find(state, species, &StepTerm::species);
        if (there == state.end()) {
            state.push_back({species, term.coefficient});
        } else {
            there->coefficient += term.coefficient;
        }
    }
    std::ranges::sort(state, {}, [&mechanism](const StepTerm& term) {
        const Species& species = mechanism.species[term.species];
        return std::tuple(species.kind, std::string_view(species.name));
    });
    return state;
}

Inventory inventory(const Mechanism& mechanism, const std::vector<StepTerm>& state) {
    Inventory sum;
    for (const StepTerm& term : state) {
        const Species& species = mechanism.species[term.species];
        sum.add(species.composition, species.sites, term.coefficient);
    }
    return sum;
}

std::string state_text(const Mechanism& mechanism, const std::vector<StepTerm>& state) {
    std::string text;
    for (const StepTerm& term : state) {
        if (!text.empty()) text += " + ";
        if (term.coefficient != 1) text += std::to_string(term.coefficient);
        text += mechanism.species[term.species].name;
    }
    return text;
}

bool names_free_site(std::string_view text) {
    return text == "*" || text.starts_with("*_") || text.starts_with("*(");
}

/// The transition state of an equation: one species, with free sites beside it where the writer
/// counts them (O-CO* + *).
std::size_t resolve_transition_state(Mechanism& mechanism, const Equation& equation,
                                     const Inventory& initial) {
    std::string_view text;
    Inventory free_sites;
    for (const EquationTerm& term : equation.transition) {
        if (names_free_site(term.species)) {
            const Species& site = mechanism.species[resolve_species(mechanism, term.species)];
            free_sites.add(site.composition, site.sites, term.coefficient);
        } else if (text.empty() && term.coefficient == 1) {
            text = term.species;
        } else {
            throw Error("'" + equation.text + "' has more than one species as its transition state",
                        "Write one, as in O-CO_2s; free sites may stand beside it.");
        }
    }
    if (text.empty()) {
        throw Error("'" + equation.text + "' has only free sites as its transition state",
                    "Name the transition state, as in O-CO_2s, or leave it out.");
    }
    std::optional<std::size_t> found = mechanism.find_transition_state(text);
    if (!found) {
        SpeciesName name = parse_species_name(text);
        settle_site(mechanism, text, name);
        TransitionState state;
        state.name = canonical_name(name);
        state.composition = parse_formula(name.formula, mechanism.constants);
        if (name.site_count > 0) state.sites[name.site] = name.site_count;
        found = declare_transition_state(mechanism, std::move(state));
    }
    const TransitionState& state = mechanism.transition_states[*found];
    Inventory whole = free_sites;
    whole.add(state.composition, state.sites, 1);
    check_balance(equation.text, initial, whole, "transition");
    return *found;
}

/// By exact name, else by the canonical form of whatever spelling parse_species_name reads.
template <class Named>
std::optional<std::size_t> find_named(const Mechanism& mechanism, const std::vector<Named>& all,
                                      std::string_view wanted) {
    const auto by_name = [&all](std::string_view name) -> std::optional<std::size_t> {
        const auto found = std::ranges::find(all, name, &Named::name);
        if (found == all.end()) return std::nullopt;
        return static_cast<std::size_t>(found - all.begin());
    };
    if (const auto exact = by_name(wanted)) return exact;
    try {
        SpeciesName name = parse_species_name(wanted);
        settle_site(mechanism, wanted, name);
        return by_name(canonical_name(name));
    } catch (const Error&) {
        return std::nullopt;  // not a name at all, so nothing has it
    }
}

}  // namespace

std::optional<std::size_t> Mechanism::find_species(std::string_view wanted) const {
    return find_named(*this, species, wanted);
}

std::optional<std::size_t> Mechanism::find_transition_state(std::string_view wanted) const {
    return find_named(*this, transition_states, wanted);
}

std::optional<std::size_t> Mechanism::find_site(std::string_view wanted) const {
    const auto found = std::ranges::find(sites, wanted, &Site::name);
    if (found == sites.end()) return std::nullopt;
    return static_cast<std::size_t>(found - sites.begin());
}

std::optional<std::size_t> Mechanism::find_step(std::string_view wanted) const {
    auto found = std::ranges::find(steps, wanted, &Step::name);
    if (found == steps.end()) found = std::ranges::find(steps, wanted, &Step::equation);
    if (found == steps.end()) return std::nullopt;
    return static_cast<std::size_t>(found - steps.begin());
}

void add_site(Mechanism& mechanism, Site site) {
    const auto is_alnum = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    const auto is_digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
    if (site.name.empty() || !std::ranges::all_of(site.name, is_alnum) ||
        is_digit(site.name.front()) || site.name == "g") {
        throw Error("a site cannot be called '" + site.name + "'",
                    "Use letters and digits, beginning with a letter; 'g' means the gas.");
    }
    if (mechanism.find_site(site.name)) {
        throw Error("the site '" + site.name + "' is there twice", "Remove or rename one of them.");
    }
    Species free_site;
    free_site.name = "*_" + site.name;
    free_site.kind = SpeciesKind::free_site;
    free_site.sites[site.name] = 1;
    mechanism.conditions.site_totals.push_back(site.total);
    mechanism.sites.push_back(std::move(site));
    append_species(mechanism, std::move(free_site));
}

std::size_t resolve_species(Mechanism& mechanism, std::string_view text) {
    if (const auto known = mechanism.find_species(text)) return *known;
    SpeciesName name = parse_species_name(text);
    settle_site(mechanism, text, name);
    Species species;
    species.name = canonical_name(name);
    species.composition = parse_formula(name.formula, mechanism.constants);
    if (name.site_count > 0) {
        species.kind = SpeciesKind::adsorbate;
        species.sites[name.site] = name.site_count;
    }
    return append_species(mechanism, std::move(species));
}

std::size_t declare_species(Mechanism& mechanism, Species species) {
    if (mechanism.find_species(species.name)) {
        throw Error("the species '" + species.name + "' is declared twice",
                    "Remove or rename one of them.");
    }
    for (const auto& [site, count] : species.sites) {
        if (!mechanism.find_site(site)) {
            throw Error("there is no site '" + site + "' for '" + species.name + "'",
                        "Declare it under sites, or use one of: " + site_names(mechanism) + ".");
        }
        if (count < 1) {
            throw Error("'" + species.name + "' occupies " + std::to_string(count) + " sites '" +
                            site + "'",
                        "Give a whole number of at least 1.");
        }
    }
    return append_species(mechanism, std::move(species));
}

std::size_t declare_transition_state(Mechanism& mechanism, TransitionState state) {
    if (mechanism.find_transition_state(state.name)) {
        throw Error("the transition state '" + state.name + "' is declared twice",
                    "Remove or rename one of them.");
    }
    mechanism.transition_states.push_back(std::move(state));
    mechanism.conditions.transition_state_energies.push_back(not_given);
    return mechanism.transition_states.size() - 1;
}

std::size_t add_step(Mechanism& mechanism, const Equation& equation, std::string name) {
    const bool unnamed = name.empty();
    Step step;
    step.name = unnamed ? equation.text : std::move(name);
    step.reversible = equation.reversible;
    step.initial = resolve_state(mechanism, equation.initial);
    step.final = resolve_state(mechanism, equation.final);

    const Inventory initial = inventory(mechanism, step.initial);
    check_balance(equation.text, initial, inventory(mechanism, step.final), "final");
    if (step.initial == step.final) {
        throw Error("'" + equation.text + "' changes nothing",
                    "Its two sides are the same; correct or remove the step.");
    }
    const std::string arrow = step.reversible ? " <-> " : " => ";
    step.equation = state_text(mechanism, step.initial) + arrow;
    if (!equation.transition.empty()) {
        step.transition_state = resolve_transition_state(mechanism, equation, initial);
        step.equation += mechanism.transition_states[*step.transition_state].name + arrow;
    }
    step.equation += state_text(mechanism, step.final);
    // The same step in another spelling is there twice as well, unless a name says that it is
    // meant.
    const bool again =
        std::ranges::find(mechanism.steps, step.name, &Step::name) != mechanism.steps.end() ||
        (unnamed && std::ranges::find(mechanism.steps, step.equation, &Step::equation) !=
                        mechanism.steps.end());
    if (again) {
        throw Error("the step '" + step.name + "' is there twice",
                    "Remove one, or give each a name of its own (name: ...).");
    }
    mechanism.steps.push_back(std::move(step));
    mechanism.conditions.barriers.push_back(not_given);
    mechanism.conditions.reaction_energies.push_back(not_given);
    return mechanism.steps.size() - 1;
}

int gas_molecules(const Mechanism& mechanism, const std::vector<StepTerm>& state) {
    int count = 0;
    for (const StepTerm& term : state) {
        if (mechanism.species[term.species].kind == SpeciesKind::gas) count += term.coefficient;
    }
    return count;
}

}  // namespace turnover
