#include "turnover/engines/password_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

Descriptor open_password_file(const std::string& path) {
    const std::string make = fmt::format(
        "Make one with\n    (umask 077; openssl rand -hex 32 > {})\n"
        "  and copy it to the machines of the workers.",
        path.empty() ? "turnover.password" : path);
    if (path.empty()) {
        throw Error("workers on other machines need a password, and there is no --password-file",
                    make);
    }
    // Not waiting for a writer, should it be a named pipe.
    Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat facts {};
    if (!file.is_open() || fstat(file.number(), &facts) != 0) {
        throw Error(fmt::format("cannot read the password file {}: {}", path,
                                std::generic_category().message(errno)),
                    make);
    }
    if (!S_ISREG(facts.st_mode)) {
        throw Error(fmt::format("the password file {} is no regular file", path), make);
    }
    if (facts.st_size == 0) throw Error(fmt::format("the password file {} is empty", path), make);
    if (facts.st_uid != geteuid() && facts.st_uid != 0) {
        throw Error(fmt::format("the password file {} belongs to somebody else", path),
                    "Make one of your own: whoever owns it can read it.");
    }
    if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        throw Error(fmt::format("others may read or change the password file {} (its permissions "
                                "are {:04o})",
                                path, facts.st_mode & 07777),
                    fmt::format("Keep them out with\n    chmod 600 {}\n  and, where others are on "
                                "this machine, make a new password.",
                                path));
    }
    return file;
}

}  // namespace turnover
