// Turnover without MPI: says what brings it.
#include <stdexcept>

#include "turnover/base/error.hpp"
#include "turnover/engines/mpi.hpp"

namespace turnover {

namespace mpi {
class Link {};
}  // namespace mpi

MpiSession::MpiSession() {
    throw Error("this Turnover was built without MPI",
                "Install Debian's libopenmpi-dev and openmpi-bin, and build it again.");
}

// No session can exist, so nothing below is ever called.
MpiSession::~MpiSession() = default;
int MpiSession::processes() const { return 1; }
bool MpiSession::leads() const { return true; }
int MpiSession::serve(const TileFunctionMaker&) { throw std::logic_error("no MPI"); }
void MpiSession::end(int) {}
MpiSession* MpiSession::current() { return nullptr; }

MpiEngine::MpiEngine(MpiSession& session, int threads, TileSolver solver)
    : session_(session), threads_(threads), solver_(std::move(solver)) {}
int MpiEngine::workers() const { return threads_; }
bool MpiEngine::run(const TileJob&, const TileSink&, std::stop_token) {
    throw std::logic_error("no MPI");
}

}  // namespace turnover
