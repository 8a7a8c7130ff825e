// `reactions` of a model file.

#include <algorithm>

#include <fmt/format.h>

#include "turnover/io/model_sections.hpp"
#include "turnover/io/model_values.hpp"

namespace turnover {

namespace {

const std::vector<std::string> theories{"transition-state", "collision", "arrhenius"};
const std::vector<std::string> keys_of_all{"equation", "name", "theory", "reversible"};

/// Keys of each theory, in the order of `theories`, besides keys_of_all.
const std::vector<std::string> keys_of_theory[] = {
    {"transmission-coefficient", "barrier", "reaction-energy", "free-energy-barrier",
     "reaction-free-energy"},
    {"sticking-coefficient", "area", "barrier", "reaction-energy", "free-energy-barrier",
     "reaction-free-energy"},
    {"forward", "reverse", "equilibrium-constant", "reaction-energy", "reaction-free-energy"},
};

std::vector<std::string> keys_of_any_theory() {
    std::vector<std::string> keys;
    for (const std::vector<std::string>& more : keys_of_theory) {
        for (const std::string& key : more) {
            if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
        }
    }
    return keys;
}

/// A step's entry in the file, with what its parts need of each other.
struct StepReader {
    const YamlMap& entry;
    Mechanism& mechanism;
    std::size_t index;

    [[nodiscard]] Step& step() const { return mechanism.steps[index]; }
    [[nodiscard]] const Constants& constants() const { return mechanism.constants; }

    void read(const std::string& theory) const {
        if (theory == "collision") {
            read_collision();
            read_energies();
        } else if (theory == "arrhenius") {
            read_arrhenius();
        } else {
            TransitionStateTheory tst;
            if (const YamlEntry* kappa = entry.find("transmission-coefficient")) {
                tst.transmission = read_positive(kappa->value, dimension::none, constants(), "1.0");
            }
            step().theory = tst;
            read_energies();
        }
    }

    void read_collision() const {
        CollisionTheory collision;
        if (const YamlEntry* sticking = entry.find("sticking-coefficient")) {
            collision.sticking =
                read_positive(sticking->value, dimension::none, constants(), "0.5");
            if (*collision.sticking > 1.0) {
                throw sticking->value.error("a sticking coefficient above 1",
                                            "Write the share of collisions that stick, up to 1.");
            }
        }
        if (const YamlEntry* area = entry.find("area")) {
            collision.area =
                read_positive(area->value, dimension::area, constants(), "9.0e-20 m^2");
        }
        step().theory = collision;
    }

    /// Fails when `one` and `other` are both there.
    void exclude(const char* one, const char* other, const std::string& advice) const {
        const YamlEntry* first = entry.find(one);
        const YamlEntry* second = entry.find(other);
        if (first == nullptr || second == nullptr) return;
        throw second->error("'" + std::string(other) + "' does not go with '" + one + "'", advice);
    }

    /// Fails when `key` is there without `needed`.
    void require(const char* key, const char* needed, const std::string& advice) const {
        if (entry.find(key) == nullptr || entry.find(needed) != nullptr) return;
        throw entry.node().error("'" + std::string(needed) + "' is missing beside '" + key + "'",
                                 advice);
    }

    /// Relative energies of the step, or else those of the species.
    void read_energies() const {
        const std::string either =
            "Give 'barrier' and 'reaction-energy' (thermochemistry is added), or "
            "'free-energy-barrier' and 'reaction-free-energy' (taken as they are).";
        exclude("barrier", "free-energy-barrier", either);
        exclude("barrier", "reaction-free-energy", either);
        exclude("reaction-energy", "free-energy-barrier", either);
        exclude("reaction-energy", "reaction-free-energy", either);
        if (!std::holds_alternative<CollisionTheory>(step().theory)) {
            require("reaction-energy", "barrier",
                    "Write it, 'barrier: 0 eV' for a step without one.");
            require("reaction-free-energy", "free-energy-barrier",
                    "Write it, 'free-energy-barrier: 0 eV' for a step without one.");
        }
        if (step().reversible) {
            require("free-energy-barrier", "reaction-free-energy",
                    "The reverse direction needs it; an irreversible step is written with '=>'.");
        }
        step().energy_source = EnergySource::species;
        read_relative("barrier", "reaction-energy", EnergySource::relative);
        read_relative("free-energy-barrier", "reaction-free-energy", EnergySource::relative_free);
        // A barrier alone: the reverse direction follows from the energies of the species.
        if (step().reversible && entry.find("barrier") != nullptr &&
            entry.find("reaction-energy") == nullptr) {
            step().energy_source = EnergySource::species;
        }
    }

