#include "turnover/io/atomic_file.hpp"

#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/scratch_directory.hpp"
#include "support/sentence.hpp"
#include "support/small_models.hpp"
#include "turnover/base/error.hpp"
#include "turnover/io/csv.hpp"
#include "turnover/io/netcdf.hpp"

namespace turnover {
namespace {

using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;

/// No file may grow past `bytes` while this lives: as good as a full disk, also for root.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes) : handler_(signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit now{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &now);
    }
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        signal(SIGXFSZ, handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    sighandler_t handler_;
    rlimit before_{};
};

TEST(AtomicFile, AppearsWhenItIsComplete) {
    const ScratchDirectory scratch;
    const std::string path = scratch / "map.csv";
    {
        AtomicFile file(path);
        file.write("one\n");
        file.write("two\n");
        EXPECT_FALSE(std::filesystem::exists(path));
        file.commit();
    }
    EXPECT_EQ(file_bytes(path), "one\ntwo\n");
    EXPECT_EQ(scratch.entries(), 1U);
}

TEST(AtomicFile, WithoutCommitEverythingStaysAsItWas) {
    const ScratchDirectory scratch;
    write_bytes(scratch / "map.csv", "old");
    {
        AtomicFile file(scratch / "map.csv");
        file.write("new");
    }
    EXPECT_EQ(file_bytes(scratch / "map.csv"), "old");
    EXPECT_EQ(scratch.entries(), 1U);
}

TEST(AtomicFile, TwoAreCommittedTogether) {
    const ScratchDirectory scratch;
    std::filesystem::create_directory(scratch / "below");
    {
        AtomicFile one(scratch / "map.csv"), other(scratch / "below/map.nc");
        one.write("one");
        other.write("two");
        AtomicFile::commit(one, other);
    }
    EXPECT_EQ(file_bytes(scratch / "map.csv"), "one");
    EXPECT_EQ(file_bytes(scratch / "below/map.nc"), "two");
    EXPECT_EQ(scratch.entries(), 2U);
}

TEST(AtomicFile, AKilledProgramLeavesNothing) {
    const ScratchDirectory scratch;
    const int nameless = open(scratch.path().c_str(), O_WRONLY | O_TMPFILE, 0600);
    if (nameless < 0) GTEST_SKIP() << "no nameless files on this file system";
    close(nameless);
    const pid_t child = fork();
    if (child == 0) {
        AtomicFile file(scratch / "map.csv");
        file.write("half of ");
        file.finish();
        raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(scratch.entries(), 0U);
}

TEST(AtomicFile, ReplacesWhatALinkPointsTo) {
    const ScratchDirectory scratch;
    write_bytes(scratch / "real.csv", "old");
    std::filesystem::create_symlink("real.csv", scratch / "map.csv");
    AtomicFile file(scratch / "map.csv");
    file.write("new");
    file.commit();
    EXPECT_TRUE(std::filesystem::is_symlink(scratch / "map.csv"));
    EXPECT_EQ(file_bytes(scratch / "real.csv"), "new");
}

TEST(AtomicFile, HasTheModeOfAnOrdinaryFile) {
    const ScratchDirectory scratch;
    AtomicFile file(scratch / "map.csv");
    file.commit();
    write_bytes(scratch / "plain", "");
    EXPECT_EQ(std::filesystem::status(scratch / "map.csv").permissions(),
              std::filesystem::status(scratch / "plain").permissions());
}

/// The message of the Error that `action` throws; a failure when it throws none.
template <class Action>
std::string error_of(const Action& action) {
    try {
        action();
    } catch (const Error& error) {
        EXPECT_TRUE(support::is_sentence(error.advice()));
        return error.message();
    }
    ADD_FAILURE() << "no error";
    return {};
}

TEST(AtomicFile, SaysWhyADirectoryCannotBeWritten) {
    const ScratchDirectory scratch;
    write_bytes(scratch / "file", "");
    const std::string below_file = scratch / "file/map.csv";
    EXPECT_EQ(error_of([&] { AtomicFile file(below_file); }),
              "cannot write " + below_file + ": Not a directory");
    const std::string nowhere = scratch / "nowhere/map.csv";
    EXPECT_EQ(error_of([&] { AtomicFile file(nowhere); }),
              "cannot write " + nowhere + ": No such file or directory");
    EXPECT_NE(error_of([] { AtomicFile file("/proc/map.csv"); }).find("/proc/map.csv"),
              std::string::npos);
    EXPECT_EQ(scratch.entries(), 1U);
}

TEST(AtomicFile, NeverReplacesADeviceOrDirectory) {
    const ScratchDirectory scratch;
    EXPECT_NE(error_of([&] { AtomicFile file(scratch.path()); }).find("is not a file"),
              std::string::npos);
    EXPECT_NE(error_of([] { AtomicFile file("/dev/full"); }).find("is not a file"),
              std::string::npos);
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(AtomicFile, AFullDiskLeavesTheOldMapAndNothingElse) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(10, 10);
    const ResultSet results = support::invented_results(model);
    write_bytes(scratch / "map.csv", "old");
    write_bytes(scratch / "map.nc", "old");
    std::string csv_error, netcdf_error;
    {
        const FullDisk full(1000);
        csv_error = error_of([&] { write_csv(scratch / "map.csv", model, results); });
        netcdf_error = error_of([&] { write_netcdf(scratch / "map.nc", model, results); });
    }
    EXPECT_EQ(csv_error, "cannot write " + (scratch / "map.csv") + ": File too large");
    EXPECT_EQ(netcdf_error, "cannot write " + (scratch / "map.nc") + ": File too large");
    EXPECT_EQ(file_bytes(scratch / "map.csv"), "old");
    EXPECT_EQ(file_bytes(scratch / "map.nc"), "old");
    EXPECT_EQ(scratch.entries(), 2U);
}

}  // namespace
}  // namespace turnover
