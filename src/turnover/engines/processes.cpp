#include "turnover/engines/processes.hpp"

#include <cstring>
#include <exception>
#include <map>
#include <new>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "turnover/base/error.hpp"
#include "turnover/engines/codec.hpp"
#include "turnover/engines/exception_words.hpp"
#include "turnover/engines/lost_point.hpp"
#include "turnover/engines/process_crew.hpp"

namespace turnover {

namespace {

// ---- What a worker answers ----------------------------------------------------------------------

/// The first byte.
enum class Answer : char { result, given_up, error, exception };

using Details = std::vector<std::pair<std::size_t, std::string>>;

/// The columns as they lie in memory; how long they are, both sides know. (encode_tile serves other
/// machines and later days, and costs several times as much.)
void encode_result(TileResult&& computed, ProcessAnswer& answer) {
    const auto result = std::make_shared<const TileResult>(std::move(computed));
    const StateTable& states = result->states;
    encode(Answer::result, answer.bytes);
    encode(Details(states.detail.begin(), states.detail.end()), answer.bytes);
    const auto append = [&answer]<class T>(const std::vector<T>& column) {
        answer.columns.emplace_back(reinterpret_cast<const char*>(column.data()),
                                    column.size() * sizeof(T));
    };
    std::apply([&](const auto&... column) { (append(column), ...); }, columns(states));
    answer.keeper = result;
}

/// Into a result of the same network, whose memory is used again where it suffices.
void decode_result(std::string_view bytes, Tile tile, TileResult& result) {
    const auto take = [&bytes]<class T>(std::vector<T>& column) {
        const std::string_view front = detail::take_bytes(bytes, column.size() * sizeof(T));
        if (!front.empty()) std::memcpy(column.data(), front.data(), front.size());
    };
    const auto details = decode<Details>(bytes);
    result.tile = tile;
    result.states.resize(tile.count);
    std::apply([&](auto&... column) { (take(column), ...); }, columns(result.states));
    result.states.detail = {details.begin(), details.end()};
}

void encode_error(const Error& error, std::string& bytes) {
    encode(Answer::error, bytes);
    for (const std::string& text : {error.message(), error.advice(), error.place().file}) {
        encode(text, bytes);
    }
    encode(error.place().line, bytes);
    encode(error.place().column, bytes);
}

[[noreturn]] void throw_error(std::string_view bytes) {
    const auto message = decode<std::string>(bytes);
    const auto advice = decode<std::string>(bytes);
    Place place;
    place.file = decode<std::string>(bytes);
    place.line = decode<int>(bytes);
    place.column = decode<int>(bytes);
    throw Error(message, advice, place);
}

/// In a worker.
void solve(const TileSolver& solver, const TileJob& job, Tile tile, ProcessAnswer& answer) {
    try {
        std::optional<TileResult> result = solver(job.network, job.grid, tile, {});
        if (result) {
            encode_result(std::move(*result), answer);
        } else {
            encode(Answer::given_up, answer.bytes);
        }
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const Error& error) {
        encode_error(error, answer.bytes);
    } catch (...) {
        const ExceptionWords words = words_of(std::current_exception());
        encode(Answer::exception, answer.bytes);
        answer.bytes += words.message.empty() ? words.type : words.message;
    }
}

// ---- In the caller ------------------------------------------------------------------------------

/// Puts tiles together whose points came one by one.
class Pieces {
public:
    explicit Pieces(const Network& network) : network_(network) {}

    /// Adds a piece of the tile `whole`. The tile if it is complete now (`piece` itself where that
    /// is all of it), to be used before the next call; else null.
    TileResult* add(Tile whole, TileResult& piece) {
        if (piece.tile == whole) return &piece;
        const auto [begun, is_new] = tiles_.try_emplace(whole.first);
        Begun& tile = begun->second;
        if (is_new) tile.result = {whole, StateTable(network_, whole.count)};
        tile.result.states.insert(piece.tile.first - whole.first, piece.states);
        tile.points += piece.tile.count;
        if (tile.points < whole.count) return nullptr;
        complete_ = std::move(tile.result);
        tiles_.erase(begun);
        return &complete_;
    }

private:
    struct Begun {
        TileResult result;
        std::size_t points = 0;
    };

    const Network& network_;
    std::map<std::size_t, Begun> tiles_;  ///< by first point
    TileResult complete_;
};

}  // namespace

ProcessesEngine::ProcessesEngine(int workers, WorkerLimits limits, TileSolver solver)
    : workers_(workers), limits_(limits), solver_(std::move(solver)) {
    if (workers < 1) throw std::invalid_argument("a processes engine needs at least one worker");
}

bool ProcessesEngine::run(const TileJob& job, const TileSink& sink, std::stop_token stop) {
    ProcessCrew crew(
        {.workers = workers_,
         .start_worker = {},
         .time_limit = limits_.tile_time,
         .memory_limit = limits_.memory},
        job.tiles, [&](Tile tile, ProcessAnswer& answer) { solve(solver_, job, tile, answer); },
        std::move(stop));
    Pieces pieces(job.network);
    TileResult piece{{}, StateTable(job.network, 0)};
    std::size_t handed_over = 0;
    while (const std::optional<ProcessReport> report = crew.next()) {
        std::string_view bytes = report->bytes;
        if (!report->loss.empty()) {
            piece = {report->part, StateTable(job.network, report->part.count)};
            piece.states.set(0, lost_point(report->loss), Path::none);
        } else {
            switch (decode<Answer>(bytes)) {
                case Answer::given_up:
                    return false;
                case Answer::error:
                    throw_error(bytes);
                case Answer::exception:
                    throw std::runtime_error(std::string(bytes));
                case Answer::result:
                    decode_result(bytes, report->part, piece);
                    break;
            }
        }
        if (TileResult* const tile = pieces.add(report->whole, piece)) {
            sink(std::move(*tile));
            ++handed_over;
        }
    }
    return handed_over == job.tiles.size();
}

}  // namespace turnover
