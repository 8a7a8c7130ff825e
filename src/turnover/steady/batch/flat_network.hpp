#pragma once

#include <span>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/live_network.hpp"

namespace turnover::batch {

/// Rows of different lengths, one after the other.
template <class Item>
class Rows {
public:
    void close_row() { starts_.push_back(static_cast<int>(items_.size())); }
    void add(const Item& item) { items_.push_back(item); }
    [[nodiscard]] std::span<const Item> operator[](int row) const { return view()[row]; }

    /// For loops that write through pointers of which the compiler cannot tell that they do not
    /// point into this object.
    struct View {
        const int* starts;
        const Item* items;
        [[nodiscard]] std::span<const Item> operator[](int row) const {
            return {items + starts[row], items + starts[row + 1]};
        }
    };
    [[nodiscard]] View view() const { return {starts_.data(), items_.data()}; }
    [[nodiscard]] int rows() const { return static_cast<int>(starts_.size()) - 1; }

private:
    std::vector<int> starts_{0};
    std::vector<Item> items_;
};

/// coefficient * value[index] of a sum.
struct Term {
    int index;
    double coefficient;
};

/// Where an entry of the Jacobian stands, and what it is the sum of: terms over partial
/// derivatives, those with a positive coefficient first.
struct Entry {
    int row, column;
    int positive;  ///< number of terms with a positive coefficient
};

/// A live network as lists of operations for the lanes: indices and small coefficients only, so
/// that one pass of a list serves all lanes.
///
/// A *direction* is a step's forward or reverse rate that can run; its rate is the constant times
/// `order` factors x[index], where the index `unknowns` stands for a factor of one that fills up
/// shorter products. The direction number `directions` stands for a rate of zero.
struct FlatNetwork {
    FlatNetwork(const Network& network, const LiveNetwork& live);

    int unknowns = 0, sites = 0, steps = 0, gases = 0, directions = 0, order = 0;

    /// Source of each direction's constant: step, and whether it is the reverse.
    struct Source {
        int step;
        bool reverse;
    };
    std::vector<Source> sources;
    std::vector<int> factors;     ///< directions x order
    std::vector<int> forward_of;  ///< per step: its direction or `directions`
    std::vector<int> reverse_of;  ///< per step
    Rows<Term> balances;          ///< per unknown: over net rates of steps
    Rows<Term> new_iterate;       ///< per unknown: over directions, (1 - order) times the balance
    std::vector<int> partial_of;  ///< partial derivative -> its direction
    std::vector<int> partial_others;  ///< partials x (order - 1): factors that stay
    std::vector<Entry> entries;       ///< of the Jacobian
    Rows<Term> entry_terms;           ///< per entry: over partials
    Rows<Term> turnovers;      ///< per gas: over steps on a route; empty where none turns it over
    Rows<Term> sensitivities;  ///< per direction: exponents of its unknowns

    std::vector<int> site_of;       ///< per unknown
    std::vector<double> occupancy;  ///< per unknown: sites it takes
    Rows<int> members;              ///< per site: unknowns on it
    std::vector<bool> on_a_route;   ///< per step

    /// One site type and one site for every unknown: the simplest conservation law.
    bool plain = false;
    /// Number of the longest sum of rates in a balance, for rounding error bounds.
    int longest_balance = 0;
};

}  // namespace turnover::batch
