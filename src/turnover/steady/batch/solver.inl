// Points through the lanes: each lane carries one point's transient; a point that seems to have
// arrived moves to a waiting room and its lane takes the next point at once; when the waiting room
// holds a full vector, all of it is attempted at a certificate together, and those that fail take
// their transient up again. So no lane waits for a slow neighbour.
#if defined(TURNOVER_BATCH_SOLVER_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_SOLVER_INL
#undef TURNOVER_BATCH_SOLVER_INL
#else
#define TURNOVER_BATCH_SOLVER_INL
#endif

#include <array>
#include <cmath>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "turnover/steady/batch/answers.inl"
#include "turnover/steady/batch/contraction.inl"
#include "turnover/steady/batch/job.hpp"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/observables.inl"
#include "turnover/steady/batch/root.inl"
#include "turnover/steady/batch/stability.inl"
#include "turnover/steady/batch/transient.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// Rows of a point's record: its state in a lane, in the waiting room, or set aside.
struct Layout {
    explicit Layout(const FlatNetwork& net)
        : coverage(0),
          drift(net.unknowns),
          constant(drift + net.unknowns),
          total(constant + net.directions),
          step_length(total + net.sites),
          tolerance(step_length + 1),
          floor(tolerance + 1),
          just_rejected(floor + 1),
          steps(just_rejected + 1),
          next_attempt(steps + 1),
          attempted(next_attempt + 1),
          time(attempted + 1),
          iterations(time + 1),
          rows(iterations + 1) {}
    int coverage, drift, constant, total, step_length, tolerance, floor, just_rejected, steps,
        next_attempt, attempted, time, iterations, rows;
};

/// What belongs to a point but not to the arithmetic.
struct Passenger {
    std::size_t point = 0;
    int level = 0;  ///< of tolerance
    int attempts = 0;
    int imprecise = 0;  ///< of these, roots without the error bound that is asked
    HandOver last_failure = HandOver::slow;
};

/// A vector of points under way.
struct Carriage {
    explicit Carriage(int rows_of_a_record) : rows(rows_of_a_record) {}

    LaneRows rows;
    Passenger passengers[width];
    unsigned live = 0;  ///< bit i: lane i carries a point
};

/// Whether a first attempt is worth its cost as soon as no coverage changes by much, before all of
/// them rest: only a contraction box can succeed so early.
template <class S, class = void>
inline constexpr bool early_attempts = true;

template <class S>
class Solver {
public:
    explicit Solver(const Job& job)
        : job_(job),
          net_(job.flat),
          layout_(net_),
          work_(net_),
          observables_(net_),
          answers_(job),
          waiting_(layout_.rows),
          scaled_constants_(static_cast<std::size_t>(net_.directions)),
          root_constants_(static_cast<std::size_t>(net_.directions)),
          totals_(static_cast<std::size_t>(net_.sites)),
          rates_(static_cast<std::size_t>(net_.directions) + 1),
          net_rates_(static_cast<std::size_t>(net_.steps)) {}

    void run() {
        fill_empty_lanes();
        while (!job_.stop.stop_requested()) {
            bool any = false;
            for (Carriage& carriage : carriages_) {
                if (carriage.live == 0) continue;
                any = true;
                advance(carriage);
            }
            if (any) continue;
            if (waiting_count_ == 0) break;
            attempt_waiting();
            fill_empty_lanes();
        }
    }

private:
    static constexpr double longest_step = 1e20;  ///< s; keeps products with constants finite

    // ---- points in and out of lanes ----------------------------------------------------------

    void fill_empty_lanes() {
        for (Carriage& carriage : carriages_) {
            for (std::size_t lane = 0; lane < width; ++lane) {
                if ((carriage.live >> lane & 1u) == 0) refill(carriage, lane);
            }
        }
    }

    void refill(Carriage& carriage, std::size_t lane) {
        carriage.live |= 1u << lane;
        if (!aside_.empty()) {
            for (int r = 0; r < layout_.rows; ++r) {
                carriage.rows.at(r, lane) = aside_.front().second[static_cast<std::size_t>(r)];
            }
            carriage.passengers[lane] = aside_.front().first;
            aside_.pop_front();
        } else if (next_ < job_.points.size()) {
            carriage.passengers[lane] = {.point = job_.points[next_++]};
            start(carriage, lane, 0);
            carriage.rows.at(layout_.steps, lane) = 0.0;
            carriage.rows.at(layout_.next_attempt, lane) = job_.options.first_attempt;
        } else {
            // An empty lane computes along with what it holds, to no effect.
            carriage.live &= ~(1u << lane);
        }
    }

