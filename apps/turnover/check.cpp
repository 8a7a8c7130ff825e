// turnover check: what a model file says, in words, before anything is computed from it.
#include <algorithm>
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "command.hpp"
#include "step_constants.hpp"
#include "table.hpp"
#include "turnover/chemistry/parameter.hpp"
#include "turnover/chemistry/plausibility.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/map_uniqueness.hpp"

namespace turnover::program {

namespace {

std::string count(std::size_t n, const std::string& thing) {
    return fmt::format("{} {}{}", n, thing, n == 1 ? "" : "s");
}

std::string kind_of(const Species& species) {
    switch (species.kind) {
        case SpeciesKind::gas:
            return "gas";
        case SpeciesKind::adsorbate:
            return "adsorbate";
        case SpeciesKind::free_site:
            return "free site";
    }
    return {};
}

std::string describe_atoms(const Composition& atoms) {
    return atoms.empty() ? "-" : describe(atoms);
}

std::string describe_sites(const SiteCount& sites) {
    std::string text;
    for (const auto& [site, n] : sites)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", n, site);
    return text.empty() ? "-" : text;
}

std::string site_table(const Mechanism& mechanism) {
    Table table({"Sites", "total", "area / m^2", "name"});
    for (const Site& site : mechanism.sites) {
        table.add({site.name, fmt::format("{:.6g}", site.total),
                   site.area > 0.0 ? fmt::format("{:.6g}", site.area) : "-", site.label});
    }
    return table.text();
}

std::string species_table(const Mechanism& mechanism) {
    Table table({"Species", "kind", "atoms", "sites", "pressure / Pa"});
    for (std::size_t i = 0; i < mechanism.species.size(); ++i) {
        const Species& species = mechanism.species[i];
        const double pressure = mechanism.conditions.pressures[i];
        table.add({species.name, kind_of(species), describe_atoms(species.composition),
                   describe_sites(species.sites),
                   std::isnan(pressure) ? "-" : fmt::format("{:.6g}", pressure)});
    }
    return table.text();
}

/// A step's equation as the field writes it, IS <-> TS -> FS: its canonical text has the same arrow
/// before and after the transition state.
std::string as_written(const Step& step) {
    std::string text = step.equation;
    if (!step.reversible) return text;
    return text.replace(text.rfind("<->"), 3, "->");
}

/// Atoms and sites of one side of a step; the other side has the same, or the file was refused.
std::string step_table(const Mechanism& mechanism) {
    Table table({"Steps (balanced)", "atoms", "sites", "direction"});
    for (const Step& step : mechanism.steps) {
        Composition atoms;
        SiteCount sites;
        for (const StepTerm& term : step.initial) {
            const Species& species = mechanism.species[term.species];
            for (const auto& [element, n] : species.composition)
                atoms[element] += n * term.coefficient;
            for (const auto& [site, n] : species.sites) sites[site] += n * term.coefficient;
        }
        // A step that the user gave no name is called by its equation.
        const bool named = step.name.find('>') == std::string::npos;
        table.add({named ? step.name + ": " + as_written(step) : step.name, describe_atoms(atoms),
                   describe_sites(sites), step.reversible ? "reversible" : "irreversible"});
    }
    return table.text();
}

/// 10^exponent with three digits, however large or small.
std::string power_of_ten(double exponent) {
    if (!std::isfinite(exponent)) return "-";
    double whole = std::floor(exponent);
    double digits = std::round(std::pow(10.0, exponent - whole) * 100.0) / 100.0;
    if (digits >= 10.0) {
        digits /= 10.0;
        whole += 1.0;
    }
    return fmt::format("{:.2f}e{:+03d}", digits, static_cast<long>(whole));
}

/// What drives each step and how fast it is, at the conditions of the file.
std::string constant_table(const Mechanism& mechanism) {
    Table table({fmt::format("Steps at {:.6g} K", mechanism.conditions.temperature), "dG / eV", "K",
                 "k forward", "unit", "k reverse", "unit"});
    for (const StepConstants& step : step_constants(mechanism, mechanism.conditions)) {
        const bool back = !std::isnan(step.log10_equilibrium);
        table.add({step.name,
                   std::isnan(step.gibbs_energy) ? "-" : fmt::format("{:.3f}", step.gibbs_energy),
                   power_of_ten(step.log10_equilibrium), fmt::format("{:.3e}", step.forward),
                   step.forward_unit, back ? fmt::format("{:.3e}", step.reverse) : "-",
                   back ? step.reverse_unit : "-"});
    }
    return table.text() +
           fmt::format("  Standard state of dG and K: gases at {:.6g} bar, coverages of 1\n",
                       mechanism.standard_pressure / 1e5);
}

std::string law_list(const Network& network) {
    std::string text = "  Conserved\n";
    const PointKinetics point = network.at(network.mechanism().conditions);
    for (std::size_t l = 0; l < network.conservation_laws().size(); ++l) {
        const ConservationLaw& law = network.conservation_laws()[l];
        std::string sum;
        for (const int k : network.unknown_order()) {
            const auto i = static_cast<std::size_t>(k);
            const int c = law.coefficients[i];
            if (c == 0) continue;
            sum += sum.empty() ? (c < 0 ? "-" : "") : (c < 0 ? " - " : " + ");
            if (std::abs(c) != 1) sum += fmt::format("{} ", std::abs(c));
            sum += network.unknown_names()[i];
        }
        text += fmt::format("  {} = {:.6g}\n", sum, point.totals[l]);
    }
    return text;
}

std::string axis_table(const Grid& grid) {
    if (grid.axes().empty()) return "  No map: one point\n";
    Table table({"Axes", "points", "from", "to", "unit", "spacing"});
    for (const Axis& axis : grid.axes()) {
        table.add({axis.path, fmt::format("{}", axis.values.size()),
                   fmt::format("{:.6g}", axis.values.front()),
                   fmt::format("{:.6g}", axis.values.back()), axis.unit.empty() ? "-" : axis.unit,
                   axis.spacing == Spacing::linear        ? "linear"
                   : axis.spacing == Spacing::logarithmic ? "logarithmic"
                                                          : "listed"});
    }
    return table.text() + fmt::format("  {} in all\n", count(grid.size(), "point"));
}

/// Where `turnover map --branches` starts from.
std::string surface_list(const Network& network) {
    std::string names;
    for (const StartingSurface& surface : network.surfaces()) {
        names += (names.empty() ? "" : ", ") + surface.name;
    }
    return "  Surfaces that --branches starts from: " + names + "\n";
}

/// Whether there may be several steady states, in words for whoever wants to know what to do.
std::string describe_states(const Uniqueness& states) {
    if (states.count == SteadyStateCount::one_reached || states.count == SteadyStateCount::one) {
        return "  " + states.describe() + "\n";
    }
    return fmt::format(
        "  One or several: that this surface ends in the same state whatever it starts from "
        "(clean,\n"
        "  poisoned, ...) cannot be told from its reactions alone. `turnover map --branches` "
        "starts\n"
        "  from several surfaces and reports every state that it finds.\n  ({}: {})\n",
        states.count == SteadyStateCount::not_shown ? "Why" : "Not examined", states.reason);
}

/// What is unusual in the numbers, at the conditions of the file and at both ends of each axis.
std::string warning_list(const Model& model) {
    const Mechanism& mechanism = model.network.mechanism();
    std::vector<std::string> warnings = implausible(mechanism, mechanism.conditions);
    for (const Axis& axis : model.grid.axes()) {
        const auto [low, high] = std::ranges::minmax(axis.values);
        for (const double end : {low, high}) {
            Conditions conditions = mechanism.conditions;
            parameter_value(conditions, axis.parameter) = end * axis.unit_factor;
            for (const std::string& warning : implausible(mechanism, conditions)) {
                if (std::ranges::find(warnings, warning) == warnings.end()) {
                    warnings.push_back(warning);
                }
            }
        }
    }
    std::string text = warnings.empty() ? "" : "\n  Warnings\n";
    for (const std::string& warning : warnings) text += "  - " + warning + "\n";
    return text;
}

int run_check(const std::string& path) {
    const Model model = read_model(path, {.settings = {}, .points = {}, .branches = true});
    const Mechanism& mechanism = model.network.mechanism();
    fmt::print("{}: {}, {:.6g} K\n\n{}\n{}\n{}\n{}\n{}\n{}{}\n  Steady states\n{}{}", model.title,
               count(mechanism.steps.size(), "step"), mechanism.conditions.temperature,
               site_table(mechanism), species_table(mechanism), step_table(mechanism),
               constant_table(mechanism), law_list(model.network), axis_table(model.grid),
               surface_list(model.network),
               describe_states(examine_uniqueness(model.network, model.grid)), warning_list(model));
    return all_converged;
}

}  // namespace

void add_check_command(CLI::App& app, Action& action) {
    auto model = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("check", "read a model file and tell what it says");
    add_model_argument(*command, *model);
    command->footer("Examples:\n  turnover check examples/01_co_oxidation/model.yaml");
    command->callback([model, &action] { action = [model] { return run_check(*model); }; });
}

}  // namespace turnover::program
