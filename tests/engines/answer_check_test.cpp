// Answers that a damaged, foreign or malicious worker could give.
#include "turnover/engines/answer_check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/small_models.hpp"

namespace turnover {
namespace {

using testing::HasSubstr;

const std::string ours = "00112233445566ff";
const std::vector<Tile> pieces{{40, 3}, {45, 4}};

class Check : public testing::Test {
protected:
    [[nodiscard]] BlockAnswer honest() const {
        BlockAnswer answer{ours, 0.5, {}};
        for (const Tile& piece : pieces) {
            answer.pieces.push_back(solve_tile(model_.network, model_.grid, piece));
        }
        return answer;
    }

    [[nodiscard]] AnswerCheck check(unsigned seed = 1) {
        return {model_.network, model_.grid, ours, 0.01, seed, [this] { return now_; }};
    }

    Judgement judge(const BlockAnswer& answer) {
        return check().judge(encode_answer(answer), pieces, false);
    }

    void expect_bad(const std::function<void(BlockAnswer&)>& forge, const std::string& complaint) {
        BlockAnswer answer = honest();
        forge(answer);
        const Judgement judgement = judge(answer);
        EXPECT_EQ(judgement.verdict, Judgement::bad);
        EXPECT_THAT(judgement.complaint, HasSubstr(complaint));
    }

    Model model_ = support::co_model(20, 20);
    double now_ = 100.0;
};

TEST_F(Check, AnHonestAnswerIsGood) {
    const Judgement judgement = judge(honest());
    EXPECT_EQ(judgement.verdict, Judgement::good) << judgement.complaint;
    EXPECT_EQ(judgement.answer.pieces.size(), 2U);
}

TEST_F(Check, DamageIsBad) {
    std::string text = encode_answer(honest());
    text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 4);
    EXPECT_EQ(check().judge(text, pieces, false).verdict, Judgement::bad);
    EXPECT_EQ(check().judge("", pieces, false).verdict, Judgement::bad);
}

TEST_F(Check, OtherBitsAreNotBadButRefused) {
    BlockAnswer answer = honest();
    answer.fingerprint = "ffffffffffffffff";
    EXPECT_EQ(judge(answer).verdict, Judgement::other_platform);
}

TEST_F(Check, OtherPointsAreBad) {
    expect_bad([](BlockAnswer& a) { a.pieces[0].tile.first += 1; }, "other points");
    expect_bad([](BlockAnswer& a) { a.pieces.pop_back(); }, "other points");
    expect_bad([](BlockAnswer& a) { std::swap(a.pieces[0], a.pieces[1]); }, "other points");
    expect_bad([](BlockAnswer& a) { a.pieces.push_back(a.pieces[0]); }, "other points");
}

TEST_F(Check, EveryStatusThatASolverGivesIsTaken) {
    for (const Status status :
         {Status::invalid_conditions, Status::integration_failed, Status::not_settled,
          Status::newton_failed, Status::unstable, Status::oscillates}) {
        BlockAnswer answer = honest();
        for (TileResult& piece : answer.pieces) std::ranges::fill(piece.states.status, status);
        // The sample that is solved again says otherwise; the status by itself is none to complain
        // of.
        EXPECT_THAT(judge(answer).complaint, HasSubstr("another here")) << to_string(status);
    }
}

TEST_F(Check, NumbersThatNoSolverGivesAreBad) {
    expect_bad([](BlockAnswer& a) { a.pieces[1].states.status[2] = Status::worker_failed; },
               "status");
    expect_bad([](BlockAnswer& a) { a.pieces[1].states.status[2] = Status::not_computed; },
               "status");
    expect_bad([](BlockAnswer& a) { a.pieces[1].states.status[0] = static_cast<Status>(200); },
               "status");
    expect_bad([](BlockAnswer& a) { a.pieces[0].states.path[0] = static_cast<Path>(9); }, "status");
    expect_bad([](BlockAnswer& a) { a.pieces[0].states.coverage[1] = -0.5; }, "converged");
    expect_bad([](BlockAnswer& a) { a.pieces[0].states.coverage[1] = NAN; }, "converged");
    expect_bad([](BlockAnswer& a) { a.pieces[0].states.turnover_frequency[1] = INFINITY; },
               "converged");
    expect_bad([](BlockAnswer& a) { a.seconds = NAN; }, "time");
    expect_bad([](BlockAnswer& a) { a.seconds = -1.0; }, "time");
}

TEST_F(Check, WordsThatWouldWriteOnTheTerminalAreBad) {
    expect_bad([](BlockAnswer& a) { a.pieces[0].states.detail[1] = "\x1b[2J all is well"; },
               "words");
    expect_bad(
        [](BlockAnswer& a) {
            a.pieces[0].states.detail[1] =
                "\xC2\x9B"
                "2J";
        },
        "words");
    expect_bad(
        [](BlockAnswer& a) {
            a.pieces[0].states.detail[1] =
                "\x9B"
                "2J";
        },
        "words");
    expect_bad([](BlockAnswer& a) { a.pieces[0].states.detail[1] = std::string(100'000, 'x'); },
               "words");
}

TEST_F(Check, AFalseNumberInEveryPointIsFoundOutByAnySample) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        BlockAnswer answer = honest();
        for (TileResult& piece : answer.pieces) {
            for (double& rate : piece.states.turnover_frequency) rate *= 1.0 + 1e-15;
        }
        const Judgement judgement = check(seed).judge(encode_answer(answer), pieces, false);
        EXPECT_EQ(judgement.verdict, Judgement::bad);
        EXPECT_THAT(judgement.complaint, HasSubstr("is another here"));
    }
}

TEST_F(Check, EveryPointMayBeTheSample) {
    // One false point among seven: found about as often as that, at whichever place it is.
    for (std::size_t place = 0; place < 7; ++place) {
        BlockAnswer answer = honest();
        TileResult& piece = answer.pieces[place < 3 ? 0 : 1];
        piece.states.residual[place < 3 ? place : place - 3] += 1e-30;
        const std::string text = encode_answer(answer);
        int found = 0;
        for (unsigned seed = 0; seed < 200; ++seed) {
            found += check(seed).judge(text, pieces, false).verdict == Judgement::bad;
        }
        EXPECT_GT(found, 5) << place;
        EXPECT_LT(found, 100) << place;
    }
}

TEST_F(Check, SamplesCostNoMoreThanTheirShareButFirstAnswersAreAlwaysChecked) {
    // On a clock by which solving a point again takes 2 s: it is asked for the time before and
    // after.
    int asked = 0;
    AnswerCheck slow(model_.network, model_.grid, ours, 0.01, 1, [&] { return 2.0 * asked++; });
    const std::string text = encode_answer(honest());
    for (int k = 0; k < 500; ++k) {
        EXPECT_EQ(slow.judge(text, pieces, false).verdict, Judgement::good);
    }
    const double share = 2.0 * static_cast<double>(slow.points_checked()) / (2.0 * asked);
    EXPECT_GT(share, 0.005);
    EXPECT_LT(share, 0.02);
    const std::size_t before = slow.points_checked();
    EXPECT_EQ(slow.judge(text, pieces, true).verdict, Judgement::good);
    EXPECT_EQ(slow.points_checked(), before + 1);
}

}  // namespace
}  // namespace turnover