    void read_relative(const char* barrier, const char* reaction_energy,
                       EnergySource source) const {
        if (const YamlEntry* found = entry.find(barrier)) {
            step().energy_source = source;
            mechanism.conditions.barriers[index] = read_energy(found->value, constants());
        }
        if (const YamlEntry* found = entry.find(reaction_energy)) {
            step().energy_source = source;
            mechanism.conditions.reaction_energies[index] =
                read_energy(found->value, constants(), "-0.46 eV");
        }
    }

    void read_arrhenius() const {
        const std::string one_of =
            "The reverse direction takes one of 'reverse', 'equilibrium-constant', "
            "'reaction-energy' and 'reaction-free-energy', or the energies of the species.";
        constexpr const char* ways[] = {"reverse", "equilibrium-constant", "reaction-energy",
                                        "reaction-free-energy"};
        for (const char* way : ways) {
            if (const YamlEntry* found = entry.find(way); found != nullptr && !step().reversible) {
                throw found->error(
                    "'" + std::string(way) + "' does not go with an irreversible step",
                    "Remove it, or write the step with '->'.");
            }
            for (const char* other : ways) {
                if (way != other) exclude(way, other, one_of);
            }
        }

        ArrheniusTheory arrhenius;
        const YamlNode& forward =
            entry.at("forward", "Write it as in 1e13 1/s or {A: 1e13 1/s, b: 0, Ea: 0.8 eV}.");
        arrhenius.forward = read_direction(forward, step().initial);
        if (forward.is_map()) {  // lets an axis vary the activation energy
            mechanism.conditions.barriers[index] = arrhenius.forward.activation_energy;
        }
        if (const YamlEntry* found = entry.find("reverse")) {
            arrhenius.reverse = read_direction(found->value, step().final);
        } else if (const YamlEntry* constant = entry.find("equilibrium-constant")) {
            arrhenius.equilibrium_constant = read_equilibrium_constant(constant->value);
        } else if (step().reversible) {
            step().energy_source = EnergySource::species;
            if (const YamlEntry* energy = entry.find("reaction-energy")) {
                step().energy_source = EnergySource::relative;
                mechanism.conditions.reaction_energies[index] =
                    read_energy(energy->value, constants(), "-0.46 eV");
            } else if (const YamlEntry* free_energy = entry.find("reaction-free-energy")) {
                step().energy_source = EnergySource::relative_free;
                mechanism.conditions.reaction_energies[index] =
                    read_energy(free_energy->value, constants(), "-0.46 eV");
            }
        }
        step().theory = arrhenius;
    }

    /// "1e13 1/s" or "{A: 1e13 1/s, b: 0, Ea: 0.8 eV}" for the direction that consumes `state`.
    [[nodiscard]] ArrheniusExpression read_direction(const YamlNode& node,
                                                     const std::vector<StepTerm>& state) const {
        const int gases = gas_molecules(mechanism, state);
        ArrheniusExpression expression;
        if (!node.is_map()) {
            expression.prefactor = read_rate_constant(node, gases);
            return expression;
        }
        const YamlMap map = node.map("a map {A, b, Ea}", {"A", "b", "Ea"});
        const std::string advice = "Write it as in {A: 1e13 1/s, b: 0, Ea: 0.8 eV}.";
        expression.prefactor = read_rate_constant(map.at("A", advice), gases);
        expression.activation_energy = read_energy(map.at("Ea", advice), constants(), "0.8 eV");
        if (const YamlEntry* b = map.find("b")) {
            expression.temperature_exponent = read_number(b->value, constants(), "0.5");
        }
        return expression;
    }

    /// In 1/(s Pa^gases).
    [[nodiscard]] double read_rate_constant(const YamlNode& node, int gases) const {
        std::string example = "1e13 1/s";
        if (gases == 1) example = "9.0e7 1/(s atm)";
        if (gases > 1) example = "9.0e7 1/(s atm^" + std::to_string(gases) + ")";
        const Quantity quantity = read_quantity(node, constants(), example);
        if (quantity.unit.dimension != dimension::rate_constant(gases)) {
            const std::string given = quantity.unit.text.empty() ? "no unit" : quantity.unit.text;
            std::string consumed = std::to_string(gases) + " gas molecules";
            if (gases == 0) consumed = "no gas";
            if (gases == 1) consumed = "one gas molecule";
            throw node.error("this direction consumes " + consumed + ", so the unit is " +
                                 example.substr(example.find(' ') + 1) + " or like it, not " +
                                 given,
                             "Write it as in " + example + ".");
        }
        if (!(quantity.si() > 0.0)) {
            throw node.error("a rate constant must be greater than zero",
                             "An irreversible step is written with '=>'.");
        }
        return quantity.si();
    }

