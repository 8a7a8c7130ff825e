#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "turnover/steady/motion.hpp"

namespace turnover {

/// Whether a swing over `range`, as ln x, is a narrow one beside one over `widest`: a ripple on a
/// pool, say, through which a section would soon be off centre.
[[nodiscard]] bool is_narrow(double range, double widest);

/// From one pass of a section to the next.
struct Lap {
    std::vector<double> low, high;                ///< ln of the coverages
    std::vector<double> coverage_time, log_time;  ///< integrals of x and ln x over time
    double duration = 0.0;                        ///< s
};

/// A surface that passes a section.
struct Pass {
    double time = 0.0;        ///< s
    std::vector<double> log;  ///< ln of the coverages, none below the one that is resolved
    Lap lap;                  ///< the one that ends here
};

/// A Poincare section through an oscillation: where the coverage that swings widest, or over the
/// most decades if that is a ripple only, passes the middle of its range upwards. States on the
/// section are interpolated between four steps of the integrator. The section stays as long as it
/// is passed.
class PoincareSection {
public:
    /// Takes the next step of the transient; coverages below `resolved` do not count. True when it
    /// has just passed: passes() tells where.
    [[nodiscard]] bool see(const Motion& motion, double time, const std::vector<double>& coverages,
                           double resolved);

    [[nodiscard]] bool is_laid() const { return section_.has_value(); }
    /// So often has a section been laid.
    [[nodiscard]] int times_laid() const { return times_laid_; }
    /// Since the section was laid; the first lap is not a whole one.
    [[nodiscard]] const std::vector<Pass>& passes() const { return passes_; }
    /// Whose coverage it is.
    [[nodiscard]] std::size_t unknown() const { return section_->unknown; }
    /// Where it is passed: ln of that coverage.
    [[nodiscard]] double level() const { return section_->level; }

    /// Lays another one.
    void forget() { section_.reset(); }
    /// Lays it through the middle of the range of the last `laps` laps, if it is far from there:
    /// true, then, and there are no passes yet. At a second pass, and later.
    bool centre(std::size_t laps);
    /// Whether that has been looked at since it was laid.
    [[nodiscard]] bool is_centred() const { return is_centred_; }
    /// The transient goes on from elsewhere on the section, at `time`.
    void restart(double time);

private:
    struct Section {
        std::size_t unknown = 0;
        double level = 0.0;  ///< of ln x
    };
    struct Sample {
        double time = 0.0;
        std::vector<double> log;
    };

    [[nodiscard]] bool holds(double time) const;
    void lay(const Motion& motion);
    void start_lap(double time);
    void extend_lap();
    [[nodiscard]] Pass on_section();

    std::optional<Section> section_;
    int times_laid_ = 0;
    bool is_centred_ = false;
    double longest_lap_ = 0.0;
    double last_pass_ = 0.0;         ///< s; or when the section was laid
    bool began_on_section_ = false;  ///< the lap that is on
    std::array<Sample, 4> samples_;  ///< the last steps, latest last
    std::size_t seen_ = 0;           ///< of these, since the start
    std::vector<Pass> passes_;
    Lap lap_;
};

}  // namespace turnover
