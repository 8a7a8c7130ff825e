#include "turnover/steady/envelope.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace turnover {

namespace {

constexpr std::size_t most_passes_in_a_turn = 8;
/// Turns that must follow each other smoothly, before the first try, and at most before the next.
constexpr std::size_t smooth_turns = 4, turns_to_wait = 10, most_turns_to_wait = 40;
/// Less than this do coverages change from turn to turn by what the integrator errs.
constexpr double noise_of_a_turn = 1e-5;
/// By so much, as ln x, does a turn begin beside the one whose neighbourhood is explored. The steps
/// being the same, only the rounding of ln x to double limits it.
constexpr double aside = 1e-9;
/// What is left of a change after a turn, relative to what the coverages swing over, and has been
/// forgotten; that is looked at again whenever the slopes have been taken so often.
constexpr double forgotten = 1e-5;
constexpr int slopes_of_forgotten = 5;
/// Turns in which what is fast heals after a leap.
constexpr int turns_to_heal = 2;
/// Turns of the first leap, and fewer than which are not worth a leap.
constexpr double first_leap = 10.0, shortest_leap = 4.0;
/// What a leap may change a coverage by, as ln x.
constexpr double longest_change = 0.7;
/// Of the linearly implicit Euler method, along the drift as it is seen from where the leap begins.
constexpr int steps_of_leap = 16;
/// So far may the drift after a leap be from the one foreseen, relative to the one before; so far,
/// and the slopes are taken anew; so far, and the next leap may be much longer.
constexpr double tolerable = 0.5, doubtful = 0.3, excellent = 0.1;
constexpr int leaps_of_slopes = 8;
/// The orbit that closes is so near, relative to what the coverages swing over, that turns lead
/// there soon enough.
constexpr double arrived = 1e-3;
/// Steps of a turn over those of the turn before it.
constexpr int patience = 10;
constexpr int most_steps_of_first_turn = 20000;

/// The pass `turns` turns of `m` passes ago.
const Pass& ago(const std::vector<Pass>& passes, std::size_t m, std::size_t turns) {
    return passes[passes.size() - 1 - m * turns];
}

/// How much (a - b) and (c - d) differ.
double largest_difference(const Pass& a, const Pass& b, const Pass& c, const Pass& d) {
    double largest = 0.0;
    for (std::size_t i = 0; i < a.log.size(); ++i) {
        largest = std::max(largest, std::abs((a.log[i] - b.log[i]) - (c.log[i] - d.log[i])));
    }
    return largest;
}

/// Passes of the section in a turn: the fewest with which turns follow each other smoothly; 0 where
/// there are none, or fewer turns than `least_turns`.
std::size_t smooth_passes(const std::vector<Pass>& passes, std::size_t least_turns) {
    for (std::size_t m = 1; m <= most_passes_in_a_turn; ++m) {
        if (passes.size() < m * least_turns + 1) return 0;
        const auto turn = [&](std::size_t turns) -> const Pass& { return ago(passes, m, turns); };
        const double drift = largest_difference(turn(0), turn(1), turn(1), turn(1));
        bool smooth = true;
        for (std::size_t k = 0; k + 2 <= smooth_turns; ++k) {
            const double bend = largest_difference(turn(k), turn(k + 1), turn(k + 1), turn(k + 2));
            smooth = smooth && bend <= 0.3 * drift + noise_of_a_turn;
        }
        if (smooth) return m;
    }
    return 0;
}

double largest(const Eigen::VectorXd& v) { return v.size() == 0 ? 0.0 : v.cwiseAbs().maxCoeff(); }

}  // namespace

EnvelopeFollower::EnvelopeFollower(ExtendedTransient& transient, Motion& motion,
                                   PoincareSection& section, std::function<double()> resolved)
    : transient_(transient),
      motion_(motion),
      section_(section),
      resolved_(std::move(resolved)),
      least_turns_(turns_to_wait) {}

