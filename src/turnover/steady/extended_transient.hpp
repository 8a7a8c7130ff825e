#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "turnover/kinetics/network.hpp"
#include "turnover/steady/extended.hpp"
#include "turnover/steady/live_network.hpp"

namespace turnover {

/// The transient of one point in extended precision, for points where an integrator whose state is
/// in double does not get to the end: where steps in quasi-equilibrium are so fast that the last
/// bit of a coverage drives more than the slow drift does, and where coverages matter that lie far
/// below any absolute tolerance.
///
/// RODAS3 (Sandu et al., Atmos. Environ. 31, 3459 (1997)): a linearly implicit method of four
/// stages and order 3(2), L-stable, with the local error of every coverage held relative to itself.
/// In double-double (32 digits) as long as its rounding is small against the tolerance of a step,
/// then in 100 digits, at last in 250. A step is repeated shorter where the determinant of its
/// matrix is negative: then it is too long for a growing mode, and the method would damp growth
/// that is real.
///
/// The same interface as Transient; a hundred times as slow.
class ExtendedTransient {
public:
    ExtendedTransient(const Network& network, const PointKinetics& point, const LiveNetwork& live,
                      double relative_tolerance);
    ~ExtendedTransient();
    ExtendedTransient(const ExtendedTransient&) = delete;
    ExtendedTransient& operator=(const ExtendedTransient&) = delete;

    /// One accepted step. False when it gave up; `failure()` says why.
    [[nodiscard]] bool step();
    /// One step of this length (s), whatever its error; the next step will try what it would have
    /// tried. False where there is no such step.
    [[nodiscard]] bool step(double length);
    /// Of the last step, s.
    [[nodiscard]] double last_length() const;
    /// Of the local error of each coverage in a step.
    [[nodiscard]] double relative_tolerance() const;
    void set_relative_tolerance(double tolerance);
    /// Limits the step (s); infinity lifts the limit.
    void limit_step(double longest);

    /// Where it is, to come back to.
    class Place;
    [[nodiscard]] std::shared_ptr<const Place> place() const;
    /// Goes on from there. The steps taken since count all the same.
    void return_to(const Place& place);

    /// ln of each coverage over what it was there, in full precision however little that is; zero
    /// where there is none.
    [[nodiscard]] std::vector<double> growth_since(const Place& place) const;
    [[nodiscard]] static std::vector<double> growth_between(const Place& from, const Place& to);
    /// ln of the coverage of `unknown` over `coverage`, likewise.
    [[nodiscard]] double log_over(std::size_t unknown, double coverage) const;

    /// Goes on with each coverage times exp(`growth`), `duration` later, but for one coverage of
    /// each conservation law, which becomes what the law leaves. The growth that it was in the end;
    /// empty, and nothing is changed, where the law leaves nothing.
    [[nodiscard]] std::optional<std::vector<double>> leap(const std::vector<double>& growth,
                                                          double duration);
    /// The unknowns whose coverages would be left to the laws.
    [[nodiscard]] std::vector<int> left_to_laws() const;

    /// Errors below this coverage are none: 1e-45, and 1e-280 once coverages have had the time to
    /// fall as a power of it.
    [[nodiscard]] double absolute_tolerance() const;
    [[nodiscard]] double time() const;
    /// Tried, accepted or not.
    [[nodiscard]] int steps() const;
    /// What they cost, in steps of double-double arithmetic.
    [[nodiscard]] long work() const;
    [[nodiscard]] const std::vector<double>& coverages() const;

    /// Of the arithmetic: 0 while double-double is enough, then 100 or 250.
    [[nodiscard]] int digits() const;
    /// The coverages with these digits; empty while double-double is enough.
    [[nodiscard]] std::vector<Digits250> exact_coverages() const;
    [[nodiscard]] const std::string& failure() const;
    /// Whether it gave up because rounding rules even in 250 digits.
    [[nodiscard]] bool out_of_digits() const;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace turnover
