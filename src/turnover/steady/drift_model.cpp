#include "turnover/steady/drift_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <Eigen/Eigenvalues>

namespace turnover {

namespace {

/// A mode counts if a turn leaves no more than this part of it, or changes it by no more than this.
constexpr double damped = 0.5, near_one = 0.5;
/// Steps of the linearly implicit Euler method along a leap.
constexpr int steps_of_leap = 16;
/// What lasts for so many turns lasts: at least, and for the longest leaps; powers of two.
constexpr double least_healing = 4.0, most_healing = 32.0;
/// A drift decays as a power only where it decays by less than this in a turn, and, relative to
/// that, no other way by more than the second.
constexpr double fastest_power = 0.1, one_way = 0.1;
/// The equation of where the drift ends has been solved as far as this, relative.
constexpr double solved = 1e-3;

/// What does not outlast so many turns does not matter to a leap of `turns`: a power of two.
double healing_turns(double turns) {
    return std::exp2(std::ceil(std::log2(std::clamp(0.25 * turns, least_healing, most_healing))));
}

/// The modes of `turned`, a matrix of what a turn makes of directions, that count.
struct CredibleModes {
    explicit CredibleModes(const Eigen::MatrixXd& turned)
        : projection(Eigen::MatrixXd::Zero(turned.rows(), turned.cols())) {
        const Eigen::EigenSolver<Eigen::MatrixXd> modes(turned);
        if (modes.info() != Eigen::Success) {
            growth = std::numeric_limits<double>::infinity();
            return;
        }
        const Eigen::VectorXcd& factors = modes.eigenvalues();
        Eigen::VectorXcd kept = Eigen::VectorXcd::Zero(factors.size());
        for (Eigen::Index m = 0; m < factors.size(); ++m) {
            const double grows = std::abs(factors[m]) - 1.0;
            if (std::abs(factors[m]) > damped && std::abs(factors[m] - 1.0) > near_one) {
                growth_left_out = std::max(growth_left_out, grows);
                continue;
            }
            kept[m] = 1.0;
            growth = std::max(growth, grows);
        }
        if (kept.real().minCoeff() > 0.0) {  // vectors of modes alike are bad ones to invert
            projection.setIdentity();
            return;
        }
        const Eigen::MatrixXcd& vectors = modes.eigenvectors();
        projection = (vectors * kept.asDiagonal() * vectors.inverse()).real();
    }

