#include "output_folder.hpp"

#include "turnover/base/error.hpp"
#include "turnover/io/atomic_file.hpp"

namespace turnover::program {

namespace fs = std::filesystem;

OutputFolder::OutputFolder(const std::string& path) : path_(path) {
    if (path.empty()) {
        throw Error("the output directory has no name",
                    "Name one with -o; was a shell variable empty?");
    }
    std::error_code refused;
    std::vector<fs::path> missing;
    const fs::path whole = fs::absolute(path_, refused).lexically_normal();
    if (refused) {
        throw Error("cannot make the output directory " + path + ": " + refused.message(),
                    "Is the directory that you are in still there?");
    }
    for (fs::path at = whole; !at.empty() && !fs::exists(at, refused); at = at.parent_path()) {
        if (at.has_filename()) missing.push_back(at);
    }
    fs::create_directories(path_, refused);
    if (!refused && !fs::is_directory(path_)) {
        refused = std::make_error_code(std::errc::not_a_directory);
    }
    if (refused) {
        throw Error("cannot make the output directory " + path + ": " + refused.message(),
                    "Choose with -o a directory that you may write to.");
    }
    made_ = std::move(missing);
}

OutputFolder::~OutputFolder() {
    std::error_code ignored;
    for (const fs::path& made : made_) fs::remove(made, ignored);  // only when it is empty
}

void OutputFolder::check_writable(const std::vector<std::string>& names) const {
    for (const std::string& name : names) const AtomicFile uncommitted(file(name));
}

}  // namespace turnover::program
