#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/sweep/tile.hpp"

namespace turnover {

/// Something that is known of the work that a journal belongs to, in words that a person can
/// compare: {"--points", "600x600"}.
struct JournalFact {
    std::string name;
    /// Empty when it was not given. An option that takes no value says "given"; one that was given
    /// several times has a line for each.
    std::string text;
    /// Whether the results depend on it, so that another text is other work. What does not decide
    /// is a note for whoever reads the journal.
    bool decides = true;

    friend bool operator==(const JournalFact&, const JournalFact&) = default;
};

/// Every way in which the facts that decide differ, in words, such as
/// "--points was '20x20', is '30x30'" or "--branches was not given, is given now"; texts of several
/// lines by their first differing line, but options (whose names begin with "--") by all they say.
/// Empty when they agree.
[[nodiscard]] std::string describe_difference(const std::vector<JournalFact>& was,
                                              const std::vector<JournalFact>& is);

/// The finished tiles of one piece of work, in files that survive whatever ends the program: a
/// SQLite database at `path`, which says what there is, and `<path>-tiles` with the bytes. What a
/// tile's bytes mean is the user's affair (encode_tile, or an own format).
///
/// What has been stored when the program is killed (SIGKILL, a crash) is there afterwards, every
/// tile of it: store() has handed it to the operating system when it returns. A thread beside it
/// flushes the files to the disk every five seconds, so a power cut loses the last ten at most, and
/// what the disk itself loses. docs/journal.md tells how.
///
/// One program at a time: a second one that opens the same journal gets an Error. Not thread-safe;
/// to be used by one thread, and not by a child after fork(); after finish() or remove() it may
/// only be destroyed. Every function throws Error when a file cannot be read or written (disk full,
/// no permission, no journal, damaged); after that what was stored before is still there.
class Journal {
public:
    /// Goes on with the journal at `path`, or begins one where there is none, or one of other work
    /// without any tile. Throws Error when the one that is there has tiles of other work, saying
    /// what differs.
    Journal(const std::string& path, const std::vector<JournalFact>& facts);

    /// Opens a journal for whatever work it was made, to be read. One whose program was killed
    /// before it had begun has neither facts nor tiles. Throws Error where there is none.
    [[nodiscard]] static Journal open(const std::string& path);

    /// Deletes the journal at `path`, damaged or not; no journal is no error. Throws Error when a
    /// program has it open, or when the file is some other database.
    static void discard(const std::string& path);

    /// The file with the bytes of the tiles of the journal at `path`.
    [[nodiscard]] static std::string tile_file_of(const std::string& path);

    /// Leaves everything stored in place; finish() tidies up.
    ~Journal();
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;

    [[nodiscard]] const std::string& path() const noexcept;
    [[nodiscard]] const std::vector<JournalFact>& facts() const noexcept;
    /// The text of a fact; empty when there is no such fact.
    [[nodiscard]] std::string fact(std::string_view name) const;

    /// Keeps `bytes` as the result of `tile`, in place of what was stored for `tile.first` before.
    void store(Tile tile, std::string_view bytes);
    /// The same for bytes that lie in pieces (EncodedTile).
    void store(Tile tile, std::span<const std::string_view> pieces);

    /// Hands each stored tile to `take`, by index. `take` answers whether it can use it. Returns
    /// the tiles that it could not use or never got because their checksum is wrong: they are to be
    /// computed again.
    std::vector<Tile> read(const std::function<bool(Tile, std::string_view)>& take);

    /// Has all of it written to the disk, folds the database's log (`<path>-wal`) into the
    /// database, and closes both files. Where there is no room to fold it, the log stays and
    /// belongs to them.
    void finish();

    /// Closes the journal and deletes it: the work is done.
    void remove();

private:
    class File;
    explicit Journal(std::unique_ptr<File> file);

    std::unique_ptr<File> file_;
};

}  // namespace turnover
