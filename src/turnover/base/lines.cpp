#include "turnover/base/lines.hpp"

#include <sstream>
#include <utility>

namespace turnover {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
    return lines;
}

}  // namespace turnover