    /// The transient of the lane's point from its initial surface.
    void start(Carriage& carriage, std::size_t lane, int level) {
        const std::size_t p = carriage.passengers[lane].point;
        carriage.passengers[lane].level = level;
        const auto forward = job_.kinetics.forward(p), reverse = job_.kinetics.reverse(p);
        const auto initial = job_.kinetics.initial(p), totals = job_.kinetics.totals(p);
        for (int r = 0; r < net_.directions; ++r) {
            const FlatNetwork::Source& source = net_.sources[static_cast<std::size_t>(r)];
            const auto j = static_cast<std::size_t>(source.step);
            carriage.rows.at(layout_.constant + r, lane) = source.reverse ? reverse[j] : forward[j];
        }
        for (int i = 0; i < net_.unknowns; ++i) {
            carriage.rows.at(layout_.coverage + i, lane) = initial[static_cast<std::size_t>(i)];
            carriage.rows.at(layout_.drift + i, lane) = 0.0;
        }
        for (int s = 0; s < net_.sites; ++s) {
            carriage.rows.at(layout_.total + s, lane) = totals[static_cast<std::size_t>(s)];
        }
        double tolerance = job_.options.relative_tolerance, floor = job_.options.floor;
        for (int l = 0; l < level; ++l) {
            tolerance *= job_.options.tightening;
            floor *= job_.options.floor_tightening;
        }
        carriage.rows.at(layout_.tolerance, lane) = tolerance;
        carriage.rows.at(layout_.floor, lane) = floor;
        carriage.rows.at(layout_.attempted, lane) = 0.0;
        carriage.rows.at(layout_.step_length, lane) = first_step(carriage, lane, tolerance);
        carriage.rows.at(layout_.just_rejected, lane) = 0.0;
        carriage.rows.at(layout_.time, lane) = 0.0;
        carriage.rows.at(layout_.iterations, lane) = 0.0;
    }

    /// A tenth of what the fastest direction would need, at the tolerance of the method's order.
    double first_step(Carriage& carriage, std::size_t lane, double tolerance) {
        double fastest = 0.0;
        const int* factor = net_.factors.data();
        for (int r = 0; r < net_.directions; ++r) {
            double rate = carriage.rows.at(layout_.constant + r, lane);
            for (int f = 0; f < net_.order; ++f, ++factor) {
                if (*factor < net_.unknowns)
                    rate *= carriage.rows.at(layout_.coverage + *factor, lane);
            }
            fastest = std::max(fastest, rate);
        }
        if (!(fastest > 0.0)) return 1.0;
        return std::min(0.1 * std::sqrt(std::sqrt(tolerance)) / fastest, longest_step);
    }

    void hand_over(std::size_t point, HandOver reason) {
        ++job_.report.handed_over;
        ++job_.report.reasons[static_cast<std::size_t>(reason)];
        if (job_.for_more_digits != nullptr && reason != HandOver::too_sensitive) {
            job_.for_more_digits->push_back(point);
        }
    }

    // ---- the transient -----------------------------------------------------------------------

