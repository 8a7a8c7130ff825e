#pragma once

#include <memory>
#include <string>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/live_network.hpp"

namespace turnover {

/// The transient of one point from its initial surface: CVODE (SUNDIALS; Hindmarsh et al., ACM
/// Trans. Math. Softw. 31, 363 (2005)), BDF of variable order and step, analytic Jacobian, over all
/// unknowns.
///
/// Every coverage is followed to a *relative* accuracy, down to `floor`, because a
/// coverage of 1e-20 may be the seed of the next state. The linear systems are scaled by the
/// coverages and, once step times rate constant exceeds what double can resolve, solved in
/// double-double: else a mode of 1e-8 1/s beside one of 1e13 1/s would be noise and the steps would
/// stay short.
///
/// One object per point and thread; nothing is shared between objects.
class Transient {
public:
    static constexpr double floor = 1e-40;

    Transient(const Network& network, const PointKinetics& point, const LiveNetwork& live,
              double relative_tolerance);
    ~Transient();
    Transient(const Transient&) = delete;
    Transient& operator=(const Transient&) = delete;

    /// One step of the integrator's choice. False when it gave up; `failure()` says why.
    [[nodiscard]] bool step();
    /// Limits the step (s); infinity lifts the limit.
    void limit_step(double longest);

    /// Whether rounding is why it gave up.
    [[nodiscard]] static bool out_of_digits() { return false; }
    /// Errors below this coverage are none.
    [[nodiscard]] static double absolute_tolerance() { return floor; }
    [[nodiscard]] double time() const;
    [[nodiscard]] int steps() const;
    [[nodiscard]] long work() const { return steps(); }
    [[nodiscard]] const std::vector<double>& coverages() const;
    [[nodiscard]] const std::string& failure() const;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace turnover
