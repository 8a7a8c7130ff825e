#include "turnover/io/yaml_node.hpp"

#include <algorithm>
#include <utility>

#include "turnover/base/suggest.hpp"
#include "turnover/io/yaml_data.hpp"

namespace turnover {

namespace {

std::string describe(YamlNode::Kind kind) {
    switch (kind) {
        case YamlNode::Kind::nothing:
            return "nothing";
        case YamlNode::Kind::text:
            return "a plain value";
        case YamlNode::Kind::list:
            return "a list";
        case YamlNode::Kind::map:
            return "a map (key: value)";
    }
    return {};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool begins_with_digit(const std::string& text) { return !text.empty() && is_digit(text.front()); }

bool is_whole_number(const std::string& text) {
    const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    return text.size() > sign &&
           std::all_of(text.begin() + static_cast<std::ptrdiff_t>(sign), text.end(), is_digit);
}

std::string child_path(const std::string& path, const std::string& key) {
    return path.empty() ? key : path + "." + key;
}

}  // namespace

YamlNode::YamlNode(std::shared_ptr<const Data> data, std::string file, std::string path)
    : data_(std::move(data)), file_(std::move(file)), path_(std::move(path)) {}

YamlNode::Kind YamlNode::kind() const noexcept { return data_->kind; }

Place YamlNode::place() const { return {file_, data_->line, data_->column}; }

std::string YamlNode::text(std::string_view expected) const {
    if (kind() != Kind::text) wrong_kind(expected);
    return data_->text;
}

std::vector<YamlNode> YamlNode::list(std::string_view expected) const {
    if (kind() != Kind::list || data_->values.empty()) wrong_kind(expected);
    std::vector<YamlNode> items;
    for (std::size_t i = 0; i < data_->values.size(); ++i) {
        items.emplace_back(data_->values[i], file_, path_ + "[" + std::to_string(i + 1) + "]");
    }
    return items;
}

YamlMap YamlNode::map(std::string_view expected) const {
    if (kind() != Kind::map && kind() != Kind::nothing) wrong_kind(expected);
    std::vector<YamlEntry> entries;
    for (std::size_t i = 0; i < data_->keys.size(); ++i) {
        const Data::Key& key = data_->keys[i];
        const auto earlier =
            std::ranges::find(entries, key.text, [](const YamlEntry& entry) { return entry.key; });
        if (earlier != entries.end()) {
            throw Error("the key '" + key.text + "' stands twice, here and in line " +
                            std::to_string(earlier->place.line),
                        "Keep one of the two.", {file_, key.line, key.column});
        }
        // In braces a comma ends the value, and what follows it is taken for a key.
        const bool bare = data_->values[i]->kind == Kind::nothing;
        if (bare && !entries.empty() && begins_with_digit(key.text)) {
            const YamlNode& before = entries.back().value;
            if (before.is_text() && is_whole_number(before.data_->text)) {
                throw before.error(
                    "a decimal comma, in '" + before.data_->text + "," + key.text + "'",
                    "Write a point: " + before.data_->text + "." + key.text + ".");
            }
        }
        entries.push_back({key.text,
                           {file_, key.line, key.column},
                           {data_->values[i], file_, child_path(path_, key.text)}});
    }
    return {*this, std::move(entries)};
}

YamlMap YamlNode::map(std::string_view expected, const std::vector<std::string>& known) const {
    YamlMap result = map(expected);
    result.allow(known);
    return result;
}

Error YamlNode::error(const std::string& message, const std::string& advice) const {
    return Error(path_.empty() ? message : path_ + ": " + message, advice, place());
}

void YamlNode::wrong_kind(std::string_view expected) const {
    std::string found = describe(kind());
    if (kind() == Kind::list && data_->values.empty()) found = "an empty list";
    throw error("expected " + std::string(expected) + ", found " + found,
                kind() == Kind::nothing ? "Write the value behind the key, or remove the key."
                                        : "See docs/model-file.md for how it is written.");
}

YamlMap::YamlMap(YamlNode node, std::vector<YamlEntry> entries)
    : node_(std::move(node)), entries_(std::move(entries)) {}

const YamlEntry* YamlMap::find(std::string_view key) const {
    const auto found =
        std::ranges::find_if(entries_, [key](const YamlEntry& entry) { return entry.key == key; });
    return found == entries_.end() ? nullptr : &*found;
}

const YamlNode& YamlMap::at(std::string_view key, const std::string& advice) const {
    const YamlEntry* found = find(key);
    if (found == nullptr) {
        throw node_.error("the key '" + std::string(key) + "' is missing", advice);
    }
    return found->value;
}

void YamlMap::allow(const std::vector<std::string>& known,
                    const std::vector<std::string>& elsewhere) const {
    for (const YamlEntry& entry : entries_) {
        if (std::ranges::find(known, entry.key) != known.end()) continue;
        const std::string where = node_.path().empty() ? "" : " in " + node_.path();
        if (entry.key == "<<") {
            throw entry.error("merge keys ('<<') are not read" + where,
                              "Repeat the keys; anchors and aliases of whole values are fine.");
        }
        if (std::ranges::find(elsewhere, entry.key) != elsewhere.end()) continue;
        std::vector<std::string> meant = known;
        meant.insert(meant.end(), elsewhere.begin(), elsewhere.end());
        throw entry.error("unknown key '" + entry.key + "'" + where, suggest(entry.key, meant));
    }
}

}  // namespace turnover
