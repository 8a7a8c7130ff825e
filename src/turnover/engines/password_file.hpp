#pragma once

#include <string>

#include "turnover/engines/descriptor.hpp"

namespace turnover {

/// Opens the file that holds the password of a pool of workers. Throws Error, with advice, when
/// there is none, or it is empty, no regular file, somebody else's, or readable by others.
[[nodiscard]] Descriptor open_password_file(const std::string& path);

}  // namespace turnover
