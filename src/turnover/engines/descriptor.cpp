#include "turnover/engines/descriptor.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

void Descriptor::close() noexcept {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
}

std::pair<Descriptor, Descriptor> socket_pair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw Error(fmt::format("cannot connect to a worker process: {}", std::strerror(errno)),
                    "Use fewer workers (-j), or raise the limit of open files (`ulimit -n`).");
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

}  // namespace turnover
