#pragma once

#include <string>
#include <vector>

#include "turnover/engines/descriptor.hpp"

namespace turnover {

/// A file in memory, under a path of this process.
class MemoryFile {
public:
    /// Throws Error when the system refuses.
    explicit MemoryFile(const std::string& bytes);

    /// Readable by this process as long as the object lives.
    [[nodiscard]] std::string path() const;

private:
    Descriptor file_;
};

/// A solver as it is sent to machines where nothing of ours is installed: the program, all shared
/// libraries that it uses here, the C library among them, and the dynamic loader that goes with
/// them, so that only the kernel and the processor are the other machine's. As they were when this
/// was made, whatever is installed meanwhile. Nothing is left on the disk.
class ShippedSolver {
public:
    /// `program`: its path; empty: turnover-solver, looked for where the environment variable
    /// TURNOVER_SOLVER says, beside the running program, and where it is installed. Throws Error
    /// when it cannot be found, run or read.
    explicit ShippedSolver(const std::string& program);

    struct File {
        std::string name;  ///< on the other machine
        MemoryFile content;
    };
    [[nodiscard]] const std::vector<File>& files() const noexcept { return files_; }
    /// What a shell runs where the files lie, to be completed by arguments.
    [[nodiscard]] const std::string& command() const noexcept { return command_; }

private:
    std::vector<File> files_;
    std::string command_;
};

}  // namespace turnover
