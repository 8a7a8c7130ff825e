#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/base/version.hpp"
#include "turnover/engines/codec.hpp"
#include "turnover/engines/mpi.hpp"
#include "turnover/engines/mpi/link.hpp"
#include "turnover/engines/mpi/order.hpp"
#include "turnover/engines/tile_pieces.hpp"
#include "turnover/sweep/fingerprint.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover {

namespace {

using mpi::Kind;
using mpi::Message;
using std::chrono::steady_clock;

/// After a stop was asked for: mpirun kills what is left a second after it passed the signal on,
/// and processes that have died give no answer.
constexpr std::chrono::milliseconds longest_goodbye{500};

/// Tiles are cut where there are fewer than so many for each thread: the last ones would keep a
/// few of them at work and the others waiting.
constexpr std::size_t fewest_pieces_a_thread = 16;

/// One map, from the leader's side.
class Lead {
public:
    Lead(mpi::Link& link, int threads, const TileJob& job, const TileSolver& solver,
         const TileSink& sink)
        : link_(link),
          threads_(threads),
          job_(job),
          sink_(sink),
          whole_(job.network, job.tiles, fewest_pieces_a_thread * workers()),
          pieces_(whole_.pieces()),
          busy_(static_cast<std::size_t>(link.processes())),
          own_(threads, [&job, &solver](Tile tile, const std::stop_token& stop) {
              return solver(job.network, job.grid, tile, stop);
          }) {}

    bool run(const std::stop_token& stop) {
        if (link_.is_abandoned()) throw std::logic_error("a map after one that was abandoned");
        if (link_.processes() > 1) muster();
        attempt([&] {
            deal_first();
            work(stop);
        });
        own_.stop();
        attempt([&] {
            while (std::optional<TileResult> result = own_.take({})) take(std::move(*result));
        });
        dismiss(stop);
        if (failure_) std::rethrow_exception(failure_);
        return taken_ == pieces_.size();
    }

private:
    mpi::Link& link_;
    int threads_;
    const TileJob& job_;
    const TileSink& sink_;
    TilePieces whole_;
    const std::vector<Tile>& pieces_;  ///< what is dealt: tiles or pieces of them
    std::vector<int> busy_;            ///< how many each process has
    std::size_t next_ = 0;             ///< the first one not dealt
    std::size_t taken_ = 0;            ///< that have come back
    std::exception_ptr failure_;       ///< the first one; nothing is taken after it
    TileThreads own_;

    [[nodiscard]] std::size_t workers() const {
        return static_cast<std::size_t>(link_.processes()) * static_cast<std::size_t>(threads_);
    }

    /// `step`, unless one failed before. A failure waits until the other processes have left the
    /// map: thrown at once it would leave them in it, and the job would never end.
    template <class Step>
    void attempt(const Step& step) {
        if (failure_) return;
        try {
            step();
        } catch (...) {
            failure_ = std::current_exception();
        }
    }

    /// Tells all processes what map it is. Throws Error when one of them is none for it.
    void muster() {
        if (job_.recipe.empty()) {
            throw std::logic_error("the mpi engine needs the recipe of the map");
        }
        (void)link_.broadcast(mpi::bytes_of(mpi::MapOrder{
            std::string(version), bits_fingerprint(), mpi::Link::host(), threads_, job_.recipe}));
        std::size_t refusals = 0;
        Message first;
        mpi::Patience patience(std::chrono::milliseconds(1));
        for (int answers = 1; answers < link_.processes();) {
            std::optional<Message> answer = link_.receive();
            if (!answer) {
                patience.sleep();
                continue;
            }
            ++answers;
            if (answer->kind == Kind::ready) continue;
            // The lowest rank speaks for all, so that the message is the same each time.
            if (++refusals == 1 || answer->rank < first.rank) first = std::move(*answer);
        }
        if (refusals > 0) {
            dismiss({});
            refuse(first, refusals);
        }
    }

    [[noreturn]] void refuse(const Message& first, std::size_t refusals) const {
        std::string_view why = first.body;
        const auto message = decode<std::string>(why);
        const auto advice = decode<std::string>(why);
        const std::string others =
            refusals > 1 ? fmt::format(", and {} more", refusals - 1) : std::string();
        throw Error(fmt::format("rank {} of {}{} cannot take part: {}", first.rank,
                                link_.processes(), others, message),
                    advice);
    }

