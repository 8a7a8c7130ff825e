#include "turnover/steady/live_network.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "turnover/base/index.hpp"
#include "turnover/chemistry/stoichiometry.hpp"

namespace turnover {

namespace {

bool all_in(const std::vector<Power>& powers, const std::vector<bool>& set) {
    return std::all_of(powers.begin(), powers.end(),
                       [&](const Power& p) { return set[at(p.unknown)]; });
}

bool any_in(const std::vector<Power>& powers, const std::vector<bool>& set) {
    return std::any_of(powers.begin(), powers.end(),
                       [&](const Power& p) { return set[at(p.unknown)]; });
}

/// Lets every direction run whose reactants are there, until nothing new appears.
void spread(const Network& network, const PointKinetics& point, LiveNetwork& live) {
    const auto runs = [&](double rate_constant, const std::vector<Power>& from,
                          const std::vector<Power>& to) {
        if (!(rate_constant > 0.0) || !all_in(from, live.is_live)) return false;
        for (const Power& p : to) live.is_live[at(p.unknown)] = true;
        return true;
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (int j = 0; j < network.steps(); ++j) {
            const NetworkStep& step = network.step_terms()[at(j)];
            if (!live.forward[at(j)] && runs(point.forward[at(j)], step.forward, step.reverse)) {
                live.forward[at(j)] = changed = true;
            }
            if (!live.reverse[at(j)] && runs(point.reverse[at(j)], step.reverse, step.forward)) {
                live.reverse[at(j)] = changed = true;
            }
        }
    }
}

/// Laws of the live part: those of the network first, then what else the live steps conserve.
std::vector<LiveLaw> live_laws(const Network& network, const PointKinetics& point,
                               const LiveNetwork& live, const IntegerMatrix& stoichiometry,
                               int steps, int rank) {
    const int count = static_cast<int>(live.unknowns.size());
    std::vector<LiveLaw> laws;
    IntegerMatrix chosen;
    const auto complete = [&] { return static_cast<int>(laws.size()) == count - rank; };
    const auto add_if_independent = [&](LiveLaw law) {
        std::vector<int> row;
        for (const int i : live.unknowns) row.push_back(law.coefficients[at(i)]);
        chosen.push_back(std::move(row));
        if (eliminate(chosen, count).rank == static_cast<int>(chosen.size())) {
            laws.push_back(std::move(law));
        } else {
            chosen.pop_back();
        }
    };
    for (std::size_t l = 0; l < network.conservation_laws().size() && !complete(); ++l) {
        add_if_independent({network.conservation_laws()[l].coefficients, true, point.totals[l]});
    }
    if (complete()) return laws;
    for (const std::vector<int>& vector :
         eliminate(transposed(stoichiometry, steps), count).null_space) {
        LiveLaw law{std::vector<int>(at(network.unknowns()), 0), false, 0.0};
        for (int e = 0; e < count; ++e) law.coefficients[at(live.unknowns[at(e)])] = vector[at(e)];
        if (!complete()) add_if_independent(std::move(law));
    }
    return laws;
}

}  // namespace

LiveNetwork live_network(const Network& network, const PointKinetics& point) {
    LiveNetwork live;
    live.forward.assign(at(network.steps()), false);
    live.reverse.assign(at(network.steps()), false);
    for (int i = 0; i < network.unknowns(); ++i) live.is_live.push_back(point.initial[at(i)] > 0.0);
    spread(network, point, live);

    for (int i = 0; i < network.unknowns(); ++i) {
        if (live.is_live[at(i)]) live.unknowns.push_back(i);
    }
    std::vector<int> steps;
    for (int j = 0; j < network.steps(); ++j) {
        if (live.forward[at(j)] || live.reverse[at(j)]) steps.push_back(j);
    }
    IntegerMatrix stoichiometry;
    for (const int i : live.unknowns) {
        std::vector<int> row;
        for (const int j : steps) row.push_back(network.stoichiometry(i, j));
        stoichiometry.push_back(std::move(row));
    }
    const int live_steps = static_cast<int>(steps.size());
    const Elimination routes = eliminate(stoichiometry, live_steps);
    live.laws = live_laws(network, point, live, stoichiometry, live_steps, routes.rank);

    live.on_a_route.assign(at(network.steps()), false);
    for (int e = 0; e < live_steps; ++e) {
        live.on_a_route[at(steps[at(e)])] = !routes.zero_in_null_space[at(e)];
    }
    for (int g = 0; g < network.gases(); ++g) {
        const auto turns_over = [&](const std::vector<int>& route) {
            int made = 0;
            for (int e = 0; e < live_steps; ++e) {
                made += network.gas_stoichiometry(g, steps[at(e)]) * route[at(e)];
            }
            return made != 0;
        };
        live.turns_over.push_back(
            std::any_of(routes.null_space.begin(), routes.null_space.end(), turns_over));
    }
    return live;
}

std::vector<bool> largest_siphon(const Network& network, const LiveNetwork& live,
                                 std::vector<bool> candidates) {
    std::vector<bool> siphon = std::move(candidates);
    for (int i = 0; i < network.unknowns(); ++i) {
        if (!live.is_live[at(i)]) siphon[at(i)] = false;
    }
    // A direction that needs nothing of the set fills whatever it makes.
    const auto fills = [&](bool runs, const std::vector<Power>& from,
                           const std::vector<Power>& to) {
        if (!runs || any_in(from, siphon) || !any_in(to, siphon)) return false;
        for (const Power& p : to) siphon[at(p.unknown)] = false;
        return true;
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (int j = 0; j < network.steps(); ++j) {
            const NetworkStep& step = network.step_terms()[at(j)];
            changed |= fills(live.forward[at(j)], step.forward, step.reverse);
            changed |= fills(live.reverse[at(j)], step.reverse, step.forward);
        }
    }
    return siphon;
}

}  // namespace turnover
