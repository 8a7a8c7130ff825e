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

}  // namespace

void serve_tiles(int socket, std::span<char> room, const std::function<void()>& start,
                 const ProcessWork& work) {
    const std::size_t part = room.size() / tasks_ahead;
    std::size_t begin = 0;
    if (!start_well(socket, start)) return;
    send_frame(socket, FrameKind::ready, {});
    std::string answer, place;
    while (const std::optional<Frame> order = receive_frame(socket)) {
        answer.clear();
        try {
            work(order->tile, answer);
        } catch (const std::bad_alloc&) {
            send_frame(socket, FrameKind::out_of_memory, order->tile);
            return;
        }
        // What the user's function printed: a worker is ended without further ado.
        std::fflush(stdout);
        if (answer.size() >= part) {
            send_frame(socket, FrameKind::result, order->tile, answer);
            continue;
        }
        std::memcpy(room.data() + begin, answer.data(), answer.size());
        place.clear();
        encode(Placed{begin, answer.size()}, place);
        send_frame(socket, FrameKind::result_in_room, order->tile, place);
        begin = (begin + part) % (tasks_ahead * part);
    }
}

}  // namespace turnover
