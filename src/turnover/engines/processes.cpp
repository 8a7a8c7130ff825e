#include "turnover/engines/processes.hpp"

#include <cstdint>
#include <exception>
#include <limits>
#include <map>
#include <new>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "turnover/base/error.hpp"
#include "turnover/engines/codec.hpp"
#include "turnover/engines/exception_words.hpp"
#include "turnover/engines/process_crew.hpp"

namespace turnover {

/// The columns as they lie in memory. (encode_tile serves other machines and later days, and costs
/// several times as much.)
template <>
struct Codec<TileResult> {
    static void encode(const TileResult& result, std::string& bytes) {
        const StateTable& states = result.states;
        turnover::encode(result.tile, bytes);
        for (const std::size_t size : {states.unknowns, states.steps, states.gases}) {
            turnover::encode(size, bytes);
        }
        std::apply([&](const auto&... column) { (turnover::encode(column, bytes), ...); },
                   columns(states));
        turnover::encode(Details(states.detail.begin(), states.detail.end()), bytes);
    }
    static TileResult decode(std::string_view& bytes) {
        TileResult result;
        StateTable& states = result.states;
        result.tile = turnover::decode<Tile>(bytes);
        for (std::size_t* const size : {&states.unknowns, &states.steps, &states.gases}) {
            *size = turnover::decode<std::size_t>(bytes);
        }
        std::apply([&](auto&... column) { (take(column, bytes), ...); }, columns(states));
        const auto details = turnover::decode<Details>(bytes);
        states.detail = {details.begin(), details.end()};
        return result;
    }

private:
    using Details = std::vector<std::pair<std::size_t, std::string>>;

    template <class Column>
    static void take(Column& column, std::string_view& bytes) {
        column = turnover::decode<Column>(bytes);
    }
};

namespace {

/// The first byte of what a worker answers.
enum class Answer : char { result, given_up, error, exception };

std::string answer(Answer kind) { return {static_cast<char>(kind)}; }

std::string answer_with(const TileResult& result) {
    std::string bytes = answer(Answer::result);
    encode(result, bytes);
    return bytes;
}

std::string answer_with(const Error& error) {
    std::string bytes = answer(Answer::error);
    for (const std::string& text : {error.message(), error.advice(), error.place().file}) {
        encode(text, bytes);
    }
    encode(error.place().line, bytes);
    encode(error.place().column, bytes);
    return bytes;
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
std::string solve(const TileSolver& solver, const TileJob& job, Tile tile) {
    try {
        const std::optional<TileResult> result = solver(job.network, job.grid, tile, {});
        return result ? answer_with(*result) : answer(Answer::given_up);
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const Error& error) {
        return answer_with(error);
    } catch (...) {
        const ExceptionWords words = words_of(std::current_exception());
        return answer(Answer::exception) + (words.message.empty() ? words.type : words.message);
    }
}

SteadyState lost_point(const std::string& reason) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    SteadyState state;
    state.status = Status::worker_failed;
    state.detail = reason;
    state.residual = state.coverage_error = state.rate_error = infinity;
    state.slowest_eigenvalue = std::numeric_limits<double>::quiet_NaN();
    return state;
}

/// Puts tiles together whose points came one by one.
class Pieces {
public:
    explicit Pieces(const Network& network) : network_(network) {}

    /// Adds a piece of the tile `whole`. The tile once it is complete.
    std::optional<TileResult> add(Tile whole, TileResult&& piece) {
        if (piece.tile == whole) return std::move(piece);
        const auto [begun, is_new] = tiles_.try_emplace(whole.first);
        Begun& tile = begun->second;
        if (is_new) tile.result = {whole, StateTable(network_, whole.count)};
        tile.result.states.insert(piece.tile.first - whole.first, piece.states);
        tile.points += piece.tile.count;
        if (tile.points < whole.count) return std::nullopt;
        TileResult complete = std::move(tile.result);
        tiles_.erase(begun);
        return complete;
    }

private:
    struct Begun {
        TileResult result;
        std::size_t points = 0;
    };

    const Network& network_;
    std::map<std::size_t, Begun> tiles_;  ///< by first point
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
        job.tiles, [&](Tile tile) { return solve(solver_, job, tile); }, std::move(stop));
    Pieces pieces(job.network);
    std::size_t handed_over = 0;
    while (const std::optional<ProcessReport> report = crew.next()) {
        TileResult piece{report->part, StateTable(job.network, report->part.count)};
        if (!report->loss.empty()) {
            piece.states.set(0, lost_point(report->loss), Path::none);
        } else {
            std::string_view bytes = report->bytes.substr(1);
            switch (Answer{report->bytes.front()}) {
                case Answer::given_up:
                    return false;
                case Answer::error:
                    throw_error(bytes);
                case Answer::exception:
                    throw std::runtime_error(std::string(bytes));
                case Answer::result:
                    piece = decode<TileResult>(bytes);
                    break;
            }
        }
        if (std::optional<TileResult> tile = pieces.add(report->whole, std::move(piece))) {
            sink(std::move(*tile));
            ++handed_over;
        }
    }
    return handed_over == job.tiles.size();
}

}  // namespace turnover