    [[nodiscard]] double read_equilibrium_constant(const YamlNode& node) const {
        const int change =
            gas_molecules(mechanism, step().final) - gas_molecules(mechanism, step().initial);
        std::string example = "1e5";
        if (change == -1) example = "1e5 1/atm";
        if (change == 1) example = "1e-5 atm";
        if (change < -1) example = "1e5 1/atm^" + std::to_string(-change);
        if (change > 1) example = "1e-5 atm^" + std::to_string(change);
        const Dimension pressure = dimension::pressure;
        return read_positive(node,
                             {.mass = change * pressure.mass,
                              .length = change * pressure.length,
                              .time = change * pressure.time},
                             constants(), example);
    }
};

/// One step: "CO_g + *_s -> CO_s", or a map with an equation.
void read_step(const YamlNode& item, ModelDraft& draft) {
    Mechanism& mechanism = draft.mechanism;
    if (item.is_text()) {
        at_node(item, [&] {
            add_step(mechanism, parse_equation(item.text("an equation")));
            mechanism.steps.back().energy_source = EnergySource::species;
        });
        draft.step_places.push_back(item.place());
        return;
    }
    const YamlMap entry = item.map("an equation, or a map such as {equation: CO_g + *_s -> CO_s}");
    // A misspelt key first: without it (`theroy: collision`) others seem to be out of place.
    entry.allow(keys_of_all, keys_of_any_theory());
    std::size_t theory = 0;
    if (const YamlEntry* found = entry.find("theory")) theory = read_choice(found->value, theories);
    std::vector<std::string> known = keys_of_all;
    known.insert(known.end(), keys_of_theory[theory].begin(), keys_of_theory[theory].end());
    for (const YamlEntry& one : entry.entries()) {
        if (std::ranges::find(known, one.key) != known.end()) continue;
        for (std::size_t other = 0; other < theories.size(); ++other) {
            if (std::ranges::find(keys_of_theory[other], one.key) == keys_of_theory[other].end())
                continue;
            throw one.error(
                "'" + one.key + "' means nothing with 'theory: " + theories[theory] + "'",
                "It belongs to 'theory: " + theories[other] + "'; here go " +
                    fmt::format("{}.", fmt::join(keys_of_theory[theory], ", ")));
        }
    }

    const YamlNode& text = entry.at("equation", "Write it as in 'equation: CO_g + *_s -> CO_s'.");
    const YamlEntry* name = entry.find("name");
    std::string step_name;
    if (name != nullptr) {
        step_name = name->value.text("a name such as CO adsorption");
        if (step_name.empty()) throw name->value.error("an empty name", "Remove it or write one.");
        if (mechanism.find_step(step_name)) {
            throw name->value.error("there is a step of this name already", "Write another name.");
        }
    }
    std::size_t index = 0;
    at_node(text, [&] {
        Equation equation = parse_equation(text.text("an equation such as CO_g + *_s -> CO_s"));
        if (const YamlEntry* reversible = entry.find("reversible")) {
            if (read_flag(reversible->value)) {
                if (!equation.reversible) {
                    throw reversible->value.error("'reversible: true' contradicts '=>'",
                                                  "Write '->' in the equation.");
                }
            } else {
                equation.reversible = false;
            }
        }
        index = add_step(mechanism, equation, step_name);
    });
    draft.step_places.push_back(item.place());
    StepReader{entry, mechanism, index}.read(theories[theory]);
}

}  // namespace

void read_reactions(const YamlMap& model, ModelDraft& draft) {
    const YamlNode& section = model.at(
        "reactions", "Write a list of steps, as in '- {equation: CO_g + *_s -> CO_s, ...}'.");
    FirstError errors;
    for (const YamlNode& item : section.list("a list of steps")) {
        errors.attempt([&] { read_step(item, draft); });
    }
    errors.raise();
}

}  // namespace turnover
