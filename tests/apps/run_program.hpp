#pragma once

#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "support/scratch_directory.hpp"

/// Runs the real program, as a user does from the root of the repository.
namespace turnover::program_test {

inline const std::string fast_model = "examples/01_co_oxidation/model.yaml";
/// An adsorbate over two site types: all points take the reference path, slow enough for a map to
/// be disturbed while it is still written quickly.
inline const std::string slow_model = "examples/05_two_sites/model.yaml";

struct Outcome {
    int code = -1;  ///< exit code; -1 when a signal ended the program
    std::string out, err;
};

/// A started command whose end can be waited for. `words` begin with the path of a program.
class Running {
public:
    explicit Running(std::vector<std::string> words, const std::string& folder,
                     const std::vector<std::string>& environment = {}) {
        process_ = fork();
        if (process_ < 0) throw std::runtime_error("cannot fork");
        if (process_ > 0) return;
        std::vector<char*> pointers;
        for (std::string& word : words) pointers.push_back(word.data());
        pointers.push_back(nullptr);
        for (const std::string& setting : environment) {
            const std::size_t equals = setting.find('=');
            setenv(setting.substr(0, equals).c_str(), setting.substr(equals + 1).c_str(), 1);
        }
        if (chdir(folder.c_str()) != 0) _exit(127);
        dup2(open((streams_ / "out").c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
        dup2(open((streams_ / "err").c_str(), O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
        execv(pointers.front(), pointers.data());
        _exit(127);
    }

    [[nodiscard]] pid_t process() const { return process_; }

    [[nodiscard]] Outcome wait() const {
        int status = 0;
        waitpid(process_, &status, 0);
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, support::file_bytes(streams_ / "out"),
                support::file_bytes(streams_ / "err")};
    }

private:
    support::ScratchDirectory streams_;
    pid_t process_ = -1;
};

/// Starts the program with `arguments`.
inline Running start(std::vector<std::string> arguments,
                     const std::string& folder = TURNOVER_SOURCE_DIR,
                     const std::vector<std::string>& environment = {}) {
    arguments.insert(arguments.begin(), TURNOVER_PROGRAM);
    return Running(std::move(arguments), folder, environment);
}

/// Runs the program to its end.
inline Outcome run(std::vector<std::string> arguments,
                   const std::string& folder = TURNOVER_SOURCE_DIR,
                   const std::vector<std::string>& environment = {}) {
    return start(std::move(arguments), folder, environment).wait();
}

/// Runs a line as a shell does, with the program on its path.
inline Outcome run_shell(const std::string& line, const std::string& folder) {
    const std::string program = TURNOVER_PROGRAM;
    const std::string path = program.substr(0, program.rfind('/')) + ":" + std::getenv("PATH");
    return Running({"/bin/sh", "-c", line}, folder, {"PATH=" + path}).wait();
}

}  // namespace turnover::program_test
