#include "turnover/sweep/tile_codec.hpp"

#include <cstdint>
#include <map>
#include <ostream>
#include <sstream>
#include <streambuf>

#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <zlib.h>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

/// Grows whenever the fields below change.
constexpr std::uint32_t layout = 1;
constexpr std::size_t checksum_size = sizeof(std::uint32_t);

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

/// A vector of one-byte enumerators as one piece.
template <class Archive, class Vector>
void visit_bytes(Archive& archive, Vector& values) {
    static_assert(sizeof values[0] == 1);
    cereal::size_type size = values.size();
    archive(cereal::make_size_tag(size));
    if constexpr (Archive::is_loading::value) values.resize(static_cast<std::size_t>(size));
    archive(cereal::binary_data(values.data(), static_cast<std::size_t>(size)));
}

/// Both directions in one place: `Archive` writes a const result or reads a mutable one. Sizes are
/// the same on every platform.
template <class Archive, class Result>
void visit(Archive& archive, Result& result) {
    auto& s = result.states;
    std::uint64_t first = result.tile.first, count = result.tile.count;
    std::uint64_t unknowns = s.unknowns, steps = s.steps, gases = s.gases;
    archive(first, count, unknowns, steps, gases);
    visit_bytes(archive, s.status);
    visit_bytes(archive, s.path);
    archive(s.coverage, s.net_rate, s.turnover_frequency, s.residual, s.coverage_error,
            s.rate_error, s.slowest_eigenvalue, s.integration_time, s.integration_steps,
            s.newton_iterations, s.digits);
    // std::size_t keys, at a fixed width.
    std::map<std::uint64_t, std::string> detail(s.detail.begin(), s.detail.end());
    archive(detail);
    if constexpr (Archive::is_loading::value) {
        result.tile = {first, count};
        s.unknowns = unknowns;
        s.steps = steps;
        s.gases = gases;
        s.detail = {detail.begin(), detail.end()};
    }
}

/// Room for the columns of a tile; details come on top.
std::size_t likely_size(const StateTable& s) {
    const std::size_t numbers =
        s.coverage.size() + s.net_rate.size() + s.turnover_frequency.size() + 5 * s.points();
    return numbers * sizeof(double) + s.points() * (3 * sizeof(std::int32_t) + 2) + 256;
}

std::uint32_t checksum(std::string_view bytes) {
    const std::uint32_t seed = 0;
    return static_cast<std::uint32_t>(
        crc32_z(seed, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
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
    const StateTable expected(network, result.tile.count);
    const StateTable& found = result.states;
    const bool fits = found.unknowns == expected.unknowns && found.steps == expected.steps &&
                      found.gases == expected.gases &&
                      found.status.size() == expected.status.size() &&
                      found.path.size() == expected.path.size() &&
                      found.coverage.size() == expected.coverage.size() &&
                      found.net_rate.size() == expected.net_rate.size() &&
                      found.turnover_frequency.size() == expected.turnover_frequency.size() &&
                      found.residual.size() == expected.residual.size() &&
                      found.coverage_error.size() == expected.coverage_error.size() &&
                      found.rate_error.size() == expected.rate_error.size() &&
                      found.slowest_eigenvalue.size() == expected.slowest_eigenvalue.size() &&
                      found.integration_time.size() == expected.integration_time.size() &&
                      found.integration_steps.size() == expected.integration_steps.size() &&
                      found.newton_iterations.size() == expected.newton_iterations.size() &&
                      found.digits.size() == expected.digits.size();
    if (!fits) refuse("it belongs to another network");
}

}  // namespace

std::string encode_tile(const TileResult& result) {
    std::string bytes;
    bytes.reserve(likely_size(result.states));
    StringSink sink(bytes);
    std::ostream stream(&sink);
    cereal::PortableBinaryOutputArchive archive(stream);
    archive(layout);
    visit(archive, result);
    bytes += little_endian(checksum(bytes));
    return bytes;
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
