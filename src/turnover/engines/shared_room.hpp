#pragma once

#include <cstddef>
#include <span>

namespace turnover {

/// Memory that this process shares with all that are forked from it while it lives. Pages that
/// nobody touches cost nothing.
class SharedRoom {
public:
    SharedRoom() = default;
    /// Of `size` bytes, or empty where the system refuses.
    explicit SharedRoom(std::size_t size) noexcept;
    ~SharedRoom();
    SharedRoom(SharedRoom&& other) noexcept;
    SharedRoom& operator=(SharedRoom&& other) noexcept;

    [[nodiscard]] std::span<char> bytes() const noexcept { return bytes_; }

private:
    std::span<char> bytes_;
};

}  // namespace turnover
