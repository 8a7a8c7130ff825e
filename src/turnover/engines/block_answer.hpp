#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// What a solver on another machine says when it has solved a block.
struct BlockAnswer {
    std::string fingerprint;         ///< of the bits it computes (sweep/fingerprint.hpp)
    double seconds = 0.0;            ///< that solving took, without reading the model
    std::vector<TileResult> pieces;  ///< in the order asked for
};

/// The answer as text without zero bytes, which is what a Work Queue task may print: header,
/// results (encode_tile) and a checksum (XXH3), stuffed (Cheshire and Baker, IEEE/ACM Trans.
/// Netw. 7 (1999) 159), which makes it longer by one part in 254. The same on every platform.
[[nodiscard]] std::string encode_answer(const BlockAnswer& answer);

/// The answer that `text` holds. Throws Error when it is damaged, of another layout, or for another
/// network. Does not look at the values: judge_answer() does.
[[nodiscard]] BlockAnswer decode_answer(std::string_view text, const Network& network);

/// The block as a solver reads it: a line "first count" for each piece.
[[nodiscard]] std::string encode_block(const std::vector<Tile>& pieces);
/// Throws Error on anything else.
[[nodiscard]] std::vector<Tile> decode_block(const std::string& text);

}  // namespace turnover
