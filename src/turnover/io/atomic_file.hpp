#pragma once

#include <string>
#include <string_view>

namespace turnover {

/// A file that appears under its name whole or not at all: written beside it under a passing name,
/// flushed to the disk and renamed. Until commit() what stood there before is untouched; without a
/// commit() nothing is left behind.
///
/// A symbolic link is followed, and what it points to is replaced.
class AtomicFile {
public:
    /// Throws Error when no file can be made beside `path`, or when `path` is there and is no file.
    explicit AtomicFile(std::string path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /// Appends `bytes`. Throws Error (disk full, over quota, ...).
    void write(std::string_view bytes);

    /// Makes what was written durable, still under the passing name: whatever a full disk can spoil
    /// is behind us then. Throws Error.
    void finish();
    /// Gives the file its name, after finish() if that was not called. Throws Error; to be called
    /// once, last.
    void commit();

private:
    [[noreturn]] void fail(int error) const;

    std::string path_;       ///< as given, for messages
    std::string target_;     ///< where the file will stand, symbolic links resolved
    std::string temporary_;  ///< beside the target; empty once renamed
    int descriptor_ = -1;
};

}  // namespace turnover
