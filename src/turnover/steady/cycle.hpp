#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "turnover/steady/motion.hpp"

namespace turnover {

/// What a surface does that oscillates for ever.
struct Orbit {
    std::size_t unknown = 0;  ///< the one that swings widest
    double period = 0.0;      ///< s
    /// Largest relative difference of a coverage between one return and the next, over the last
    /// returns.
    double closure = 0.0;
    std::vector<double> low, high;                ///< of each coverage over the last period
    std::vector<double> mean_coverage, mean_log;  ///< averages over it, of x and of ln x
};

/// Recognises a transient that has become periodic: whenever the coverage that swings widest passes
/// the middle of its range upwards (a Poincare section), all coverages are the same as one, two,
/// ... or eight passes ago, three times and for two periods at least. States on the section are
/// interpolated between four steps of the integrator.
class Cycle {
public:
    /// Takes the next step of the transient; coverages below `resolved` do not count. True when it
    /// has just returned once more, and often enough: orbit() tells what it does.
    [[nodiscard]] bool see(const Motion& motion, double time, const std::vector<double>& coverages,
                           double resolved);

    [[nodiscard]] const Orbit& orbit() const { return orbit_; }

    /// Starts anew, and asks for twice as many returns next time: the orbit was none.
    void disbelieve();

private:
    struct Section {
        std::size_t unknown = 0;
        double level = 0.0;  ///< of ln x
    };
    struct Sample {
        double time = 0.0;
        std::vector<double> log;  ///< ln of the coverages, none below the one that is resolved
    };
    /// From one pass of the section to the next.
    struct Lap {
        std::vector<double> low, high;                ///< ln of the coverages
        std::vector<double> coverage_time, log_time;  ///< integrals of x and ln x over time
        double duration = 0.0;
    };
    struct Return {
        Sample at;
        Lap lap;  ///< the one that ends here
    };

    void choose_section(const Motion& motion);
    void extend_lap();
    [[nodiscard]] Sample on_section() const;
    [[nodiscard]] bool repeats();
    void describe_orbit(std::size_t laps, double closure);

    std::optional<Section> section_;
    std::array<Sample, 4> samples_;  ///< the last steps, latest last
    std::size_t seen_ = 0;           ///< of these, since the start
    std::vector<Return> returns_;
    Lap lap_;
    std::size_t least_compared_ = 3;
    Orbit orbit_;
};

}  // namespace turnover
