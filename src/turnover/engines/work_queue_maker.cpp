#include "turnover/base/error.hpp"
#include "turnover/engines/work_queue.hpp"
#ifdef TURNOVER_HAS_WORK_QUEUE
#include "turnover/engines/password_file.hpp"
#include "turnover/engines/work_queue_pool.hpp"
#endif

namespace turnover {

std::unique_ptr<Engine> make_work_queue_engine(const EngineOptions& options) {
#ifdef TURNOVER_HAS_WORK_QUEUE
    if (options.work_queue.port < 0 || options.work_queue.port > 65535) {
        throw Error("there is no port " + std::to_string(options.work_queue.port),
                    "Ports go up to 65535; 0 is any that is free.");
    }
    (void)open_password_file(options.work_queue.password_file);
    const auto make_pool = [options = options.work_queue](const std::string& recipe) {
        return make_work_queue_pool(options, recipe);
    };
    return std::make_unique<WorkQueueEngine>(make_pool, options.limits);
#else
    (void)options;
    throw Error("this build of Turnover has no engine 'work-queue'",
                "Install the Debian package coop-computing-tools-dev and build again, or use "
                "another engine.");
#endif
}

}  // namespace turnover
