#include "turnover/steady/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "turnover/steady/candidate.hpp"
#include "turnover/steady/cycle.hpp"
#include "turnover/steady/distant_root.hpp"
#include "turnover/steady/envelope.hpp"
#include "turnover/steady/extended_transient.hpp"
#include "turnover/steady/live_network.hpp"
#include "turnover/steady/motion.hpp"
#include "turnover/steady/poincare.hpp"
#include "turnover/steady/transient.hpp"

namespace turnover {

namespace {

/// Steps of the integrator between two looks for a root.
constexpr int look_every = 10;
/// A set of coverages that only itself can fill is tried as exactly empty when all are below this
/// one: so small that what they do to the others, and to each other by more than first order, is
/// nothing.
constexpr double nearly_empty = 1e-30;
/// Beside an unstable root, the longest step times the growth rate: short enough for the integrator
/// to follow the growth rather than damp it.
constexpr double growth_step = 0.3;
/// So many of these steps let any deviation that double can hold grow up, ten times over.
constexpr int steps_on_a_root = 3000;
/// exp(100) times anything that double can hold beside 1 is not small.
constexpr double many_foldings = 100.0;
/// So far does an integrator in double get, s: with 1e13 1/s beside it, a relaxation of 1e-20 1/s
/// lies below the last digit of double-double.
constexpr double longest_time_in_double = 1e20;
/// An integrator in double that takes so many steps without time growing tenfold may be following
/// its own rounding.
constexpr int most_steps_a_decade = 3000;
/// So many times the work that the integrator in double may do is allowed to the other one.
constexpr double extended_share = 2.5;
/// A surface that has begun to swing gets so many times as much: a relaxation takes a thousand
/// steps a turn.
constexpr long swinging_share = 6;

std::string invalid(const PointKinetics& point) {
    const auto bad = [](const std::vector<double>& values) {
        return std::any_of(values.begin(), values.end(),
                           [](double v) { return !std::isfinite(v) || v < 0.0; });
    };
    if (bad(point.forward) || bad(point.reverse))
        return "a rate constant is negative or not finite";
    if (bad(point.initial)) return "an initial coverage is negative or not finite";
    return {};
}

/// How long a search goes on.
struct Patience {
    double relative_tolerance;
    double longest_time;  ///< s
    long most_work;       ///< in steps of double or double-double arithmetic
    int most_steps_a_decade = std::numeric_limits<int>::max();
};

/// One point on its way: the transient, and what is known of where it is going.
template <class Integrator>
class Search {
public:
    Search(const Network& network, const PointKinetics& point, const Patience& patience,
           double largest_error)
        : network_(network),
          point_(point),
          largest_error_(largest_error),
          closeness_(std::max(1e-4, std::min(1e-3, 1e3 * patience.relative_tolerance))),
          tolerance_(patience.relative_tolerance),
          live_(live_network(network, point)),
          transient_(network, point, live_, patience.relative_tolerance),
          motion_(point.initial) {
        if constexpr (std::is_same_v<Integrator, ExtendedTransient>) {
            follower_.emplace(transient_, motion_, section_, [this] { return resolved(); });
        }
    }

    [[nodiscard]] int steps() const { return transient_.steps(); }

