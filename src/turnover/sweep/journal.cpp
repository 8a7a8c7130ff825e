#include "turnover/sweep/journal.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "turnover/base/error.hpp"
#include "turnover/sweep/append_file.hpp"
#include "turnover/sweep/database.hpp"
#include "turnover/sweep/disk_flush.hpp"

namespace turnover {

namespace {

namespace fs = std::filesystem;

using Access = Database::Access;
using Reason = DatabaseError::Reason;

/// A map that takes less than this costs the disk nothing but its results.
constexpr std::chrono::seconds between_flushes{5};

/// How a file is known to be a journal ("Tvrj"), and the layout of its tables: grows with them.
constexpr std::int64_t application = 0x5476726a;
constexpr std::int64_t layout = 2;

const char* const tables =
    "CREATE TABLE facts(position INTEGER PRIMARY KEY, name BLOB NOT NULL, text BLOB NOT NULL,"
    " decides INTEGER NOT NULL, checksum INTEGER NOT NULL);"
    "CREATE TABLE results(first INTEGER PRIMARY KEY, count INTEGER NOT NULL,"
    " position INTEGER NOT NULL, size INTEGER NOT NULL, checksum INTEGER NOT NULL);";

/// XXH3, as SQLite's signed integer: at several bytes a cycle it costs a tile next to nothing.
std::int64_t checksum(std::string_view bytes, std::int64_t seed = 0) {
    return std::bit_cast<std::int64_t>(
        XXH3_64bits_withSeed(bytes.data(), bytes.size(), std::bit_cast<XXH64_hash_t>(seed)));
}

std::int64_t checksum(const JournalFact& fact) {
    return checksum(fact.text, checksum(fact.name + (fact.decides ? "!" : "?")));
}

std::int64_t checksum(Tile tile, std::span<const std::string_view> pieces) {
    const std::int64_t seed = checksum(fmt::format("{} {}", tile.first, tile.count));
    XXH3_state_t state;
    XXH3_64bits_reset_withSeed(&state, std::bit_cast<XXH64_hash_t>(seed));
    for (const std::string_view piece : pieces) {
        XXH3_64bits_update(&state, piece.data(), piece.size());
    }
    return std::bit_cast<std::int64_t>(XXH3_64bits_digest(&state));
}

std::string log_of(const std::string& path) { return path + "-wal"; }
std::string rollback_of(const std::string& path) { return path + "-journal"; }

void remove_files(const std::string& path) {
    const std::string tiles = Journal::tile_file_of(path);
    // The database first: SQLite deletes a log without one, and a database without its log would
    // be an old state.
    for (const std::string& file : {path, log_of(path), rollback_of(path), tiles}) {
        std::error_code refused;
        fs::remove(file, refused);
        if (refused) {
            throw Error(fmt::format("cannot remove {}: {}", file, refused.message()),
                        "Remove it by hand.");
        }
    }
}

/// Whether `database` has nothing in it. Throws Error when it has, and is no journal.
bool is_empty(Database& database, const std::string& path) {
    if (database.number("SELECT count(*) FROM sqlite_schema") == 0) return true;
    if (database.number("PRAGMA application_id") == application) return false;
    throw Error(path + " is no journal of Turnover, but some other database",
                "Write to another directory, or move that file away.");
}

/// Whether `database` is a journal; false when it is empty. Throws Error when it is something else.
bool recognise(Database& database, const std::string& path) {
    if (is_empty(database, path)) return false;
    if (const std::int64_t found = database.number("PRAGMA user_version"); found != layout) {
        throw Error(fmt::format("{} was written by another version of Turnover (layout {}, here "
                                "{})",
                                path, found, layout),
                    "Finish it with that version, or start over with --fresh.");
    }
    return true;
}

/// The database at `path`, locked for us alone until it is closed. Two programs that start together
/// each hold a shared lock and wait for the other's: so they let go between tries, each after a
/// time of its own.
std::unique_ptr<Database> open_locked(const std::string& path, Access access) {
    const int most_tries = 20;
    for (int attempt = 1;; ++attempt) {
        try {
            auto database = std::make_unique<Database>(path, access);
            // In this mode the lock stays, and the write-ahead log needs no memory shared with
            // other processes, so that it works on network file systems too.
            database->execute("PRAGMA locking_mode=EXCLUSIVE");
            database->execute("PRAGMA synchronous=OFF");  // DiskFlush does it
            database->execute("BEGIN EXCLUSIVE");
            // Somebody may have finished and removed it between our opening it and our getting it.
            if (!database->moved()) return database;
        } catch (const DatabaseError& error) {
            if (error.reason() != DatabaseError::Reason::in_use || attempt >= most_tries) throw;
        }
        if (attempt >= most_tries) {
            throw Error(path + " is deleted again and again by another program",
                        "Write to another directory.");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5 + getpid() * attempt % 40));
    }
}

}  // namespace

