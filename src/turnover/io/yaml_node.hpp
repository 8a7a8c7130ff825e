#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnover/base/error.hpp"

namespace turnover {

class YamlMap;

/// A value in a YAML file that knows where it stands (file and line) and what it is called ("path":
/// the keys that lead to it, "conditions.pressures.CO_g"), so that whoever reads it can complain in
/// the user's terms. A cheap view; copies share the document.
class YamlNode {
public:
    enum class Kind { nothing, text, list, map };

    /// What a node holds; built by parse_yaml, then never changed. An aliased value is shared.
    struct Data;

    YamlNode(std::shared_ptr<const Data> data, std::string file, std::string path);

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] bool is_text() const noexcept { return kind() == Kind::text; }
    [[nodiscard]] bool is_list() const noexcept { return kind() == Kind::list; }
    [[nodiscard]] bool is_map() const noexcept { return kind() == Kind::map; }

    [[nodiscard]] Place place() const;
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// The scalar. Throws Error when there is nothing, a list or a map; `expected` says what
    /// belongs here, as in "a temperature such as 500 K".
    [[nodiscard]] std::string text(std::string_view expected) const;

    /// The items of a list. Throws Error when it is no list, or an empty one.
    [[nodiscard]] std::vector<YamlNode> list(std::string_view expected) const;

    /// The entries of a map, in file order. Throws Error when it is no map, when a key stands
    /// twice or comes of a decimal comma ({CO_g: 0,5 bar}), and, in the second form, on a key that
    /// is not among `known`. A value left empty is an empty map.
    [[nodiscard]] YamlMap map(std::string_view expected) const;
    [[nodiscard]] YamlMap map(std::string_view expected,
                              const std::vector<std::string>& known) const;

    /// An error about this value: its path and `message`, at its place.
    [[nodiscard]] Error error(const std::string& message, const std::string& advice) const;

private:
    [[noreturn]] void wrong_kind(std::string_view expected) const;

    std::shared_ptr<const Data> data_;
    std::string file_;
    std::string path_;
};

/// A key with its value.
struct YamlEntry {
    std::string key;
    Place place;  ///< of the key
    YamlNode value;

    /// An error about the key itself.
    [[nodiscard]] Error error(const std::string& message, const std::string& advice) const {
        return Error(message, advice, place);
    }
};

/// A map of a YAML file, in file order.
class YamlMap {
public:
    YamlMap(YamlNode node, std::vector<YamlEntry> entries);

    [[nodiscard]] const YamlNode& node() const noexcept { return node_; }
    [[nodiscard]] const std::vector<YamlEntry>& entries() const& noexcept { return entries_; }
    /// Of a temporary, so that one can loop over `node.map(...).entries()`.
    [[nodiscard]] std::vector<YamlEntry> entries() && { return std::move(entries_); }

    /// The entry of `key`; null when there is none.
    [[nodiscard]] const YamlEntry* find(std::string_view key) const;
    /// The value of `key`. Throws Error with `advice` when there is none.
    [[nodiscard]] const YamlNode& at(std::string_view key, const std::string& advice) const;

    /// Throws Error on the first key that is neither among `known` nor among those that mean
    /// something `elsewhere`, of which the caller complains in words of its own.
    void allow(const std::vector<std::string>& known,
               const std::vector<std::string>& elsewhere = {}) const;

private:
    YamlNode node_;
    std::vector<YamlEntry> entries_;
};

/// Parses the one document in `text` (clean_text's result; `name` stands for the file in messages).
/// Throws Error with the line where the parser gave up, on a second document, on a key that is no
/// scalar, and when there is nothing in it.
[[nodiscard]] YamlNode parse_yaml(const std::string& text, const std::string& name);

}  // namespace turnover
