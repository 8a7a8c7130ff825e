#include "turnover/steady/uniqueness.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "turnover/base/index.hpp"
#include "turnover/steady/sign_test.hpp"

namespace turnover {

namespace {

/// The live part as reactions that run in one direction each, its unknowns renumbered.
struct Structure {
    Structure(const Network& network, const LiveNetwork& live) {
        const std::size_t n = live.unknowns.size();
        reactions.change.resize(n);
        reactions.order.resize(n);
        for (int j = 0; j < network.steps(); ++j) {
            const NetworkStep& step = network.step_terms()[at(j)];
            if (live.forward[at(j)]) add(network, live, step.forward, step.reverse);
            if (live.reverse[at(j)]) add(network, live, step.reverse, step.forward);
        }
        for (const LiveLaw& law : live.laws) {
            std::vector<int> row;
            for (const int i : live.unknowns) row.push_back(law.coefficients[at(i)]);
            laws.push_back(std::move(row));
        }
        free = static_cast<int>(n - laws.size());
    }

    Reactions reactions;
    IntegerMatrix laws;
    std::vector<std::vector<int>> from, to;  ///< complexes: particles per unknown, by reaction
    int free = 0;  ///< coverages that the laws leave free: the rank of the stoichiometry

private:
    void add(const Network& network, const LiveNetwork& live, const std::vector<Power>& reactants,
             const std::vector<Power>& products) {
        const auto complex = [&](const std::vector<Power>& powers) {
            std::vector<int> particles(at(network.unknowns()), 0);
            for (const Power& p : powers) particles[at(p.unknown)] += p.exponent;
            std::vector<int> of_live;
            for (const int i : live.unknowns) of_live.push_back(particles[at(i)]);
            return of_live;
        };
        from.push_back(complex(reactants));
        to.push_back(complex(products));
        for (std::size_t i = 0; i < live.unknowns.size(); ++i) {
            reactions.order[i].push_back(from.back()[i]);
            reactions.change[i].push_back(to.back()[i] - from.back()[i]);
        }
        ++reactions.count;
    }
};

/// Whether the laws are site totals, which bound every coverage.
bool bounded_by_sites(const Network& network, const LiveNetwork& live) {
    if (static_cast<int>(live.laws.size()) != network.sites()) return false;
    for (const LiveLaw& law : live.laws) {
        const bool negative = std::ranges::any_of(law.coefficients, [](int c) { return c < 0; });
        if (!law.of_network || negative) return false;
    }
    return std::ranges::all_of(live.unknowns, [&](int i) {
        return std::ranges::any_of(live.laws,
                                   [&](const LiveLaw& law) { return law.coefficients[at(i)] > 0; });
    });
}

// ---- existence -----------------------------------------------------------------------------

enum class Siphons { none, some, too_many };

/// Whether some unknowns can run empty for good while every site type keeps something: at least one
/// unknown of each type must then be outside the set, so all choices of those are tried.
Siphons dangerous_siphons(const Network& network, const LiveNetwork& live,
                          std::vector<bool>& siphon) {
    constexpr long most_choices = 20000;
    std::vector<std::vector<int>> of_site;
    long choices = 1;
    for (const LiveLaw& law : live.laws) {
        of_site.emplace_back();
        for (const int i : live.unknowns) {
            if (law.coefficients[at(i)] != 0) of_site.back().push_back(i);
        }
        choices *= static_cast<long>(of_site.back().size());
        if (choices > most_choices) return Siphons::too_many;
    }
    for (long choice = 0; choice < choices; ++choice) {
        std::vector<bool> candidates(at(network.unknowns()), true);
        long rest = choice;
        for (const auto& members : of_site) {
            const auto count = static_cast<long>(members.size());
            candidates[at(members[static_cast<std::size_t>(rest % count)])] = false;
            rest /= count;
        }
        siphon = largest_siphon(network, live, std::move(candidates));
        if (std::ranges::find(siphon, true) != siphon.end()) return Siphons::some;
    }
    return Siphons::none;
}

std::string names_in(const Network& network, const std::vector<bool>& set) {
    std::string names;
    for (int i = 0; i < network.unknowns(); ++i) {
        if (!set[at(i)]) continue;
        names += (names.empty() ? "" : ", ") + network.unknown_names()[at(i)];
    }
    return names;
}

// ---- uniqueness and convergence ------------------------------------------------------------

bool first_order(const Structure& structure) {
    return std::ranges::all_of(structure.from, [](const std::vector<int>& complex) {
        return std::accumulate(complex.begin(), complex.end(), 0) == 1;
    });
}

/// Deficiency zero and weakly reversible. The deficiency is complexes - linkage classes - rank.
bool complex_balanced(const Structure& structure) {
    std::map<std::vector<int>, std::size_t> number;
    std::vector<std::pair<std::size_t, std::size_t>> edges;
    const auto number_of = [&](const std::vector<int>& complex) {
        return number.try_emplace(complex, number.size()).first->second;
    };
    for (std::size_t r = 0; r < structure.from.size(); ++r) {
        const std::size_t reactants = number_of(structure.from[r]);
        edges.emplace_back(reactants, number_of(structure.to[r]));
    }
    const std::size_t count = number.size();
    std::vector<std::vector<bool>> leads(count, std::vector<bool>(count, false));
    for (std::size_t c = 0; c < count; ++c) leads[c][c] = true;
    for (const auto& [a, b] : edges) leads[a][b] = true;
    for (std::size_t over = 0; over < count; ++over) {
        for (std::size_t a = 0; a < count; ++a) {
            if (!leads[a][over]) continue;
            for (std::size_t b = 0; b < count; ++b) leads[a][b] = leads[a][b] || leads[over][b];
        }
    }
    const bool weakly_reversible = std::ranges::all_of(
        edges, [&](const auto& edge) { return leads[edge.second][edge.first]; });
    if (!weakly_reversible) return false;
    std::size_t classes = 0;  // each counted at its first complex
    for (std::size_t c = 0; c < count; ++c) {
        const auto first = std::ranges::find(leads[c], true) - leads[c].begin();
        classes += static_cast<std::size_t>(first) == c;
    }
    return count - classes == static_cast<std::size_t>(structure.free);
}

/// No direction makes more of what it needs two or more of. Then every term of the divergence of
/// the field times prod 1/x_i, (order - 1) change rate / x_i, is at most zero; and the terms of
/// what is made without being needed are below it. (The divergence on the surface that the laws
/// leave is the trace of the whole Jacobian.)
bool without_cycles(const Structure& structure) {
    const auto& [change, order, count] = structure.reactions;
    bool strict = false;
    for (std::size_t i = 0; i < change.size(); ++i) {
        for (int r = 0; r < count; ++r) {
            const int term = (order[i][at(r)] - 1) * change[i][at(r)];
            if (term > 0) return false;
            strict = strict || term < 0;
        }
    }
    return strict;
}

enum class Depth { whole, where_convergence_is_shown };

Uniqueness examine(const Network& network, const LiveNetwork& live, Depth depth) {
    using enum SteadyStateCount;
    constexpr long most_products = 200'000;
    constexpr int most_rays = 300;
    if (!bounded_by_sites(network, live)) {
        return {not_shown,
                "more than the site totals is conserved, so that the initial surface counts"};
    }
    const Structure structure(network, live);
    std::vector<bool> siphon;
    switch (dangerous_siphons(network, live, siphon)) {
        case Siphons::too_many:
            return {not_examined, "too many site types"};
        case Siphons::some:
            return {not_shown, fmt::format("{}: once empty, for good", names_in(network, siphon))};
        case Siphons::none:
            break;
    }
    if (first_order(structure)) {
        return {one_reached, "every direction is of first order, so that the balances are linear"};
    }
    if (complex_balanced(structure)) {
        return {one_reached,
                "deficiency zero and weakly reversible (Feinberg, Chem. Eng. Sci. 42, 2229)"};
    }
    const bool settles = structure.free == 1 || (structure.free == 2 && without_cycles(structure));
    if (!settles && depth == Depth::where_convergence_is_shown) return {not_shown, ""};
    const auto& [change, order, count] = structure.reactions;
    IntegerMatrix independent;
    for (int r = 0; r < count && depth == Depth::whole; ++r) {
        independent.emplace_back(at(count), 0)[at(r)] = 1;
    }
    std::string_view source =
        "the determinant of its Jacobian has one sign everywhere (injective: Craciun and Feinberg, "
        "SIAM J. Appl. Math. 65, 1526)";
    if (independent.empty() || determinant_sign(structure.reactions, structure.laws, independent,
                                                most_products) != DeterminantSign::one) {
        source =
            "the determinant of its Jacobian has one sign in every steady state (Conradi et al., "
            "PLoS Comput. Biol. 13, e1005751)";
        const IntegerMatrix rays = extreme_rays(change, count, most_rays);
        const DeterminantSign sign =
            rays.empty()
                ? DeterminantSign::too_large
                : determinant_sign(structure.reactions, structure.laws, rays, most_products);
        if (sign == DeterminantSign::too_large) {
            return {not_examined, "the determinant of its Jacobian has too many terms"};
        }
        if (sign == DeterminantSign::both) {
            return {not_shown,
                    "the determinant of its Jacobian can have either sign in a steady state"};
        }
    }
    if (!settles) return {one, std::string(source)};
    return {one_reached,
            fmt::format("{}, and {}", source,
                        structure.free == 1
                            ? "only one coverage is free"
                            : "cycles are impossible with two free coverages (Pota, J. Chem. Phys. "
                              "78, 1621)")};
}

}  // namespace

std::string Uniqueness::describe() const {
    switch (count) {
        case SteadyStateCount::one_reached:
            return "one steady state only, and every transient runs into it: " + reason;
        case SteadyStateCount::one:
            return "one steady state only, oscillation not excluded: " + reason;
        case SteadyStateCount::not_shown:
            return "not shown to be only one: " + reason;
        case SteadyStateCount::not_examined:
            return "not examined: " + reason;
    }
    return {};
}

Uniqueness examine_uniqueness(const Network& network, const LiveNetwork& live) {
    return examine(network, live, Depth::whole);
}

bool reaches_one_steady_state(const Network& network, const LiveNetwork& live) {
    return examine(network, live, Depth::where_convergence_is_shown).count ==
           SteadyStateCount::one_reached;
}

}  // namespace turnover
