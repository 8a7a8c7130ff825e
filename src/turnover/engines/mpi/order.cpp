#include "turnover/engines/mpi/order.hpp"

#include <stdexcept>

#include "turnover/base/version.hpp"
#include "turnover/engines/codec.hpp"

namespace turnover::mpi {

// The first byte says which order it is, and a map's version comes next: what no later version may
// change. The rest is read only where both are of one version.

std::string bytes_of(const Order& order) {
    std::string bytes;
    encode(static_cast<std::uint8_t>(order.index()), bytes);
    if (const auto* end = std::get_if<EndOrder>(&order)) {
        encode(end->code, bytes);
        return bytes;
    }
    const auto& map = std::get<MapOrder>(order);
    encode(map.version, bytes);
    encode(map.host, bytes);
    encode(map.fingerprint, bytes);
    encode(map.threads, bytes);
    encode(map.recipe, bytes);
    return bytes;
}

Order order_of(std::string_view bytes) {
    const auto which = decode<std::uint8_t>(bytes);
    if (which == 1) return EndOrder{decode<int>(bytes)};
    if (which != 0) throw std::runtime_error("the leader gives an order that is none");
    MapOrder map;
    map.version = decode<std::string>(bytes);
    map.host = decode<std::string>(bytes);
    if (map.version != version) return map;
    map.fingerprint = decode<std::string>(bytes);
    map.threads = decode<int>(bytes);
    map.recipe = decode<std::string>(bytes);
    return map;
}

}  // namespace turnover::mpi
