#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "turnover/base/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace turnover {

/// What a Database throws: an Error with the reason behind it.
class DatabaseError : public Error {
public:
    enum class Reason { in_use, damaged, no_database, other };

    DatabaseError(Reason reason, std::string message, std::string advice)
        : Error(std::move(message), std::move(advice)), reason_(reason) {}
    [[nodiscard]] Reason reason() const noexcept { return reason_; }

private:
    Reason reason_;
};

/// A SQLite database file; just what a journal needs of it. One thread at a time. Every function
/// throws DatabaseError.
class Database {
public:
    enum class Access { read, write, create };

    /// Text may hold any bytes, and is stored as such.
    class Statement {
    public:
        Statement(Database& database, const std::string& sql);
        ~Statement();
        Statement(const Statement&) = delete;
        Statement& operator=(const Statement&) = delete;

        /// Parameters count from 1. `bytes` must stay until the next run().
        Statement& bind(int parameter, std::int64_t value);
        Statement& bind(int parameter, std::string_view bytes);
        /// Runs a statement that gives no rows, and makes it ready to be run again.
        void run();
        /// The next row; false after the last one.
        [[nodiscard]] bool next();
        /// Of the current row, from 0. Bytes are valid until the next call of next().
        [[nodiscard]] std::int64_t integer(int column) const;
        [[nodiscard]] std::string_view bytes(int column) const;

    private:
        Database& database_;
        sqlite3_stmt* statement_ = nullptr;
    };

    Database(std::string path, Access access);
    /// Leaves a write-ahead log that is there beside the file.
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    void execute(const std::string& sql);
    /// The first column of the first row as a number / as text; 0 / empty without a row.
    [[nodiscard]] std::int64_t number(const std::string& sql);
    [[nodiscard]] std::string text(const std::string& sql);
    /// Whether the file has been renamed or deleted since it was opened.
    [[nodiscard]] bool moved();

private:
    [[noreturn]] void fail(int code) const;
    void check(int code) const;

    std::string path_;
    sqlite3* handle_ = nullptr;
};

}  // namespace turnover
