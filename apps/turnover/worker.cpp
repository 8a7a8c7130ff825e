// turnover worker: this machine's cores for a manager elsewhere. Runs the stock work_queue_worker.
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "command.hpp"
#include "scheduler.hpp"
#include "turnover/base/error.hpp"
#include "turnover/engines/password_file.hpp"

namespace turnover::program {

namespace {

struct WorkerOptions {
    std::string manager;
    std::string password_file;
    int jobs = 0;
    int timeout = 900;
};

struct Address {
    std::string host;
    std::string port = "9123";
};

Address read_address(const std::string& text) {
    Address address;
    const std::size_t colon = text.rfind(':');
    address.host = text.substr(0, colon);
    if (colon != std::string::npos) address.port = text.substr(colon + 1);
    int port = 0;
    const char* const end = address.port.data() + address.port.size();
    const auto [at, error] = std::from_chars(address.port.data(), end, port);
    if (address.host.empty() || error != std::errc{} || at != end || port < 1 || port > 65535) {
        throw Error("cannot read the manager's address '" + text + "'",
                    "Write it as the manager prints it, HOST:PORT, as in lab1.example.org:9123.");
    }
    return address;
}

int run_worker(const WorkerOptions& options) {
    const Address manager = read_address(options.manager);
    if (options.jobs < 0) {
        throw Error(fmt::format("{} cores cannot compute anything", options.jobs),
                    "give 1 or more, or 0 for all");
    }
    (void)open_password_file(options.password_file);
    std::vector<std::string> words{
        "work_queue_worker",
        "--password=" + options.password_file,
        fmt::format("--cores={}", options.jobs == 0 ? default_jobs() : options.jobs),
        // Comes back soon where the manager was gone for a while, and ends where it stays away.
        "--min-backoff=1",
        "--max-backoff=8",
        fmt::format("--timeout={}", options.timeout),
        manager.host,
        manager.port,
    };
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    std::fflush(nullptr);
    execvp(pointers.front(), pointers.data());
    if (errno == ENOENT) {
        throw Error("there is no work_queue_worker on this machine",
                    "Install the Debian package coop-computing-tools, or CCTools from "
                    "https://cctools.readthedocs.io.");
    }
    throw Error("cannot run work_queue_worker: " + std::generic_category().message(errno),
                "Is it installed completely?");
}

}  // namespace

void add_worker_command(CLI::App& app, Action& action) {
    auto options = std::make_shared<WorkerOptions>();
    CLI::App* command =
        app.add_subcommand("worker", "lend this machine's cores to a manager on another machine");
    command->add_option("MANAGER", options->manager, "where the manager listens")
        ->type_name("HOST:PORT")
        ->required();
    command->add_option("--password-file", options->password_file, "a copy of the manager's")
        ->type_name("FILE");
    command
        ->add_option("-j,--jobs", options->jobs,
                     "cores to lend (0: as many as the scheduler or the machine gives)")
        ->type_name("N")
        ->capture_default_str();
    command
        ->add_option("--timeout", options->timeout,
                     "ends when there was no manager, or no work, for so many seconds")
        ->type_name("S")
        ->capture_default_str();
    command->footer(
        "Example:\n"
        "  turnover worker lab1.example.org:9123 --password-file turnover.password -j 8\n"
        "It ends with the map.");
    command->callback([options, &action] { action = [options] { return run_worker(*options); }; });
}

}  // namespace turnover::program
