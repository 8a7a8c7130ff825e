#include "turnover/engines/frame.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/uio.h>

namespace turnover {

namespace {

/// Both processes come from one fork, so this needs no byte order.
struct Header {
    FrameKind kind;
    std::uint64_t first, count, size;
};

Header header_of(FrameKind kind, Tile tile, std::string_view payload) {
    return {kind, tile.first, tile.count, payload.size()};
}

bool receive_exactly(int socket, char* to, std::size_t size) {
    while (size > 0) {
        const ssize_t got = recv(socket, to, size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        to += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

}  // namespace

bool send_frame(int socket, FrameKind kind, Tile tile, std::string_view payload) {
    Header header = header_of(kind, tile, payload);
    // sendmsg never writes to what it sends; POSIX only forgot the const.
    std::array<iovec, 2> parts{
        {{&header, sizeof header}, {const_cast<char*>(payload.data()), payload.size()}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    while (message.msg_iovlen > 0) {
        const ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return false;
        auto rest = static_cast<std::size_t>(sent);
        while (message.msg_iovlen > 0 && rest >= message.msg_iov->iov_len) {
            rest -= message.msg_iov->iov_len;
            ++message.msg_iov;
            --message.msg_iovlen;
        }
        if (message.msg_iovlen > 0) {
            message.msg_iov->iov_base = static_cast<char*>(message.msg_iov->iov_base) + rest;
            message.msg_iov->iov_len -= rest;
        }
    }
    return true;
}

std::optional<Frame> receive_frame(int socket) {
    std::array<char, sizeof(Header)> bytes;
    if (!receive_exactly(socket, bytes.data(), bytes.size())) return std::nullopt;
    Header header;
    std::memcpy(&header, bytes.data(), sizeof header);
    Frame frame{header.kind, {header.first, header.count}, std::string(header.size, '\0')};
    if (!receive_exactly(socket, frame.payload.data(), frame.payload.size())) return std::nullopt;
    return frame;
}

bool FrameReader::read_available(int socket) {
    std::array<char, 64 * 1024> portion;
    for (;;) {
        const ssize_t got = recv(socket, portion.data(), portion.size(), MSG_DONTWAIT);
        if (got < 0) {
            if (errno == EINTR) continue;
            return errno == EAGAIN || errno == EWOULDBLOCK;
        }
        if (got == 0) return false;
        const auto size = static_cast<std::size_t>(got);
        bytes_.append(portion.data(), size);
        received_ += size;
        if (size < portion.size()) return true;
    }
}

std::optional<Frame> FrameReader::next() {
    Header header;
    if (bytes_.size() - begin_ < sizeof header) return std::nullopt;
    std::memcpy(&header, bytes_.data() + begin_, sizeof header);
    if (bytes_.size() - begin_ - sizeof header < header.size) return std::nullopt;
    Frame frame{header.kind,
                {header.first, header.count},
                bytes_.substr(begin_ + sizeof header, header.size)};
    begin_ += sizeof header + header.size;
    // What was given away goes when there is nothing else, or it is the larger part.
    if (2 * begin_ > bytes_.size()) {
        bytes_.erase(0, begin_);
        begin_ = 0;
    }
    return frame;
}

}  // namespace turnover
