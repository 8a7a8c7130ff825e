// What one Work Queue manager can serve: tasks that wait instead of computing and answer with so
// many bytes.
//     queue_tasks PORT CORES TASKS SECONDS_A_TASK BYTES_A_TASK
// Waits until workers with so many cores have come to the port. Prints a line of JSON.
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

extern "C" {
#include <cctools/work_queue.h>
}

namespace {

double seconds_of_this_process() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void submit(work_queue* queue, const std::string& command) {
    work_queue_task* task = work_queue_task_create(command.c_str());
    work_queue_task_specify_cores(task, 1);
    work_queue_submit(queue, task);
}

/// False when none came in the time that Work Queue waits.
bool take(work_queue* queue) {
    work_queue_task* task = work_queue_wait(queue, 1);
    if (task == nullptr) return false;
    work_queue_task_delete(task);
    return true;
}

/// Cores that are there, and the workers that they belong to.
std::pair<int, int> crew(work_queue* queue) {
    work_queue_stats stats{};
    work_queue_get_stats(queue, &stats);
    return {static_cast<int>(stats.total_cores), stats.workers_connected};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) {
        std::cerr << "usage: queue_tasks PORT CORES TASKS SECONDS_A_TASK BYTES_A_TASK\n";
        return 2;
    }
    const int cores = std::atoi(argv[2]), tasks = std::atoi(argv[3]);
    const std::string command =
        std::string("sleep ") + argv[4] + "; head -c " + argv[5] + " /dev/zero";
    work_queue* queue = work_queue_create(std::atoi(argv[1]));
    if (queue == nullptr) {
        std::cerr << "queue_tasks: cannot listen on port " << argv[1] << '\n';
        return 1;
    }
    // A first round, in which the workers say what they have.
    int submitted = 0, done = 0;
    while (crew(queue).first < cores) {
        if (submitted == done) submit(queue, "true"), ++submitted;
        done += take(queue);
    }
    while (done < submitted) done += take(queue);

    const auto start = std::chrono::steady_clock::now();
    const double cpu_before = seconds_of_this_process();
    submitted = done = 0;
    while (done < tasks) {
        for (; submitted < tasks && submitted < done + cores + cores / 4 + 1; ++submitted) {
            submit(queue, command);
        }
        done += take(queue);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    const double cpu = seconds_of_this_process() - cpu_before;
    std::cout << nlohmann::ordered_json{{"cores", cores},
                                        {"workers", crew(queue).second},
                                        {"tasks", tasks},
                                        {"seconds_a_task", std::atof(argv[4])},
                                        {"bytes_a_task", std::atol(argv[5])},
                                        {"seconds", took.count()},
                                        {"manager_cpu_seconds", cpu}}
              << std::endl;
    work_queue_shut_down_workers(queue, 0);
    work_queue_delete(queue);
}
