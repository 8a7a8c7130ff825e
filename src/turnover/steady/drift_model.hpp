#pragma once

#include <Eigen/Dense>

namespace turnover {

/// What turns do to an oscillation that drifts, as far as one turn and others that begin beside it
/// tell. With y the logarithms of the coverages at which the surface passes a Poincare section and
/// P(y) those one turn later, the drift obeys dy/dN = P(y) - y, of which P - y and P' - 1 are known
/// at one y.
///
/// P' is known in the directions in which turns were made; outside of them nothing is thought to
/// last for a turn. Changes count relative to `scale`, what each y swings over.
class DriftModel {
public:
    DriftModel() = default;
    /// `basis`: directions over `scale`, orthonormal, one a column; `turned`: what a turn makes of
    /// each. Modes that turns which follow each other smoothly cannot have are left out: those that
    /// a turn neither damps to a half or less nor changes by less than a half.
    DriftModel(Eigen::VectorXd scale, Eigen::MatrixXd basis, const Eigen::MatrixXd& turned);

    /// In a turn, of the fastest mode that grows, turning or not.
    [[nodiscard]] double growth() const { return growth_; }
    /// Of the fastest of those that were left out.
    [[nodiscard]] double growth_left_out() const { return growth_left_out_; }

    /// The largest change of any y, over the scale.
    [[nodiscard]] double size(const Eigen::VectorXd& change) const;
    /// Where the `drift` would come to its end; empty where it has none.
    [[nodiscard]] Eigen::VectorXd to_rest(const Eigen::VectorXd& drift) const;
    /// What of a change outlasts a quarter of so many turns, four at least and 32 at most: what
    /// matters to a leap.
    [[nodiscard]] Eigen::VectorXd lasting(const Eigen::VectorXd& change, double turns) const;
    /// That of a change which was measured and not made: what lies outside of the directions is
    /// real.
    [[nodiscard]] Eigen::VectorXd measured_lasting(const Eigen::VectorXd& change,
                                                   double turns) const;

    /// How the drift slows down along itself.
    enum class Slowing {
        by_distance,  ///< linearly with what is left to go: a mode dies away
        by_power,     ///< as one over the turns made: a pool fills
    };
    /// By how much y changes in so many turns, by the linearly implicit Euler method: modes that
    /// die within them end where the slow ones keep them.
    [[nodiscard]] Eigen::VectorXd change(const Eigen::VectorXd& drift, double turns,
                                         Slowing slowing) const;
    /// The drift where y is `moved` from here, as far as it lasts.
    [[nodiscard]] Eigen::VectorXd foreseen(const Eigen::VectorXd& drift,
                                           const Eigen::VectorXd& moved, double turns,
                                           Slowing slowing) const;

    /// Goes on from there: a drift that slows down as a power does so more slowly.
    void go_on_from(const Eigen::VectorXd& drift, const Eigen::VectorXd& moved, double turns,
                    Slowing slowing);

private:
    struct Decay;
    [[nodiscard]] Decay decay(const Eigen::VectorXd& drift, double turns, Slowing slowing) const;
    [[nodiscard]] Eigen::VectorXd inside(const Eigen::VectorXd& change) const;

    Eigen::VectorXd scale_;
    Eigen::MatrixXd basis_;
    Eigen::MatrixXd slopes_;  ///< P' - 1
    double growth_ = 0.0, growth_left_out_ = 0.0;
};

}  // namespace turnover
