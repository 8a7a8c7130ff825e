#include "turnover/plot/gnuplot.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/plot/glyphs.hpp"

extern char** environ;

namespace turnover {

namespace {

namespace fs = std::filesystem;

// A vector picture of w pixels is w / pixels_per_inch inches wide; font sizes are points
// everywhere.
constexpr double pixels_per_inch = 150.0;

/// A file that is gone when the scope ends, unless it was renamed before.
class ScratchFile {
public:
    explicit ScratchFile(fs::path path) : path_(std::move(path)) {}
    ~ScratchFile() {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

    [[nodiscard]] const fs::path& path() const noexcept { return path_; }

private:
    fs::path path_;
};

std::string terminal_of(const fs::path& path, const GnuplotCanvas& canvas) {
    const std::string ending = path.extension().string();
    if (ending == ".pdf") {
        return fmt::format(
            "set terminal pdfcairo enhanced size {:.3f}in,{:.3f}in font 'DejaVu Sans,15' "
            "fontscale 0.48 linewidth 0.7",
            canvas.width / pixels_per_inch, canvas.height / pixels_per_inch);
    }
    return fmt::format(
        "set terminal {} enhanced size {},{} font 'DejaVu Sans,15' background '#ffffff'",
        ending == ".svg" ? "svg" : "pngcairo", canvas.width, canvas.height);
}

std::string whole_script(const std::string& body, const GnuplotCanvas& canvas,
                         const fs::path& picture, const std::string& output) {
    return terminal_of(picture, canvas) + "\nset output " + gnuplot_string(output) + "\n" + body +
           "\nunset output\n";
}

std::string folder_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path().string() : ".";
}

void write_text(const fs::path& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) {
        throw Error(
            "cannot write the picture's files into " + folder_of(path) + ": " +
                std::strerror(errno),
            "Choose a directory that exists, that you may write to and that has room left.");
    }
}

std::string read_text(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// What gnuplot complained about, without its line numbers, source echo and blank lines.
std::string complaint_of(const std::string& errors) {
    std::string last;
    std::size_t begin = 0;
    while (begin < errors.size()) {
        const std::size_t end = std::min(errors.find('\n', begin), errors.size());
        const std::string line = errors.substr(begin, end - begin);
        if (line.find_first_not_of(" \t^") != std::string::npos) last = line;
        begin = end + 1;
    }
    return last;
}

/// Runs `gnuplot script`, its messages going to `messages`. Returns the exit status.
int run(const std::string& script, const std::string& messages) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, messages.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);

    // -d: a user's own gnuplot settings must not change the picture.
    std::string program = "gnuplot", defaults = "-d", file = script;
    std::array<char*, 4> arguments{program.data(), defaults.data(), file.data(), nullptr};
    pid_t child = 0;
    // The caller may have blocked signals; Ctrl-C has to reach gnuplot all the same.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int refused =
        posix_spawnp(&child, program.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (refused == ENOENT) {
        throw Error(
            "gnuplot is not installed, so no picture was drawn",
            "Install it (Debian and Ubuntu: `apt install gnuplot-nox`; Fedora: `dnf install "
            "gnuplot`) and draw with `turnover plot`.");
    }
    if (refused != 0) throw Error(std::string("cannot run gnuplot: ") + std::strerror(refused));

    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) throw Error(std::string("lost gnuplot: ") + std::strerror(errno));
    }
    return status;
}

}  // namespace

void check_picture_name(const std::string& path) {
    const std::string ending = fs::path(path).extension().string();
    if (ending != ".png" && ending != ".pdf" && ending != ".svg") {
        throw Error("cannot tell from its ending what kind of picture '" + path + "' is to be",
                    "Give it the ending .png, .pdf or .svg.");
    }
}

void draw_with_gnuplot(const std::string& script, const GnuplotCanvas& canvas,
                       const std::string& path, bool keep_script) {
    check_picture_name(path);
    const fs::path picture(path);
    const std::string stem = fmt::format("{}.{}", path, ::getpid());
    const ScratchFile drawing(stem + ".part" + picture.extension().string());
    const ScratchFile commands(stem + ".gp");
    const ScratchFile messages(stem + ".log");

    const std::string body = drawable(script, font_has);
    write_text(commands.path(), whole_script(body, canvas, picture, drawing.path().string()));
    const int status = run(commands.path().string(), messages.path().string());

    std::error_code missing;
    const bool drawn = fs::file_size(drawing.path(), missing) > 0 && !missing;
    if (status != 0 || !drawn) {
        const std::string complaint = complaint_of(read_text(messages.path()));
        throw Error(
            "gnuplot could not draw " + path + (complaint.empty() ? "" : ": " + complaint),
            "Turnover needs gnuplot 5.2 or later with its cairo terminals (Debian and Ubuntu: "
            "`apt install gnuplot-nox`).");
    }
    std::error_code refused;
    fs::rename(drawing.path(), picture, refused);
    if (refused) {
        throw Error("cannot write " + path + ": " + refused.message(),
                    "Choose a name that is not taken by a directory.");
    }
    if (keep_script) {
        fs::path kept = picture;
        kept.replace_extension(".gp");
        write_text(kept, whole_script(body, canvas, picture, picture.filename().string()));
    }
}

std::string gnuplot_string(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') quoted += '\'';
        // A line break would end the command.
        quoted += (c == '\n' || c == '\r') ? ' ' : c;
    }
    return quoted + "'";
}

std::string gnuplot_plain(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        if (std::string_view("_^{}@&~\\").find(c) != std::string_view::npos) plain += '\\';
        plain += c;
    }
    return plain;
}

}  // namespace turnover
