#include "turnover/io/text_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "turnover/base/error.hpp"
#include "turnover/base/utf8.hpp"

namespace turnover {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t largest_file = std::size_t{16} << 20;

bool starts_like_netcdf(std::string_view text) {
    return text.starts_with("CDF\x01"sv) || text.starts_with("CDF\x02"sv) ||
           text.starts_with("CDF\x05"sv) || text.starts_with("\x89HDF\r\n\x1a\n"sv);
}

bool is_forbidden_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r';
}

void check_characters(std::string_view text, const std::string& name) {
    int line = 1;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text.substr(at));
        if (length == 0) {
            throw Error("a character is not UTF-8",
                        "Save the file as UTF-8 (in most editors: 'save with encoding').",
                        {name, line, 0});
        }
        if (is_forbidden_control(text[at])) {
            throw Error("there is a control character in it, so this is no text file",
                        "Pass the model file, a text file in YAML (docs/model-file.md).",
                        {name, line, 0});
        }
        if (text[at] == '\n') ++line;
        at += length;
    }
}

std::string with_plain_line_ends(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\r') {
            plain += text[at];
        } else if (at + 1 == text.size() || text[at + 1] != '\n') {
            plain += '\n';
        }
    }
    return plain;
}

void check_indentation(std::string_view text, const std::string& name) {
    int line = 1;
    for (std::size_t begin = 0; begin < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view one = text.substr(begin, end - begin);
        const std::size_t first = std::min(one.find_first_not_of(" \t"), one.size());
        const bool blank = first == one.size() || one[first] == '#';
        if (!blank && one.substr(0, first).find('\t') != std::string_view::npos) {
            throw Error("this line is indented by a tab",
                        "YAML is indented by spaces: replace the tab.", {name, line, 0});
        }
        begin = end + 1;
    }
}

}  // namespace

std::string read_text_file(const std::string& path) {
    namespace fs = std::filesystem;
    const Place place{path, 0, 0};
    std::error_code failure;
    const fs::file_status status = fs::status(path, failure);
    if (!fs::exists(status)) {
        throw Error("there is no such file",
                    "Check the path; docs/model-file.md says what a model file contains.", place);
    }
    if (fs::is_directory(status)) {
        throw Error("this is a directory",
                    "Pass the model file in it, for example " + path +
                        (path.ends_with('/') ? "" : "/") + "model.yaml.",
                    place);
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw Error("cannot open the file: " + std::string(std::strerror(errno)),
                    "Check who may read it.", place);
    }
    std::string text;
    std::array<char, 1 << 16> chunk;
    while (file && text.size() <= largest_file) {
        file.read(chunk.data(), chunk.size());
        text.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) throw Error("reading the file failed", "Check the disk it is on.", place);
    if (text.size() > largest_file) {
        throw Error("the file is larger than 16 MiB, too large for a model", "Pass the model file.",
                    place);
    }
    return text;
}

std::string clean_text(const std::string& text, const std::string& name) {
    const Place place{name, 0, 0};
    if (starts_like_netcdf(text)) {
        throw Error("this is a NetCDF or HDF5 file, not a model",
                    "Pass the model file (YAML); a map is drawn with 'turnover plot'.", place);
    }
    if (text.starts_with("\xFF\xFE"sv) || text.starts_with("\xFE\xFF"sv)) {
        throw Error("the file is in UTF-16", "Save it as UTF-8.", place);
    }
    std::string_view body = text;
    if (body.starts_with("\xEF\xBB\xBF"sv)) body.remove_prefix(3);
    check_characters(body, name);
    std::string plain = with_plain_line_ends(body);
    check_indentation(plain, name);
    return plain;
}

}  // namespace turnover
