#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <mpi.h>

#include "turnover/sweep/tile.hpp"

namespace turnover::mpi {

/// What a message is about; its last byte, so that the body is the rest as it lies.
enum class Kind : std::uint8_t {
    ready,     ///< to the leader: tiles can come
    refused,   ///< to the leader: none can; why, for the user
    tile,      ///< from the leader: a Tile
    result,    ///< to the leader: of encode_tile
    failed,    ///< to the leader: what an exception said
    finish,    ///< from the leader: no more tiles of this map; drop those not finished
    finished,  ///< to the leader: nothing more comes
};

struct Message {
    int rank = 0;  ///< who sent it
    Kind kind{};
    std::string body;
};

/// Waiting without a blocking call: Open MPI's burn a core, which on a shared one somebody else
/// could compute with. Each time nothing has happened the next sleep is longer. A look costs about
/// 20 us, and Linux makes each sleep 50 us longer than it was asked for.
class Patience {
public:
    explicit Patience(std::chrono::microseconds longest) : longest_(longest) {}

    void reset() { next_ = shortest; }
    /// How long to wait now.
    [[nodiscard]] std::chrono::microseconds next();
    void sleep();

private:
    static constexpr std::chrono::microseconds shortest{50};
    std::chrono::microseconds longest_, next_ = shortest;
};

/// How to reach the other processes: bytes there and back, none of it blocking. Messages from one
/// process arrive in the order in which it sent them.
class Link {
public:
    Link();
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    [[nodiscard]] int rank() const noexcept { return rank_; }
    [[nodiscard]] int processes() const noexcept { return processes_; }
    /// The machine's name.
    [[nodiscard]] static std::string host();

    void send(int to, Kind kind, std::string_view body = {});
    /// The same with a body in pieces, which become one.
    void send(int to, Kind kind, std::span<const std::string_view> body);
    /// A message that has arrived; nothing when none has.
    [[nodiscard]] std::optional<Message> receive();
    /// Whether all that was sent has left.
    [[nodiscard]] bool all_sent();

    /// On the leader: some process gave no answer, so that only MPI_Abort ends the job. An orderly
    /// end would wait for it.
    void abandon() noexcept { is_abandoned_ = true; }
    [[nodiscard]] bool is_abandoned() const noexcept { return is_abandoned_; }

    /// The leader's `bytes` to all. Every process has to call it; returns what the leader gave.
    std::string broadcast(std::string bytes);

private:
    struct Outgoing {
        std::string bytes;
        MPI_Request request;
    };
    struct Incoming {
        int rank;
        std::string bytes;
        MPI_Request request;
        bool complete = false;
    };

    MPI_Comm processes_here_ = MPI_COMM_NULL;
    int rank_ = 0, processes_ = 1;
    bool is_abandoned_ = false;
    std::list<Outgoing> outgoing_;  // lists: MPI has the addresses of the bytes
    std::list<Incoming> incoming_;

    void accept();
    void wait(MPI_Request& request);
};

/// A tile as it travels.
[[nodiscard]] std::string bytes_of(Tile tile);
[[nodiscard]] Tile tile_of(std::string_view bytes);

}  // namespace turnover::mpi
