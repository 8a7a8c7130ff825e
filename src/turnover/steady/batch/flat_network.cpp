#include "turnover/steady/batch/flat_network.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "turnover/base/index.hpp"

namespace turnover::batch {

namespace {

int total_order(const std::vector<Power>& powers) {
    int sum = 0;
    for (const Power& p : powers) sum += p.exponent;
    return sum;
}

/// Writes the factors of `powers`, one `without` left out, filled up with `one` to `length`.
void write_factors(const std::vector<Power>& powers, int without, int one, int length,
                   std::vector<int>& factors) {
    int written = 0;
    for (const Power& p : powers) {
        const int count = p.exponent - (p.unknown == without ? 1 : 0);
        for (int k = 0; k < count; ++k, ++written) factors.push_back(p.unknown);
    }
    for (; written < length; ++written) factors.push_back(one);
}

/// One direction while the lists are being written.
struct Direction {
    const std::vector<Power>* powers;
    int step;
    double sign;
};

std::vector<Direction> running_directions(const Network& network, const LiveNetwork& live,
                                          FlatNetwork& flat) {
    std::vector<Direction> directions;
    for (int j = 0; j < network.steps(); ++j) {
        const NetworkStep& step = network.step_terms()[at(j)];
        if (live.forward[at(j)]) {
            flat.forward_of[at(j)] = static_cast<int>(directions.size());
            flat.sources.push_back({j, false});
            directions.push_back({&step.forward, j, 1.0});
        }
        if (live.reverse[at(j)]) {
            flat.reverse_of[at(j)] = static_cast<int>(directions.size());
            flat.sources.push_back({j, true});
            directions.push_back({&step.reverse, j, -1.0});
        }
    }
    return directions;
}

}  // namespace

FlatNetwork::FlatNetwork(const Network& network, const LiveNetwork& live)
    : unknowns(network.unknowns()),
      sites(network.sites()),
      steps(network.steps()),
      gases(network.gases()),
      forward_of(at(network.steps()), -1),
      reverse_of(at(network.steps()), -1),
      on_a_route(live.on_a_route) {
    const std::vector<Direction> running = running_directions(network, live, *this);
    directions = static_cast<int>(running.size());
    for (const Direction& d : running) order = std::max(order, total_order(*d.powers));
    for (auto* numbers : {&forward_of, &reverse_of}) std::ranges::replace(*numbers, -1, directions);

    // (row, column) -> terms of the Jacobian's entry, over partial derivatives.
    std::map<std::pair<int, int>, std::vector<Term>> jacobian;
    for (int r = 0; r < directions; ++r) {
        const Direction& d = running[at(r)];
        write_factors(*d.powers, -1, unknowns, order, factors);
        for (const Power& p : *d.powers) {
            const int partial = static_cast<int>(partial_of.size());
            partial_of.push_back(r);
            write_factors(*d.powers, p.unknown, unknowns, order - 1, partial_others);
            for (int i = 0; i < unknowns; ++i) {
                const double change = d.sign * network.stoichiometry(i, d.step) * p.exponent;
                if (change != 0.0) jacobian[{i, p.unknown}].push_back({partial, change});
            }
            sensitivities.add({p.unknown, double(p.exponent)});
        }
        sensitivities.close_row();
    }
    for (auto& [place, terms] : jacobian) {
        const auto negative = std::ranges::stable_partition(
            terms, [](const Term& term) { return term.coefficient > 0.0; });
        for (const Term& term : terms) entry_terms.add(term);
        entry_terms.close_row();
        entries.push_back(
            {place.first, place.second, static_cast<int>(terms.size() - negative.size())});
    }

    for (int i = 0; i < unknowns; ++i) {
        for (int j = 0; j < steps; ++j) {
            const int nu = network.stoichiometry(i, j);
            const bool runs = live.forward[at(j)] || live.reverse[at(j)];
            if (nu != 0 && runs) balances.add({j, double(nu)});
        }
        balances.close_row();
        longest_balance = std::max(longest_balance, static_cast<int>(balances[i].size()));
        for (int r = 0; r < directions; ++r) {
            const Direction& d = running[at(r)];
            const double c =
                d.sign * network.stoichiometry(i, d.step) * (1.0 - total_order(*d.powers));
            if (c != 0.0) new_iterate.add({r, c});
        }
        new_iterate.close_row();
    }
    for (int g = 0; g < gases; ++g) {
        for (int j = 0; j < steps; ++j) {
            const int nu = network.gas_stoichiometry(g, j);
            if (nu != 0 && live.turns_over[at(g)] && on_a_route[at(j)]) {
                turnovers.add({j, double(nu)});
            }
        }
        turnovers.close_row();
    }

    plain = sites == 1;
    for (int i = 0; i < unknowns; ++i) {
        for (int s = 0; s < sites; ++s) {
            const int occupied = network.conservation_laws()[at(s)].coefficients[at(i)];
            if (occupied == 0) continue;
            site_of.push_back(s);
            occupancy.push_back(occupied);
            plain = plain && occupied == 1;
        }
    }
    for (int s = 0; s < sites; ++s) {
        for (int i = 0; i < unknowns; ++i) {
            if (site_of[at(i)] == s) members.add(i);
        }
        members.close_row();
    }
}

}  // namespace turnover::batch
