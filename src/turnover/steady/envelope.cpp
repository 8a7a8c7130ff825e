#include "turnover/steady/envelope.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>

#include <boost/math/tools/toms748_solve.hpp>

namespace turnover {

namespace {

constexpr std::size_t most_passes_in_a_turn = 8;
/// Turns that must follow each other smoothly, and before the first try; after one that led to no
/// leap twice as many.
constexpr std::size_t smooth_turns = 4, turns_to_wait = 5;
/// Less than this do coverages change from turn to turn by what the integrator errs.
constexpr double noise_of_a_turn = 3e-5;
/// By so much, as ln x, does a turn begin beside the one whose neighbourhood is explored: so little
/// that the steps are as many and change as smoothly as the turn does. What limits it is the double
/// in which a step's length is, and so where a turn ends: by no more than this part of it, as ln x.
constexpr double aside = 1e-9, most_astray = 1e-4;
/// Directions in which turns are made beside another one, at most; and how much of what a turn
/// makes of the last one must be new, relative, for one more.
constexpr int most_directions = 24;
constexpr double new_direction = 1e-4;
/// A coverage that drifts by less than this part of what the fastest does is no pool.
constexpr double slowest_pool = 1e-9;
/// Growth of a mode in a turn that is none; and that is so slow that an orbit may still be there,
/// if leaps do not lead away from it over so many times exp(1) of it, and so many more as it would
/// need to be seen. In a leap, at most.
constexpr double no_growth = 1e-7, slow_growth = 0.02, more_foldings = 3.0, growth_in_a_leap = 5.0;
/// Turns in which what is fast heals after a leap, and one more to look where the section is best.
constexpr int turns_to_heal = 1;
/// Turns of the first leap, and fewer than which are not worth a leap.
constexpr double first_leap = 10.0, shortest_leap = 4.0;
/// What a leap may change a coverage by, as ln x.
constexpr double longest_change = 3.0;
/// So far may the drift after a leap be from the one foreseen, relative to the one before; so far
/// does a leap aim; so far, and the model is good for another leap.
constexpr double tolerable = 0.3, aimed_at = 0.1, excellent = 0.05;
constexpr int leaps_of_model = 4;
/// A leap is made shorter and longer by no more than these; shorter by that where it was lost.
constexpr double most_shorter = 0.1, most_longer = 4.0, shorter_when_lost = 0.25;
/// Of the way that a leap led, so much may be missing where it has healed.
constexpr double most_missed = 0.5;
/// A drift of so little in a turn, relative to what the coverages swing over, is what the
/// integrator errs: it need not be foreseen as long as it amounts to no more than so much in a
/// leap.
constexpr double noise_of_drift = 1e-7, noise_of_leap = 0.02;
/// An oscillation that swings over more than so many times the range after a leap, or less than
/// that part of it, is not the one that leapt.
constexpr double most_widening = 1.5;
/// The orbit that closes is so near, relative to what the coverages swing over, that turns lead
/// there soon enough.
constexpr double near_orbit = 1e-3;
/// So far, likewise, must it have been where leaps have led to it: then it attracts.
constexpr double far_orbit = 0.1;
/// The tolerance is made tighter by this factor, and no tighter than this; what the integrator errs
/// is a small part of something that it changes by no more than this.
constexpr double tighter = 0.1, tightest = 0.9e-7, small_part = 0.1;
/// No leap goes on where a turn is less than this part of the time: doubles would not hold it.
constexpr double shortest_turn = 1e-12;
/// So near, as ln x, is a pass of the section to the one where leaps ended if it is on that orbit.
constexpr double same_orbit = 0.1;
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
/// there are none, or too few turns to tell.
std::size_t smooth_passes(const std::vector<Pass>& passes) {
    for (std::size_t m = 1; m <= most_passes_in_a_turn; ++m) {
        if (passes.size() < m * smooth_turns + 1) return 0;
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

double largest(const Eigen::VectorXd& v) {
    return v.size() == 0 ? 0.0 : v.cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
}

}  // namespace

EnvelopeFollower::EnvelopeFollower(ExtendedTransient& transient, Motion& motion,
                                   PoincareSection& section, std::function<double()> resolved)
    : transient_(transient),
      motion_(motion),
      section_(section),
      resolved_(std::move(resolved)),
      turns_to_wait_(turns_to_wait) {}

EnvelopeFollower::Course EnvelopeFollower::follow(bool closed,
                                                  const std::function<bool()>& may_go_on) {
    may_go_on_ = may_go_on;
    ++passes_waited_;
    if (closed && is_at_orbit()) return Course::closes;
    if (!prepare(closed ? 0 : turns_to_wait_)) return Course::too_early;
    passes_waited_ = 0;
    Stand reached{transient_.place(), motion_, section_, {}, transient_.time(), 0};
    const int before = leaps_;
    bool has_model = false, arrived = false, is_bad_section = false;
    int since = 0;  // leaps, when the model was taken
    // Leapt over beside an orbit while something seemed to grow; and how near it was at first.
    double turns_at_orbit = 0.0, way_at_first = 0.0;
    std::optional<Turn> here = begin();
    const auto model = [&] {
        has_model = here && take_model(*here);
        since = 0;
    };
    model();
    while (has_model && may_go_on_()) {
        const double way = way_to_orbit(*here), growth = model_.growth();
        if (turns_at_orbit == 0.0 || !(way < near_orbit)) {
            turns_at_orbit = 0.0;
            way_at_first = std::max(way, std::numeric_limits<double>::min());
        }
        const bool is_there =
            way < near_orbit &&
            (growth <= no_growth ||
             turns_at_orbit * growth > std::log(near_orbit / way_at_first) + more_foldings);
        // What was left out is noise where turns have returned as closely as it can be; whether
        // they do is for the transient to see, turn by turn.
        if (is_there && model_.growth_left_out() > 0.0 && !closed) break;
        arrived = is_there && is_sure_of_orbit(*here);
        note_approach(*here, way, arrived);
        if (arrived) break;
        const auto change = is_there ? std::nullopt : next_change(*here);
        if (!change) {
            const bool by_error = is_there || (has_failed_ && errs_in_drift(*here));
            if (!by_error || !tighten()) break;
            return_to(here->base);
            here = begin();
            model();
            turns_at_orbit = 0.0;
            continue;
        }
        std::optional<Turn> next = leap(*here, *change);
        const double error =
            next ? surprise(*here, *next, *change) : std::numeric_limits<double>::infinity();
        const bool moved =
            next && next->base.section.times_laid() != here->base.section.times_laid();
        if (error <= tolerable) {
            if (!moved) learn_slowing(*here, *next);
            turns_at_orbit += turns_;
        }
        adapt_turns(error);
        if (has_failed_) {
            if (since > 0) model();
            continue;
        }
        ++leaps_;
        here = std::move(next);
        reached = here->base;
        return_to(reached);
        if (transient_.left_to_laws() != left_) break;  // other coverages are free now
        is_bad_section = moved && is_narrow(here->swing, here->widest);
        if (is_bad_section) break;
        if (error >= excellent || ++since >= leaps_of_model) model();
    }
    return_to(reached);
    // Turns beside this one do not pass the section, or another coverage swings more: another
    // section may do better.
    if ((here && !has_model) || is_bad_section) section_.forget();
    if (leaps_ > before) {
        turns_to_wait_ = turns_to_wait;
        return Course::drifts;
    }
    if (!closed) turns_to_wait_ *= 2;
    return arrived ? Course::closes : Course::unknown;
}

std::optional<EnvelopeFollower::Turn> EnvelopeFollower::begin() {
    turns_ = first_leap;
    has_failed_ = false;
    slowing_ = DriftModel::Slowing::by_distance;
    return measure();
}

void EnvelopeFollower::adapt_turns(double error) {
    const bool failed_before = std::exchange(has_failed_, !(error <= tolerable));
    if (std::isfinite(error)) {
        // What a leap does not foresee grows as the square of its length.
        const double longer = std::sqrt(aimed_at / error);
        const double most = has_failed_ ? 0.5 : failed_before ? 1.0 : most_longer;
        turns_ *= std::clamp(longer, most_shorter, most);
    } else {
        turns_ *= shorter_when_lost;
    }
}

void EnvelopeFollower::note_approach(const Turn& here, double way, bool arrived) {
    approach_.farthest = std::isfinite(way) ? std::max(approach_.farthest, way) : 0.0;
    approach_.has_arrived = arrived;
    if (!arrived) return;
    approach_.times_laid = here.base.section.times_laid();
    approach_.log.clear();
    for (const double x : here.base.coverages) {
        approach_.log.push_back(std::log(std::max(x, resolved_())));
    }
}

bool EnvelopeFollower::is_at_orbit() const {
    if (!approach_.has_arrived || !section_.is_laid() ||
        section_.times_laid() != approach_.times_laid)
        return false;
    const std::vector<Pass>& passes = section_.passes();
    if (passes.empty()) return true;  // it is still there
    const std::size_t looked_at = std::min(passes.size(), most_passes_in_a_turn);
    return std::any_of(
        passes.end() - static_cast<std::ptrdiff_t>(looked_at), passes.end(), [&](const Pass& pass) {
            double farthest = 0.0;
            for (std::size_t i = 0; i < pass.log.size(); ++i) {
                farthest = std::max(farthest, std::abs(pass.log[i] - approach_.log[i]));
            }
            return farthest < same_orbit;
        });
}

bool EnvelopeFollower::has_led_to_orbit() const {
    return approach_.farthest >= far_orbit && is_at_orbit();
}

bool EnvelopeFollower::prepare(std::size_t least_turns) {
    passes_in_a_turn_ = smooth_passes(section_.passes());
    if (passes_in_a_turn_ == 0 || passes_waited_ < passes_in_a_turn_ * least_turns) return false;
    steps_of_turn_ = most_steps_of_first_turn / patience;
    left_ = transient_.left_to_laws();
    const std::vector<double>& coverages = transient_.coverages();
    free_.clear();
    for (std::size_t i = 0; i < coverages.size(); ++i) {
        const bool is_left =
            std::find(left_.begin(), left_.end(), static_cast<int>(i)) != left_.end();
        if (i != section_.unknown() && !is_left && coverages[i] >= 10.0 * resolved_()) {
            free_.push_back(i);
        }
    }
    return !free_.empty();
}

EnvelopeFollower::Stand EnvelopeFollower::stand() const {
    return Stand{transient_.place(),     motion_,           section_,
                 transient_.coverages(), transient_.time(), steps_of_turn_};
}

void EnvelopeFollower::return_to(const Stand& stand) {
    transient_.return_to(*stand.place);
    motion_ = stand.motion;
    section_ = stand.section;
    if (stand.steps_of_turn > 0) steps_of_turn_ = stand.steps_of_turn;
}

bool EnvelopeFollower::turn(bool may_centre) {
    const int start = transient_.steps();
    int laid = section_.times_laid();
    std::array<std::optional<Past>, 2> past;
    for (std::size_t left = passes_in_a_turn_; left > 0;) {
        if (transient_.steps() - start > patience * steps_of_turn_ || !may_go_on_()) return false;
        past = {std::move(past[1]), Past{transient_.place(), motion_}};
        if (!transient_.step()) return false;
        past[1]->step = transient_.last_length();
        motion_.see(transient_.time(), transient_.coverages(), resolved_());
        if (section_.see(motion_, transient_.time(), transient_.coverages(), resolved_())) --left;
        if (!section_.is_laid() || section_.times_laid() != laid) return false;
        if (left == 0 && std::exchange(may_centre, false) && section_.centre(passes_in_a_turn_)) {
            laid = section_.times_laid();
            left = passes_in_a_turn_;
        }
    }
    laps_.clear();
    for (std::size_t l = 0; l < passes_in_a_turn_; ++l) {
        laps_.push_back(ago(section_.passes(), 1, l).lap);
    }
    return past[0] && land(*past[0]);
}

bool EnvelopeFollower::land(const Past& past) {
    const std::size_t s = section_.unknown();
    const double level = std::exp(section_.level());
    bool failed = false;
    const auto above = [&](double length) {
        transient_.return_to(*past.place);
        if (length > 0.0 && !transient_.step(length)) failed = true;
        return failed ? 0.0 : transient_.log_over(s, level);
    };
    // A little beyond the step that passed the section, lest rounding bring it back.
    double from = 0.0, to = past.step * (1.0 + 1e-9);
    const double below = above(from), beyond = above(to);
    if (failed || !(below < 0.0 && beyond > 0.0)) return false;
    std::uintmax_t most_tries = 40;
    std::tie(from, to) = boost::math::tools::toms748_solve(
        above, from, to, below, beyond, boost::math::tools::eps_tolerance<double>(), most_tries);
    const double missed = above(0.5 * (from + to));
    if (failed || !(std::abs(missed) <= most_astray * aside)) return false;
    motion_ = past.motion;
    motion_.see(transient_.time(), transient_.coverages(), resolved_());
    section_.restart(transient_.time());
    return true;
}

std::optional<EnvelopeFollower::Turn> EnvelopeFollower::measure() {
    if (!turn(true)) return std::nullopt;
    Stand base = stand();
    const int before = transient_.steps();
    if (!turn()) return std::nullopt;
    base.steps_of_turn = steps_of_turn_ = transient_.steps() - before;
    Eigen::VectorXd drift = free_of(transient_.growth_since(*base.place));
    const std::size_t s = section_.unknown();
    Eigen::VectorXd low = free_of(laps_[0].low), high = free_of(laps_[0].high);
    double lowest = laps_[0].low[s], highest = laps_[0].high[s];
    for (const Lap& lap : laps_) {
        low = low.cwiseMin(free_of(lap.low));
        high = high.cwiseMax(free_of(lap.high));
        lowest = std::min(lowest, lap.low[s]);
        highest = std::max(highest, lap.high[s]);
    }
    Eigen::VectorXd scale = high - low;
    std::vector<Eigen::Index> pools;
    const double fastest = largest(drift);
    for (Eigen::Index a = 0; a < scale.size(); ++a) {
        const bool is_pool = scale[a] < 1.0 && !(scale[a] > 3.0 * std::abs(drift[a]));
        if (is_pool && std::abs(drift[a]) > slowest_pool * fastest) pools.push_back(a);
        if (is_pool || !(scale[a] < 1.0)) scale[a] = 1.0;
    }
    const double period = transient_.time() - base.time;
    return Turn{std::move(base),     std::move(drift), period,          highest - lowest,
                largest(high - low), std::move(scale), std::move(pools)};
}

bool EnvelopeFollower::take_model(const Turn& here, const Eigen::VectorXd* also) {
    const auto size = static_cast<Eigen::Index>(free_.size());
    // In coordinates relative to what each swings over, by Arnoldi's method, from the drift and
    // from each pool: of the drift a pool may be too small a part to be told from noise.
    std::vector<Eigen::VectorXd> candidates{here.drift.cwiseQuotient(here.scale)};
    for (const Eigen::Index pool : here.pools) {
        candidates.push_back(Eigen::VectorXd::Unit(size, pool));
    }
    if (also != nullptr) candidates.push_back(also->cwiseQuotient(here.scale));
    Eigen::MatrixXd basis(size, 0), turned(size, 0);
    for (std::size_t c = 0; c < candidates.size(); ++c) {
        Eigen::VectorXd next = candidates[c];
        for (int twice = 0; twice < 2; ++twice) next -= basis * (basis.transpose() * next);
        if (!(largest(next) > new_direction * largest(candidates[c]))) continue;
        if (basis.cols() >= std::min<Eigen::Index>(size, most_directions)) break;
        next.normalize();
        const Eigen::VectorXd direction = next.cwiseProduct(here.scale);
        const double length = aside / largest(direction);
        return_to(here.base);
        if (!move_free(length * direction, 0.0) || !turn()) return false;
        const Eigen::VectorXd response =
            free_of(transient_.growth_since(*here.base.place)) - here.drift;
        candidates.push_back(response.cwiseQuotient(here.scale) / length);
        const auto columns = basis.cols() + 1;
        basis.conservativeResize(Eigen::NoChange, columns);
        turned.conservativeResize(Eigen::NoChange, columns);
        basis.rightCols(1) = next;
        turned.rightCols(1) = candidates.back();
    }
    model_ = DriftModel(here.scale, std::move(basis), turned);
    return true;
}

double EnvelopeFollower::way_to_orbit(const Turn& here) const {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    if (model_.growth() > slow_growth) return infinite;
    const Eigen::VectorXd way = model_.to_rest(here.drift);
    return way.size() > 0 ? model_.size(way) : infinite;
}

std::optional<Eigen::VectorXd> EnvelopeFollower::error_of(const Turn& here) {
    const double tolerance = transient_.relative_tolerance();
    return_to(here.base);
    transient_.set_relative_tolerance(tighter * tolerance);
    const bool turned = turn();
    transient_.set_relative_tolerance(tolerance);
    if (!turned) return std::nullopt;
    return free_of(transient_.growth_since(*here.base.place)) - here.drift;
}

bool EnvelopeFollower::is_sure_of_orbit(const Turn& here) {
    const auto error = error_of(here);
    // What the error would do may not be in the directions in which the drift leads.
    if (!error || !take_model(here, &*error) || !(way_to_orbit(here) < near_orbit)) return false;
    const Eigen::VectorXd shift = model_.to_rest(*error);
    return shift.size() > 0 && model_.size(shift) < small_part;
}

bool EnvelopeFollower::errs_in_drift(const Turn& here) {
    const auto error = error_of(here);
    return error && model_.size(model_.lasting(*error, turns_)) >
                        small_part * model_.size(model_.lasting(here.drift, turns_));
}

bool EnvelopeFollower::tighten() {
    const double tolerance = tighter * transient_.relative_tolerance();
    if (tolerance < tightest) return false;
    transient_.set_relative_tolerance(tolerance);
    return true;
}

std::optional<Eigen::VectorXd> EnvelopeFollower::next_change(const Turn& here) {
    if (here.period < shortest_turn * transient_.time()) return std::nullopt;
    if (model_.growth() > 0.0) turns_ = std::min(turns_, growth_in_a_leap / model_.growth());
    turns_ = std::min(turns_, 1.0 / shortest_turn);
    for (; turns_ >= shortest_leap; turns_ *= 0.7) {
        Eigen::VectorXd change = model_.change(here.drift, turns_, slowing_);
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

double EnvelopeFollower::surprise(const Turn& before, const Turn& after,
                                  const Eigen::VectorXd& change) const {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const double wider = after.swing / before.swing;
    if (!(wider <= most_widening && wider >= 1.0 / most_widening)) return infinite;
    // A section that has been moved measures otherwise.
    if (after.base.section.times_laid() != before.base.section.times_laid()) return aimed_at;
    const auto size_of_lasting = [&](const Eigen::VectorXd& what) {
        return model_.size(model_.lasting(what, turns_));
    };
    const Eigen::VectorXd moved = change_between(before, after);
    const Eigen::VectorXd led = change + (turns_to_heal + 1.0) * before.drift;
    if (!(size_of_lasting(moved - led) <=
          most_missed * std::max(size_of_lasting(led), noise_of_leap))) {
        return infinite;
    }
    const double unforeseen = model_.size(model_.measured_lasting(after.drift, turns_) -
                                          model_.foreseen(before.drift, moved, turns_, slowing_));
    return unforeseen / std::max(size_of_lasting(before.drift),
                                 std::min(noise_of_drift, noise_of_leap / turns_));
}

void EnvelopeFollower::learn_slowing(const Turn& before, const Turn& after) {
    const Eigen::VectorXd moved = change_between(before, after);
    const Eigen::VectorXd drift = model_.measured_lasting(after.drift, turns_);
    const auto missed = [&](DriftModel::Slowing slowing) {
        return model_.size(drift - model_.foreseen(before.drift, moved, turns_, slowing));
    };
    using enum DriftModel::Slowing;
    slowing_ = missed(by_power) < missed(by_distance) ? by_power : by_distance;
    model_.go_on_from(before.drift, moved, turns_, slowing_);
}

Eigen::VectorXd EnvelopeFollower::change_between(const Turn& before, const Turn& after) const {
    return free_of(ExtendedTransient::growth_between(*before.base.place, *after.base.place));
}

bool EnvelopeFollower::move_free(const Eigen::VectorXd& change, double duration) {
    std::vector<double> growth(transient_.coverages().size(), 0.0);
    for (std::size_t a = 0; a < free_.size(); ++a) {
        growth[free_[a]] = change[static_cast<Eigen::Index>(a)];
    }
    const auto grown = transient_.leap(growth, duration);
    if (!grown) return false;
    motion_.leap(*grown, duration);
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
