#pragma once

#include <vector>

#include "turnover/kinetics/network.hpp"

namespace turnover {

/// sum_i coefficients[i] x_i is the same at every time, for this point.
struct LiveLaw {
    std::vector<int> coefficients;  ///< per unknown of the network
    /// A site total or another law of the network: the constant is `total`. Otherwise the constant
    /// is that of the initial surface, to be summed in the precision of whoever needs it.
    bool of_network = true;
    double total = 0.0;
};

/// The part of a network that can take part at one point, seen from its initial surface.
///
/// An unknown that no sequence of steps with nonzero rates can make from what is on the surface
/// (its gas has no pressure, the step that makes it is irreversible) has coverage zero for ever; it
/// and the directions that need it are left out. What is left may obey more conservation laws and
/// fewer reaction routes than the network as a whole.
struct LiveNetwork {
    std::vector<int> unknowns;           ///< ascending
    std::vector<bool> is_live;           ///< per unknown of the network
    std::vector<bool> forward, reverse;  ///< per step: the direction can run
    std::vector<LiveLaw> laws;           ///< independent and complete on the live unknowns
    std::vector<bool> on_a_route;        ///< per step; false: net rate zero in every steady state
    std::vector<bool> turns_over;        ///< per gas; false: no route makes or consumes it
};

[[nodiscard]] LiveNetwork live_network(const Network& network, const PointKinetics& point);

/// The largest set within `candidates` (per unknown) of live unknowns that, once empty, stays
/// empty: every live direction that makes one of its members also consumes one (a siphon in the
/// theory of Petri nets; Angeli, De Leenheer and Sontag, Math. Biosci. 210, 598 (2007)).
[[nodiscard]] std::vector<bool> largest_siphon(const Network& network, const LiveNetwork& live,
                                               std::vector<bool> candidates);

}  // namespace turnover
