#include "turnover/steady/envelope.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>

#include <Eigen/Eigenvalues>
#include <boost/math/tools/toms748_solve.hpp>

namespace turnover {

namespace {

constexpr std::size_t most_passes_in_a_turn = 8;
/// Turns that must follow each other smoothly, and before the first try; after one that led to no
/// leap twice as many.
constexpr std::size_t smooth_turns = 4, turns_to_wait = 10;
/// Less than this do coverages change from turn to turn by what the integrator errs.
constexpr double noise_of_a_turn = 3e-5;
/// By so much, as ln x, does a turn begin beside the one whose neighbourhood is explored: so little
/// that the steps are as many and change as smoothly as the turn does. Only the rounding of ln x to
/// double limits it.
constexpr double aside = 1e-9;
/// Directions in which turns are made beside another one, at most; and how much of what a turn
/// makes of the last one must be new, relative, for one more.
constexpr int most_directions = 12;
constexpr double new_direction = 1e-4;
/// A mode counts if a turn leaves no more than this part of it, or changes it by no more than this.
constexpr double damped = 0.5, near_one = 0.5;
/// Growth of a mode in a turn that is none, and in one of the steps of a leap, at most.
constexpr double no_growth = 0.02, growth_in_a_step = 0.3;
/// Turns in which what is fast heals after a leap, and one more to look where the section is best.
constexpr int turns_to_heal = 1;
/// Turns of the first leap, and fewer than which are not worth a leap.
constexpr double first_leap = 10.0, shortest_leap = 4.0;
/// What a leap may change a coverage by, as ln x.
constexpr double longest_change = 0.7;
/// Of the linearly implicit Euler method, along the drift as it is seen from where the leap begins.
constexpr int steps_of_leap = 16;
/// So far may the drift after a leap be from the one foreseen, relative to the one before; so far,
/// and the next leap may be longer; so far, and it may be much longer, with the same slopes.
constexpr double tolerable = 0.3, doubtful = 0.15, excellent = 0.05;
constexpr int leaps_of_slopes = 4;
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

/// The modes of `turned`, a matrix of what a turn makes of directions, that turns which follow each
/// other smoothly can have: those that are damped, and those near 1, which hardly turn or grow.
/// What else there is comes from steps that fell otherwise.
struct CredibleModes {
    explicit CredibleModes(const Eigen::MatrixXd& turned) {
        const Eigen::EigenSolver<Eigen::MatrixXd> modes(turned);
        const Eigen::VectorXcd& factors = modes.eigenvalues();
        Eigen::VectorXcd kept = Eigen::VectorXcd::Zero(factors.size());
        for (Eigen::Index m = 0; m < factors.size(); ++m) {
            if (std::abs(factors[m]) > damped && std::abs(factors[m] - 1.0) > near_one) continue;
            kept[m] = 1.0;
            growth = std::max(growth, factors[m].real() - 1.0);
        }
        const Eigen::MatrixXcd& vectors = modes.eigenvectors();
        projection = (vectors * kept.asDiagonal() * vectors.inverse()).real();
    }

