#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace turnover {

/// What a transient that does not settle is doing: watches its coverages go by.
class Motion {
public:
    explicit Motion(const std::vector<double>& coverages);

    /// Changes below the coverage `resolved` are none.
    void see(double time, const std::vector<double>& coverages, double resolved);

    /// Whether no coverage has changed by more than 1e-6 of itself during about
    /// the last tenth of the time seen.
    [[nodiscard]] bool at_rest(const std::vector<double>& coverages) const;

    /// An unknown on its way up and down.
    struct Swing {
        std::size_t unknown = 0;
        double low = 0.0, high = 0.0;  ///< its last two turning points
        double period = 0.0;           ///< between its last two minima, s
    };
    /// The unknown that swings widest, of those that have turned `turns` times or more and still
    /// do.
    [[nodiscard]] std::optional<Swing> widest_swing(int turns) const;
    /// The one that swings over the most decades; what lies below the coverage resolved does not
    /// count.
    [[nodiscard]] std::optional<Swing> widest_log_swing(int turns) const;

    /// The transient goes on with each coverage times exp(`growth`), `duration` later, as if it had
    /// swung there all the time.
    void leap(const std::vector<double>& growth, double duration);

    /// "CO_s oscillates with a period of about 0.12 s between 0.1 and 0.8", "CO_s still falls: 1e-9
    /// now, 1e-8 at 1e+19 s" or "", with the unknowns' names.
    [[nodiscard]] std::string describe(const std::vector<std::string>& names,
                                       const std::vector<double>& coverages) const;

private:
    struct Track {
        double extreme = 0.0;  ///< the latest value in the present direction
        double extreme_time = 0.0;
        int direction = 0;             ///< +1 rising, -1 falling
        double low = 0.0, high = 0.0;  ///< the last two turning points
        double low_time = 0.0, previous_low_time = 0.0;
        int turns = 0;
    };

    template <class Width>
    [[nodiscard]] std::optional<Swing> widest_swing(int turns, const Width& width) const;

    double resolved_ = 0.0;
    std::vector<Track> tracks_;
    std::vector<double> earlier_, between_;  ///< coverages at two past times, a decade apart
    double earlier_time_ = 0.0, between_time_ = 0.0, time_ = 0.0;
};

}  // namespace turnover