    /// Until there is an answer or `patience` ends; to be called again with more of it. Without an
    /// answer, Status::not_computed, after a request to `stop`.
    [[nodiscard]] SteadyState run(const Patience& patience, const std::stop_token& stop) {
        // With nothing that could run, the initial surface is the answer.
        const auto runs = [](const std::vector<bool>& directions) {
            return std::find(directions.begin(), directions.end(), true) != directions.end();
        };
        if (!runs(live_.forward) && !runs(live_.reverse) && look())
            return finish(std::move(found_));

        while (transient_.time() < patience.longest_time) {
            if (stop.stop_requested()) return {};
            if (transient_.time() >= 10.0 * decade_) {
                decade_ = transient_.time();
                decade_since_ = transient_.steps();
            }
            if (is_used_up(patience) ||
                transient_.steps() - decade_since_ >= patience.most_steps_a_decade) {
                return give_up(Status::not_settled,
                               fmt::format("{} steps of the integrator used up at {:.3g} s",
                                           transient_.steps(), transient_.time()));
            }
            if (!transient_.step()) {
                if (transient_.out_of_digits()) break;
                if (look()) return finish(std::move(found_));
                return give_up(Status::integration_failed, transient_.failure());
            }
            motion_.see(transient_.time(), transient_.coverages(), resolved());
            if (is_time_to_look() && look()) return finish(std::move(found_));
            if (watch_swings(patience, stop)) return give_up(Status::oscillates, describe_cycle());
            if (held_since_ >= 0 && transient_.steps() - held_since_ > steps_on_a_root) {
                return give_up(Status::unstable, "");
            }
        }
        if (look()) return finish(std::move(found_));
        // Where there was no time for the growing mode to grow, nothing is known of where it leads.
        if (verdict_ == Candidate::Verdict::unstable &&
            slowest_ * transient_.time() > many_foldings) {
            return give_up(Status::unstable, "");
        }
        if (verdict_ == Candidate::Verdict::none && motion_.at_rest(transient_.coverages())) {
            return give_up(Status::newton_failed, "the transient rests where no root was found");
        }
        return give_up(Status::not_settled,
                       fmt::format("still under way at {:.3g} s", transient_.time()));
    }

private:
    [[nodiscard]] bool is_time_to_look() const {
        return transient_.time() >= next_look_time_ &&
               (transient_.steps() % look_every == 0 ||
                transient_.time() >= 10.0 * last_look_time_);
    }

    [[nodiscard]] bool is_used_up(const Patience& patience) const {
        const bool swings = follower_ && section_.times_laid() > 0;
        return transient_.work() >= (swings ? swinging_share : 1) * patience.most_work;
    }

    /// Coverages below this one are not followed, only guessed.
    [[nodiscard]] double resolved() const {
        return 10.0 * transient_.absolute_tolerance() / tolerance_;
    }

    /// Looks for the answer beside the transient. True when it is in `found_`.
    bool look() {
        last_look_time_ = transient_.time();
        verdict_ = Candidate::Verdict::none;
        NewtonStart start{transient_.coverages(), resolved()};
        if constexpr (std::is_same_v<Integrator, ExtendedTransient>) {
            start.digits = transient_.digits();
            start.exact = transient_.exact_coverages();
        }
        std::vector<bool> empty(start.coverages.size());
        for (std::size_t i = 0; i < empty.size(); ++i) empty[i] = start.coverages[i] < nearly_empty;
        empty = largest_siphon(network_, live_, std::move(empty));
        const bool none_empty = std::find(empty.begin(), empty.end(), true) == empty.end();
        if (judge(start, empty)) return true;
        if (!none_empty && judge(start, std::vector<bool>(empty.size(), false))) return true;
        if (verdict_ != Candidate::Verdict::unstable && held_since_ >= 0) {
            held_since_ = -1;
            transient_.limit_step(std::numeric_limits<double>::infinity());
        }
        return false;
    }

    /// Judges the root with these unknowns empty. True when it is the answer.
    bool judge(const NewtonStart& start, const std::vector<bool>& empty) {
        Candidate candidate =
            find_candidate(network_, point_, live_, empty, start, closeness_, largest_error_);
        if (candidate.verdict == Candidate::Verdict::none) return false;
        verdict_ = candidate.verdict;
        slowest_ = candidate.slowest;
        if (candidate.verdict == Candidate::Verdict::stable) {
            found_ = std::move(candidate.state);
            return true;
        }
        if (candidate.verdict == Candidate::Verdict::unstable) {
            if (held_since_ < 0) held_since_ = transient_.steps();
            transient_.limit_step(growth_step / slowest_);
        } else {
            next_look_time_ = 2.0 * transient_.time();  // only time will tell
        }
        return false;
    }

    /// True when the surface is seen to oscillate for ever. Where it drifts as it swings, leaps.
    bool watch_swings(const Patience& patience, const std::stop_token& stop) {
        if (!section_.see(motion_, transient_.time(), transient_.coverages(), resolved())) {
            return false;
        }
        const bool closed = cycle_.see(section_) && oscillates();
        if (!follower_ || !section_.is_laid()) return closed;
        if (section_.passes().size() > 1 && !section_.is_centred() && section_.centre(1)) {
            return false;
        }
        // An orbit that seems to close may still drift, slowly.
        const EnvelopeFollower::Course course = follower_->follow(closed, [&] {
            return !stop.stop_requested() && !is_used_up(patience) &&
                   transient_.time() < patience.longest_time;
        });
        if (closed && course == EnvelopeFollower::Course::unknown) cycle_.disbelieve(section_);
        return closed && course == EnvelopeFollower::Course::closes;
    }

