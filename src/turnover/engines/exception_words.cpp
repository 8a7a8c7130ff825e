#include "turnover/engines/exception_words.hpp"

#include <cstdlib>
#include <memory>

#include <cxxabi.h>

namespace turnover {

std::string readable_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
    return status == 0 ? name.get() : type.name();
}

ExceptionWords words_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        return {readable_name(typeid(error)), error.what()};
    } catch (...) {
        const std::type_info* const type = abi::__cxa_current_exception_type();
        return {type == nullptr ? "unknown" : readable_name(*type), ""};
    }
}

}  // namespace turnover
