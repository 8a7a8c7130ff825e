#include "turnover/engines/answer_check.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <new>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/base/utf8.hpp"

namespace turnover {

namespace {

/// Far longer than any reason that a solver gives.
constexpr std::size_t longest_detail = 10'000;

double steady_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Whether point `p` of `a` and point `q` of `b` agree in every bit.
bool same_point(const StateTable& a, std::size_t p, const StateTable& b, std::size_t q) {
    bool same = true;
    const auto compare = [&]<class T>(const std::vector<T>& left, const std::vector<T>& right) {
        const std::size_t width = left.size() / a.points();
        same = same && (width == 0 || std::memcmp(left.data() + p * width, right.data() + q * width,
                                                  width * sizeof(T)) == 0);
    };
    const auto left = columns(a), right = columns(b);
    [&]<std::size_t... k>(std::index_sequence<k...>) {
        (compare(std::get<k>(left), std::get<k>(right)), ...);
    }
    (std::make_index_sequence<std::tuple_size_v<decltype(left)>>());
    const auto word = a.detail.find(p), other = b.detail.find(q);
    const bool has = word != a.detail.end(), has_other = other != b.detail.end();
    return same && has == has_other && (!has || word->second == other->second);
}

/// A solver never says of itself that it was lost, or had nothing to do. Without a default, so that
/// the compiler asks about a status that is new.
bool is_given_by_solvers(Status status) {
    switch (status) {
        case Status::converged:
        case Status::invalid_conditions:
        case Status::integration_failed:
        case Status::not_settled:
        case Status::newton_failed:
        case Status::unstable:
        case Status::oscillates:
            return true;
        case Status::not_computed:
        case Status::worker_failed:
            return false;
    }
    return false;  // a byte that is none of these
}

}  // namespace

AnswerCheck::AnswerCheck(const Network& network, const Grid& grid, std::string fingerprint,
                         double share, unsigned seed, Clock clock)
    : network_(network),
      grid_(grid),
      fingerprint_(std::move(fingerprint)),
      share_(share),
      random_(seed),
      clock_(clock ? std::move(clock) : Clock(steady_seconds)),
      begin_(clock_()) {}

std::string AnswerCheck::check_values(const TileResult& piece) const {
    const StateTable& states = piece.states;
    for (std::size_t p = 0; p < states.points(); ++p) {
        const Status status = states.status[p];
        if (!is_given_by_solvers(status) || states.path[p] > Path::reference) {
            return "it has a status that no solver gives";
        }
        if (status != Status::converged) continue;
        const auto is_number = [](double value) { return std::isfinite(value); };
        const auto coverages = states.coverages(p);
        if (!std::ranges::all_of(coverages,
                                 [](double c) { return std::isfinite(c) && c >= 0.0; }) ||
            !std::ranges::all_of(states.net_rates(p), is_number) ||
            !std::ranges::all_of(states.turnover_frequencies(p), is_number)) {
            return "it calls a point converged that has no coverages or rates";
        }
    }
    for (const auto& [p, text] : states.detail) {
        // It is shown on a terminal.
        if (text.size() > longest_detail || !is_plain_text(text)) {
            return "its words are no words";
        }
    }
    return {};
}

std::string AnswerCheck::solve_again(const std::vector<TileResult>& pieces) {
    const double begin = clock_();
    const auto pick = [&](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    };
    const TileResult& piece = pieces[pick(pieces.size())];
    const std::size_t p = pick(piece.tile.count);
    const Tile point{piece.tile.first + p, 1};
    const TileResult again = solve_tile(network_, grid_, point);
    spent_ += clock_() - begin;
    ++checked_;
    if (same_point(piece.states, p, again.states, 0)) return {};
    return fmt::format("point {} is another here", point.first);
}

Judgement AnswerCheck::judge(std::string_view text, const std::vector<Tile>& pieces,
                             bool is_first) {
    Judgement judgement;
    const auto complain = [&](std::string complaint) {
        judgement.verdict = Judgement::bad;
        judgement.complaint = std::move(complaint);
        return std::move(judgement);
    };
    BlockAnswer& answer = judgement.answer;
    try {
        answer = decode_answer(text, network_);
    } catch (const Error& error) {
        return complain(error.message());
    } catch (const std::bad_alloc&) {
        return complain("it is larger than this machine's memory");
    }
    if (answer.fingerprint != fingerprint_) {
        judgement.verdict = Judgement::other_platform;
        judgement.complaint = "its arithmetic gives other bits than this machine's";
        return judgement;
    }
    if (!std::ranges::equal(answer.pieces, pieces, {}, &TileResult::tile)) {
        return complain("it has other points than were asked for");
    }
    if (!std::isfinite(answer.seconds) || answer.seconds < 0.0) {
        return complain("it took no such time");
    }
    for (const TileResult& piece : answer.pieces) {
        if (std::string wrong = check_values(piece); !wrong.empty()) {
            return complain(std::move(wrong));
        }
    }
    if (is_first || spent_ <= share_ * (clock_() - begin_)) {
        if (std::string wrong = solve_again(answer.pieces); !wrong.empty()) {
            return complain(std::move(wrong));
        }
    }
    return judgement;
}

}  // namespace turnover
