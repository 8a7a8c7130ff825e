#pragma once

#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "support/scratch_directory.hpp"

/// Runs the real program, as a user does from the root of the repository.
namespace turnover::program_test {

struct Outcome {
    int code = -1;  ///< exit code; -1 when a signal ended the program
    std::string out, err;
};

inline std::string example(const std::string& name) {
    return std::string(TURNOVER_SOURCE_DIR "/examples/") + name;
}

/// A started program whose end can be waited for.
class Running {
public:
    explicit Running(const std::vector<std::string>& arguments, const std::string& folder,
                     const std::vector<std::string>& environment = {}) {
        std::vector<std::string> words{TURNOVER_PROGRAM};
        words.insert(words.end(), arguments.begin(), arguments.end());
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
        execv(TURNOVER_PROGRAM, pointers.data());
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

inline Outcome run(const std::vector<std::string>& arguments,
                   const std::string& folder = TURNOVER_SOURCE_DIR,
                   const std::vector<std::string>& environment = {}) {
    return Running(arguments, folder, environment).wait();
}

}  // namespace turnover::program_test