bool EnvelopeFollower::follow(bool closed, const std::function<bool()>& may_go_on) {
    may_go_on_ = may_go_on;
    if (!prepare(closed ? smooth_turns : least_turns_)) return false;
    const Stand origin{transient_.place(), motion_, section_, {}, transient_.time()};
    std::optional<Turn> here = measure();
    bool has_slopes = here && take_slopes(*here);
    const int before = leaps_;
    int since = 0;
    turns_ = first_leap;
    while (has_slopes && may_go_on_()) {
        const auto change = next_change(*here);
        if (!change) break;
        std::optional<Turn> next = leap(*here, *change);
        // A section that has been moved measures otherwise.
        const bool compares =
            next && next->base.section.times_laid() == here->base.section.times_laid();
        const double error = compares ? surprise(*here, *next)
                             : next   ? doubtful
                                      : std::numeric_limits<double>::infinity();
        if (!(error <= tolerable)) {
            turns_ *= 0.25;
            continue;
        }
        here = std::move(next);
        ++leaps_;
        if (error < doubtful) turns_ *= error < excellent ? 4.0 : 1.5;
        if (error >= doubtful || ++since >= leaps_of_slopes) {
            has_slopes = take_slopes(*here);
            since = 0;
        }
    }
    return_to(leaps_ > before ? here->base : origin);
    // Turns beside this one do not pass the section: another one may do better.
    if (here && !has_slopes) section_.forget();
    if (leaps_ == before) least_turns_ = std::min(2 * least_turns_, most_turns_to_wait);
    return leaps_ > before;
}

bool EnvelopeFollower::prepare(std::size_t least_turns) {
    passes_in_a_turn_ = smooth_passes(section_.passes(), least_turns);
    if (passes_in_a_turn_ == 0) return false;
    steps_of_turn_ = most_steps_of_first_turn / patience;
    slopes_taken_ = 0;
    const std::vector<int> left = transient_.left_to_laws();
    const std::vector<double>& coverages = transient_.coverages();
    free_.clear();
    for (std::size_t i = 0; i < coverages.size(); ++i) {
        const bool is_left = std::find(left.begin(), left.end(), static_cast<int>(i)) != left.end();
        if (i != section_.unknown() && !is_left && coverages[i] >= 10.0 * resolved_()) {
            free_.push_back(i);
        }
    }
    return !free_.empty();
}

std::optional<EnvelopeFollower::Stand> EnvelopeFollower::stand() {
    const Pass pass = section_.passes().back();
    std::vector<double> growth(pass.log.size());
    for (std::size_t i = 0; i < growth.size(); ++i) {
        growth[i] = pass.log[i] - std::log(std::max(transient_.coverages()[i], resolved_()));
    }
    if (!move(growth, pass.time - transient_.time(), false)) return std::nullopt;
    return Stand{transient_.place(), motion_, section_, free_of(pass.log), pass.time};
}

void EnvelopeFollower::return_to(const Stand& stand) {
    transient_.return_to(*stand.place);
    motion_ = stand.motion;
    section_ = stand.section;
}

bool EnvelopeFollower::turn(const std::vector<double>& lengths) {
    lengths_.clear();
    const int start = transient_.steps(), laid = section_.times_laid();
    for (std::size_t left = passes_in_a_turn_; left > 0;) {
        if (transient_.steps() - start > patience * steps_of_turn_ || !may_go_on_()) return false;
        const bool stepped = lengths_.size() < lengths.size()
                                 ? transient_.step(lengths[lengths_.size()])
                                 : transient_.step();
        if (!stepped) return false;
        lengths_.push_back(transient_.last_length());
        motion_.see(transient_.time(), transient_.coverages(), resolved_());
        if (section_.see(motion_, transient_.time(), transient_.coverages(), resolved_())) --left;
        if (!section_.is_laid() || section_.times_laid() != laid) return false;
    }
    return true;
}

std::optional<EnvelopeFollower::Turn> EnvelopeFollower::measure() {
    std::optional<Stand> base = stand();
    const int before = transient_.steps();
    if (!base || !turn()) return std::nullopt;
    steps_of_turn_ = transient_.steps() - before;
    if (section_.centre(passes_in_a_turn_)) {
        if (!turn()) return std::nullopt;
        base = stand();
        if (!base || !turn()) return std::nullopt;
    }
    const Pass& pass = section_.passes().back();
    Eigen::VectorXd drift = free_of(pass.log) - base->log;
    Eigen::VectorXd low = free_of(pass.lap.low), high = free_of(pass.lap.high);
    for (std::size_t l = 1; l < passes_in_a_turn_; ++l) {
        const Lap& lap = ago(section_.passes(), 1, l).lap;
        low = low.cwiseMin(free_of(lap.low));
        high = high.cwiseMax(free_of(lap.high));
    }
    Eigen::VectorXd scale = high - low;
    for (Eigen::Index a = 0; a < scale.size(); ++a) {
        if (!(scale[a] < 1.0 && scale[a] > 3.0 * std::abs(drift[a]))) scale[a] = 1.0;
    }
    const double period = pass.time - base->time;
    return Turn{std::move(*base), std::move(drift), period, lengths_, std::move(scale)};
}

