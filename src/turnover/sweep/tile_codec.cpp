#include "turnover/sweep/tile_codec.hpp"

#include <bit>
#include <cstdint>
#include <ostream>
#include <sstream>
#include <streambuf>
#include <tuple>
#include <utility>
#include <vector>

#include <cereal/archives/portable_binary.hpp>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

/// Grows whenever the fields below change.
constexpr std::uint32_t layout = 2;

/// Bytes that an archive writes, at the end of a string.
class StringSink : public std::streambuf {
public:
    explicit StringSink(std::string& text) : text_(text) {}

protected:
    std::streamsize xsputn(const char* bytes, std::streamsize count) override {
        text_.append(bytes, static_cast<std::size_t>(count));
        return count;
    }
    int_type overflow(int_type byte) override {
        if (!traits_type::eq_int_type(byte, traits_type::eof())) {
            text_ += traits_type::to_char_type(byte);
        }
        return traits_type::not_eof(byte);
    }

private:
    std::string& text_;
};

/// What comes before the columns.
struct Header {
    std::uint32_t found_layout = layout;
    std::uint64_t first = 0, count = 0, unknowns = 0, steps = 0, gases = 0, details = 0;

    template <class Archive>
    void serialize(Archive& archive) {
        archive(found_layout, first, count, unknowns, steps, gases, details);
    }
};

/// Into the columns of a table of the right size.
void read_columns(cereal::PortableBinaryInputArchive& archive, StateTable& s) {
    std::apply(
        [&](auto&... column) {
            (archive(cereal::binary_data(column.data(), column.size() * sizeof column[0])), ...);
        },
        columns(s));
}

std::size_t bytes_per_point(const StateTable& s) {
    return (s.unknowns + s.steps + s.gases + 5) * sizeof(double) + 3 * sizeof(std::int32_t) + 2;
}

[[noreturn]] void refuse(const std::string& why) {
    throw Error("a stored tile cannot be read: " + why,
                "It was damaged or made by another version; compute it again.");
}

void read_details(cereal::PortableBinaryInputArchive& archive, std::uint64_t details,
                  std::size_t all_bytes, TileResult& result) {
    for (std::uint64_t k = 0; k < details; ++k) {
        std::uint64_t point = 0, size = 0;
        archive(point, size);
        if (point >= result.tile.count || size > all_bytes) refuse("its details are no such");
        std::string text(size, ' ');
        archive(cereal::binary_data(text.data(), text.size()));
        result.states.detail.emplace(point, std::move(text));
    }
}

}  // namespace

EncodedTile::EncodedTile(const TileResult& result) {
    const StateTable& states = result.states;
    StringSink head(head_), tail(tail_);
    std::ostream stream(&head);
    cereal::PortableBinaryOutputArchive archive(stream);
    archive(Header{layout, result.tile.first, result.tile.count, states.unknowns, states.steps,
                   states.gases, states.detail.size()});
    stream.rdbuf(&tail);
    for (const auto& [point, text] : states.detail) {
        archive(std::uint64_t{point}, std::uint64_t{text.size()});
        archive(cereal::binary_data(text.data(), text.size()));
    }
    pieces_.emplace_back(head_);
    // As the archive would write them.
    static_assert(std::endian::native == std::endian::little);
    const auto append = [this]<class T>(const std::vector<T>& column) {
        pieces_.emplace_back(reinterpret_cast<const char*>(column.data()),
                             column.size() * sizeof(T));
    };
    std::apply([&](const auto&... column) { (append(column), ...); }, columns(states));
    pieces_.emplace_back(tail_);
}

std::string encode_tile(const TileResult& result) {
    std::string bytes;
    bytes.reserve(sizeof(Header) + result.tile.count * bytes_per_point(result.states) + 64);
    const EncodedTile encoded(result);
    for (const std::string_view piece : encoded.pieces()) bytes += piece;
    return bytes;
}

TileResult decode_tile(std::string_view bytes, const Network& network) {
    std::istringstream stream(std::string(bytes), std::ios::binary);
    TileResult result;
    StateTable& states = result.states;
    try {
        cereal::PortableBinaryInputArchive archive(stream);
        Header header;
        archive(header);
        if (header.found_layout != layout) refuse("it has another layout");
        states = StateTable(network, 0);
        if (header.unknowns != states.unknowns || header.steps != states.steps ||
            header.gases != states.gases) {
            refuse("it belongs to another network");
        }
        // Before room is made for them.
        if (header.count > bytes.size() / bytes_per_point(states)) refuse("it is incomplete");
        states = StateTable(network, header.count);
        result.tile = {header.first, header.count};
        read_columns(archive, states);
        read_details(archive, header.details, bytes.size(), result);
    } catch (const cereal::Exception&) {
        refuse("it is incomplete");
    }
    return result;
}

}  // namespace turnover