class Journal::File {
public:
    explicit File(std::string path) : path_(std::move(path)) {}

    void begin(const std::vector<JournalFact>& facts) {
        database_ = open_locked(path_, Access::create);
        if (recognise(*database_, path_)) {
            read_facts();
            const std::string difference = describe_difference(facts_, facts);
            if (!difference.empty()) {
                if (database_->number("SELECT count(*) FROM results") > 0) {
                    throw Error(fmt::format("the unfinished work in {} is another one: {}", path_,
                                            difference),
                                "Start over with --fresh, or write to another directory.");
                }
                // Nothing would be lost: the program was killed before any tile was done.
                database_->execute("DELETE FROM facts");
                facts_ = facts;
                write_facts();
            }
        } else {
            database_->execute(tables);
            database_->execute(fmt::format("PRAGMA application_id={}", application));
            database_->execute(fmt::format("PRAGMA user_version={}", layout));
            facts_ = facts;
            write_facts();
        }
        tiles_.emplace(tile_file_of(path_), AppendFile::Access::write);
        // What lies beyond is of a tile that was being written when the program was killed.
        tiles_->cut(static_cast<std::uint64_t>(
            database_->number("SELECT coalesce(max(position + size), 0) FROM results")));
        database_->execute("COMMIT");
        if (database_->text("PRAGMA journal_mode=WAL") != "wal") {
            throw Error(fmt::format("cannot keep a journal in {}: no write-ahead log", path_),
                        "Do without the journal (--no-journal).");
        }
        // Appending to the log is all that is ever done; finish() folds it in.
        database_->execute("PRAGMA wal_autocheckpoint=0");
        insert_.emplace(*database_, "INSERT OR REPLACE INTO results VALUES(?, ?, ?, ?, ?)");
    }

    void open() {
        if (!fs::exists(path_)) {
            throw Error("there is no journal " + path_, "Check the path.");
        }
        const bool tidy = !fs::exists(log_of(path_)) && !fs::exists(rollback_of(path_));
        if (tidy) {
            database_ = std::make_unique<Database>(path_, Access::read);
            database_->execute("BEGIN");
        } else {
            database_ = open_locked(path_, Access::write);
        }
        empty_ = !recognise(*database_, path_);
        if (!empty_) {
            read_facts();
            if (!fs::exists(tile_file_of(path_))) {
                throw Error(
                    fmt::format("{} is missing, which belongs to {}", tile_file_of(path_), path_),
                    "Move and copy both, or neither.");
            }
            tiles_.emplace(tile_file_of(path_), AppendFile::Access::read);
        }
        database_->execute("COMMIT");
    }

    void store(Tile tile, std::span<const std::string_view> pieces) {
        const std::uint64_t position = tiles_->append(pieces);
        std::size_t size = 0;
        for (const std::string_view piece : pieces) size += piece.size();
        insert_->bind(1, static_cast<std::int64_t>(tile.first))
            .bind(2, static_cast<std::int64_t>(tile.count))
            .bind(3, static_cast<std::int64_t>(position))
            .bind(4, static_cast<std::int64_t>(size))
            .bind(5, checksum(tile, pieces))
            .run();
        // The log is there only after something was written to it.
        if (!flush_)
            flush_.emplace(std::vector{tile_file_of(path_), log_of(path_)}, path_, between_flushes);
        if (const int error = flush_->failure(); error != 0) {
            throw Error(
                fmt::format("cannot write {}: {}", path_, std::generic_category().message(error)),
                "Give the same command again once the disk is well; what was finished is "
                "kept.");
        }
    }