    /// Whether the state that returned goes around a steady state that is not stable, and returns
    /// much more closely than a spiral away from it would. Where that is stable it may be a slow
    /// spiral, or drift as it turns; where none is found, an orbit must have been seen to attract,
    /// which only counts where the follower can tell whether it drifts.
    [[nodiscard]] bool oscillates() {
        const Orbit& orbit = cycle_.orbit();
        inside_.reset();
        if (!is_rootless(orbit)) {
            inside_ = root_inside(network_, point_, live_, orbit, resolved());
            if (!inside_) rootless_ = orbit;
        }
        if (!inside_ && follower_ && (orbit.contraction < 1.0 || follower_->has_led_to_orbit()))
            return true;
        // A spiral that leaves a weakly unstable state returns as closely, but widens by its swing
        // times what the mode grows in a period.
        constexpr double of_a_spiral = 1e-3;
        const double swing = std::log(orbit.high[orbit.unknown] / orbit.low[orbit.unknown]);
        if (inside_ && inside_->unstable &&
            orbit.closure <= of_a_spiral * inside_->slowest * orbit.period * std::min(1.0, swing)) {
            return true;
        }
        cycle_.disbelieve(section_);
        return false;
    }

    /// Whether no root was found inside of this orbit before: a long search, not to be repeated.
    [[nodiscard]] bool is_rootless(const Orbit& orbit) const {
        constexpr double alike = 0.01;
        return rootless_ && rootless_->unknown == orbit.unknown &&
               std::abs(orbit.period / rootless_->period - 1.0) < alike &&
               std::abs(orbit.low[orbit.unknown] / rootless_->low[orbit.unknown] - 1.0) < alike &&
               std::abs(orbit.high[orbit.unknown] / rootless_->high[orbit.unknown] - 1.0) < alike;
    }

    [[nodiscard]] std::string describe_cycle() const {
        const Orbit& orbit = cycle_.orbit();
        const std::string evidence =
            inside_ ? fmt::format("a mode of the steady state inside grows with {:.3g} 1/s",
                                  inside_->slowest)
            : orbit.contraction < 1.0
                ? fmt::format("on the way there each turn came at least {:.2g} times as near",
                              1.0 / orbit.contraction)
                : "over many turns the drift led there from afar";
        return fmt::format(
            "{} oscillates between {:.4g} and {:.4g} with a period of {:.4g} s (every coverage "
            "returns within {:.2g} of itself; {})",
            network_.unknown_names()[orbit.unknown], orbit.low[orbit.unknown],
            orbit.high[orbit.unknown], orbit.period, orbit.closure, evidence);
    }

    [[nodiscard]] SteadyState finish(SteadyState state) const {
        state.status = Status::converged;
        state.integration_time = transient_.time();
        state.integration_steps = transient_.steps();
        return state;
    }

    /// Whether every coverage lies between nothing and all there is, give or take the integrator's
    /// tolerance: where not, its state is no surface and says nothing of the chemistry.
    [[nodiscard]] bool is_a_surface() const {
        double all = 0.0;
        for (int s = 0; s < network_.sites(); ++s)
            all += point_.totals[static_cast<std::size_t>(s)];
        return std::ranges::all_of(transient_.coverages(), [all](double coverage) {
            return coverage >= -1e-3 * all && coverage <= 1.001 * all;
        });
    }

