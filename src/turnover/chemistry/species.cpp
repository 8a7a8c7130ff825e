#include "turnover/chemistry/species.hpp"

#include <algorithm>
#include <cctype>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

[[noreturn]] void fail(std::string_view text, const std::string& what) {
    throw Error("cannot read the species name '" + std::string(text) + "': " + what,
                "Names look like CO_g (gas), CO_s or CO* (adsorbate on site s), HCOO_2s (on two "
                "sites), *_s (free site).");
}

bool is_word(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0;
    });
}

/// Reads "s", "2s" or "g" behind an underscore.
void read_site(std::string_view text, std::string_view site, SpeciesName& name) {
    name.site_count = 1;
    std::size_t digits = 0;
    while (digits < site.size() && std::isdigit(static_cast<unsigned char>(site[digits])) != 0) {
        ++digits;
    }
    if (digits > 2) fail(text, "more than 99 sites");
    if (digits > 0) name.site_count = std::stoi(std::string(site.substr(0, digits)));
    name.site = std::string(site.substr(digits));
    if (!is_word(name.site)) fail(text, "the site after '_' is missing or has odd characters");
    if (name.site == "g") {
        if (digits > 0) fail(text, "a gas occupies no sites");
        name.site_count = 0;
    } else if (name.site_count == 0) {
        fail(text, "an adsorbate on no sites");
    }
}

}  // namespace

SpeciesName parse_species_name(std::string_view text) {
    SpeciesName name;
    if (text.empty()) fail(text, "it is empty");
    if (const auto bar = text.rfind('_'); bar != std::string_view::npos) {
        name.formula = std::string(text.substr(0, bar));
        read_site(text, text.substr(bar + 1), name);
    } else if (text.ends_with('*')) {
        const auto stars = text.size() - (text.find_last_not_of('*') + 1);
        name.formula = std::string(text.substr(0, text.size() - stars));
        name.site_count = static_cast<int>(stars);
    } else if (text.ends_with(')') && text.rfind('(') != std::string_view::npos) {
        const auto open = text.rfind('(');
        name.formula = std::string(text.substr(0, open));
        read_site(text, text.substr(open + 1, text.size() - open - 2), name);
    } else {
        fail(text, "it does not say whether it is a gas (_g) or on which site it sits (_s)");
    }
    if (name.formula.empty() && text.ends_with('*')) {
        if (name.site_count != 1) fail(text, "write several free sites as 2*");
        return name;
    }
    if (name.formula == "*") {
        if (name.site == "g" || name.site_count != 1) fail(text, "a free site is written *_s");
        name.formula.clear();
        return name;
    }
    if (name.formula.empty()) fail(text, "the formula before the site is missing");
    if (name.formula.find_first_of("*_ \t") != std::string::npos) {
        fail(text, "'*' and '_' may stand only before the site");
    }
    return name;
}

std::string canonical_name(const SpeciesName& name) {
    if (name.site_count == 0) return name.formula + "_g";
    if (name.formula.empty()) return "*_" + name.site;
    const std::string count = name.site_count == 1 ? "" : std::to_string(name.site_count);
    return name.formula + "_" + count + name.site;
}

}  // namespace turnover
