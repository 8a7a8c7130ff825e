#pragma once

#include <functional>
#include <memory>
#include <string>

#include "turnover/engines/block_scheduler.hpp"
#include "turnover/engines/engine.hpp"
#include "turnover/engines/task_pool.hpp"

namespace turnover {

/// Workers on other machines that come and go, through the Work Queue of CCTools: each is sent a
/// solver of ours once, with all that it needs to run, and blocks of points. docs/many-machines.md
/// tells how it is used, docs/security.md what it protects from.
///
/// Whatever becomes of workers, the results are those of an undisturbed run. A point whose solver
/// crashes each time has Status::worker_failed.
class WorkQueueEngine : public Engine {
public:
    /// Makes the pool when a run begins; the recipe is that of the job.
    using MakePool = std::function<std::unique_ptr<TaskPool>(const std::string& recipe)>;

    explicit WorkQueueEngine(MakePool make_pool, WorkerLimits limits = {}, BlockPolicy policy = {});

    [[nodiscard]] std::string_view name() const override { return "work-queue"; }
    /// The largest number of cores that were there at once; 0 before any was.
    [[nodiscard]] int workers() const override { return most_cores_; }
    void observe(EngineObserver observer) override { observer_ = std::move(observer); }
    /// Waits for workers as long as there are none. Throws Error when the pool cannot be made.
    bool run(const TileJob& job, const TileSink& sink, std::stop_token stop) override;

private:
    class Run;

    MakePool make_pool_;
    WorkerLimits limits_;
    BlockPolicy policy_;
    EngineObserver observer_;
    int most_cores_ = 0;
};

/// The engine over Work Queue itself. Throws Error when this build is without it.
[[nodiscard]] std::unique_ptr<Engine> make_work_queue_engine(const EngineOptions& options);

}  // namespace turnover
