#pragma once

#include <cstddef>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/engines/block_answer.hpp"
#include "turnover/sweep/grid.hpp"

namespace turnover {

/// What is thought of an answer.
struct Judgement {
    enum Verdict {
        good,
        bad,             ///< damaged or false
        other_platform,  ///< honest, but its bits are others than ours
    };
    Verdict verdict = good;
    std::string complaint;  ///< what is wrong with it, for a person
    BlockAnswer answer;
};

/// Examines answers that come from machines which nobody vouches for, so that what is damaged, made
/// by another build or processor, or invented is not stored. Checked of each answer: checksum;
/// that it has the points that were asked for, and the columns of the network; that the words and
/// codes in it are such as a solver gives; the fingerprint of its bits. And one point of it, which
/// the sender cannot foresee, is solved again and compared bit for bit, as long as that costs no
/// more than `share` of the time; the first answer of each sender always.
///
/// So somebody who sends false numbers is found out sooner or later, and not at the first false
/// number: docs/security.md.
class AnswerCheck {
public:
    using Clock = std::function<double()>;  ///< seconds since whenever

    /// Network and grid outlive it. `fingerprint` is ours.
    AnswerCheck(const Network& network, const Grid& grid, std::string fingerprint,
                double share = 0.01, unsigned seed = std::random_device{}(), Clock clock = {});

    /// `pieces`: what was asked for; `is_first`: of its sender.
    [[nodiscard]] Judgement judge(std::string_view text, const std::vector<Tile>& pieces,
                                  bool is_first);

    /// Points solved again so far.
    [[nodiscard]] std::size_t points_checked() const noexcept { return checked_; }

private:
    [[nodiscard]] std::string check_values(const TileResult& piece) const;
    [[nodiscard]] std::string solve_again(const std::vector<TileResult>& pieces);

    const Network& network_;
    const Grid& grid_;
    std::string fingerprint_;
    double share_;
    std::mt19937_64 random_;
    Clock clock_;
    double begin_;
    double spent_ = 0.0;  ///< s, for solving again
    std::size_t checked_ = 0;
};

}  // namespace turnover
