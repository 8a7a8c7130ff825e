#pragma once

#include <sstream>
#include <string>
#include <string_view>

#include <cereal/archives/portable_binary.hpp>

#include "turnover/engines/codec.hpp"

namespace turnover {

/// A Codec for a type that cereal can serialise. Include the cereal headers of the standard types
/// that it holds (<cereal/types/map.hpp>, ...).
template <class T>
struct CerealCodec {
    static void encode(const T& value, std::string& bytes) {
        std::ostringstream stream(std::ios::binary);
        {
            cereal::PortableBinaryOutputArchive archive(stream);
            archive(value);
        }
        turnover::encode(std::move(stream).str(), bytes);
    }
    static T decode(std::string_view& bytes) {
        std::istringstream stream(turnover::decode<std::string>(bytes), std::ios::binary);
        cereal::PortableBinaryInputArchive archive(stream);
        T value;
        archive(value);
        return value;
    }
};

}  // namespace turnover
