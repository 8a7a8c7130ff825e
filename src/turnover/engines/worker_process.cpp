#include "turnover/engines/worker_process.hpp"

#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <optional>

#include "turnover/engines/codec.hpp"
#include "turnover/engines/exception_words.hpp"
#include "turnover/engines/frame.hpp"

namespace turnover {

namespace {

bool start_well(int socket, const std::function<void()>& start) {
    if (!start) return true;
    try {
        start();
        return true;
    } catch (...) {
        const ExceptionWords words = words_of(std::current_exception());
        send_frame(socket, FrameKind::start_failed, {},
                   words.message.empty() ? words.type : words.message);
        return false;
    }
}

std::size_t size_of(const ProcessAnswer& answer) {
    std::size_t size = answer.bytes.size();
    for (const std::string_view column : answer.columns) size += column.size();
    return size;
}

void copy(const ProcessAnswer& answer, char* to) {
    const auto append = [&to](std::string_view bytes) {
        if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
        to += bytes.size();
    };
    append(answer.bytes);
    for (const std::string_view column : answer.columns) append(column);
}

/// For the socket: all in `bytes`.
void join(ProcessAnswer& answer) {
    answer.bytes.reserve(size_of(answer));
    for (const std::string_view column : answer.columns) answer.bytes += column;
    answer.columns.clear();
    answer.keeper.reset();
}

}  // namespace

void serve_tiles(int socket, std::span<char> room, const std::function<void()>& start,
                 const ProcessWork& work) {
    const std::size_t part = room.size() / tasks_ahead;
    std::size_t begin = 0;
    if (!start_well(socket, start)) return;
    send_frame(socket, FrameKind::ready, {});
    ProcessAnswer answer;
    std::string place;
    while (const std::optional<Frame> order = receive_frame(socket)) {
        answer.bytes.clear();
        answer.columns.clear();
        try {
            work(order->tile, answer);
            if (size_of(answer) >= part) join(answer);
        } catch (const std::bad_alloc&) {
            send_frame(socket, FrameKind::out_of_memory, order->tile);
            return;
        }
        // What the user's function printed: a worker is ended without further ado.
        std::fflush(stdout);
        const std::size_t size = size_of(answer);
        if (size >= part) {
            send_frame(socket, FrameKind::result, order->tile, answer.bytes);
            continue;
        }
        copy(answer, room.data() + begin);
        answer.keeper.reset();  // the next tile's columns may lie in the same, warm, memory
        place.clear();
        encode(Placed{begin, size}, place);
        send_frame(socket, FrameKind::result_in_room, order->tile, place);
        begin = (begin + part) % (tasks_ahead * part);
    }
}

}  // namespace turnover
