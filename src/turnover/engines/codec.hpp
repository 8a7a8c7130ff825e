#pragma once

#include <concepts>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace turnover {

/// How a value becomes bytes and comes back, between processes of one program. Specialise it for a
/// type of your own that is not trivially copyable; where cereal can serialise it,
///
///     template <> struct turnover::Codec<MyType> : turnover::CerealCodec<MyType> {};
///
/// does so (cereal_codec.hpp).
template <class T>
struct Codec;

/// A type that a worker process can send: it has a Codec.
template <class T>
concept Sendable = requires(const T& value, std::string& bytes, std::string_view& view) {
    Codec<T>::encode(value, bytes);
    { Codec<T>::decode(view) } -> std::same_as<T>;
};

/// Appends `value` to `bytes`.
template <class T>
void encode(const T& value, std::string& bytes) {
    Codec<T>::encode(value, bytes);
}

/// Takes a value off the front of `bytes`.
template <class T>
[[nodiscard]] T decode(std::string_view& bytes) {
    return Codec<T>::decode(bytes);
}

namespace detail {

[[noreturn]] inline void refuse_to_decode() {
    throw std::logic_error("a Codec decodes more than it encoded");
}

/// Takes `size` bytes off the front.
inline std::string_view take_bytes(std::string_view& bytes, std::size_t size) {
    if (size > bytes.size()) refuse_to_decode();
    const std::string_view front = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return front;
}

}  // namespace detail

/// A type whose bytes are its value. (Pointers are trivially copyable too, but what they point to
/// stays behind.)
template <class T>
concept Plain =
    std::is_trivially_copyable_v<T> && std::is_default_constructible_v<T> && !std::is_pointer_v<T>;

template <Plain T>
struct Codec<T> {
    /// Many of them are as good as their bytes too; not so with a Codec of somebody's own.
    static constexpr bool copies_bytes = true;

    static void encode(const T& value, std::string& bytes) {
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    static T decode(std::string_view& bytes) {
        T value;
        std::memcpy(&value, detail::take_bytes(bytes, sizeof value).data(), sizeof value);
        return value;
    }
};

template <>
struct Codec<std::string> {
    static void encode(const std::string& text, std::string& bytes) {
        turnover::encode(text.size(), bytes);
        bytes += text;
    }
    static std::string decode(std::string_view& bytes) {
        const auto size = turnover::decode<std::size_t>(bytes);
        return std::string(detail::take_bytes(bytes, size));
    }
};

template <Sendable T>
struct Codec<std::vector<T>> {
    static void encode(const std::vector<T>& values, std::string& bytes) {
        turnover::encode(values.size(), bytes);
        if constexpr (is_block) {
            bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
        } else {
            for (const T& value : values) turnover::encode(value, bytes);
        }
    }
    static std::vector<T> decode(std::string_view& bytes) {
        const auto size = turnover::decode<std::size_t>(bytes);
        if constexpr (is_block) {
            if (size > bytes.size() / sizeof(T)) detail::refuse_to_decode();
            std::vector<T> values(size);
            const std::string_view front = detail::take_bytes(bytes, size * sizeof(T));
            if (size > 0) std::memcpy(values.data(), front.data(), front.size());
            return values;
        } else {
            std::vector<T> values;
            for (std::size_t k = 0; k < size; ++k) values.push_back(turnover::decode<T>(bytes));
            return values;
        }
    }

private:
    // The elements of a vector<bool> do not lie side by side.
    static constexpr bool is_block = requires { Codec<T>::copies_bytes; }
    &&!std::same_as<T, bool>;
};

template <Sendable First, Sendable Second>
struct Codec<std::pair<First, Second>> {
    static void encode(const std::pair<First, Second>& pair, std::string& bytes) {
        turnover::encode(pair.first, bytes);
        turnover::encode(pair.second, bytes);
    }
    static std::pair<First, Second> decode(std::string_view& bytes) {
        auto first = turnover::decode<First>(bytes);
        return {std::move(first), turnover::decode<Second>(bytes)};
    }
};

}  // namespace turnover
