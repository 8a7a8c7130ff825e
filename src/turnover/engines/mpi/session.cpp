#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <sysexits.h>

#include "turnover/base/error.hpp"
#include "turnover/engines/exception_words.hpp"
#include "turnover/engines/mpi.hpp"
#include "turnover/engines/mpi/follower.hpp"
#include "turnover/engines/mpi/link.hpp"
#include "turnover/engines/mpi/order.hpp"

namespace turnover {

namespace {

MpiSession* the_session = nullptr;

void start_mpi() {
    // MPI's own threads must not get the signals that the program waits for.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (provided >= MPI_THREAD_FUNNELED) return;
    MPI_Finalize();
    throw Error("this MPI library allows no threads beside it",
                "Use one that was built with MPI_THREAD_FUNNELED, as Debian's Open MPI is.");
}

/// Takes the whole job down. What was said before shall be read all the same.
void abort_job(int code) {
    std::fflush(nullptr);
    MPI_Abort(MPI_COMM_WORLD, code);
}

}  // namespace

MpiSession::MpiSession() {
    if (the_session != nullptr) throw std::logic_error("there is an MPI session already");
    int is_started = 0;
    MPI_Initialized(&is_started);
    if (is_started == 0) {
        start_mpi();
        started_mpi_ = true;
    }
    link_ = std::make_unique<mpi::Link>();
    the_session = this;
}

MpiSession::~MpiSession() {
    the_session = nullptr;
    // The others wait for an end, or for a process, that will not come.
    if (!ended_) abort_job(EX_SOFTWARE);
    link_.reset();
    if (started_mpi_) MPI_Finalize();
}

int MpiSession::processes() const { return link_->processes(); }
bool MpiSession::leads() const { return link_->rank() == 0; }
MpiSession* MpiSession::current() { return the_session; }

int MpiSession::serve(const TileFunctionMaker& make) {
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);
    const auto here = [this] {
        return fmt::format("rank {} on {}", link_->rank(), mpi::Link::host());
    };
    try {
        for (;;) {
            const mpi::Order order = mpi::order_of(link_->broadcast({}));
            if (const auto* end = std::get_if<mpi::EndOrder>(&order)) {
                ended_ = true;
                return end->code;
            }
            mpi::follow(*link_, std::get<mpi::MapOrder>(order), make);
        }
    } catch (const std::bad_alloc&) {
        throw Error(here() + " is out of memory", "Start fewer processes on each machine.");
    } catch (...) {
        const ExceptionWords words = words_of(std::current_exception());
        throw std::runtime_error(fmt::format("{}: {}: {}", here(), words.type, words.message));
    }
}

void MpiSession::end(int code) {
    ended_ = true;
    if (link_->is_abandoned()) abort_job(code);
    if (processes() > 1) (void)link_->broadcast(mpi::bytes_of(mpi::EndOrder{code}));
}

}  // namespace turnover