bool EnvelopeFollower::take_slopes(const Turn& here) {
    const auto size = static_cast<Eigen::Index>(free_.size());
    if (slopes_taken_++ % slopes_of_forgotten == 0) forgotten_.assign(free_.size(), false);
    slopes_ = -Eigen::MatrixXd::Identity(size, size);
    for (Eigen::Index a = 0; a < size; ++a) {
        if (forgotten_[static_cast<std::size_t>(a)]) continue;
        return_to(here.base);
        Eigen::VectorXd change = Eigen::VectorXd::Zero(size);
        change[a] = aside;
        if (!move_free(change, 0.0) || !turn(here.lengths)) return false;
        const Eigen::VectorXd response =
            (free_of(section_.passes().back().log) - here.base.log - here.drift) / aside;
        slopes_.col(a) += response;
        forgotten_[static_cast<std::size_t>(a)] =
            largest(response.cwiseQuotient(here.scale)) * here.scale[a] < forgotten;
    }
    return true;
}

std::optional<Eigen::VectorXd> EnvelopeFollower::next_change(const Turn& here) {
    const Eigen::VectorXd to_orbit = -slopes_.fullPivLu().solve(here.drift);
    if (largest(to_orbit.cwiseQuotient(here.scale)) < arrived) return std::nullopt;
    const auto identity = Eigen::MatrixXd::Identity(slopes_.rows(), slopes_.cols());
    for (; turns_ >= shortest_leap; turns_ *= 0.7) {
        const double length = turns_ / steps_of_leap;
        const Eigen::FullPivLU<Eigen::MatrixXd> matrix(identity - length * slopes_);
        Eigen::VectorXd change = Eigen::VectorXd::Zero(here.drift.size());
        for (int step = 0; step < steps_of_leap; ++step) {
            change = matrix.solve(change + length * here.drift).eval();
        }
        if (largest(change) <= longest_change) return change;
    }
    return std::nullopt;
}

std::optional<EnvelopeFollower::Turn> EnvelopeFollower::leap(const Turn& here,
                                                             const Eigen::VectorXd& change) {
    return_to(here.base);
    if (!move_free(change, turns_ * here.period)) return std::nullopt;
    for (int healed = 0; healed < turns_to_heal; ++healed) {
        if (!turn()) return std::nullopt;
    }
    return measure();
}

double EnvelopeFollower::surprise(const Turn& before, const Turn& after) {
    // Without what further turns would heal.
    const Eigen::MatrixXd turned =
        slopes_ + Eigen::MatrixXd::Identity(slopes_.rows(), slopes_.cols());
    const auto lasting = [&](const Eigen::VectorXd& v) -> Eigen::VectorXd {
        return turned * (turned * (turned * v));
    };
    const Eigen::VectorXd moved = after.base.log - before.base.log;
    const Eigen::VectorXd unforeseen = lasting(after.drift - before.drift - slopes_ * moved);
    const Eigen::VectorXd foreseen = lasting(before.drift);
    const double error = largest(unforeseen.cwiseQuotient(before.scale)) /
                         largest(foreseen.cwiseQuotient(before.scale));
    // Broyden's update.
    if (error <= tolerable) slopes_ += unforeseen * moved.transpose() / moved.squaredNorm();
    return error;
}

bool EnvelopeFollower::move_free(const Eigen::VectorXd& change, double duration) {
    std::vector<double> growth(transient_.coverages().size(), 0.0);
    for (std::size_t a = 0; a < free_.size(); ++a) {
        growth[free_[a]] = change[static_cast<Eigen::Index>(a)];
    }
    return move(growth, duration, true);
}

bool EnvelopeFollower::move(const std::vector<double>& growth, double duration, bool swings) {
    const auto grown = transient_.leap(growth, duration);
    if (!grown) return false;
    motion_.leap(*grown, duration, swings);
    section_.restart(transient_.time());
    return true;
}

Eigen::VectorXd EnvelopeFollower::free_of(const std::vector<double>& log) const {
    Eigen::VectorXd result(static_cast<Eigen::Index>(free_.size()));
    for (std::size_t a = 0; a < free_.size(); ++a) {
        result[static_cast<Eigen::Index>(a)] = log[free_[a]];
    }
    return result;
}

}  // namespace turnover
