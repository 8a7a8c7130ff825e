#include "turnover/sweep/append_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

AppendFile::AppendFile(std::string path, Access access) : path_(std::move(path)) {
    const int flags = access == Access::read ? O_RDONLY : O_RDWR | O_CREAT;
    descriptor_ = open(path_.c_str(), flags | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail("open");
    const off_t size = lseek(descriptor_, 0, SEEK_END);
    if (size < 0) {
        close(descriptor_);
        fail("read");
    }
    end_ = static_cast<std::uint64_t>(size);
}

AppendFile::~AppendFile() { close(descriptor_); }

void AppendFile::cut(std::uint64_t size) {
    if (size >= end_) return;
    if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0) fail("write");
    end_ = size;
}

std::uint64_t AppendFile::append(std::string_view bytes) {
    // A write that comes to an end halfway leaves end_ as it was, and the next one goes over it.
    std::uint64_t at = end_;
    while (!bytes.empty()) {
        const ssize_t written =
            pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("write");
        at += static_cast<std::uint64_t>(written);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return std::exchange(end_, at);
}

std::string_view AppendFile::read(std::uint64_t position, std::uint64_t size) {
    if (position >= end_) return {};
    buffer_.resize(static_cast<std::size_t>(std::min(size, end_ - position)));
    std::size_t have = 0;
    while (have < buffer_.size()) {
        const ssize_t got = pread(descriptor_, buffer_.data() + have, buffer_.size() - have,
                                  static_cast<off_t>(position + have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("read");
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return std::string_view(buffer_).substr(0, have);
}

void AppendFile::flush() {
    // EINVAL, EROFS: the file system cannot flush this; how it keeps it is then its own affair.
    if (fdatasync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) fail("write");
}

void AppendFile::fail(const char* what) const {
    const int error = errno;
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    throw Error(
        fmt::format("cannot {} {}: {}", what, path_, std::generic_category().message(error)),
        full ? "Free some space and give the same command again; what was finished is kept."
             : "Give the same command again once the disk is well; what was finished is kept.");
}

}  // namespace turnover