    Eigen::MatrixXd projection;    ///< to these
    double growth = 0.0;           ///< in a turn, of the fastest of these that grows
    double growth_left_out = 0.0;  ///< of the others
};

}  // namespace

DriftModel::DriftModel(Eigen::VectorXd scale, Eigen::MatrixXd basis, const Eigen::MatrixXd& turned)
    : scale_(std::move(scale)), basis_(std::move(basis)) {
    const Eigen::Index size = scale_.size();
    slopes_ = -Eigen::MatrixXd::Identity(size, size);
    if (basis_.cols() == 0) return;
    const CredibleModes modes(basis_.transpose() * turned);
    growth_ = modes.growth;
    growth_left_out_ = modes.growth_left_out;
    slopes_ += scale_.asDiagonal() * (turned * modes.projection) * basis_.transpose() *
               scale_.cwiseInverse().asDiagonal();
}

double DriftModel::size(const Eigen::VectorXd& change) const {
    return change.size() == 0
               ? 0.0
               : change.cwiseQuotient(scale_).cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
}

Eigen::VectorXd DriftModel::to_rest(const Eigen::VectorXd& drift) const {
    Eigen::VectorXd way = -slopes_.fullPivLu().solve(drift);
    if (!(size(slopes_ * way + drift) <= solved * size(drift))) return {};
    return way;
}

Eigen::VectorXd DriftModel::inside(const Eigen::VectorXd& change) const {
    return (basis_ * (basis_.transpose() * change.cwiseQuotient(scale_))).cwiseProduct(scale_);
}

Eigen::VectorXd DriftModel::lasting(const Eigen::VectorXd& change, double turns) const {
    const double healing = healing_turns(turns);
    Eigen::MatrixXd turned = slopes_ + Eigen::MatrixXd::Identity(slopes_.rows(), slopes_.cols());
    for (double made = 1.0; made < healing; made *= 2.0) turned *= turned.eval();
    return turned * inside(change);
}

Eigen::VectorXd DriftModel::measured_lasting(const Eigen::VectorXd& change, double turns) const {
    return change - inside(change) + lasting(change, turns);
}

/// The drift slows down by `rate` in a turn, along itself.
struct DriftModel::Decay {
    double rate = 0.0;         ///< 1/turn; zero where it does not slow down as a power
    Eigen::VectorXd slow;      ///< the drift that does
    Eigen::RowVectorXd turns;  ///< of a change: so many turns of it that is worth
    Eigen::MatrixXd slopes;    ///< without that
};

DriftModel::Decay DriftModel::decay(const Eigen::VectorXd& drift, double turns,
                                    Slowing slowing) const {
    Decay result{0.0, Eigen::VectorXd::Zero(drift.size()), Eigen::RowVectorXd::Zero(drift.size()),
                 slopes_};
    if (slowing == Slowing::by_distance) return result;
    Eigen::VectorXd slow = lasting(drift, turns);
    const double square = slow.cwiseQuotient(scale_).squaredNorm();
    if (!(square > 0.0)) return result;
    const auto along = [&](const Eigen::VectorXd& what) {
        return slow.cwiseQuotient(scale_).dot(what.cwiseQuotient(scale_)) / square;
    };
    const Eigen::VectorXd bend = slopes_ * slow;
    const double rate = -along(bend);
    if (!(rate > 0.0 && rate < fastest_power &&
          size(bend + rate * slow) <= one_way * rate * size(slow))) {
        return result;
    }
    result.rate = rate;
    // What it was before it lasted.
    slow *= std::pow(1.0 - rate, -healing_turns(turns));
    result.slow = slow;
    result.turns = slow.cwiseQuotient(scale_).cwiseQuotient(scale_).transpose() /
                   slow.cwiseQuotient(scale_).squaredNorm();
    result.slopes += result.rate * (result.slow * result.turns);
    return result;
}

/// As a power: with N turns made before, dy/dN goes as 1/N, so that y goes straight on for
/// N ln(1 + turns/N) turns, and 1/N is the rate at which the drift decays.
Eigen::VectorXd DriftModel::change(const Eigen::VectorXd& drift, double turns,
                                   Slowing slowing) const {
    const Decay slow = decay(drift, turns, slowing);
    const double straight = slow.rate > 0.0 ? std::log1p(slow.rate * turns) / slow.rate : turns;
    const double length = straight / steps_of_leap;
    const Eigen::FullPivLU<Eigen::MatrixXd> matrix(
        Eigen::MatrixXd::Identity(slopes_.rows(), slopes_.cols()) - length * slow.slopes);
    Eigen::VectorXd result = Eigen::VectorXd::Zero(drift.size());
    for (int step = 0; step < steps_of_leap; ++step) {
        result = matrix.solve(result + length * drift).eval();
    }
    return result;
}

Eigen::VectorXd DriftModel::foreseen(const Eigen::VectorXd& drift, const Eigen::VectorXd& moved,
                                     double turns, Slowing slowing) const {
    const Decay slow = decay(drift, turns, slowing);
    const Eigen::VectorXd here = inside(moved);
    return lasting(drift + slow.slopes * here, turns) * std::exp(-slow.rate * slow.turns.dot(here));
}

void DriftModel::go_on_from(const Eigen::VectorXd& drift, const Eigen::VectorXd& moved,
                            double turns, Slowing slowing) {
    const Decay slow = decay(drift, turns, slowing);
    const double rate = slow.rate * std::exp(-slow.rate * slow.turns.dot(inside(moved)));
    slopes_ = slow.slopes - rate * (slow.slow * slow.turns);
}

}  // namespace turnover