    void advance(Carriage& carriage) {
        const int n = S::size(net_.unknowns);
        const BatchOptions& options = job_.options;
        Vec x[S::capacity + 1], drift[S::capacity], totals[S::plain ? 1 : S::capacity];
        for (int i = 0; i < n; ++i) {
            x[i] = carriage.rows.get(layout_.coverage + i);
            drift[i] = carriage.rows.get(layout_.drift + i);
        }
        x[n] = constant(1.0);
        for (int s = 0; s < net_.sites; ++s) totals[s] = carriage.rows.get(layout_.total + s);
        const Vec h = carriage.rows.get(layout_.step_length);
        for (int r = 0; r < net_.directions; ++r) {
            scaled_constants_[r] = carriage.rows.get(layout_.constant + r) * h;
        }
        Step<S> step;
        take_step<S>(net_, options, scaled_constants_.data(), x, drift,
                     carriage.rows.get(layout_.tolerance), carriage.rows.get(layout_.floor), work_,
                     step);

        const Mask accepted = both(hn::Le(step.error, step.allowed), step.follows);
        clean<S>(net_, totals, step.next);
        for (int i = 0; i < n; ++i) {
            carriage.rows.put(layout_.coverage + i, select(accepted, step.next[i], x[i]));
            carriage.rows.put(layout_.drift + i, select(accepted, step.drift[i], drift[i]));
        }
        const Vec just_rejected = carriage.rows.get(layout_.just_rejected);
        Vec factor = next_step_factor(step.error, step.allowed);
        factor = select(hn::Gt(just_rejected, zero()), smaller(factor, constant(1.0)), factor);
        factor = select(step.follows, factor, constant(0.2));
        carriage.rows.put(layout_.step_length, smaller(h * factor, constant(longest_step)));
        carriage.rows.put(layout_.just_rejected, zero_where(accepted, constant(1.0)));
        carriage.rows.put(layout_.time,
                          carriage.rows.get(layout_.time) + select_or_zero(accepted, h));
        const Vec steps = carriage.rows.get(layout_.steps) + constant(1.0);
        carriage.rows.put(layout_.steps, steps);

        const Mask first =
            early_attempts<S> ? hn::Eq(carriage.rows.get(layout_.attempted), zero()) : nowhere();
        const Mask calm =
            either(both(first, hn::Lt(step.change, constant(options.settling))), step.rests);
        const Mask settling =
            both(both(accepted, calm), hn::Ge(steps, carriage.rows.get(layout_.next_attempt)));
        const Mask drifted = both(accepted, step.drifted);
        const Mask tired = hn::Ge(steps, constant(options.most_steps));

        job_.report.transient_steps += static_cast<std::size_t>(__builtin_popcount(carriage.live));
        job_.report.rejected_steps +=
            static_cast<std::size_t>(__builtin_popcount(carriage.live & ~bits_of(accepted)));
        const unsigned events =
            carriage.live & (bits_of(settling) | bits_of(drifted) | bits_of(tired));
        if (events == 0) return;
        for (std::size_t lane = 0; lane < width; ++lane) {
            const unsigned bit = 1u << lane;
            if ((events & bit) == 0) continue;
            if (bits_of(drifted) & bit) {
                restart(carriage, lane);
            } else if (bits_of(settling) & bit) {
                wait(carriage, lane);
            } else {
                hand_over(carriage.passengers[lane].point, carriage.passengers[lane].last_failure);
                refill(carriage, lane);
            }
        }
    }

    /// Once more with a tighter tolerance, or not at all.
    void restart(Carriage& carriage, std::size_t lane) {
        if (carriage.passengers[lane].level >= job_.options.most_restarts) {
            hand_over(carriage.passengers[lane].point, HandOver::too_sensitive);
            refill(carriage, lane);
            return;
        }
        ++job_.report.restarts;
        start(carriage, lane, carriage.passengers[lane].level + 1);
        carriage.rows.at(layout_.next_attempt, lane) =
            carriage.rows.at(layout_.steps, lane) + job_.options.first_attempt;
    }

    void wait(Carriage& carriage, std::size_t lane) {
        for (int r = 0; r < layout_.rows; ++r) {
            waiting_.at(r, waiting_count_) = carriage.rows.at(r, lane);
        }
        waiters_[waiting_count_++] = carriage.passengers[lane];
        if (waiting_count_ == width) attempt_waiting();
        refill(carriage, lane);
    }

    // ---- the certificate ---------------------------------------------------------------------

