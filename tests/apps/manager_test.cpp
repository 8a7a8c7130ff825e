// turnover manager and turnover worker, over the loopback.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <regex>
#include <sys/stat.h>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/run_program.hpp"
#include "turnover/sweep/journal.hpp"

namespace turnover::program_test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;
using testing::HasSubstr;
using testing::Not;

const std::string secret = "correct horse battery staple";

class Manager : public testing::Test {
protected:
    void SetUp() override {
        const Outcome without = run({"manager", fast_model, "-o", folder_ / "out"});
        if (without.err.find("this build") != std::string::npos) {
            GTEST_SKIP() << "this build has no engine work-queue";
        }
        if (run_shell("work_queue_worker --version", folder_.path()).code != 0) {
            GTEST_SKIP() << "there is no work_queue_worker";
        }
        password_ = write_password("password", secret);
    }

    std::string write_password(const std::string& name, const std::string& text) {
        write_bytes(folder_ / name, text + "\n");
        chmod((folder_ / name).c_str(), 0600);
        return folder_ / name;
    }

    [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& more,
                                                   const std::string& model = fast_model) {
        std::vector<std::string> words{"manager", model, "-o", folder_ / "out", "--no-plot"};
        words.insert(words.end(), {"--port", "0", "--password-file", password_});
        words.insert(words.end(), {"--log-json", folder_ / "log"});
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    [[nodiscard]] std::vector<json> events(const std::string& name) const {
        std::vector<json> found;
        std::istringstream lines(fs::exists(folder_ / "log") ? file_bytes(folder_ / "log") : "");
        for (std::string line; std::getline(lines, line);) {
            const json event = json::parse(line);
            if (event["event"] == name) found.push_back(event);
        }
        return found;
    }

    [[nodiscard]] bool was_said(const std::string& words) const {
        for (const json& notice : events("notice")) {
            if (notice["message"].get<std::string>().find(words) != std::string::npos) return true;
        }
        return false;
    }

    /// Where the manager that was started last listens.
    [[nodiscard]] std::string address(std::size_t starts = 1) {
        std::vector<std::string> all;
        wait_for([&] {
            all.clear();
            for (const json& notice : events("notice")) {
                const auto words = notice["message"].get<std::string>();
                std::smatch port;
                if (std::regex_search(words, port, std::regex("waiting for workers.*:(\\d+) "))) {
                    all.push_back("localhost:" + port[1].str());
                }
            }
            return all.size() >= starts;
        });
        return all.empty() ? "" : all.back();
    }

    template <class Condition>
    static void wait_for(Condition is_there) {
        for (int k = 0; k < 12000 && !is_there(); ++k) std::this_thread::sleep_for(10ms);
        EXPECT_TRUE(is_there());
    }

    [[nodiscard]] Running start_worker(const std::string& where, const std::string& password) {
        return start({"worker", where, "-j", "1", "--password-file", password}, TURNOVER_SOURCE_DIR,
                     {"TMPDIR=" + folder_.path()});
    }

    void expect_serial_map(const std::vector<std::string>& more,
                           const std::string& model = fast_model) {
        std::vector<std::string> words{"map",       model,      "-o",     folder_ / "serial",
                                       "--no-plot", "--engine", "serial", "-q"};
        words.insert(words.end(), more.begin(), more.end());
        ASSERT_EQ(run(words).code, 0);
        for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "serial")) {
            const std::string name = entry.path().filename();
            EXPECT_TRUE(file_bytes(entry.path()) == file_bytes(folder_ / "out/" + name)) << name;
        }
        EXPECT_FALSE(fs::exists(folder_ / "out/journal.sqlite"));
    }

    ScratchDirectory folder_;
    std::string password_;
};

TEST_F(Manager, TwoWorkersMakeTheSerialMapAndEndWithIt) {
    const Running manager = start(command({"--points", "300x300"}));
    const std::string where = address();
    const Running one = start_worker(where, password_), two = start_worker(where, password_);
    const Outcome outcome = manager.wait();
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("work-queue, "));
    EXPECT_EQ(one.wait().code, 0);
    EXPECT_EQ(two.wait().code, 0);
    expect_serial_map({"--points", "300x300"});
    for (const std::string& text : {outcome.out, outcome.err, file_bytes(folder_ / "log")}) {
        EXPECT_THAT(text, Not(HasSubstr(secret)));
    }
}

TEST_F(Manager, BranchesToo) {
    const std::string model = "examples/08_branches/model.yaml";
    const Running manager = start(command({"--branches"}, model));
    const Running worker = start_worker(address(), password_);
    const Outcome outcome = manager.wait();
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    (void)worker.wait();
    expect_serial_map({"--branches"}, model);
}

