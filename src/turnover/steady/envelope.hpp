#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <Eigen/Dense>

#include "turnover/steady/drift_model.hpp"
#include "turnover/steady/extended_transient.hpp"
#include "turnover/steady/motion.hpp"
#include "turnover/steady/poincare.hpp"

namespace turnover {

/// Envelope following (Petzold, SIAM J. Numer. Anal. 18, 455 (1981)): follows an oscillation that
/// drifts, as a slow pool fills or a mode dies away over thousands of turns, by leaps over many
/// turns at once.
///
/// DriftModel says what turns do to the place where the surface passes a Poincare section; its
/// derivatives come from turns that begin beside one: in the direction of the drift and in those of
/// pools that do not swing, in those which a turn makes of these, and so on (Arnoldi, Quart. Appl.
/// Math. 9, 17 (1951)), since what solves the leap's equation stays in the space that these span.
/// Between two leaps the transient takes a few whole turns, which heal what is fast and measure the
/// drift anew. A leap after which the drift is not the one foreseen, which the oscillation does not
/// survive, or which does not stay where it led is taken back and made shorter: the end of an
/// oscillation is approached turn by turn. Where the drift is no larger than what the integrator
/// errs, its tolerance is made tighter. docs/numerics.md has the figures.
class EnvelopeFollower {
public:
    /// Coverages below `resolved` do not count.
    EnvelopeFollower(ExtendedTransient& transient, Motion& motion, PoincareSection& section,
                     std::function<double()> resolved);

    enum class Course {
        too_early,  ///< too few turns to tell
        unknown,    ///< they do not let themselves be followed
        drifts,     ///< it leapt: the transient is on turns that the section has seen none of
        closes,  ///< turns lead to an orbit that closes, beside which no direction drifts or grows,
                 ///< and what the integrator errs does not matter
    };
    /// To be called where the section has just been passed: leaps while the oscillation drifts and
    /// `may_go_on`. It waits for a few turns, unless these are `closed` as far as can be seen.
    Course follow(bool closed, const std::function<bool()>& may_go_on);

    /// Whether the last leaps led from afar to the orbit that the transient is on: it attracts.
    [[nodiscard]] bool has_led_to_orbit() const;
    /// Made so far, and not taken back.
    [[nodiscard]] int leaps() const { return leaps_; }

private:
    /// Where the transient is on the section, to come back to.
    struct Stand {
        std::shared_ptr<const ExtendedTransient::Place> place;
        Motion motion;
        PoincareSection section;
        std::vector<double> coverages;
        double time = 0.0;  ///< s
        int steps_of_turn = 0;
    };
    /// Where the transient was before one of its last steps.
    struct Past {
        std::shared_ptr<const ExtendedTransient::Place> place;
        Motion motion;
        double step = 0.0;  ///< that it took then, s
    };
    struct Turn {
        Stand base;             ///< where it begins
        Eigen::VectorXd drift;  ///< in the turn, of ln of the free coverages
        double period = 0.0;    ///< s
        double swing = 0.0;     ///< range of ln x of the section's unknown
        double widest = 0.0;    ///< of the free coverages
        /// What each ln x swings over in it; 1 where it swings widely, or drifts.
        Eigen::VectorXd scale;
        std::vector<Eigen::Index> pools;  ///< of the coverages, those that drift and do not swing
    };

    /// To an orbit that closes.
    struct Approach {
        double farthest = 0.0;     ///< that the orbit was, over the scale
        bool has_arrived = false;  ///< and the integrator's errors do not matter
        int times_laid = -1;       ///< of the section there
        std::vector<double> log;   ///< ln of the coverages there
    };

