// The one place that knows yaml-cpp: its events become the tree of YamlNode. (Its own YAML::Node
// loses the lines of empty values and looks up only the first of two equal keys.)

#include <map>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "turnover/io/yaml_data.hpp"
#include "turnover/io/yaml_node.hpp"

namespace turnover {

namespace {

using Data = YamlNode::Data;
using NodeKind = YamlNode::Kind;

class TreeBuilder final : public YAML::EventHandler {
public:
    explicit TreeBuilder(std::string file) : file_(std::move(file)) {}

    /// The finished document; empty when there was nothing in it.
    [[nodiscard]] std::shared_ptr<const Data> root() const { return root_; }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ > 1) {
            throw Error("a second document begins here ('---')",
                        "A model file holds one document: put the other into a file of its own.",
                        place(mark));
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        auto data = at(mark, NodeKind::nothing);
        // An empty value has no place of its own; the parser gives that of the next token.
        if (expects_value()) {
            data->line = open_.back().data->keys.back().line;
            data->column = open_.back().data->keys.back().column;
        }
        finish(std::move(data), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            throw Error("an alias ('*') stands inside the value that it repeats",
                        "Quote a text that begins with '*', as in \"*_s\".", place(mark));
        }
        add(found->second);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  const std::string& value) override {
        auto data = at(mark, NodeKind::text);
        data->text = value;
        finish(std::move(data), anchor);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open_.push_back({at(mark, NodeKind::list), anchor});
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open_.push_back({at(mark, NodeKind::map), anchor});
    }
    void OnMapEnd() override { close(); }

    [[nodiscard]] Place place(const YAML::Mark& mark) const {
        if (mark.is_null()) return {file_, 0, 0};
        return {file_, mark.line + 1, mark.column + 1};
    }

private:
    struct Open {
        std::shared_ptr<Data> data;
        YAML::anchor_t anchor = 0;
    };

    [[nodiscard]] std::shared_ptr<Data> at(const YAML::Mark& mark, NodeKind kind) const {
        auto data = std::make_shared<Data>();
        const Place here = place(mark);
        data->kind = kind;
        data->line = here.line;
        data->column = here.column;
        return data;
    }

    [[nodiscard]] bool expects_value() const {
        if (open_.empty()) return false;
        const Data& data = *open_.back().data;
        return data.kind == NodeKind::map && data.keys.size() > data.values.size();
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        finish(std::move(done.data), done.anchor);
    }

    void finish(std::shared_ptr<Data> data, YAML::anchor_t anchor) {
        if (anchor != 0) anchors_[anchor] = data;
        add(std::move(data));
    }

    void add(std::shared_ptr<const Data> data) {
        if (open_.empty()) {
            root_ = std::move(data);
            return;
        }
        Data& parent = *open_.back().data;
        if (parent.kind == NodeKind::map && !expects_value()) {
            if (data->kind != NodeKind::text) {
                throw Error(
                    "a key is not a plain word",
                    "Write 'key: value'; a text with ': ', '{', '[' or '*' in front needs quotes.",
                    {file_, data->line, data->column});
            }
            parent.keys.push_back({data->text, data->line, data->column});
            return;
        }
        parent.values.push_back(std::move(data));
    }

    std::string file_;
    int documents_ = 0;
    std::shared_ptr<const Data> root_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, std::shared_ptr<const Data>> anchors_;
};

/// What to do about what the parser stumbled over.
std::string advice_for(const std::string& complaint) {
    if (complaint.find("anchor") != std::string::npos ||
        complaint.find("alias") != std::string::npos) {
        return "A text that begins with '*' or '&' must be in quotes, as in \"*_s\".";
    }
    if (complaint.find("flow") != std::string::npos || complaint.find("EOF") != std::string::npos) {
        return "A bracket or quote that was opened further up is not closed.";
    }
    return "Check the indentation (spaces), brackets, quotes and the space behind ':' in this line "
           "and the "
           "one before it.";
}

}  // namespace

YamlNode parse_yaml(const std::string& text, const std::string& name) {
    TreeBuilder builder(name);
    try {
        // With a line end behind it, yaml-cpp overlooks that a quote is never closed.
        std::istringstream stream(text.substr(0, text.find_last_not_of(" \n") + 1));
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& failure) {
        throw Error("this is not valid YAML: " + failure.msg, advice_for(failure.msg),
                    builder.place(failure.mark));
    }
    if (builder.root() == nullptr || builder.root()->kind == NodeKind::nothing) {
        throw Error(
            "there is nothing in the file",
            "A model needs at least conditions and reactions: docs/model-file.md has examples.",
            {name, 0, 0});
    }
    return {builder.root(), name, ""};
}

}  // namespace turnover