    std::vector<Tile> read(const std::function<bool(Tile, std::string_view)>& take) {
        if (empty_) return {};
        std::vector<Tile> unusable;
        Database::Statement rows(*database_,
                                 "SELECT first, count, position, size, checksum FROM results "
                                 "ORDER BY first");
        while (rows.next()) {
            const Tile tile{static_cast<std::size_t>(rows.integer(0)),
                            static_cast<std::size_t>(rows.integer(1))};
            const std::string_view bytes =
                tiles_->read(static_cast<std::uint64_t>(rows.integer(2)),
                             static_cast<std::uint64_t>(rows.integer(3)));
            const bool whole = rows.integer(4) == checksum(tile, {&bytes, 1});
            if (!whole || !take(tile, bytes)) unusable.push_back(tile);
        }
        return unusable;
    }

    void finish() {
        insert_.reset();
        if (flush_) flush_->stop();
        tiles_->flush();
        try {
            database_->execute("PRAGMA synchronous=FULL");
            database_->execute("PRAGMA journal_mode=DELETE");
        } catch (const DatabaseError&) {
            // The log stays beside the file, and all is in it.
        }
        close();
    }

    void remove() {
        insert_.reset();
        if (flush_) flush_->stop();
        remove_files(path_);  // while it is locked: nobody else can have it open
        close();
    }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const std::vector<JournalFact>& facts() const noexcept { return facts_; }

private:
    void close() {
        database_.reset();
        flush_.reset();
    }

    void read_facts() {
        Database::Statement rows(
            *database_, "SELECT name, text, decides, checksum FROM facts ORDER BY position");
        while (rows.next()) {
            JournalFact fact{std::string(rows.bytes(0)), std::string(rows.bytes(1)),
                             rows.integer(2) != 0};
            if (rows.integer(3) != checksum(fact)) {
                throw DatabaseError(Reason::damaged, path_ + " is damaged",
                                    "Start over with --fresh, or remove the file.");
            }
            facts_.push_back(std::move(fact));
        }
    }

    void write_facts() {
        Database::Statement insert(
            *database_, "INSERT INTO facts(name, text, decides, checksum) VALUES(?, ?, ?, ?)");
        for (const JournalFact& fact : facts_) {
            insert.bind(1, fact.name)
                .bind(2, fact.text)
                .bind(3, fact.decides ? 1 : 0)
                .bind(4, checksum(fact))
                .run();
        }
    }

    std::string path_;
    std::vector<JournalFact> facts_;
    bool empty_ = false;  ///< without tables
    // In this order: DiskFlush must outlive the locks, the statement must go before its database.
    std::optional<DiskFlush> flush_;
    std::optional<AppendFile> tiles_;
    std::unique_ptr<Database> database_;
    std::optional<Database::Statement> insert_;
};

Journal::Journal(std::unique_ptr<File> file) : file_(std::move(file)) {}

Journal::Journal(const std::string& path, const std::vector<JournalFact>& facts)
    : file_(std::make_unique<File>(path)) {
    file_->begin(facts);
}

Journal Journal::open(const std::string& path) {
    auto file = std::make_unique<File>(path);
    file->open();
    return Journal(std::move(file));
}

std::string Journal::tile_file_of(const std::string& path) { return path + "-tiles"; }

void Journal::discard(const std::string& path) {
    if (!fs::exists(path)) {
        remove_files(path);
        return;
    }
    std::unique_ptr<Database> lock;
    try {
        lock = open_locked(path, Access::write);
        (void)is_empty(*lock, path);  // also one of another layout may go
    } catch (const DatabaseError& error) {
        if (error.reason() != Reason::damaged && error.reason() != Reason::no_database) throw;
    }
    remove_files(path);
}

Journal::~Journal() = default;
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;

const std::string& Journal::path() const noexcept { return file_->path(); }
const std::vector<JournalFact>& Journal::facts() const noexcept { return file_->facts(); }

std::string Journal::fact(std::string_view name) const {
    const auto found = std::ranges::find(facts(), name, &JournalFact::name);
    return found == facts().end() ? std::string() : found->text;
}

void Journal::store(Tile tile, std::string_view bytes) { file_->store(tile, {&bytes, 1}); }

void Journal::store(Tile tile, std::span<const std::string_view> pieces) {
    file_->store(tile, pieces);
}

std::vector<Tile> Journal::read(const std::function<bool(Tile, std::string_view)>& take) {
    return file_->read(take);
}

void Journal::finish() { file_->finish(); }

void Journal::remove() { file_->remove(); }

}  // namespace turnover