    void attempt_waiting() {
        const int n = S::size(net_.unknowns);
        // Lanes without a waiter repeat the first one.
        for (std::size_t lane = waiting_count_; lane < width; ++lane) {
            for (int r = 0; r < layout_.rows; ++r) waiting_.at(r, lane) = waiting_.at(r, 0);
        }
        job_.report.attempts += waiting_count_;
        Vec y[S::capacity], x[S::capacity + 1], uncertainty[S::capacity];
        for (int i = 0; i < n; ++i) {
            x[i] = y[i] = waiting_.get(layout_.coverage + i);
            uncertainty[i] = constant(3.0) * abs(waiting_.get(layout_.drift + i));
        }
        x[n] = constant(1.0);
        for (int r = 0; r < net_.directions; ++r) {
            root_constants_[r] = waiting_.get(layout_.constant + r);
        }
        for (int s = 0; s < net_.sites; ++s) totals_[s] = waiting_.get(layout_.total + s);
        const Vec* k = root_constants_.data();

        Vec iterations = waiting_.get(layout_.iterations);
        SiteLaws<S> laws(net_, x);
        Root<S> root;
        find_root<S>(net_, k, totals_.data(), from_nearby, x, work_, rates_.data(),
                     net_rates_.data(), laws, root, iterations);
        Mask arrives = runs_into<S>(net_, k, totals_.data(), y, uncertainty, root, work_);
        Mask near = hn::AndNot(arrives, has_arrived<S>(net_, y, uncertainty, root));
        // Beside a root that is not shown to be stable, the transient's errors may choose the side.
        Mask beside = nowhere();
        if (!none(near)) {
            const Mask stable = is_stable<S>(net_, root, near);
            arrives = either(arrives, stable);
            beside = hn::AndNot(stable, near);
        }
        const Vec rate_error = observables_.evaluate(root, rates_.data(), net_rates_.data());
        const Vec coverage_error = coverage_error_of<S>(net_, root);
        const Vec largest_error = constant(job_.options.largest_error);
        Mask precise = both(both(root.bounded, hn::Le(rate_error, largest_error)),
                            hn::Le(coverage_error, largest_error));
        Mask certified = both(precise, arrives);
        if (!none(certified)) {
            const SlowestMode2 slowest = slowest_mode<S>(net_, root);
            if constexpr (S::exact) {
                // The way out for modes that do not settle is in double, which does not see these.
                precise = both(precise, slowest.settled);
                certified = both(certified, slowest.settled);
            }
            const Vec modes = all_slowest_modes<S>(net_, root, slowest, certified);
            const Mask decays = hn::Lt(modes, zero());
            beside = either(beside, hn::AndNot(decays, certified));
            certified = both(certified, decays);
            std::size_t points[width];
            for (std::size_t lane = 0; lane < waiting_count_; ++lane) {
                points[lane] = waiters_[lane].point;
            }
            answers_.store(bits_of(certified) & ((1u << waiting_count_) - 1u), points, root,
                           observables_,
                           {coverage_error, rate_error, modes, waiting_.get(layout_.time),
                            waiting_.get(layout_.steps), iterations});
        }
        waiting_put_back(bits_of(certified), bits_of(root.found), bits_of(precise), bits_of(beside),
                         iterations);
    }

    /// Sets the points without a certificate aside until a lane is free.
    void waiting_put_back(unsigned certified, unsigned found, unsigned precise, unsigned beside,
                          Vec iterations) {
        waiting_.put(layout_.iterations, iterations);
        for (std::size_t lane = 0; lane < waiting_count_; ++lane) {
            if (certified >> lane & 1u) continue;
            if (beside >> lane & 1u) {
                hand_over(waiters_[lane].point, HandOver::too_sensitive);
                continue;
            }
            Passenger passenger = waiters_[lane];
            passenger.last_failure = !(found >> lane & 1u)     ? HandOver::newton
                                     : !(precise >> lane & 1u) ? HandOver::imprecise
                                                               : HandOver::undecided;
            // Precision depends on the root more than on the way to it: little use in trying on.
            if (passenger.last_failure == HandOver::imprecise) ++passenger.imprecise;
            if (++passenger.attempts >= job_.options.most_attempts || passenger.imprecise >= 3) {
                hand_over(passenger.point, passenger.last_failure);
                continue;
            }
            std::vector<double> record(static_cast<std::size_t>(layout_.rows));
            for (int r = 0; r < layout_.rows; ++r) {
                record[static_cast<std::size_t>(r)] = waiting_.at(r, lane);
            }
            record[static_cast<std::size_t>(layout_.attempted)] = 1.0;
            record[static_cast<std::size_t>(layout_.next_attempt)] =
                record[static_cast<std::size_t>(layout_.steps)] + job_.options.attempt_every;
            aside_.emplace_back(passenger, std::move(record));
        }
        waiting_count_ = 0;
    }

    const Job& job_;
    const FlatNetwork& net_;
    Layout layout_;
    typename StepSystem<S>::Work work_;
    Observables<S> observables_;
    Answers<S> answers_;
    std::array<Carriage, 2> carriages_{Carriage(layout_.rows), Carriage(layout_.rows)};
    LaneRows waiting_;
    LaneArray<Vec> scaled_constants_, root_constants_, totals_;
    LaneArray<Double2> rates_, net_rates_;
    Passenger waiters_[width];
    std::deque<std::pair<Passenger, std::vector<double>>> aside_;
    std::size_t waiting_count_ = 0, next_ = 0;
};

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
