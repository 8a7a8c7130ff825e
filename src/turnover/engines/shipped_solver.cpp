#include "turnover/engines/shipped_solver.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

namespace fs = std::filesystem;

std::string bytes_of(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (!stream || bytes.empty()) {
        throw Error(fmt::format("cannot read {}, which workers need", path), "Is it installed?");
    }
    return bytes;
}

std::string find_solver() {
    if (const char* const told = std::getenv("TURNOVER_SOLVER")) return told;
    const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
    for (const char* const place : {"turnover-solver", "../libexec/turnover/turnover-solver"}) {
        if (fs::exists(here / place)) return here / place;
    }
    throw Error(fmt::format("there is no turnover-solver beside the program in {}", here.string()),
                "It belongs to Turnover's installation; or say in the environment variable "
                "TURNOVER_SOLVER where it is.");
}

/// 'text' as one word of a shell.
std::string quoted(const std::string& text) {
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word + "'";
}

/// The loader and the shared libraries that `program` says it runs with, the loader first.
std::vector<std::string> files_used_by(const std::string& program) {
    const auto close = [](std::FILE* pipe) { pclose(pipe); };
    const std::unique_ptr<std::FILE, decltype(close)> pipe(
        popen((quoted(program) + " --files").c_str(), "re"), close);
    std::string text;
    std::array<char, 4096> buffer{};
    while (pipe != nullptr) {
        const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe.get());
        if (got == 0) break;
        text.append(buffer.data(), got);
    }
    std::istringstream lines(text);
    std::vector<std::string> files;
    for (std::string line; std::getline(lines, line);) files.push_back(line);
    if (files.empty()) {
        throw Error(fmt::format("{} does not run", program), "Is Turnover installed completely?");
    }
    return files;
}

}  // namespace

MemoryFile::MemoryFile(const std::string& bytes) : file_(memfd_create("turnover", MFD_CLOEXEC)) {
    const auto fail = [] {
        throw Error(
            fmt::format("cannot keep a file in memory: {}", std::generic_category().message(errno)),
            "Is the memory full?");
    };
    if (!file_.is_open()) fail();
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t written = write(file_.number(), bytes.data() + at, bytes.size() - at);
        if (written < 0 && errno != EINTR) fail();
        if (written > 0) at += static_cast<std::size_t>(written);
    }
    // Some of them are programs, and Work Queue takes the permissions along.
    if (fchmod(file_.number(), 0700) != 0) fail();
}

std::string MemoryFile::path() const { return fmt::format("/proc/self/fd/{}", file_.number()); }

ShippedSolver::ShippedSolver(const std::string& program) {
    const std::string solver = program.empty() ? find_solver() : program;
    if (access(solver.c_str(), X_OK) != 0) {
        throw Error(fmt::format("there is no solver {}", solver),
                    "It belongs to Turnover's installation.");
    }
    files_.push_back({"turnover-solver", MemoryFile(bytes_of(solver))});
    std::string loader;
    for (const std::string& path : files_used_by(solver)) {
        const std::string name = fs::path(path).filename();
        if (loader.empty()) loader = name;
        files_.push_back({name, MemoryFile(bytes_of(path))});
    }
    command_ = fmt::format("exec ./{} --inhibit-cache --library-path . ./turnover-solver", loader);
}

}  // namespace turnover
