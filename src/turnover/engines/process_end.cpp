#include "turnover/engines/process_end.hpp"

#include <csignal>
#include <cstring>
#include <sys/wait.h>

#include <fmt/format.h>

namespace turnover {

std::string describe_end(int status) {
    if (WIFEXITED(status)) return fmt::format("exited with code {}", WEXITSTATUS(status));
    const int number = WTERMSIG(status);
    return fmt::format("was ended by signal {} ({})", number, strsignal(number));
}

bool is_from_outside(int status) {
    return WIFSIGNALED(status) && (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM);
}

}  // namespace turnover
