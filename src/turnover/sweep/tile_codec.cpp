#include "turnover/sweep/tile_codec.hpp"

#include <array>
#include <cstdint>
#include <sstream>
#include <tuple>

#include <boost/crc.hpp>
#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

/// Grows whenever the fields below change.
constexpr std::uint32_t layout = 1;
constexpr std::size_t checksum_size = sizeof(std::uint32_t);

/// Both directions in one place. `Archive` writes or reads; sizes are the same on every platform.
template <class Archive>
void visit(Archive& archive, TileResult& result) {
    std::uint64_t first = result.tile.first, count = result.tile.count;
    StateTable& s = result.states;
    std::uint64_t unknowns = s.unknowns, steps = s.steps, gases = s.gases;
    archive(first, count, unknowns, steps, gases);
    result.tile = {first, count};
    s.unknowns = unknowns;
    s.steps = steps;
    s.gases = gases;
    std::apply(archive, columns(s));
    // std::size_t keys, at a fixed width.
    std::map<std::uint64_t, std::string> detail(s.detail.begin(), s.detail.end());
    archive(detail);
    s.detail = {detail.begin(), detail.end()};
}

std::uint32_t checksum(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return crc.checksum();
}

std::string little_endian(std::uint32_t value) {
    std::string bytes;
    for (std::size_t k = 0; k < checksum_size; ++k) {
        bytes += static_cast<char>((value >> (8 * k)) & 0xffU);
    }
    return bytes;
}

[[noreturn]] void refuse(const std::string& why) {
    throw Error("a stored tile cannot be read: " + why,
                "It was damaged or made by another version; compute it again.");
}

void check_sizes(const TileResult& result, const Network& network) {
    const auto sizes = [](const StateTable& states) {
        return std::apply(
            [&](const auto&... column) {
                return std::array{states.unknowns, states.steps, states.gases, column.size()...};
            },
            columns(states));
    };
    if (sizes(result.states) != sizes(StateTable(network, result.tile.count))) {
        refuse("it belongs to another network");
    }
}

}  // namespace

std::string encode_tile(const TileResult& result) {
    std::ostringstream stream(std::ios::binary);
    {
        cereal::PortableBinaryOutputArchive archive(stream);
        archive(layout);
        TileResult copy = result;  // visit() is one function for both directions
        visit(archive, copy);
    }
    std::string bytes = std::move(stream).str();
    return bytes + little_endian(checksum(bytes));
}

TileResult decode_tile(std::string_view bytes, const Network& network) {
    if (bytes.size() < checksum_size) refuse("it is too short");
    const std::string_view body = bytes.substr(0, bytes.size() - checksum_size);
    if (bytes.substr(body.size()) != little_endian(checksum(body))) refuse("its checksum is wrong");
    std::istringstream stream(std::string(body), std::ios::binary);
    TileResult result;
    try {
        cereal::PortableBinaryInputArchive archive(stream);
        std::uint32_t found = 0;
        archive(found);
        if (found != layout) refuse("it has another layout");
        visit(archive, result);
    } catch (const cereal::Exception&) {
        refuse("it is incomplete");
    }
    check_sizes(result, network);
    return result;
}

}  // namespace turnover
