#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "turnover/engines/descriptor.hpp"

namespace turnover {

/// A process with a single thread, forked when a run begins, that forks, kills and reaps worker
/// processes on request.
///
/// Why not fork them from the caller: a worker that dies is replaced in the middle of the run, when
/// other threads of the caller may hold locks that the copy would inherit locked for ever (the
/// allocator's are safe, those of other libraries are not). The nursery has no other thread, so its
/// copies are sound, however many; the caller forks once, when the run begins. Each worker inherits
/// what the caller had in memory then. The nursery is the workers' only parent, so that a process
/// number is never one that was given to somebody else in the meantime.
///
/// It ends when told to, or when the caller's process ends in whatever way, and no worker survives
/// it: the kernel kills them (PR_SET_PDEATHSIG).
class Nursery {
public:
    /// What the worker in `slot` does with its end of the connection; it exits with 0 when this
    /// returns.
    using WorkerMain = std::function<void(std::size_t slot, int socket)>;

    struct Options {
        /// Limit of a worker's address space in bytes (RLIMIT_AS), what it inherits included; 0:
        /// none.
        std::size_t address_space = 0;
    };

    /// Forks the nursery. Throws Error when the system refuses.
    Nursery(const WorkerMain& worker_main, Options options);
    /// Ends it with all its workers, and waits for that.
    ~Nursery();
    Nursery(const Nursery&) = delete;
    Nursery& operator=(const Nursery&) = delete;

    /// Asks for a worker in `slot` (any number of the caller's choice): born or refused follows.
    void spawn(std::size_t slot);
    /// Asks for the end of the worker in `slot`: gone follows, unless that is on its way already.
    void kill(std::size_t slot);

    struct Event {
        enum class Kind : int { born, refused, gone };
        Kind kind = Kind::gone;
        std::size_t slot = 0;
        int detail = 0;     ///< gone: the status that waitpid gives; refused: errno
        Descriptor socket;  ///< born: the connection to the worker
    };

    /// Poll this for reading to wait for an event.
    [[nodiscard]] int descriptor() const noexcept { return control_.number(); }
    /// The events that have come. Throws NurseryLost when the nursery itself was killed.
    [[nodiscard]] std::vector<Event> events();

private:
    Descriptor control_;
    pid_t process_ = -1;
};

/// Somebody killed the nursery, and with it all its workers.
class NurseryLost : public std::exception {};

}  // namespace turnover