TEST_F(Manager, WrongPasswordsAndNoneAreTurnedAwayAndSaid) {
    const Running manager = start(command({"--points", "30x30"}));
    const std::string where = address();
    const Running wrong = start_worker(where, write_password("wrong", "let me in"));
    wait_for([&] { return was_said("wrong password, or none"); });
    EXPECT_TRUE(events("crew").empty());
    kill(wrong.process(), SIGTERM);
    EXPECT_THAT(wrong.wait().err, HasSubstr("wrong password"));

    const std::string port = where.substr(where.find(':') + 1);
    const Outcome none = run_shell(
        "work_queue_worker --single-shot --timeout=5 --workdir=. 127.0.0.1 " + port + " 2>&1",
        folder_.path());
    EXPECT_THAT(none.out, HasSubstr("requires a password"));
    EXPECT_TRUE(events("crew").empty()) << "nobody was let in";

    const Running right = start_worker(where, password_);
    const Outcome outcome = manager.wait();
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("wrong password, or none"));
    (void)right.wait();
    expect_serial_map({"--points", "30x30"});
}

TEST_F(Manager, KilledItGoesOnAndComputesNothingTwice) {
    const std::vector<std::string> points{"--points", "0x150"};
    const Running first = start(command(points, slow_model));
    const Running worker = start_worker(address(), password_);
    wait_for([&] {
        const auto progress = events("progress");
        return !progress.empty() && progress.back()["done"] > 0;
    });
    kill(first.process(), SIGKILL);
    EXPECT_EQ(first.wait().code, -1);
    std::size_t stored = 0;
    Journal::open(folder_ / "out/journal.sqlite").read([&](Tile tile, std::string_view) {
        stored += tile.count;
        return true;
    });
    EXPECT_GT(stored, 0U);
    kill(worker.process(), SIGKILL);
    (void)worker.wait();

    const Running second = start(command(points, slow_model));
    const Running other = start_worker(address(2), password_);
    const Outcome outcome = second.wait();
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(events("start")[1]["kept"], stored);
    (void)other.wait();
    expect_serial_map(points, slow_model);
}

TEST_F(Manager, InterruptedItKeepsWhatIsDone) {
    const Running manager = start(command({"--points", "0x4000"}, slow_model));
    const Running worker = start_worker(address(), password_);
    wait_for([&] {
        const auto progress = events("progress");
        return !progress.empty() && progress.back()["done"] > 0;
    });
    kill(manager.process(), SIGINT);
    const Outcome outcome = manager.wait();
    EXPECT_EQ(outcome.code, 3) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("the same command goes on from there"));
    kill(worker.process(), SIGTERM);
    (void)worker.wait();
}

TEST_F(Manager, WithoutAProperPasswordItDoesNotListen) {
    const Outcome none = run({"map", fast_model, "-o", folder_ / "out", "--engine", "work-queue"});
    EXPECT_EQ(none.code, 2);
    EXPECT_THAT(none.err, HasSubstr("there is no --password-file"));
    chmod(password_.c_str(), 0644);
    for (const std::vector<std::string>& words :
         {command({}), {"worker", "localhost:1", "--password-file", password_}}) {
        const Outcome open = run(words);
        EXPECT_EQ(open.code, 2);
        EXPECT_THAT(open.err, HasSubstr("others may read or change the password file"));
        EXPECT_THAT(open.err, HasSubstr("chmod 600"));
    }
    EXPECT_FALSE(fs::exists(folder_ / "out/journal.sqlite"));
}

TEST_F(Manager, APortThatIsTakenIsSaid) {
    const Running manager = start(command({}));
    const std::string where = address();
    std::vector<std::string> words = command({});
    *std::ranges::find(words, "0") = where.substr(where.find(':') + 1);
    *std::ranges::find(words, folder_ / "out") = folder_ / "out2";
    *std::ranges::find(words, folder_ / "log") = folder_ / "log2";
    const Outcome second = run(words);
    EXPECT_EQ(second.code, 2);
    EXPECT_THAT(second.err, HasSubstr("cannot listen on port"));
    kill(manager.process(), SIGTERM);
    EXPECT_EQ(manager.wait().code, 3);
}

TEST_F(Manager, WithoutItsSolverItSaysSo) {
    const Outcome outcome =
        run(command({}), TURNOVER_SOURCE_DIR, {"TURNOVER_SOLVER=/no/such/solver"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("there is no solver /no/such/solver"));
}

TEST(Worker, SaysWhatIsWrongWithAnAddress) {
    for (const char* const address : {"", ":9123", "host:", "host:port", "host:0", "host:99999"}) {
        const Outcome outcome = run({"worker", address});
        EXPECT_EQ(outcome.code, 2) << address;
        EXPECT_THAT(outcome.err, HasSubstr("HOST:PORT")) << address;
    }
}

TEST(Worker, SaysWhichPackageBringsTheProgram) {
    const ScratchDirectory folder;
    write_bytes(folder / "password", "secret");
    chmod((folder / "password").c_str(), 0600);
    const Outcome outcome = run({"worker", "localhost:1", "--password-file", folder / "password"},
                                folder.path(), {"PATH=" + folder.path()});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("coop-computing-tools"));
}

}  // namespace
}  // namespace turnover::program_test
