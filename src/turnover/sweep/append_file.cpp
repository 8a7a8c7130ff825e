#include "turnover/sweep/append_file.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <sys/uio.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

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

std::uint64_t AppendFile::append(std::span<const std::string_view> pieces) {
    std::vector<iovec> left;
    for (const std::string_view piece : pieces) {
        // The system does not write there; its type serves reading, too.
        if (!piece.empty()) left.push_back({const_cast<char*>(piece.data()), piece.size()});
    }
    // A write that comes to an end halfway leaves end_ as it was, and the next one goes over it.
    std::uint64_t at = end_;
    for (std::size_t next = 0; next < left.size();) {
        const auto count = static_cast<int>(std::min<std::size_t>(left.size() - next, IOV_MAX));
        const ssize_t written =
            pwritev(descriptor_, left.data() + next, count, static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("write");
        at += static_cast<std::uint64_t>(written);
        auto rest = static_cast<std::size_t>(written);
        for (; next < left.size() && rest >= left[next].iov_len; ++next) {
            rest -= left[next].iov_len;
        }
        if (rest > 0) {
            left[next].iov_base = static_cast<char*>(left[next].iov_base) + rest;
            left[next].iov_len -= rest;
        }
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
