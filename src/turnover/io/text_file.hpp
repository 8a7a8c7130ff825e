#pragma once

#include <string>

namespace turnover {

/// The bytes of the text file `path`. Throws Error, with the file as its place, when there is no
/// such file, when it is a directory, cannot be read, or is larger than a model can be (16 MiB).
[[nodiscard]] std::string read_text_file(const std::string& path);

/// `text` as the YAML parser wants it: UTF-8 without byte order mark, lines ended by '\n' alone.
/// Throws Error, with `name` as its file, on what is no text (NetCDF, HDF5, other binary data,
/// UTF-16), on a byte that is not UTF-8, and on a line that is indented by a tab.
[[nodiscard]] std::string clean_text(const std::string& text, const std::string& name);

}  // namespace turnover
