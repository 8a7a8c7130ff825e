#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "turnover/engines/engine.hpp"
#include "turnover/kinetics/starting_surface.hpp"
#include "turnover/sweep/progress.hpp"
#include "turnover/sweep/tile.hpp"

namespace turnover::program {

/// What happens during a run, as JSON for machines, one line an event (docs/cli.md, "--log-json").
/// Lines are added to a file that is there. A log that can no longer be written is given up with a
/// word on the standard error: the map matters more.
class EventLog {
public:
    /// `path` "" writes nothing, "-" to the standard output. Throws Error when it cannot be opened.
    explicit EventLog(const std::string& path);
    ~EventLog();
    EventLog(const EventLog&) = delete;
    EventLog& operator=(const EventLog&) = delete;

    [[nodiscard]] bool on_standard_output() const noexcept { return descriptor_ == 1; }

    /// `more` holds what the event has beside its name and the time.
    void write(const std::string& event, const nlohmann::ordered_json& more);
    /// At most one a second.
    void progress(const ProgressState& state);
    /// When workers have come or gone.
    void crew(const Crew& crew);
    /// Each point of `tile` that failed, and from which of `surfaces` where there are several; the
    /// first thousand of a run.
    void failures(const TileResult& tile, const std::vector<StartingSurface>& surfaces);

private:
    using Clock = std::chrono::steady_clock;

    std::string path_;
    int descriptor_ = -1;
    Clock::time_point next_progress_;
    std::size_t failures_ = 0;
    Crew crew_;
};

}  // namespace turnover::program
