#pragma once

#include <string>

namespace turnover {

/// How a process ended, of which waitpid gave `status`: "exited with code 3", "was ended by signal
/// 11 (Segmentation fault)".
[[nodiscard]] std::string describe_end(int status);

/// Whether it looks as if somebody else ended it, such as an administrator, or the kernel in need
/// of memory.
[[nodiscard]] bool is_from_outside(int status);

}  // namespace turnover
