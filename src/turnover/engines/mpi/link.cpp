#include "turnover/engines/mpi/link.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "turnover/engines/codec.hpp"

namespace turnover::mpi {

namespace {

constexpr int tag = 1;
/// Results on their way at once; more would only fill the leader's memory.
constexpr std::size_t most_incoming = 64;

}  // namespace

std::chrono::microseconds Patience::next() {
    const auto now = next_;
    next_ = std::min(2 * next_, longest_);
    return now;
}

void Patience::sleep() { std::this_thread::sleep_for(next()); }

Link::Link() {
    MPI_Comm_dup(MPI_COMM_WORLD, &processes_here_);
    MPI_Comm_rank(processes_here_, &rank_);
    MPI_Comm_size(processes_here_, &processes_);
}

Link::~Link() { MPI_Comm_free(&processes_here_); }

std::string Link::host() {
    std::array<char, MPI_MAX_PROCESSOR_NAME> name{};
    int length = 0;
    MPI_Get_processor_name(name.data(), &length);
    return {name.data(), static_cast<std::size_t>(length)};
}

void Link::send(int to, Kind kind, std::string_view body) { send(to, kind, std::span(&body, 1)); }

void Link::send(int to, Kind kind, std::span<const std::string_view> body) {
    (void)all_sent();  // makes room
    Outgoing& message = outgoing_.emplace_back();
    std::size_t size = 1;
    for (const std::string_view piece : body) size += piece.size();
    message.bytes.reserve(size);
    for (const std::string_view piece : body) message.bytes += piece;
    message.bytes += static_cast<char>(kind);
    MPI_Isend(message.bytes.data(), static_cast<int>(message.bytes.size()), MPI_BYTE, to, tag,
              processes_here_, &message.request);
}

bool Link::all_sent() {
    for (auto at = outgoing_.begin(); at != outgoing_.end();) {
        int done = 0;
        MPI_Test(&at->request, &done, MPI_STATUS_IGNORE);
        at = done != 0 ? outgoing_.erase(at) : std::next(at);
    }
    return outgoing_.empty();
}

void Link::accept() {
    while (incoming_.size() < most_incoming) {
        int arrived = 0, size = 0;
        MPI_Message message{};
        MPI_Status status{};
        MPI_Improbe(MPI_ANY_SOURCE, tag, processes_here_, &arrived, &message, &status);
        if (arrived == 0) return;
        MPI_Get_count(&status, MPI_BYTE, &size);
        Incoming& next = incoming_.emplace_back();
        next.rank = status.MPI_SOURCE;
        next.bytes.resize(static_cast<std::size_t>(size));
        MPI_Imrecv(next.bytes.data(), size, MPI_BYTE, &message, &next.request);
    }
}

std::optional<Message> Link::receive() {
    accept();
    for (auto at = incoming_.begin(); at != incoming_.end(); ++at) {
        if (!at->complete) {
            int done = 0;
            MPI_Test(&at->request, &done, MPI_STATUS_IGNORE);
            at->complete = done != 0;
        }
        const bool is_first = std::none_of(incoming_.begin(), at, [&](const Incoming& earlier) {
            return earlier.rank == at->rank;
        });
        if (!at->complete || !is_first) continue;
        Message message{at->rank, static_cast<Kind>(at->bytes.back()), std::move(at->bytes)};
        message.body.pop_back();
        incoming_.erase(at);
        return message;
    }
    return std::nullopt;
}

void Link::wait(MPI_Request& request) {
    Patience patience(std::chrono::milliseconds(2));
    for (int done = 0;;) {
        MPI_Test(&request, &done, MPI_STATUS_IGNORE);
        if (done != 0) return;
        patience.sleep();
    }
}

std::string Link::broadcast(std::string bytes) {
    std::uint64_t size = bytes.size();
    MPI_Request request{};
    MPI_Ibcast(&size, sizeof size, MPI_BYTE, 0, processes_here_, &request);
    wait(request);
    bytes.resize(size);
    MPI_Ibcast(bytes.data(), static_cast<int>(size), MPI_BYTE, 0, processes_here_, &request);
    wait(request);
    return bytes;
}

std::string bytes_of(Tile tile) {
    std::string bytes;
    encode(tile, bytes);
    return bytes;
}

Tile tile_of(std::string_view bytes) { return decode<Tile>(bytes); }

}  // namespace turnover::mpi
