#pragma once

#include <exception>
#include <string>
#include <typeinfo>

namespace turnover {

/// The name of a type as a person writes it.
[[nodiscard]] std::string readable_name(const std::type_info& type);

/// What can be said of an exception where the exception itself cannot go: in another process.
struct ExceptionWords {
    std::string type;     ///< "std::out_of_range"
    std::string message;  ///< what()
};

/// `failure` is an exception; one that is no std::exception has no message.
[[nodiscard]] ExceptionWords words_of(const std::exception_ptr& failure);

}  // namespace turnover
