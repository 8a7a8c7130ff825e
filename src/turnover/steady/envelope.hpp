#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <Eigen/Dense>

#include "turnover/steady/extended_transient.hpp"
#include "turnover/steady/motion.hpp"
#include "turnover/steady/poincare.hpp"

namespace turnover {

/// Envelope following (Petzold, SIAM J. Numer. Anal. 18, 455 (1981)): follows an oscillation that
/// drifts, as a slow pool fills or a mode dies away over thousands of turns, by leaps over many
/// turns at once.
///
/// With y the logarithms of the coverages at which the surface passes a Poincare section and P(y)
/// those one turn later, the envelope obeys dy/dN = P(y) - y. Its derivatives come from turns that
/// begin beside y: in the direction of the drift and in those of pools that do not swing, in those
/// which a turn makes of these, and so on (Arnoldi, Quart. Appl. Math. 9, 17 (1951)), since what
/// solves the linear equation stays in the space that these span. A leap goes along dy/dN = P(y) -
/// y + (P' - 1) dy by the linearly implicit Euler method, so that what heals in fewer turns than
/// the leap has is where the slow part keeps it. Between two leaps the transient takes a few whole
/// turns, which heal what is fast and measure the drift anew. A leap after which the drift is not
/// the one foreseen, or which the oscillation does not survive, is taken back and made shorter: the
/// end of an oscillation is approached turn by turn. docs/numerics.md has the figures.
class EnvelopeFollower {
public:
    /// Coverages below `resolved` do not count.
    EnvelopeFollower(ExtendedTransient& transient, Motion& motion, PoincareSection& section,
                     std::function<double()> resolved);

    enum class Course {
        unknown,  ///< too few turns to tell, or they do not let themselves be followed
        drifts,   ///< it leapt: the transient is on turns that the section has seen none of
        closes,   ///< turns lead to an orbit that closes, beside which no direction drifts or grows
    };
    /// To be called where the section has just been passed: leaps while the oscillation drifts and
    /// `may_go_on`. It waits for a few turns, unless these are `closed` as far as can be seen.
    Course follow(bool closed, const std::function<bool()>& may_go_on);

    /// Made so far, and not taken back.
    [[nodiscard]] int leaps() const { return leaps_; }

private:
    /// Where the transient is on the section, to come back to.
    struct Stand {
        std::shared_ptr<const ExtendedTransient::Place> place;
        Motion motion;
        PoincareSection section;
        Eigen::VectorXd log;  ///< of the free coverages
        double time = 0.0;    ///< s
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
        Eigen::VectorXd drift;  ///< P(y) - y
        double period = 0.0;    ///< s
        double swing = 0.0;     ///< range of ln x of the section's unknown
        /// What each ln x swings over in it; 1 where it swings widely, or drifts.
        Eigen::VectorXd scale;
        std::vector<Eigen::Index> pools;  ///< of the coverages, those that drift and do not swing
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
    /// Takes P' - 1 anew, at the beginning of this turn, with P' zero outside of the space in which
    /// the drift leads. False where a turn beside it fails.
    [[nodiscard]] bool take_slopes(const Turn& here);
    /// Whether turns lead to an orbit that closes soon enough.
    [[nodiscard]] bool closes(const Turn& here) const;
    /// By how much the free coverages change in the next leap, whose turns become as few as they
    /// must. Empty where that is too few.
    [[nodiscard]] std::optional<Eigen::VectorXd> next_change(const Turn& here);
    /// Where this leap leads; empty where the oscillation does not survive it.
    [[nodiscard]] std::optional<Turn> leap(const Turn& here, const Eigen::VectorXd& change);
    /// How far the drift after a leap is from the one foreseen, relative. Infinite where it is
    /// another oscillation.
    [[nodiscard]] double surprise(const Turn& before, const Turn& after);

    /// What of a change of the free coverages three more turns would leave, as far as the slopes
    /// know: all of it outside of the space that was explored.
    [[nodiscard]] Eigen::VectorXd lasting(const Eigen::VectorXd& change) const;

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
    std::vector<double> landed_;     ///< ln of the coverages at the end of the last turn
    std::vector<Lap> laps_;          ///< of the last turn
    std::vector<std::size_t> free_;  ///< unknowns that can be changed by themselves
    std::vector<int> left_;          ///< unknowns that are left to the laws instead
    Eigen::MatrixXd slopes_;         ///< P' - 1, of the free ones
    double growth_ = 0.0;            ///< in a turn, of the fastest mode that grows
    /// Of the space in which the slopes were taken, orthonormal in coordinates over the scale.
    Eigen::MatrixXd basis_;
    Eigen::VectorXd basis_scale_;
    int leaps_ = 0;
    double turns_ = 0.0;                             ///< of the next leap
    std::size_t turns_to_wait_, passes_waited_ = 0;  ///< before, and since, a try
};

}  // namespace turnover
