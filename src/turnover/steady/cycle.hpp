#pragma once

#include <cstddef>
#include <vector>

#include "turnover/steady/poincare.hpp"

namespace turnover {

/// What a surface does that oscillates for ever.
struct Orbit {
    std::size_t unknown = 0;  ///< the one whose swing tells the turns
    double period = 0.0;      ///< s
    /// Largest relative difference of a coverage between one return and the next, over the last
    /// returns.
    double closure = 0.0;
    /// By how much each turn came nearer to the orbit than the one before, at least, over two
    /// decades of the way there; 1 where it was not seen to come there so.
    double contraction = 1.0;
    std::vector<double> low, high;                ///< of each coverage over the last period
    std::vector<double> mean_coverage, mean_log;  ///< averages over it, of x and of ln x
};

/// Recognises a transient that has become periodic: whenever it passes a Poincare section, all
/// coverages are the same as one, two, ... or eight passes ago, three times and for two periods at
/// least.
class Cycle {
public:
    /// Looks at a section that has just been passed. True when the surface has returned once more,
    /// and often enough: orbit() tells what it does. A section that it has long not returned to is
    /// forgotten.
    [[nodiscard]] bool see(PoincareSection& section);

    [[nodiscard]] const Orbit& orbit() const { return orbit_; }

    /// Starts anew, and asks for twice as many returns next time: the orbit was none.
    void disbelieve(PoincareSection& section);

private:
    [[nodiscard]] bool repeats(const PoincareSection& section);
    void describe_orbit(const PoincareSection& section, std::size_t laps, double closure);
    [[nodiscard]] static double contraction(const PoincareSection& section, std::size_t laps);

    std::size_t least_compared_ = 3;
    Orbit orbit_;
};

}  // namespace turnover
