#include "turnover/io/csv.hpp"

#include <charconv>
#include <cmath>
#include <limits>
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

std::string csv_field(std::string_view name) {
    if (name.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(name);
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"') text += '"';
        text += c;
    }
    return text + '"';
}

/// The axes' part of each row, for one point after the other.
class AxisCells {
public:
    explicit AxisCells(const std::vector<Axis>& axes) : axes_(axes), position_(axes.size(), 0) {
        for (const Axis& axis : axes) {
            std::vector<std::string>& texts = texts_.emplace_back(axis.values.size());
            for (std::size_t i = 0; i < texts.size(); ++i) append_number(texts[i], axis.values[i]);
        }
    }

    [[nodiscard]] std::string header() const {
        std::string text;
        for (const Axis& axis : axes_) text += csv_field(axis.path) + ',';
        return text;
    }

    void append(std::string& text) const {
        for (std::size_t a = 0; a < axes_.size(); ++a) {
            text += texts_[a][position_[a]];
            text += ',';
        }
    }

    /// To the next point: the last axis runs fastest.
    void advance() {
        for (std::size_t a = axes_.size(); a-- > 0;) {
            if (++position_[a] < axes_[a].values.size()) return;
            position_[a] = 0;
        }
    }

private:
    const std::vector<Axis>& axes_;
    std::vector<std::vector<std::string>> texts_;  // each value is needed in many rows
    std::vector<std::size_t> position_;
};

/// Collects rows and hands them to `write` in large pieces.
template <class Write>
class Pieces {
public:
    explicit Pieces(const Write& write) : write_(write) {}

    std::string text;

    void row_done() {
        text += '\n';
        if (text.size() >= flush_at) flush();
    }
    void flush() {
        write_(text);
        text.clear();
    }

private:
    const Write& write_;
};

/// The whole map.csv, handed to `write` piece by piece.
template <class Write>
void write_rows(const Model& model, const ResultSet& results, const Write& write) {
    if (results.size() != model.grid.size()) {
        throw std::logic_error("the results do not belong to the model's grid");
    }
    const std::vector<MapColumn> columns = map_columns(model.network);
    AxisCells axes(model.grid.axes());
    Pieces pieces(write);
    std::string& text = pieces.text;
    text += axes.header();
    for (const MapColumn& column : columns) text += csv_field(column.name) + ',';
    text += "status\n";

    const StateTable& states = results.states();
    for (std::size_t index = 0; index < results.size(); ++index) {
        axes.append(text);
        for (const MapColumn& column : columns) {
            append_number(text, column(states, index));
            text += ',';
        }
        text += to_string(states.status[index]);
        pieces.row_done();
        axes.advance();
    }
    pieces.flush();
}

struct Certificate {
    const char* name;
    std::vector<double> StateTable::*numbers;
};

constexpr Certificate certificates[] = {
    {"coverage_error", &StateTable::coverage_error},
    {"rate_error", &StateTable::rate_error},
    {"slowest_eigenvalue", &StateTable::slowest_eigenvalue},
};

/// The whole branches.csv.
template <class Write>
void write_branch_rows(const Model& model, const Branches& branches, const Write& write) {
    if (branches.points() != model.grid.size() ||
        branches.surfaces() != model.network.surfaces().size()) {
        throw std::logic_error("the branches do not belong to the model");
    }
    const std::vector<MapColumn> columns = map_columns(model.network);
    const StateTable& rows = branches.rows();
    AxisCells axes(model.grid.axes());
    Pieces pieces(write);
    std::string& text = pieces.text;
    text += axes.header() + "states,state,from,";
    for (const MapColumn& column : columns) text += csv_field(column.name) + ',';
    for (const Certificate& certificate : certificates) {
        text += certificate.name;
        text += ',';
    }
    text += "status\n";

    const auto add_row = [&](std::size_t p, std::size_t state, const std::string& from,
                             std::size_t row) {
        axes.append(text);
        text += std::to_string(branches.count(p)) + ',' + std::to_string(state) + ',';
        text += csv_field(from) + ',';
        for (const MapColumn& column : columns) {
            append_number(text, column(rows, row));
            text += ',';
        }
        const bool converged = rows.status[row] == Status::converged;
        for (const Certificate& certificate : certificates) {
            append_number(text, converged ? (rows.*certificate.numbers)[row]
                                          : std::numeric_limits<double>::quiet_NaN());
            text += ',';
        }
        text += to_string(rows.status[row]);
        pieces.row_done();
    };
    const auto& surfaces = model.network.surfaces();
    for (std::size_t p = 0; p < branches.points(); ++p) {
        for (std::size_t k = 0; k < branches.count(p); ++k) {
            std::string from;
            for (std::size_t s = 0; s < surfaces.size(); ++s) {
                if (branches.reached(p, s) != k) continue;
                from += (from.empty() ? "" : "; ") + surfaces[s].name;
            }
            add_row(p, k + 1, from, branches.row(p, k));
        }
        for (std::size_t s = 0; s < surfaces.size(); ++s) {
            if (branches.reached(p, s)) continue;
            add_row(p, 0, surfaces[s].name, branches.row_from(p, s));
        }
        axes.advance();
    }
    pieces.flush();
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

void write_branches_csv(std::ostream& out, const Model& model, const Branches& branches) {
    write_branch_rows(model, branches, [&](std::string_view text) {
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
    });
}

void write_branches_csv(AtomicFile& file, const Model& model, const Branches& branches) {
    write_branch_rows(model, branches, [&](std::string_view text) { file.write(text); });
}

void write_csv(const std::string& path, const Model& model, const ResultSet& results) {
    AtomicFile file(path);
    write_csv(file, model, results);
    file.commit();
}

}  // namespace turnover
