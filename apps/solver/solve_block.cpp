#include "solver/solve_block.hpp"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include "turnover/base/error.hpp"
#include "turnover/engines/block_answer.hpp"
#include "turnover/io/recipe.hpp"
#include "turnover/sweep/branches.hpp"
#include "turnover/sweep/fingerprint.hpp"

namespace turnover::solver {

namespace {

std::string read_file(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    if (!stream) throw Error("cannot read " + path, "It should have come with the task.");
    return bytes;
}

/// What is loaded into this process, in the order of loading.
struct Loaded {
    std::string loader;
    std::vector<std::string> libraries;
};

int note_loaded(dl_phdr_info* info, std::size_t, void* data) {
    Loaded& loaded = *static_cast<Loaded*>(data);
    for (int k = 0; k < info->dlpi_phnum; ++k) {
        const ElfW(Phdr)& segment = info->dlpi_phdr[k];
        // The program itself names its loader.
        if (segment.p_type == PT_INTERP && loaded.loader.empty()) {
            loaded.loader = reinterpret_cast<const char*>(info->dlpi_addr + segment.p_vaddr);
        }
    }
    const std::string_view name = info->dlpi_name;
    // What the kernel puts there, and the program itself, are no files of this name.
    if (name.starts_with("/")) loaded.libraries.emplace_back(name);
    return 0;
}

int print_files() {
    Loaded loaded;
    dl_iterate_phdr(note_loaded, &loaded);
    const std::string_view loader = loaded.loader;
    const std::string_view name = loader.substr(loader.rfind('/') + 1);
    fmt::print("{}\n", loader);
    for (const std::string& library : loaded.libraries) {
        if (!library.ends_with("/" + std::string(name))) fmt::print("{}\n", library);
    }
    return 0;
}

int solve_block(const std::string& recipe, const std::string& block, const TileSolver& solve) {
    using Clock = std::chrono::steady_clock;
    const Model model = model_from(read_file(recipe));
    const Grid grid = work_grid(model);
    BlockAnswer answer;
    answer.fingerprint = bits_fingerprint();
    const std::vector<Tile> pieces = decode_block(read_file(block));
    const Clock::time_point begin = Clock::now();
    for (const Tile& piece : pieces) {
        answer.pieces.push_back(*solve(model.network, grid, piece, {}));
    }
    answer.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    const std::string text = encode_answer(answer);
    const bool written =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return written ? 0 : 1;
}

}  // namespace

int run(int argc, char** argv, const TileSolver& solve) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        if (words == std::vector<std::string>{"--files"}) return print_files();
        if (words.size() == 3) {
            // Ends the process where nothing else would: a point that hangs.
            alarm(static_cast<unsigned>(std::stoul(words[2])));
            return solve_block(words[0], words[1], solve);
        }
        fmt::print(stderr,
                   "turnover-solver is sent to workers by `turnover manager`; nobody else needs to "
                   "run it\n");
    } catch (const Error& error) {
        fmt::print(stderr, "turnover-solver: {}: {}\n", error.message(), error.advice());
    } catch (const std::exception& error) {
        fmt::print(stderr, "turnover-solver: {}\n", error.what());
    }
    return 2;
}

}  // namespace turnover::solver
