#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace turnover::program {

/// A table of text with aligned columns, two spaces apart and indented by two: the first column,
/// which holds names, to the left, the others to the right. Names may hold spaces, arrows and any
/// UTF-8.
class Table {
public:
    /// Headings; an empty table of this many columns.
    explicit Table(std::vector<std::string> headings);

    void add(std::vector<std::string> row);
    [[nodiscard]] std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

/// Number of characters of UTF-8 text, each taken as one column wide.
[[nodiscard]] std::size_t text_width(std::string_view text);

}  // namespace turnover::program
