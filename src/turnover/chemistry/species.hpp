#pragma once

#include <map>
#include <string>
#include <string_view>

#include "turnover/chemistry/formula.hpp"

namespace turnover {

enum class SpeciesKind { gas, adsorbate, free_site };

/// Number of sites of each type that one adsorbate (or transition state) occupies.
using SiteCount = std::map<std::string, int, std::less<>>;

/// A gas, an adsorbate or a free site. (A transition state is no species of the mechanism: it has a
/// composition and an energy, but no coverage; see `Step::transition_state`.)
struct Species {
    std::string name;  ///< canonical: "CO_g", "CO_s", "HCOO_2s", "*_s"
    SpeciesKind kind = SpeciesKind::gas;
    Composition composition;
    SiteCount sites;  ///< empty for a gas

    friend bool operator==(const Species&, const Species&) = default;
};

/// What a species' name says. The grammar (docs/model-file.md, "Names"):
///
///   CO_g            gas                      CO_s, CO_2s    adsorbate on one or two sites `s`
///   *_s             free site `s`            CO*, CO**      adsorbate on one, two default sites
///   *               free default site        CO(g), CO(S)   gas; adsorbate on site `s` or `S`
///
/// `formula` is what stands before the site part, "" for a free site.
struct SpeciesName {
    std::string formula;
    std::string site;    ///< "" = the only site type of the mechanism; "g" = gas
    int site_count = 0;  ///< 0 for a gas
};

/// Splits a name by the grammar above. Throws Error for text that fits none of it.
[[nodiscard]] SpeciesName parse_species_name(std::string_view text);

/// The canonical name: "CO_g", "CO_s", "CO_2s", "*_s".
[[nodiscard]] std::string canonical_name(const SpeciesName& name);

}  // namespace turnover
