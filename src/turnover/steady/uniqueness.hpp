#pragma once

#include <cstdint>
#include <string>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/live_network.hpp"

namespace turnover {

/// How many steady states a network can have, as far as its structure alone tells.
enum class SteadyStateCount : std::uint8_t {
    one_reached,   ///< exactly one, and every transient runs into it
    one,           ///< exactly one; that transients settle there is not shown
    not_shown,     ///< the tests do not decide: there may be one or several
    not_examined,  ///< too large for the tests
};

/// A statement about a network whatever its rate constants and site totals are, as long as they are
/// positive: it depends only on which directions run, and on what they consume and make.
struct Uniqueness {
    SteadyStateCount count = SteadyStateCount::not_examined;
    std::string reason;  ///< for a person, with the source of the theorem

    /// "one steady state only: <reason>", one line.
    [[nodiscard]] std::string describe() const;
};

/// Examines the part of `network` that is alive. Exact: in integers. docs/numerics-batch.md, "One
/// steady state only", has the argument.
///
/// Existence. All coverages are bounded by the site totals. If no set of unknowns can run empty for
/// good (a siphon) while every site type keeps its total, then no steady state has an empty
/// coverage and no transient approaches one (Angeli, De Leenheer and Sontag, Math. Biosci. 210, 598
/// (2007)); there is a steady state by Brouwer's theorem.
///
/// Uniqueness, one of
/// - every direction is of first order: a linear system;
/// - deficiency zero and weakly reversible (Horn, Jackson and Feinberg; Feinberg, Chem. Eng. Sci.
///   42, 2229 (1987), theorem 4.1);
/// - the determinant of the Jacobian reduced by the laws has terms of one sign only, expanded over
///   the reciprocal coverages and the rates, which may be those of steady states: then all steady
///   states have the same index, and the indices add up to one (Conradi, Feliu, Mincheva and Wiuf,
///   PLoS Comput. Biol. 13, e1005751 (2017)). Where independent rates give one sign already the
///   network is injective (Craciun and Feinberg, SIAM J. Appl. Math. 65, 1526 (2005); Wiuf and
///   Feliu, SIAM J. Appl. Dyn. Syst. 12, 1685 (2013)).
///
/// Convergence, one of
/// - first order (a compartmental system), or deficiency zero (Lyapunov's function of Horn and
///   Jackson, with the siphons);
/// - one coverage is free once the laws are taken off;
/// - two are, and no direction makes what it needs two of: then Dulac's function prod 1/x_i forbids
///   cycles (Pota, J. Chem. Phys. 78, 1621 (1983); on the surface that laws leave: Boros and
///   Hofbauer, arXiv:2202.10406).
/// In each of these the steady state is also linearly stable.
[[nodiscard]] Uniqueness examine_uniqueness(const Network& network, const LiveNetwork& live);

/// Whether examine_uniqueness would say `one_reached`, without the work that a network of which
/// convergence cannot be shown would cost.
[[nodiscard]] bool reaches_one_steady_state(const Network& network, const LiveNetwork& live);

}  // namespace turnover
