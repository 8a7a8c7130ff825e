#include "turnover/io/atomic_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

namespace fs = std::filesystem;

constexpr int most_tries = 1000;

std::string advice_for(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return "Free some space, or write to another directory (-o).";
        case EACCES:
        case EPERM:
        case EROFS:
            return "Choose a directory that you may write to (-o).";
        case ENOENT:
        case ENOTDIR:
            return "The directory has to be there; check the path (-o).";
        default:
            return "Choose another directory (-o).";
    }
}

/// A directory's entries reach the disk by a flush of their own. Some file systems cannot do it,
/// and the file itself is safe by then, so a refusal is no error.
void flush_directory(const std::string& directory) {
    const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    static_cast<void>(fsync(descriptor));
    close(descriptor);
}

std::string path_of(int descriptor) { return fmt::format("/proc/self/fd/{}", descriptor); }

/// A file in `directory` without a name, which goes away with the program, however that ends; -1
/// where the file system has none (NFS), or where there would be no way to name it.
int open_nameless(const std::string& directory) {
    const int descriptor = open(directory.c_str(), O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
    if (descriptor < 0 || access(path_of(descriptor).c_str(), F_OK) == 0) return descriptor;
    close(descriptor);
    return -1;
}

std::string directory_of(const std::string& path) {
    const std::string parent = fs::path(path).parent_path().string();
    return parent.empty() ? "." : parent;
}

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)), target_(path_) {
    std::error_code
        ignored;  // what cannot be looked at cannot be written either, and says so below
    const fs::file_status there = fs::status(path_, ignored);
    if (fs::exists(there)) {
        if (!fs::is_regular_file(there)) {
            throw Error(fmt::format("cannot write {}: it is there and is not a file", path_),
                        "Remove it, or write to another directory (-o).");
        }
        if (const fs::path real = fs::canonical(path_, ignored); !ignored) target_ = real.string();
    }

    descriptor_ = open_nameless(directory_of(target_));
    if (descriptor_ >= 0) return;
    take_passing_name([this](const std::string& name) {
        descriptor_ = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        return descriptor_ >= 0;
    });
}

AtomicFile::~AtomicFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void AtomicFile::finish() {
    // EINVAL: the file system has no flush (some network and memory file systems).
    if (fsync(descriptor_) != 0 && errno != EINVAL) fail(errno);
    finished_ = true;
    if (temporary_.empty()) return;  // a nameless file is gone when it is closed
    // Network file systems may tell of a full disk only here.
    if (close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) fail(errno);
}

void AtomicFile::commit() {
    if (!finished_) finish();
    put_in_place();
    flush_directory(directory_of(target_));
}

void AtomicFile::commit(AtomicFile& one, AtomicFile& other) {
    for (AtomicFile* const file : {&one, &other}) {
        if (!file->finished_) file->finish();
    }
    one.put_in_place();
    other.put_in_place();
    const std::string directory = directory_of(one.target_);
    flush_directory(directory);
    if (directory_of(other.target_) != directory) flush_directory(directory_of(other.target_));
}

void AtomicFile::put_in_place() {
    if (temporary_.empty()) {
        const std::string nameless = path_of(descriptor_);
        // Where nothing is to be replaced there is no moment at which a kill leaves a passing name.
        if (linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, target_.c_str(), AT_SYMLINK_FOLLOW) == 0) {
            return;
        }
        take_passing_name([&](const std::string& name) {
            return linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) ==
                   0;
        });
    }
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
    temporary_.clear();
}

void AtomicFile::take_passing_name(const std::function<bool(const std::string&)>& take) {
    const std::string stem = fmt::format("{}/.turnover-{}-", directory_of(target_), getpid());
    for (int attempt = 0; attempt < most_tries; ++attempt) {
        std::string name = stem + std::to_string(attempt) + ".partial";
        if (take(name)) {
            temporary_ = std::move(name);
            return;
        }
        if (errno != EEXIST) break;
    }
    fail(errno);
}

void AtomicFile::fail(int error) const {
    throw Error(fmt::format("cannot write {}: {}", path_, std::generic_category().message(error)),
                advice_for(error));
}

}  // namespace turnover
