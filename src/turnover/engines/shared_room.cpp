#include "turnover/engines/shared_room.hpp"

#include <sys/mman.h>
#include <utility>

namespace turnover {

SharedRoom::SharedRoom(std::size_t size) noexcept {
    if (size == 0) return;
    void* const at = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at != MAP_FAILED) bytes_ = {static_cast<char*>(at), size};
}

SharedRoom::~SharedRoom() {
    if (!bytes_.empty()) munmap(bytes_.data(), bytes_.size());
}

SharedRoom::SharedRoom(SharedRoom&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

SharedRoom& SharedRoom::operator=(SharedRoom&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

}  // namespace turnover