    Eigen::MatrixXd projection;  ///< to these
    double growth = 0.0;         ///< in a turn, of the fastest that grows
};

double largest(const Eigen::VectorXd& v) { return v.size() == 0 ? 0.0 : v.cwiseAbs().maxCoeff(); }

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
    if (!prepare(closed ? 0 : turns_to_wait_)) return Course::unknown;
    passes_waited_ = 0;
    const Stand origin{transient_.place(), motion_, section_, {}, transient_.time(), 0};
    std::optional<Turn> here = measure();
    bool has_slopes = here && take_slopes(*here), arrived = false;
    const int before = leaps_;
    int since = 0;  // leaps, when the slopes were taken
    turns_ = first_leap;
    double most_turns = std::numeric_limits<double>::infinity();
    while (has_slopes && may_go_on_()) {
        arrived = closes(*here);
        const auto change = arrived ? std::nullopt : next_change(*here);
        if (!change) break;
        std::optional<Turn> next = leap(*here, *change);
        const double error =
            next ? surprise(*here, *next) : std::numeric_limits<double>::infinity();
        if (!(error <= tolerable)) {
            most_turns = 0.5 * turns_;
            turns_ *= 0.25;
            if (since > 0) has_slopes = take_slopes(*here);
            since = 0;
            continue;
        }
        here = std::move(next);
        ++leaps_;
        if (error < doubtful) {
            turns_ = std::min(turns_ * (error < excellent ? 4.0 : 1.5), most_turns);
        }
        most_turns *= 1.2;
        return_to(here->base);
        if (transient_.left_to_laws() != left_) break;  // other coverages are free now
        if (error >= excellent || ++since >= leaps_of_slopes) {
            has_slopes = take_slopes(*here);
            since = 0;
        }
    }
    return_to(leaps_ > before ? here->base : origin);
    // Turns beside this one do not pass the section: another one may do better.
    if (here && !has_slopes) section_.forget();
    if (leaps_ > before) {
        turns_to_wait_ = turns_to_wait;
        return Course::drifts;
    }
    if (!closed) turns_to_wait_ *= 2;
    return arrived ? Course::closes : Course::unknown;
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
    return Stand{transient_.place(), motion_,           section_,
                 free_of(landed_),   transient_.time(), steps_of_turn_};
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
    bool failed = false;
    const auto above = [&](double length) {
        transient_.return_to(*past.place);
        if (length > 0.0 && !transient_.step(length)) failed = true;
        const double coverage = std::max(transient_.coverages()[s], resolved_());
        return failed ? 0.0 : std::log(coverage) - section_.level();
    };
    // A little beyond the step that passed the section, lest rounding bring it back.
    double from = 0.0, to = past.step * (1.0 + 1e-9);
    const double below = above(from), beyond = above(to);
    if (failed || !(below < 0.0 && beyond > 0.0)) return false;
    std::uintmax_t most_tries = 40;
    std::tie(from, to) = boost::math::tools::toms748_solve(
        above, from, to, below, beyond, boost::math::tools::eps_tolerance<double>(), most_tries);
    const double missed = above(0.5 * (from + to));
    if (failed || !(std::abs(missed) <= aside)) return false;
    motion_ = past.motion;
    motion_.see(transient_.time(), transient_.coverages(), resolved_());
    section_.restart(transient_.time());
    landed_.clear();
    for (const double x : transient_.coverages()) {
        landed_.push_back(std::log(std::max(x, resolved_())));
    }
    return true;
}

std::optional<EnvelopeFollower::Turn> EnvelopeFollower::measure() {
    if (!turn(true)) return std::nullopt;
    Stand base = stand();
    const int before = transient_.steps();
    if (!turn()) return std::nullopt;
    base.steps_of_turn = steps_of_turn_ = transient_.steps() - before;
    Eigen::VectorXd drift = free_of(landed_) - base.log;
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
    for (Eigen::Index a = 0; a < scale.size(); ++a) {
        const bool is_pool = scale[a] < 1.0 && !(scale[a] > 3.0 * std::abs(drift[a]));
        if (is_pool && drift[a] != 0.0) pools.push_back(a);
        if (is_pool || !(scale[a] < 1.0)) scale[a] = 1.0;
    }
    const double period = transient_.time() - base.time;
    return Turn{std::move(base),  std::move(drift), period,
                highest - lowest, std::move(scale), std::move(pools)};
}

bool EnvelopeFollower::take_slopes(const Turn& here) {
    const auto size = static_cast<Eigen::Index>(free_.size());
    // In coordinates relative to what each swings over, by Arnoldi's method, from the drift and
    // from each pool: of the drift a pool may be too small a part to be told from noise.
    std::vector<Eigen::VectorXd> candidates{here.drift.cwiseQuotient(here.scale)};
    for (const Eigen::Index pool : here.pools) {
        candidates.push_back(Eigen::VectorXd::Unit(size, pool));
    }
    Eigen::MatrixXd turned(size, 0);
    basis_.resize(size, 0);
    basis_scale_ = here.scale;
    for (std::size_t c = 0; c < candidates.size(); ++c) {
        Eigen::VectorXd next = candidates[c];
        for (int twice = 0; twice < 2; ++twice) next -= basis_ * (basis_.transpose() * next);
        if (!(largest(next) > new_direction * largest(candidates[c]))) continue;
        if (basis_.cols() >= std::min<Eigen::Index>(size, most_directions)) break;
        next.normalize();
        const Eigen::VectorXd direction = next.cwiseProduct(here.scale);
        const double length = aside / largest(direction);
        return_to(here.base);
        if (!move_free(length * direction, 0.0) || !turn()) return false;
        const Eigen::VectorXd response = free_of(landed_) - here.base.log - here.drift;
        candidates.push_back(response.cwiseQuotient(here.scale) / length);
        const auto columns = basis_.cols() + 1;
        basis_.conservativeResize(Eigen::NoChange, columns);
        turned.conservativeResize(Eigen::NoChange, columns);
        basis_.rightCols(1) = next;
        turned.rightCols(1) = candidates.back();
    }
    slopes_ = -Eigen::MatrixXd::Identity(size, size);
    growth_ = 0.0;
    if (basis_.cols() == 0) return true;  // nothing drifts, to the last bit
    // P' in this space, and nothing of what lies beside.
    const CredibleModes modes(basis_.transpose() * turned);
    growth_ = modes.growth;
    slopes_ += here.scale.asDiagonal() * (turned * modes.projection) * basis_.transpose() *
               here.scale.cwiseInverse().asDiagonal();
    return true;
}

bool EnvelopeFollower::closes(const Turn& here) const {
    const Eigen::VectorXd to_orbit = -slopes_.fullPivLu().solve(here.drift);
    const bool leads_there = largest((slopes_ * to_orbit + here.drift).cwiseQuotient(here.scale)) <=
                             1e-3 * largest(here.drift.cwiseQuotient(here.scale));
    return growth_ <= no_growth && leads_there &&
           largest(to_orbit.cwiseQuotient(here.scale)) < near_orbit;
}

std::optional<Eigen::VectorXd> EnvelopeFollower::next_change(const Turn& here) {
    if (growth_ > 0.0) turns_ = std::min(turns_, growth_in_a_step * steps_of_leap / growth_);
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
    const double wider = after.swing / before.swing;
    if (!(wider <= most_widening && wider >= 1.0 / most_widening)) {
        return std::numeric_limits<double>::infinity();
    }
    // A section that has been moved measures otherwise.
    if (after.base.section.times_laid() != before.base.section.times_laid()) return doubtful;
    const Eigen::VectorXd moved = after.base.log - before.base.log;
    const Eigen::VectorXd unforeseen = lasting(after.drift - before.drift - slopes_ * moved);
    const Eigen::VectorXd foreseen = lasting(before.drift);
    return largest(unforeseen.cwiseQuotient(before.scale)) /
           std::max(largest(foreseen.cwiseQuotient(before.scale)),
                    std::min(noise_of_drift, noise_of_leap / turns_));
}

Eigen::VectorXd EnvelopeFollower::lasting(const Eigen::VectorXd& change) const {
    const Eigen::VectorXd scaled = change.cwiseQuotient(basis_scale_);
    const Eigen::VectorXd inside =
        (basis_ * (basis_.transpose() * scaled)).cwiseProduct(basis_scale_);
    Eigen::VectorXd turned = inside;
    for (int turn = 0; turn < 3; ++turn) turned += (slopes_ * turned).eval();
    return change - inside + turned;
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
