#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "turnover/engines/engine.hpp"
#include "turnover/engines/tile_threads.hpp"

namespace turnover {

namespace mpi {
class Link;
}

/// Makes what computes the tiles of a map from `TileJob::recipe`. May throw Error.
using TileFunctionMaker = std::function<TileFunction(std::string_view recipe)>;

/// The processes that mpirun started together, as one of them sees it. The one of rank 0 leads: it
/// alone reads, writes and speaks; the others serve it. At most one at a time, made by the main
/// thread before any other thread, which is also the only one that may use it and engines over it.
///
///     MpiSession session;
///     if (!session.leads()) return session.serve(make_tile_function);
///     ... MpiEngine(session).run(...), any number of times ...
///     session.end(exit_code);
class MpiSession {
public:
    /// Starts MPI, unless somebody has; a program that mpirun did not start is alone. Throws Error
    /// where Turnover was built without MPI, saying which package brings it.
    MpiSession();
    /// Ends MPI if it started it. All processes have to come here; a leader that comes here without
    /// end(), or another one whose serve() threw, takes them all down (MPI_Abort).
    ~MpiSession();
    MpiSession(const MpiSession&) = delete;
    MpiSession& operator=(const MpiSession&) = delete;

    [[nodiscard]] int processes() const;
    [[nodiscard]] bool leads() const;

    /// On a process that does not lead: computes tiles until the leader ends the session. SIGINT
    /// and SIGTERM are left to the leader. Returns the leader's exit code. What fails while a map
    /// is computed goes to the leader; what the leader cannot be told is thrown, with rank and
    /// machine in the message, after which the session can only be destroyed.
    int serve(const TileFunctionMaker& make);
    /// On the leader: ends the others' serve() with `code`. To be called once, and also when
    /// something went wrong. Takes all processes down where one gave no answer after a stop.
    void end(int code);

    /// The session of this process; null when there is none.
    [[nodiscard]] static MpiSession* current();

private:
    friend class MpiEngine;
    std::unique_ptr<mpi::Link> link_;
    // Unused where Turnover is built without MPI.
    [[maybe_unused]] bool started_mpi_ = false;
    [[maybe_unused]] bool ended_ = false;
};

/// Tiles in all processes of an MPI job, the leader's included, handed out in order as processes
/// fall idle. The leader's calls of MPI and of the sink come from the thread that calls run(), its
/// tiles are computed in others.
///
/// A process that dies takes the job along, as is MPI's way: what the sink has got is all that is
/// left.
class MpiEngine : public Engine {
public:
    /// `threads` >= 1 of each process compute tiles. `session` leads and outlives the engine.
    MpiEngine(MpiSession& session, int threads, TileSolver solver = default_tile_solver());

    [[nodiscard]] std::string_view name() const override { return "mpi"; }
    [[nodiscard]] int workers() const override;
    /// Where there is more than one process, `job.recipe` must say what they need. Throws Error
    /// when a process has another version of Turnover, gives other bits (bits_fingerprint), or
    /// cannot make the map.
    bool run(const TileJob& job, const TileSink& sink, std::stop_token stop) override;

private:
    [[maybe_unused]] MpiSession& session_;
    int threads_;
    TileSolver solver_;
};

}  // namespace turnover
