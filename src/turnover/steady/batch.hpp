#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string_view>

#include "turnover/kinetics/kinetics_table.hpp"
#include "turnover/kinetics/network.hpp"
#include "turnover/steady/state_table.hpp"

namespace turnover {

/// Why the batched solver left a point to the reference path.
enum class HandOver : std::uint8_t {
    unsupported,  ///< the network, or the part of it that is alive at this point, is none for it
    invalid,      ///< a rate constant or an initial coverage is negative, not finite or too large
    slow,         ///< too many steps of the transient without a certificate
    newton,       ///< at the last attempt: no root beside the transient
    imprecise,    ///< at the last attempt: the error bound was not met
    undecided,    ///< at the last attempt: stability, or that the transient ends here, not shown
    /// The transient's own error grows too large even at the tightest tolerance, or the transient
    /// passes close by a steady state that is not stable.
    too_sensitive,
};
inline constexpr std::size_t hand_over_reasons = 7;

/// "unsupported", "invalid", ...
[[nodiscard]] std::string_view to_string(HandOver reason);

struct BatchOptions {
    /// Of a step of the transient: local error relative to each coverage plus `floor`.
    double relative_tolerance = 1e-2;
    double floor = 1e-3;
    /// The transient is repeated, with the tolerance times `tightening` and the floor times
    /// `floor_tightening`, at most `most_restarts` times, when the estimate of its accumulated
    /// error exceeds `largest_drift` relative to a coverage plus `drift_floor`.
    double largest_drift = 0.1;
    double drift_floor = 1e-3;
    double tightening = 0.03;
    double floor_tightening = 1e-6;
    int most_restarts = 3;
    /// The first attempt at the certificate is made from this step on, once every coverage changes
    /// by less than `settling` in a step; later ones at least `attempt_every` steps apart, once
    /// they change by less than `resting` of themselves.
    int first_attempt = 10;
    double settling = 3e-3;
    double resting = 1e-2;
    int attempt_every = 3;
    int most_attempts = 100;
    int most_steps = 3000;
    /// Relative error bound asked of coverages and rates, rounding to double included. Most points
    /// are far below; a net rate that is a tiny difference of large rates costs digits.
    double largest_error = 1e-10;
    /// Where the structure of the network proves that it has one steady state only, into which
    /// every transient runs (reaches_one_steady_state), its points need no transient.
    bool use_uniqueness = true;
};

struct BatchReport {
    std::size_t points = 0;
    std::size_t certified = 0;         ///< by the batched solver
    std::size_t in_double_double = 0;  ///< of those certified: where double could not
    std::size_t handed_over = 0;       ///< to the reference path: points - certified
    std::array<std::size_t, hand_over_reasons> reasons{};  ///< of those, by HandOver
    std::size_t without_transient = 0;                     ///< of the certified ones
    // What it took, of all points together.
    std::size_t transient_steps = 0;  ///< accepted or not
    std::size_t rejected_steps = 0;
    std::size_t attempts = 0;  ///< at a certificate
    std::size_t restarts = 0;  ///< of the transient, with a tighter tolerance

    [[nodiscard]] std::size_t count(HandOver reason) const {
        return reasons[static_cast<std::size_t>(reason)];
    }
    BatchReport& operator+=(const BatchReport& other);
};

/// Whether the batched solver can take any point of this network: every conserved quantity is a
/// site total, every adsorbate sits on one site type, and there are at most 256 unknowns. Where
/// not, all points go to the reference path.
[[nodiscard]] bool batch_supports(const Network& network);

/// Solves the points of `kinetics` together, in SIMD lanes, into `out` (of the same number of
/// points). Points with a complete certificate become Status::converged, Path::batch; the others
/// keep Status::not_computed and Path::none, to be handed over.
///
/// The certificate of a point (docs/numerics-batch.md says what of it is proved and what is
/// evidence): positive and conserving; a root within the stated bounds of coverages and rates
/// (double-double Newton, Krawczyk's operator); stable; and the root that the transient from
/// `kinetics.initial` runs into. `digits` is 32. `slowest_eigenvalue` comes from inverse iteration
/// in double precision, good to about 1e-6, while stability itself is shown in another way.
///
/// The bits of a point's answer depend on its rate constants, totals and initial coverages and on
/// `options` only: not on the number of points, their order, or the machine's vector width.
///
/// A request to `stop` is heard between two steps of the lanes; the points not yet done keep
/// Status::not_computed, and the report leaves them out.
BatchReport solve_batch(const Network& network, const KineticsTable& kinetics, StateTable& out,
                        const BatchOptions& options = {}, const std::stop_token& stop = {});

/// solve_batch, then solve_reference for each point that it handed over. After a request to stop
/// the points not yet done keep Status::not_computed.
BatchReport solve_points(const Network& network, const KineticsTable& kinetics, StateTable& out,
                         const BatchOptions& options = {}, const std::stop_token& stop = {});

}  // namespace turnover
