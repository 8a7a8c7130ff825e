#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace turnover {

/// A file that bytes are added to, and read back from by their position. What append() returned
/// from is with the operating system, and survives the program. One thread at a time. Functions
/// throw Error when the file cannot be opened, read or written.
class AppendFile {
public:
    enum class Access { read, write };  ///< to write, it is made when missing

    AppendFile(std::string path, Access access);
    ~AppendFile();
    AppendFile(const AppendFile&) = delete;
    AppendFile& operator=(const AppendFile&) = delete;

    /// Forgets what lies beyond `size`: append() goes on there.
    void cut(std::uint64_t size);
    /// Writes `pieces` one behind the other. Returns where the first one is.
    std::uint64_t append(std::span<const std::string_view> pieces);
    /// The bytes from `position` on, at most `size`: fewer where the file ends. Valid until the
    /// next call.
    [[nodiscard]] std::string_view read(std::uint64_t position, std::uint64_t size);
    /// Has all of it written to the disk.
    void flush();

private:
    [[noreturn]] void fail(const char* what) const;

    std::string path_;
    int descriptor_ = -1;
    std::uint64_t end_ = 0;
    std::string buffer_;
};

}  // namespace turnover
