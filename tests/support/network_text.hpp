#pragma once

#include <cstddef>
#include <string>

#include <fmt/format.h>

#include "turnover/kinetics/network.hpp"

namespace turnover::test {

/// One point of a network as the C++ that makes it again, bit by bit, with network_of of
/// tests/steady/networks.hpp: pressures are folded into the rate constants, all gases have 1 Pa.
[[nodiscard]] inline std::string point_as_code(const Network& network, const PointKinetics& point) {
    const Mechanism& mechanism = network.mechanism();
    std::string text = "{.reactions = {";
    for (int j = 0; j < network.steps(); ++j) {
        const auto s = static_cast<std::size_t>(j);
        const Step& step = mechanism.steps[network.mechanism_step(j)];
        // The equation without its transition state.
        const auto side = [&](const std::vector<StepTerm>& terms) {
            std::string sum;
            for (const StepTerm& term : terms) {
                sum += (sum.empty() ? "" : " + ") +
                       (term.coefficient > 1 ? std::to_string(term.coefficient) : "") +
                       mechanism.species[term.species].name;
            }
            return sum;
        };
        text += fmt::format("{}{{\"{} {} {}\", {:.17g}, {:.17g}}}", j == 0 ? "" : ",\n    ",
                            side(step.initial), step.reversible ? "<->" : "=>", side(step.final),
                            point.forward[s], point.reverse[s]);
    }
    text += "},\n .pressures = {";
    for (int g = 0; g < network.gases(); ++g) {
        text += fmt::format("{}{{\"{}\", 1.0}}", g == 0 ? "" : ", ",
                            network.gas_names()[static_cast<std::size_t>(g)]);
    }
    text += "},\n .totals = {";
    std::string comma;
    for (const Site& site : mechanism.sites) {
        text += fmt::format("{}{{\"{}\", {:.17g}}}", comma, site.name, site.total);
        comma = ", ";
    }
    text += "},\n .initial = {";
    comma.clear();
    for (const auto& [name, coverage] : network.initial()) {
        text += fmt::format("{}{{\"{}\", {:.17g}}}", comma, name, coverage);
        comma = ", ";
    }
    text += "},\n .declared = {";
    comma.clear();
    for (const Species& species : mechanism.species) {
        if (species.kind != SpeciesKind::adsorbate) continue;
        if (species.sites.size() == 1) continue;  // the name tells
        text += fmt::format("{}{{\"{}\", SpeciesKind::adsorbate, {{}}, {{", comma, species.name);
        std::string inner;
        for (const auto& [site, count] : species.sites) {
            text += fmt::format("{}{{\"{}\", {}}}", inner, site, count);
            inner = ", ";
        }
        text += "}}";
        comma = ", ";
    }
    return text + "}}";
}

}  // namespace turnover::test
