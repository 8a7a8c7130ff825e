#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace turnover::program {

/// The directory that results go into. It is made when missing, and what was made is taken away
/// again unless keep() was called: a run that fails leaves no empty directory behind.
class OutputFolder {
public:
    /// Throws Error when it cannot be made, or when `path` is there and is no directory.
    explicit OutputFolder(const std::string& path);
    ~OutputFolder();
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    /// Tries to write files of these names, leaving them as they are. Throws Error.
    void check_writable(const std::vector<std::string>& names) const;

    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] std::string file(const std::string& name) const {
        return (path_ / name).string();
    }
    void keep() { made_.clear(); }

private:
    std::filesystem::path path_;
    std::vector<std::filesystem::path> made_;  ///< innermost first
};

}  // namespace turnover::program
