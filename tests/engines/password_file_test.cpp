#include "turnover/engines/password_file.hpp"

#include <filesystem>
#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scratch_directory.hpp"
#include "turnover/base/error.hpp"

namespace turnover {
namespace {

using support::ScratchDirectory;
using testing::HasSubstr;

/// What is wrong with the file, and the advice; empty when nothing is.
std::string trouble_with(const std::string& path) {
    try {
        EXPECT_TRUE(open_password_file(path).is_open());
        return {};
    } catch (const Error& error) {
        return error.message() + "; " + error.advice();
    }
}

TEST(PasswordFile, IsTheUsersAlone) {
    const ScratchDirectory folder;
    const std::string path = folder / "password";
    support::write_bytes(path, "secret\n");
    for (const mode_t mode : {0600U, 0400U}) {
        chmod(path.c_str(), mode);
        EXPECT_EQ(trouble_with(path), "");
    }
    for (const mode_t mode : {0640U, 0604U, 0620U, 0660U, 0644U, 0610U}) {
        chmod(path.c_str(), mode);
        const std::string trouble = trouble_with(path);
        EXPECT_THAT(trouble, HasSubstr("others may read or change"));
        EXPECT_THAT(trouble, HasSubstr("chmod 600 " + path));
        EXPECT_THAT(trouble, testing::Not(HasSubstr("secret")));
    }
}

TEST(PasswordFile, IsAFileWithSomethingInIt) {
    const ScratchDirectory folder;
    EXPECT_THAT(trouble_with(""), HasSubstr("there is no --password-file"));
    EXPECT_THAT(trouble_with(folder / "none"), HasSubstr("umask 077"));
    EXPECT_THAT(trouble_with(folder.path()), HasSubstr("no regular file"));
    const std::string empty = folder / "empty";
    support::write_bytes(empty, "");
    chmod(empty.c_str(), 0600);
    EXPECT_THAT(trouble_with(empty), HasSubstr("is empty"));
    const std::string pipe = folder / "pipe";
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT(trouble_with(pipe), HasSubstr("no regular file"));
}

}  // namespace
}  // namespace turnover
