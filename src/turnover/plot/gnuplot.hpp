#pragma once

#include <string>
#include <string_view>

namespace turnover {

/// What a picture is drawn for. Canvas sizes are in the pixels of the PNG; the vector formats show
/// the same layout.
struct GnuplotCanvas {
    int width = 1200;
    int height = 800;
};

/// Runs gnuplot on `script` and puts what it draws at `path`, whose ending (.png, .pdf or .svg)
/// chooses the terminal. `script` sets neither the terminal nor the output. The picture appears
/// whole or not at all: it is drawn beside `path` and renamed.
///
/// With `keep_script` the script is left beside the picture, with the ending .gp, ready to be
/// edited and run. Throws Error on any other ending, when gnuplot is not installed (naming the
/// package that brings it), when it fails (with its own words), and when `path` cannot be written.
void draw_with_gnuplot(const std::string& script, const GnuplotCanvas& canvas,
                       const std::string& path, bool keep_script);

/// Throws Error when the ending of `path` is not one of a picture that can be drawn.
void check_picture_name(const std::string& path);

/// `text` as a string literal of gnuplot: single quotes, in which nothing but a quote is special.
[[nodiscard]] std::string gnuplot_string(std::string_view text);

/// `text` with the marks that gnuplot's enhanced text gives a meaning (_ ^ { } @ & ~ \) taken
/// literally.
[[nodiscard]] std::string gnuplot_plain(std::string_view text);

}  // namespace turnover
