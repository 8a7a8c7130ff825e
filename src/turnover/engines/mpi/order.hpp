#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace turnover::mpi {

/// What the leader tells all processes between maps: the next map, or the end of the session.
struct MapOrder {
    std::string version;      ///< the leader's
    std::string fingerprint;  ///< of its bits
    std::string host;         ///< where it runs
    int threads = 1;          ///< of each process
    std::string recipe;
};
struct EndOrder {
    int code = 0;
};
using Order = std::variant<MapOrder, EndOrder>;

[[nodiscard]] std::string bytes_of(const Order& order);
/// Reads what another version of Turnover wrote at least far enough to see that it is one.
[[nodiscard]] Order order_of(std::string_view bytes);

}  // namespace turnover::mpi
