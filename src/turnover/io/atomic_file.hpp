#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace turnover {

/// A file that appears under its name whole or not at all: written without a name in the same
/// directory, flushed to the disk, and put in place. Until commit() what stood there before is
/// untouched; without a commit() nothing is left behind, also when the program is killed
/// (but in the moment in which a file that is there already is replaced). Where the
/// file system has no nameless files (NFS) it has a passing name instead, `.turnover-*.partial`,
/// which a killed program leaves.
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

    /// Makes what was written durable: whatever a full disk can spoil is behind us then. Throws
    /// Error.
    void finish();
    /// Gives the file its name, after finish() if that was not called. Throws Error; to be called
    /// once, last.
    void commit();
    /// The same of two files, at the price of one flush of their directory.
    static void commit(AtomicFile& one, AtomicFile& other);

private:
    void put_in_place();
    /// Finds a passing name that `take` can take; `take` answers false, with errno, when it cannot.
    void take_passing_name(const std::function<bool(const std::string&)>& take);
    [[noreturn]] void fail(int error) const;

    std::string path_;       ///< as given, for messages
    std::string target_;     ///< where the file will stand, symbolic links resolved
    std::string temporary_;  ///< the passing name; empty while there is none
    int descriptor_ = -1;
    bool finished_ = false;
};

}  // namespace turnover
