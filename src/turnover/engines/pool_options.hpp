#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace turnover {

enum class WorkerKind {
    threads,    ///< share memory with the caller and cannot be ended from outside
    processes,  ///< copies of the caller: what crashes, hangs or eats memory there, ends there
};

struct PoolOptions {
    WorkerKind kind = WorkerKind::threads;
    int workers = 0;  ///< 0: all cores that this process may use
    /// Items that a worker takes at once; 0: chosen for the number of items and workers, 1 where
    /// there is a time limit. One at a time costs some microseconds an item; a worker process that
    /// dies has its whole chunk computed again.
    std::size_t chunk = 0;
    /// For each item; 0: none. A worker process that exceeds it is killed. A thread cannot be: the
    /// stop token that its function may take is told to stop, and whenever the function returns,
    /// its item counts as timed out; until then the map waits.
    std::chrono::duration<double> time_limit{0.0};
    /// Bytes that each worker process may take beyond what it inherits; 0: no limit. Threads share
    /// the caller's memory and cannot be limited one by one: Error.
    std::size_t memory_limit = 0;
    /// Run once in each worker before its first item, and again in a process that replaces another.
    /// What it sets up belongs into thread_local variables, which serve both kinds.
    std::function<void()> start_worker = {};
};

}  // namespace turnover
