#include "turnover/engines/engine.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>

#include <fmt/format.h>
#include <sched.h>

#include "turnover/base/error.hpp"
#include "turnover/engines/mpi.hpp"
#include "turnover/engines/processes.hpp"
#include "turnover/engines/serial.hpp"
#include "turnover/engines/threads.hpp"
#include "turnover/engines/work_queue.hpp"

namespace turnover {

namespace {

struct Maker {
    const char* name;
    std::unique_ptr<Engine> (*make)(const EngineOptions&);
};

constexpr Maker makers[] = {
    {"serial",
     [](const EngineOptions&) -> std::unique_ptr<Engine> {
         return std::make_unique<SerialEngine>();
     }},
    {"threads",
     [](const EngineOptions& options) -> std::unique_ptr<Engine> {
         const int workers = options.workers > 0 ? options.workers : available_cores();
         return std::make_unique<ThreadsEngine>(workers);
     }},
    {"processes",
     [](const EngineOptions& options) -> std::unique_ptr<Engine> {
         const int workers = options.workers > 0 ? options.workers : available_cores();
         return std::make_unique<ProcessesEngine>(workers, options.limits);
     }},
    {"work-queue", make_work_queue_engine},
    {"mpi",
     [](const EngineOptions& options) -> std::unique_ptr<Engine> {
         if (MpiSession* session = MpiSession::current()) {
             return std::make_unique<MpiEngine>(*session, std::max(1, options.workers));
         }
         throw Error("the mpi engine needs a program that begins with an MpiSession",
                     "Use another engine, or see turnover/engines/mpi.hpp.");
     }},
};

}  // namespace

std::unique_ptr<Engine> make_engine(std::string_view name, const EngineOptions& options) {
    const auto* maker = std::find_if(std::begin(makers), std::end(makers),
                                     [&](const Maker& m) { return m.name == name; });
    if (maker == std::end(makers)) {
        throw Error(fmt::format("there is no engine named '{}'", name),
                    fmt::format("use one of: {}", fmt::join(engine_names(), ", ")));
    }
    if (options.workers < 0) {
        throw Error(fmt::format("{} workers cannot compute anything", options.workers),
                    "give 1 or more, or 0 for all cores");
    }
    return maker->make(options);
}

std::vector<std::string> engine_names() {
    std::vector<std::string> names;
    for (const Maker& maker : makers) names.emplace_back(maker.name);
    return names;
}

int available_cores() {
    // The kernel says EINVAL while the set is smaller than its own, so grow it until it fits.
    for (std::size_t sets = 1; sets <= 1024; sets *= 2) {
        std::vector<cpu_set_t> mask(sets);
        const std::size_t bytes = sets * sizeof(cpu_set_t);
        if (sched_getaffinity(0, bytes, mask.data()) == 0) {
            return std::max(1, CPU_COUNT_S(bytes, mask.data()));
        }
        if (errno != EINVAL) break;
    }
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace turnover
