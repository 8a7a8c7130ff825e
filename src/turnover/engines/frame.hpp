#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// What is said between the caller's process and a worker process.
enum class FrameKind : std::uint64_t {
    work,            ///< to the worker: compute this tile
    ready,           ///< from the worker: it has started
    start_failed,    ///< from the worker, which then ends: why (the payload) it could not start
    result,          ///< from the worker: what the tile came to (the payload)
    result_in_room,  ///< from the worker: the same, where the payload (a Placed) says
    out_of_memory,   ///< from the worker, which then ends
};

/// A message over a stream socket between two processes of one program.
struct Frame {
    FrameKind kind = FrameKind::work;
    Tile tile;
    std::string payload;
};

/// Sends a whole frame, waiting as long as that takes, without allocating. False when the other
/// side is gone.
bool send_frame(int socket, FrameKind kind, Tile tile, std::string_view payload = {});

/// Waits for a whole frame. Nothing when the other side is gone.
[[nodiscard]] std::optional<Frame> receive_frame(int socket);

/// Puts frames together from the bytes that are there, without waiting for more.
class FrameReader {
public:
    /// Reads what the socket holds. False when the other side is gone and nothing more will come.
    bool read_available(int socket);
    /// The next whole frame, if there is one.
    [[nodiscard]] std::optional<Frame> next();
    /// All bytes so far: whether this grows tells whether the other side is talking.
    [[nodiscard]] std::size_t received() const noexcept { return received_; }

private:
    std::string bytes_;
    std::size_t begin_ = 0;  ///< of what next() has not given away
    std::size_t received_ = 0;
};

}  // namespace turnover