    // ---- Dealing
    // ---------------------------------------------------------------------------------

    /// How many tiles a process may have. Twice as many as it can be at, so that it need not wait
    /// for the next one; towards the end no more than it can be at, so that none lies with one
    /// process while another has nothing to do.
    [[nodiscard]] int most_tiles() const {
        const bool is_plenty = pieces_.size() - next_ > 2 * workers();
        return is_plenty ? 2 * threads_ : threads_;
    }

    bool deal(int rank) {
        int& busy = busy_[static_cast<std::size_t>(rank)];
        if (next_ == pieces_.size() || busy >= most_tiles()) return false;
        const Tile tile = pieces_[next_++];
        ++busy;
        if (rank == link_.rank()) {
            own_.give(tile);
        } else {
            link_.send(rank, Kind::tile, mpi::bytes_of(tile));
        }
        return true;
    }

    /// In rounds, each process one tile.
    void deal_first() {
        for (bool dealt = true; dealt;) {
            dealt = false;
            for (int rank = 0; rank < link_.processes(); ++rank) dealt |= deal(rank);
        }
    }

    void deal_after_result(int rank) {
        --busy_[static_cast<std::size_t>(rank)];
        while (deal(rank)) continue;
    }

    // ---- Taking
    // ----------------------------------------------------------------------------------

    void work(const std::stop_token& stop) {
        // Alone, it waits for its own tiles, and looks now and then whether it is to stop.
        mpi::Patience patience(std::chrono::milliseconds(link_.processes() > 1 ? 2 : 20));
        while (taken_ < pieces_.size() && !stop.stop_requested()) {
            // Many processes can keep messages coming without a gap: after one from each it is its
            // own threads' turn, and that of a stop.
            int messages = 0;
            for (; messages < link_.processes() && !stop.stop_requested(); ++messages) {
                const std::optional<Message> message = link_.receive();
                if (!message) break;
                take_message(*message, [&](TileResult&& result) {
                    deal_after_result(message->rank);
                    take(std::move(result));
                });
                patience.reset();
            }
            const auto wait = messages > 0 ? std::chrono::microseconds(0) : patience.next();
            if (std::optional<TileResult> result = own_.take(wait)) {
                deal_after_result(link_.rank());
                take(std::move(*result));
                patience.reset();
            }
            (void)link_.all_sent();
        }
    }

    template <class Take>
    void take_message(const Message& message, const Take& take) const {
        if (message.kind == Kind::result) {
            take(decode_tile(message.body, job_.network));
        } else if (message.kind == Kind::failed) {
            throw std::runtime_error(fmt::format("rank {} {}", message.rank, message.body));
        }
    }

    void take(TileResult&& piece) {
        ++taken_;
        if (std::optional<TileResult> tile = whole_.add(std::move(piece))) sink_(std::move(*tile));
    }

    /// Ends the map for all processes, and takes what they have finished unless something failed.
    /// Processes that give no answer after a stop are abandoned.
    void dismiss(const std::stop_token& stop) {
        for (int rank = 1; rank < link_.processes(); ++rank) link_.send(rank, Kind::finish);
        const auto since = steady_clock::now();
        mpi::Patience patience(std::chrono::milliseconds(1));
        for (int left = link_.processes() - 1; left > 0;) {
            const std::optional<Message> message = link_.receive();
            if (message) {
                if (message->kind == Kind::finished) --left;
                attempt([&] {
                    take_message(*message, [this](TileResult&& piece) { take(std::move(piece)); });
                });
                patience.reset();
            } else if (stop.stop_requested() && steady_clock::now() - since > longest_goodbye) {
                link_.abandon();
                return;
            } else {
                patience.sleep();
            }
        }
    }
};

}  // namespace

MpiEngine::MpiEngine(MpiSession& session, int threads, TileSolver solver)
    : session_(session), threads_(threads), solver_(std::move(solver)) {
    if (threads < 1) throw std::invalid_argument("an MPI engine needs at least one thread");
    if (!session.leads()) throw std::logic_error("only the leader runs an MPI engine");
}

int MpiEngine::workers() const { return session_.processes() * threads_; }

bool MpiEngine::run(const TileJob& job, const TileSink& sink, std::stop_token stop) {
    return Lead(*session_.link_, threads_, job, solver_, sink).run(stop);
}

}  // namespace turnover