    /// What is free to change, and the number of passes in a turn. False where turns do not follow
    /// each other smoothly.
    [[nodiscard]] bool prepare(std::size_t least_turns);
    /// Where the transient is, on the section.
    [[nodiscard]] Stand stand() const;
    void return_to(const Stand& stand);
    /// One turn, to the section, which `may_centre` allows to be moved to the middle of the range
    /// first. False where it is not passed again in time.
    [[nodiscard]] bool turn(bool may_centre = false);
    /// Takes the step that passes the section again, up to the section only: its state is not
    /// interpolated, so that it depends smoothly on where the turn began.
    [[nodiscard]] bool land(const Past& past);
    /// To the section, and one turn on.
    [[nodiscard]] std::optional<Turn> measure();
    /// Takes the model of the drift anew, at the beginning of this turn. False where a turn beside
    /// it fails.
    /// `also`: one more direction to begin with.
    [[nodiscard]] bool take_model(const Turn& here, const Eigen::VectorXd* also = nullptr);
    /// How far an orbit that closes is, over the scale. Infinite where there is none, or something
    /// beside it grows and not slowly.
    [[nodiscard]] double way_to_orbit(const Turn& here) const;
    /// What the integrator errs in this turn: by how much another one with a tighter tolerance
    /// ends elsewhere. Empty where that one fails.
    [[nodiscard]] std::optional<Eigen::VectorXd> error_of(const Turn& here);
    /// Whether the orbit that is near would be there with a tighter tolerance, too.
    [[nodiscard]] bool is_sure_of_orbit(const Turn& here);
    /// Whether what the integrator errs is a good part of the drift.
    [[nodiscard]] bool errs_in_drift(const Turn& here);
    /// Makes the integrator's tolerance tighter for good. False where it is as tight as can be.
    [[nodiscard]] bool tighten();
    /// Begins once more from a turn of the transient as it is now.
    [[nodiscard]] std::optional<Turn> begin();
    /// By how much the free coverages change in the next leap, whose turns become as few as they
    /// must. Empty where that is too few.
    [[nodiscard]] std::optional<Eigen::VectorXd> next_change(const Turn& here);
    /// Where this leap leads; empty where the oscillation does not survive it.
    [[nodiscard]] std::optional<Turn> leap(const Turn& here, const Eigen::VectorXd& change);
    /// How far the drift after a leap is from the one foreseen, relative. Infinite where it is
    /// another oscillation, or has gone elsewhere.
    [[nodiscard]] double surprise(const Turn& before, const Turn& after,
                                  const Eigen::VectorXd& change) const;
    /// How the drift slowed down between these; the model goes on from there.
    void learn_slowing(const Turn& before, const Turn& after);
    [[nodiscard]] Eigen::VectorXd change_between(const Turn& before, const Turn& after) const;
    /// Makes the next leap as much longer or shorter as `error`, a surprise, allows.
    void adapt_turns(double error);
    /// Remembers how far the orbit is, and where if it has `arrived` there.
    void note_approach(const Turn& here, double way, bool arrived);
    /// Whether the transient has passed there in its last turn.
    [[nodiscard]] bool is_at_orbit() const;

    /// Changes the free coverages by exp(`change`). False where that cannot be.
    [[nodiscard]] bool move_free(const Eigen::VectorXd& change, double duration);
    [[nodiscard]] Eigen::VectorXd free_of(const std::vector<double>& log) const;

    ExtendedTransient& transient_;
    Motion& motion_;
    PoincareSection& section_;
    std::function<double()> resolved_;
    std::function<bool()> may_go_on_;

    std::size_t passes_in_a_turn_ = 1;
    int steps_of_turn_ = 0;
    std::vector<Lap> laps_;          ///< of the last turn
    std::vector<std::size_t> free_;  ///< unknowns that can be changed by themselves
    std::vector<int> left_;          ///< unknowns that are left to the laws instead
    DriftModel model_;
    DriftModel::Slowing slowing_ = DriftModel::Slowing::by_distance;  ///< in the next leap
    int leaps_ = 0;
    Approach approach_;
    double turns_ = 0.0;                             ///< of the next leap
    bool has_failed_ = false;                        ///< the last leap
    std::size_t turns_to_wait_, passes_waited_ = 0;  ///< before, and since, a try
};

}  // namespace turnover
