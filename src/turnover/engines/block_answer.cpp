#include "turnover/engines/block_answer.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <sstream>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "turnover/base/error.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover {

namespace {

/// Begins every answer, and changes with the layout.
constexpr std::string_view magic = "turnover-block-1";

[[noreturn]] void refuse(const std::string& why) {
    throw Error("a block's answer cannot be used: " + why, "It is computed again.");
}

// ---- Numbers and texts, lowest byte first -------------------------------------------------------

void put(std::uint64_t number, std::string& bytes) {
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(number >> shift & 0xff);
}

void put(std::string_view text, std::string& bytes) {
    put(text.size(), bytes);
    bytes += text;
}

std::string_view take(std::uint64_t size, std::string_view& bytes) {
    if (size > bytes.size()) refuse("it is incomplete");
    const std::string_view front = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return front;
}

std::uint64_t take_number(std::string_view& bytes) {
    std::uint64_t number = 0;
    int shift = 0;
    for (const char byte : take(8, bytes)) {
        number |= std::uint64_t{static_cast<unsigned char>(byte)} << shift;
        shift += 8;
    }
    return number;
}

std::string_view take_text(std::string_view& bytes) {
    const std::uint64_t size = take_number(bytes);
    return take(size, bytes);
}

std::uint64_t checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

// ---- Byte stuffing ------------------------------------------------------------------------------

/// A run is at most so many bytes without a zero.
constexpr std::size_t longest_run = 254;

/// Each run is preceded by its length plus one; after a run that is shorter than the longest there
/// was a zero (and one more at the end, which is none).
std::string stuffed(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() + bytes.size() / longest_run + 2);
    for (std::size_t at = 0; at <= bytes.size();) {
        const std::size_t zero = std::min(bytes.find('\0', at), bytes.size());
        const std::size_t run = std::min(zero - at, longest_run);
        text += static_cast<char>(run + 1);
        text += bytes.substr(at, run);
        at += run + (run < longest_run);
    }
    return text;
}

std::string unstuffed(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t run = static_cast<unsigned char>(text[at]) - std::size_t{1};
        if (run > longest_run || run > text.size() - at - 1) refuse("it is incomplete");
        bytes += text.substr(at + 1, run);
        at += run + 1;
        if (run < longest_run) bytes += '\0';
    }
    if (bytes.empty() || bytes.back() != '\0') refuse("it is incomplete");
    bytes.pop_back();
    return bytes;
}

}  // namespace

std::string encode_answer(const BlockAnswer& answer) {
    std::string bytes(magic);
    put(answer.fingerprint, bytes);
    put(std::bit_cast<std::uint64_t>(answer.seconds), bytes);
    put(answer.pieces.size(), bytes);
    for (const TileResult& piece : answer.pieces) put(encode_tile(piece), bytes);
    put(checksum(bytes), bytes);
    return stuffed(bytes);
}

BlockAnswer decode_answer(std::string_view text, const Network& network) {
    const std::string bytes = unstuffed(text);
    if (bytes.size() < magic.size() + 8 || !bytes.starts_with(magic)) {
        refuse("it is no answer, or that of another version");
    }
    std::string_view rest = bytes;
    std::string_view sum = rest.substr(rest.size() - 8);
    rest.remove_suffix(8);
    if (take_number(sum) != checksum(rest)) refuse("its checksum is wrong");
    rest.remove_prefix(magic.size());
    BlockAnswer answer;
    answer.fingerprint = take_text(rest);
    answer.seconds = std::bit_cast<double>(take_number(rest));
    const std::uint64_t pieces = take_number(rest);
    for (std::uint64_t k = 0; k < pieces; ++k) {
        answer.pieces.push_back(decode_tile(take_text(rest), network));
    }
    if (!rest.empty()) refuse("it is too long");
    return answer;
}

std::string encode_block(const std::vector<Tile>& pieces) {
    std::string text;
    for (const Tile& piece : pieces) text += fmt::format("{} {}\n", piece.first, piece.count);
    return text;
}

std::vector<Tile> decode_block(const std::string& text) {
    std::istringstream stream(text);
    std::vector<Tile> pieces;
    Tile piece;
    while (stream >> piece.first >> piece.count) pieces.push_back(piece);
    if (pieces.empty() || encode_block(pieces) != text) {
        throw Error("this is no block of points", "It was damaged on its way; try again.");
    }
    return pieces;
}

}  // namespace turnover
