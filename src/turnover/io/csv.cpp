#include "turnover/io/csv.hpp"

#include <charconv>
#include <cmath>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "turnover/io/atomic_file.hpp"
#include "turnover/io/map_columns.hpp"

namespace turnover {

namespace {

constexpr std::size_t flush_at = std::size_t{1} << 20;  // bytes

void append_number(std::string& text, double value) {
    if (std::isnan(value)) {  // to_chars would give a NaN its sign
        text += "nan";
        return;
    }
    char digits[32];
    const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, value);
    text.append(digits, end.ptr);
}

std::string quoted(std::string_view name) {
    if (name.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(name);
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + '"';
}

/// Every value of an axis as text: each is needed in many rows.
std::vector<std::string> value_texts(const Axis& axis) {
    std::vector<std::string> texts(axis.values.size());
    for (std::size_t i = 0; i < texts.size(); ++i) append_number(texts[i], axis.values[i]);
    return texts;
}

/// To the next point: the last axis runs fastest.
void advance(std::vector<std::size_t>& position, const std::vector<Axis>& axes) {
    for (std::size_t a = axes.size(); a-- > 0;) {
        if (++position[a] < axes[a].values.size()) return;
        position[a] = 0;
    }
}

/// The whole file, handed to `write` piece by piece.
template <class Write>
void write_rows(const Model& model, const ResultSet& results, const Write& write) {
    const std::vector<Axis>& axes = model.grid.axes();
    if (results.size() != model.grid.size()) {
        throw std::logic_error("the results do not belong to the model's grid");
    }
    const std::vector<MapColumn> columns = map_columns(model.network);

    std::string text;
    for (const Axis& axis : axes) text += quoted(axis.path) + ',';
    for (const MapColumn& column : columns) text += quoted(column.name) + ',';
    text += "status\n";

    std::vector<std::vector<std::string>> axis_texts;
    for (const Axis& axis : axes) axis_texts.push_back(value_texts(axis));

    const StateTable& states = results.states();
    std::vector<std::size_t> position(axes.size(), 0);
    for (std::size_t index = 0; index < results.size(); ++index) {
        for (std::size_t a = 0; a < axes.size(); ++a) {
            text += axis_texts[a][position[a]];
            text += ',';
        }
        for (const MapColumn& column : columns) {
            append_number(text, column(states, index));
            text += ',';
        }
        text += to_string(states.status[index]);
        text += '\n';
        if (text.size() >= flush_at) {
            write(text);
            text.clear();
        }
        advance(position, axes);
    }
    write(text);
}

}  // namespace

void write_csv(std::ostream& out, const Model& model, const ResultSet& results) {
    write_rows(model, results, [&](std::string_view text) {
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
    });
}

void write_csv(AtomicFile& file, const Model& model, const ResultSet& results) {
    write_rows(model, results, [&](std::string_view text) { file.write(text); });
}

void write_csv(const std::string& path, const Model& model, const ResultSet& results) {
    AtomicFile file(path);
    write_csv(file, model, results);
    file.commit();
}

}  // namespace turnover
