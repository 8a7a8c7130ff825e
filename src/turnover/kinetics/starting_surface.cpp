#include "turnover/kinetics/starting_surface.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "turnover/kinetics/network.hpp"

namespace turnover {

namespace {

std::string name_of(const std::map<std::string, double>& coverages) {
    std::string name;
    for (const auto& [adsorbate, coverage] : coverages) {
        if (coverage == 0.0) continue;
        name += fmt::format("{}{} {}", name.empty() ? "" : " + ", coverage, adsorbate);
    }
    return name.empty() ? "clean" : name;
}

bool is_clean(const std::map<std::string, double>& coverages) {
    return std::ranges::all_of(coverages, [](const auto& entry) { return entry.second == 0.0; });
}

/// Amounts of what no step changes, site totals left out, at the base conditions.
std::vector<double> conserved_amounts(const Network& network, const StartingSurface& surface) {
    const std::vector<double> all =
        network.with_surfaces({surface}).at(network.mechanism().conditions).totals;
    return {all.begin() + network.sites(), all.end()};
}

bool same_amounts(const std::vector<double>& a, const std::vector<double>& b) {
    return std::ranges::equal(a, b, [](double x, double y) {
        return std::abs(x - y) <= 1e-9 * std::max({1.0, std::abs(x), std::abs(y)});
    });
}

/// The adsorbates of one composition that together fill the most site types, one a type, in the
/// order of the file.
std::vector<std::string> alike_on_other_sites(const Network& network,
                                              const Composition& composition) {
    std::vector<std::string> fillers;
    SiteCount taken;
    for (const int i : network.unknown_order()) {
        if (i >= network.adsorbates()) continue;
        const Species& species = network.mechanism().species[network.unknown_species(i)];
        if (species.composition != composition) continue;
        const bool meets = std::ranges::any_of(
            species.sites, [&](const auto& site) { return taken.contains(site.first); });
        if (meets) continue;
        taken.insert(species.sites.begin(), species.sites.end());
        fillers.push_back(species.name);
    }
    return fillers;
}

/// What is tried by itself: the clean surface and those filled by adsorbates.
std::vector<std::vector<std::string>> fillings(const Network& network) {
    std::vector<std::vector<std::string>> all{{}};
    std::vector<Composition> compositions;
    for (const int i : network.unknown_order()) {
        if (i >= network.adsorbates()) continue;
        const Species& species = network.mechanism().species[network.unknown_species(i)];
        all.push_back({species.name});
        if (!species.composition.empty() &&
            std::ranges::find(compositions, species.composition) == compositions.end()) {
            compositions.push_back(species.composition);
        }
    }
    if (network.sites() == 1) return all;
    for (const Composition& composition : compositions) {
        std::vector<std::string> fillers = alike_on_other_sites(network, composition);
        if (fillers.size() > 1) all.push_back(std::move(fillers));
    }
    return all;
}

}  // namespace

std::vector<StartingSurface> branch_surfaces(
    const Network& network, const std::vector<std::map<std::string, double>>& listed) {
    const StartingSurface& stated = network.surfaces().front();
    std::vector<StartingSurface> surfaces{stated};
    const auto add = [&](StartingSurface surface) {
        const bool known = std::ranges::any_of(surfaces, [&](const StartingSurface& other) {
            return other.name == surface.name ||
                   (other.coverages == surface.coverages && other.filled_by == surface.filled_by);
        });
        if (!known) surfaces.push_back(std::move(surface));
    };

    const std::vector<double> amounts = conserved_amounts(network, stated);
    for (const std::vector<std::string>& fillers : fillings(network)) {
        std::string name = fmt::format("{}", fmt::join(fillers, " + "));
        if (fillers.empty()) name = "clean";
        if (fillers.empty() && is_clean(stated.coverages)) continue;
        for (const auto& below : {std::map<std::string, double>{}, stated.coverages}) {
            const StartingSurface surface{name, below, fillers};
            if (!same_amounts(conserved_amounts(network, surface), amounts)) continue;
            add(surface);
            break;
        }
    }
    for (const std::map<std::string, double>& coverages : listed) {
        add({name_of(coverages), coverages, {}});
    }
    return surfaces;
}

}  // namespace turnover
