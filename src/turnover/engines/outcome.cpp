#include "turnover/engines/outcome.hpp"

#include <fmt/format.h>

namespace turnover {

ItemError::ItemError(std::size_t index, Failure kind, const std::string& message, std::string type,
                     std::exception_ptr cause)
    : std::runtime_error(fmt::format("item {}: {}", index, message.empty() ? type : message)),
      index_(index),
      kind_(kind),
      type_(std::move(type)),
      cause_(std::move(cause)) {}

}  // namespace turnover