    /// The last state of the transient, as a failure for `reason`.
    [[nodiscard]] SteadyState give_up(Status status, std::string reason) const {
        SteadyState state;
        state.status = status;
        state.coverages = transient_.coverages();
        const bool a_surface = is_a_surface();
        if (!a_surface) {
            state.status = Status::integration_failed;
            reason = "the integrator lost the site balance";
        }
        state.forward_rates.resize(static_cast<std::size_t>(network_.steps()));
        state.reverse_rates.resize(state.forward_rates.size());
        step_rates(network_, point_, state.coverages.data(), state.forward_rates.data(),
                   state.reverse_rates.data());
        for (std::size_t j = 0; j < state.forward_rates.size(); ++j) {
            state.net_rates.push_back(state.forward_rates[j] - state.reverse_rates[j]);
        }
        for (int g = 0; g < network_.gases(); ++g) {
            double frequency = 0.0;
            for (int j = 0; j < network_.steps(); ++j) {
                frequency +=
                    network_.gas_stoichiometry(g, j) * state.net_rates[static_cast<std::size_t>(j)];
            }
            state.turnover_frequencies.push_back(frequency);
        }
        state.coverage_error = state.rate_error = state.residual =
            std::numeric_limits<double>::infinity();
        state.slowest_eigenvalue = std::numeric_limits<double>::quiet_NaN();
        state.integration_time = transient_.time();
        state.integration_steps = transient_.steps();

        if (state.status == Status::oscillates) {
            if (inside_) state.slowest_eigenvalue = inside_->slowest;
            state.detail = std::move(reason);
            return state;
        }
        const auto add = [&](const std::string& text) {
            if (!text.empty()) reason += (reason.empty() ? "" : "; ") + text;
        };
        if (verdict_ == Candidate::Verdict::unstable) {
            add(fmt::format("a mode of the steady state there grows with {:.3g} 1/s", slowest_));
            state.slowest_eigenvalue = slowest_;
        } else if (verdict_ == Candidate::Verdict::undecided) {
            add("the slowest mode of the steady state nearby neither grows nor decays");
            state.slowest_eigenvalue = slowest_;
        }
        if (a_surface) add(motion_.describe(network_.unknown_names(), state.coverages));
        state.detail = std::move(reason);
        return state;
    }

    const Network& network_;
    const PointKinetics& point_;
    double largest_error_;
    double closeness_, tolerance_;
    LiveNetwork live_;
    Integrator transient_;
    Motion motion_;
    PoincareSection section_;
    Cycle cycle_;
    std::optional<EnvelopeFollower> follower_;  ///< of an ExtendedTransient
    std::optional<RootInside> inside_;
    std::optional<Orbit> rootless_;  ///< inside of which no root was found
    SteadyState found_;
    Candidate::Verdict verdict_ = Candidate::Verdict::none;  ///< of the last look
    double slowest_ = 0.0;
    double last_look_time_ = 0.0, next_look_time_ = 0.0;
    double decade_ = 0.0;   ///< s; time when it last grew tenfold
    int decade_since_ = 0;  ///< step of that
    int held_since_ = -1;   ///< step at which an unstable root shortened the steps; -1: none has
};

}  // namespace

SteadyState solve_reference(const Network& network, const PointKinetics& point,
                            const ReferenceOptions& options, const std::stop_token& stop) {
    if (std::string reason = invalid(point); !reason.empty()) {
        SteadyState state;
        state.status = Status::invalid_conditions;
        state.detail = std::move(reason);
        return state;
    }
    const auto ends = [](const SteadyState& state) {
        return state.status == Status::converged || state.status == Status::unstable ||
               state.status == Status::oscillates || state.status == Status::not_computed;
    };
    Patience patience{options.relative_tolerance,
                      std::min(options.longest_time, longest_time_in_double), options.most_steps,
                      most_steps_a_decade};
    Search<Transient> search(network, point, patience, options.largest_error);
    SteadyState state = search.run(patience, stop);
    if (ends(state) || state.integration_time >= options.longest_time) return state;

    const Patience more{options.extended_tolerance, options.longest_time,
                        std::lround(extended_share * static_cast<double>(options.most_steps))};
    SteadyState other =
        Search<ExtendedTransient>(network, point, more, options.largest_error).run(more, stop);
    other.integration_steps += search.steps();
    if (ends(other) || state.status != Status::not_settled ||
        state.integration_time >= longest_time_in_double) {
        return other;
    }
    // A spiral, perhaps, that takes more turns than the other one had the time for.
    patience.most_steps_a_decade = std::numeric_limits<int>::max();
    state = search.run(patience, stop);
    return ends(state) ? state : other;
}

}  // namespace turnover
