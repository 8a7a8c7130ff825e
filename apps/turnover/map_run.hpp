#pragma once

#include <cstdio>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "event_log.hpp"
#include "turnover/engines/engine.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/journal.hpp"
#include "turnover/sweep/progress.hpp"

namespace turnover::program {

/// The tiles of a map, or of a shard of one, on their way from a journal or an engine to whoever
/// needs them; each tile that an engine computes is journalled before it is handed on.
class MapRun {
public:
    using Take = std::function<void(TileResult&&)>;

    /// `tiles` in order. What is finished already is read from `journal`, which may be null, and
    /// handed to `take`; tiles that are damaged there are said on the standard error, and computed
    /// again.
    MapRun(const Model& model, std::vector<Tile> tiles, Journal* journal, Take take);

    /// Computes what is missing. False when `stop` was requested before all was done. `screen` is
    /// for the progress bar, null for none.
    bool compute(Engine& engine, EventLog& log, std::FILE* screen, const std::stop_token& stop);

    /// Points, from each surface where there are several: all, those that are done, those of them
    /// that failed, those that were there at the start; and the time that computing took.
    [[nodiscard]] const ProgressState& state() const noexcept { return state_; }
    /// "1 min 2 s, 35 points/s (threads, 2 at once)", with what was kept, as lines of a summary.
    [[nodiscard]] std::string describe() const;

private:
    const Model& model_;
    Grid work_;
    Journal* journal_;
    Take take_;
    std::vector<Tile> missing_;
    ProgressState state_;
    std::string engine_;
};

}  // namespace turnover::program
