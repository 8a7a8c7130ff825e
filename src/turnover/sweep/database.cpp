#include "turnover/sweep/database.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

namespace turnover {

namespace {

using Reason = DatabaseError::Reason;

/// How long another program may hold the file before we call it in use: two that start at the same
/// moment look at it for less.
constexpr int patience_ms = 20;

int flags_of(Database::Access access) {
    const int always = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (access) {
        case Database::Access::read:
            return always | SQLITE_OPEN_READONLY;
        case Database::Access::write:
            return always | SQLITE_OPEN_READWRITE;
        case Database::Access::create:
            return always | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    }
    return always;
}

}  // namespace

Database::Database(std::string path, Access access) : path_(std::move(path)) {
    // SQLite gives a meaning of its own to "", ":memory:" and "file:...", but to no absolute path.
    const std::string whole = std::filesystem::absolute(path_).string();
    errno = 0;
    const int code = sqlite3_open_v2(whole.c_str(), &handle_, flags_of(access), nullptr);
    try {
        check(code);
        check(sqlite3_busy_timeout(handle_, patience_ms));
        check(sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr));
    } catch (...) {
        sqlite3_close(handle_);
        throw;
    }
}

Database::~Database() { sqlite3_close(handle_); }

void Database::execute(const std::string& sql) {
    errno = 0;
    check(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Database::number(const std::string& sql) {
    Statement statement(*this, sql);
    return statement.next() ? statement.integer(0) : 0;
}

std::string Database::text(const std::string& sql) {
    Statement statement(*this, sql);
    return statement.next() ? std::string(statement.bytes(0)) : std::string();
}

bool Database::moved() {
    int moved = 0;
    check(sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved));
    return moved != 0;
}

void Database::check(int code) const {
    if (code != SQLITE_OK) fail(code);
}

void Database::fail(int code) const {
    // SQLite notes the system's error for some failures and forgets it for others (a commit's);
    // after those it is still in errno.
    int system_error = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
    if (system_error == 0) system_error = errno;
    const bool full = system_error == EDQUOT || system_error == EFBIG;
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw DatabaseError(Reason::in_use,
                                fmt::format("{} is in use by another program", path_),
                                "Wait until that one has ended, or write to another directory.");
        case SQLITE_NOTADB:
            throw DatabaseError(Reason::no_database,
                                fmt::format("{} is damaged, or is no journal", path_),
                                "Start over with --fresh, or remove the file.");
        case SQLITE_CORRUPT:
            throw DatabaseError(Reason::damaged, fmt::format("{} is damaged", path_),
                                "Start over with --fresh, or remove the file.");
        case SQLITE_FULL:
            system_error = ENOSPC;
            break;
        case SQLITE_IOERR:
            if (full) break;
            [[fallthrough]];
        default:
            throw DatabaseError(
                Reason::other,
                fmt::format(
                    "cannot keep a journal in {}: {}{}", path_, sqlite3_errstr(code & 0xff),
                    system_error == 0 ? "" : ": " + std::generic_category().message(system_error)),
                "Use a directory that you may write to, on a file system with locks; or do without "
                "the journal (--no-journal).");
    }
    throw DatabaseError(
        Reason::other,
        fmt::format("cannot write {}: {}", path_, std::generic_category().message(system_error)),
        "Free some space and give the same command again; what was finished is kept.");
}

Database::Statement::Statement(Database& database, const std::string& sql) : database_(database) {
    database_.check(sqlite3_prepare_v2(database_.handle_, sql.c_str(), -1, &statement_, nullptr));
}

Database::Statement::~Statement() { sqlite3_finalize(statement_); }

Database::Statement& Database::Statement::bind(int parameter, std::int64_t value) {
    database_.check(sqlite3_bind_int64(statement_, parameter, value));
    return *this;
}

Database::Statement& Database::Statement::bind(int parameter, std::string_view bytes) {
    // A null pointer would be NULL, not bytes of length zero.
    const char* const data = bytes.data() == nullptr ? "" : bytes.data();
    database_.check(sqlite3_bind_blob64(statement_, parameter, data, bytes.size(), SQLITE_STATIC));
    return *this;
}

void Database::Statement::run() {
    errno = 0;
    const int code = sqlite3_step(statement_);
    const int system_error = errno;
    sqlite3_reset(statement_);
    errno = system_error;
    if (code != SQLITE_DONE && code != SQLITE_ROW) database_.fail(code);
}

bool Database::Statement::next() {
    errno = 0;
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_DONE && code != SQLITE_ROW) database_.fail(code);
    return code == SQLITE_ROW;
}

std::int64_t Database::Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Database::Statement::bytes(int column) const {
    const void* const data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

}  // namespace turnover
