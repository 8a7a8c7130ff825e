// The work-queue engine over invented workers, honest ones and others.
#include "turnover/engines/work_queue.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/small_models.hpp"
#include "turnover/base/error.hpp"
#include "turnover/engines/block_answer.hpp"
#include "turnover/engines/serial.hpp"
#include "turnover/sweep/fingerprint.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover {
namespace {

using testing::Contains;
using testing::HasSubstr;

/// What a worker makes of an answer that it has computed honestly.
using Habit = std::function<void(BlockAnswer&, TaskEnd&)>;

const Habit honest = [](BlockAnswer&, TaskEnd&) {};

/// What became of a pool when the run is over.
struct Record {
    std::vector<std::pair<std::string, double>> turned_away;
    std::map<std::string, int> tasks;  ///< by worker
    std::size_t left_behind = 0;
    bool dismissed = false;
};

/// Workers that compute in this process, one task after the other, in a random order.
class InventedPool : public TaskPool {
public:
    InventedPool(const Model& model, std::map<std::string, Habit> workers, Record& record)
        : model_(model), workers_(std::move(workers)), record_(record) {}
    ~InventedPool() override { record_.left_behind = tasks_.size(); }

    void submit(std::uint64_t id, const std::string& input, double) override { tasks_[id] = input; }
    std::optional<TaskEnd> wait() override {
        std::vector<std::string> ready;
        for (const auto& [name, habit] : workers_) {
            if (!away_.contains(name)) ready.push_back(name);
        }
        if (ready.empty()) throw std::runtime_error("nobody is left");
        if (tasks_.empty()) return std::nullopt;
        const std::string name = ready[draw(ready.size())];
        const auto task =
            std::next(tasks_.begin(), static_cast<std::ptrdiff_t>(draw(tasks_.size())));
        BlockAnswer answer{bits_fingerprint(), 0.001, {}};
        for (const Tile& piece : decode_block(task->second)) {
            answer.pieces.push_back(solve_tile(model_.network, model_.grid, piece));
        }
        TaskEnd end;
        end.id = task->first;
        end.kind = TaskEnd::answered;
        end.host = name;
        end.worker = name + ":1";
        end.seconds = 0.002;
        workers_.at(name)(answer, end);
        if (end.kind == TaskEnd::answered && end.output.empty()) end.output = encode_answer(answer);
        ++record_.tasks[name];
        tasks_.erase(task);
        return end;
    }
    bool is_running(std::uint64_t) const override { return true; }
    void cancel(std::uint64_t id) override { tasks_.erase(id); }
    Crew crew() const override {
        const int n = static_cast<int>(workers_.size());
        return {n, n, 0};
    }
    void turn_away(const std::string& host, double seconds) override {
        record_.turned_away.emplace_back(host, seconds);
        away_.insert(host);
    }
    std::vector<std::string> notices() override { return {}; }
    void expect(std::size_t) override {}
    void dismiss() override { record_.dismissed = true; }

private:
    std::size_t draw(std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
    }

    const Model& model_;
    std::map<std::string, Habit> workers_;
    Record& record_;
    std::map<std::uint64_t, std::string> tasks_;
    std::set<std::string> away_;
    std::mt19937 random_{7};
};

class WorkQueue : public testing::Test {
protected:
    WorkQueue() {
        SerialEngine().run(job(), [&](TileResult&& t) { serial_[t.tile.first] = encode_tile(t); },
                           {});
    }

    [[nodiscard]] TileJob job() const {
        return {model_.network, model_.grid, tiles_of(model_.grid), "recipe"};
    }

    /// Runs the map with these workers; each tile comes once.
    std::map<std::size_t, std::string> run(std::map<std::string, Habit> workers) {
        WorkQueueEngine engine([&](const std::string& recipe) {
            EXPECT_EQ(recipe, "recipe");
            return std::make_unique<InventedPool>(model_, workers, record_);
        });
        engine.observe(
            {.say = [&](const std::string& line) { said_.push_back(line); }, .crew = {}});
        std::map<std::size_t, std::string> tiles;
        const auto keep = [&](TileResult&& tile) {
            failed_ += std::ranges::count(tile.states.status, Status::worker_failed);
            for (const auto& [p, text] : tile.states.detail) details_[tile.tile.first + p] = text;
            EXPECT_TRUE(tiles.emplace(tile.tile.first, encode_tile(tile)).second);
        };
        EXPECT_TRUE(engine.run(job(), keep, {}));
        EXPECT_EQ(record_.left_behind, 0U);
        EXPECT_TRUE(record_.dismissed);
        return tiles;
    }

    Model model_ = support::co_model(30, 31);
    std::map<std::size_t, std::string> serial_;
    Record record_;
    std::vector<std::string> said_;
    std::ptrdiff_t failed_ = 0;
    std::map<std::size_t, std::string> details_;
};

TEST_F(WorkQueue, HonestWorkersGiveTheSerialMap) {
    EXPECT_EQ(run({{"a", honest}, {"b", honest}, {"c", honest}}), serial_);
    EXPECT_TRUE(record_.turned_away.empty());
}

TEST_F(WorkQueue, WhatIsDamagedOnItsWayIsComputedAgain) {
    int answers = 0;
    const Habit damaged = [&](BlockAnswer& answer, TaskEnd& end) {
        if (++answers % 5 != 0) return;
        end.output = encode_answer(answer);
        end.output[end.output.size() / 2] ^= 8;
    };
    EXPECT_EQ(run({{"a", damaged}}), serial_);
    EXPECT_THAT(said_, Contains(HasSubstr("checksum")));
}

TEST_F(WorkQueue, ALiarIsFoundOutAndTurnedAway) {
    const Habit liar = [](BlockAnswer& answer, TaskEnd&) {
        for (TileResult& piece : answer.pieces) {
            for (double& rate : piece.states.turnover_frequency) rate *= 2.0;
        }
    };
    EXPECT_EQ(run({{"honest", honest}, {"liar", liar}}), serial_);
    ASSERT_EQ(record_.turned_away.size(), 1U);
    EXPECT_EQ(record_.turned_away[0].first, "liar");
    EXPECT_GT(record_.turned_away[0].second, 0.0) << "it may come back";
    EXPECT_EQ(record_.tasks["liar"], 3);
    EXPECT_THAT(said_, Contains(HasSubstr("liar")));
}

TEST_F(WorkQueue, AProcessorThatComputesOtherBitsIsTurnedAwayForGoodAtOnce) {
    const Habit other = [](BlockAnswer& answer, TaskEnd&) { answer.fingerprint = "other"; };
    EXPECT_EQ(run({{"here", honest}, {"there", other}}), serial_);
    EXPECT_THAT(record_.turned_away, testing::ElementsAre(std::pair(std::string("there"), 0.0)));
    EXPECT_EQ(record_.tasks["there"], 1);
    EXPECT_THAT(said_, Contains(HasSubstr("same kind of processor")));
}

TEST_F(WorkQueue, AMachineThatCannotRunTheSolverIsTurnedAwayWithItsWords) {
    const Habit foreign = [](BlockAnswer&, TaskEnd& end) {
        end.kind = TaskEnd::failed;
        end.cannot_start = true;
        end.output = "sh: 1: ./ld-linux-x86-64.so.2: Exec format error\n\x1b[31m";
    };
    EXPECT_EQ(run({{"here", honest}, {"arm", foreign}}), serial_);
    EXPECT_EQ(record_.tasks["arm"], 1);
    EXPECT_THAT(said_, Contains(HasSubstr("Exec format error)")));
}

TEST_F(WorkQueue, LostWorkersCostNothing) {
    std::mt19937 random(3);
    const Habit mortal = [&](BlockAnswer&, TaskEnd& end) {
        if (random() % 3 == 0) end.kind = TaskEnd::lost;
    };
    EXPECT_EQ(run({{"a", mortal}, {"b", mortal}}), serial_);
    EXPECT_TRUE(record_.turned_away.empty());
    EXPECT_EQ(failed_, 0);
}

TEST_F(WorkQueue, OnlyThePointThatCrashesTheSolverIsGivenUpWithTheReason) {
    const std::size_t poison = 333;
    const Habit crashes = [&](BlockAnswer& answer, TaskEnd& end) {
        for (const TileResult& piece : answer.pieces) {
            if (poison < piece.tile.first || poison >= piece.tile.first + piece.tile.count)
                continue;
            end.kind = TaskEnd::failed;
            end.reason = "the solver was ended by a signal";
        }
    };
    const auto tiles = run({{"a", crashes}});
    EXPECT_TRUE(record_.turned_away.empty()) << "the machine is not to blame";
    EXPECT_EQ(failed_, 1);
    EXPECT_EQ(details_[poison], "the solver was ended by a signal");
    std::size_t differ = 0;
    for (const auto& [first, bytes] : serial_) differ += tiles.at(first) != bytes;
    EXPECT_EQ(differ, 1U);
}

TEST_F(WorkQueue, SolversThatAreKilledForWantOfMemoryCostNoPoint) {
    int answers = 0;
    const Habit short_of_memory = [&](BlockAnswer&, TaskEnd& end) {
        if (++answers % 3 == 0) return;
        end.kind = TaskEnd::failed;
        end.is_killed = true;
        end.reason = "the solver ended with code 137";
    };
    EXPECT_EQ(run({{"a", short_of_memory}}), serial_);
    EXPECT_EQ(failed_, 0);
}

TEST_F(WorkQueue, AStopKeepsWhatIsDoneAndDoesNotSendWorkersHome) {
    WorkQueueEngine engine([&](const std::string&) {
        return std::make_unique<InventedPool>(model_, std::map<std::string, Habit>{{"a", honest}},
                                              record_);
    });
    std::stop_source stop;
    std::size_t tiles = 0;
    const auto sink = [&](TileResult&& tile) {
        EXPECT_EQ(encode_tile(tile), serial_.at(tile.tile.first));
        if (++tiles == 5) stop.request_stop();
    };
    EXPECT_FALSE(engine.run(job(), sink, stop.get_token()));
    EXPECT_GE(tiles, 5U);
    EXPECT_LT(tiles, serial_.size());
    EXPECT_EQ(record_.left_behind, 0U) << "tasks are cancelled";
    EXPECT_FALSE(record_.dismissed) << "the same command may go on with them";
}

TEST_F(WorkQueue, WhatTheSinkThrowsEndsTheRun) {
    WorkQueueEngine engine([&](const std::string&) {
        return std::make_unique<InventedPool>(model_, std::map<std::string, Habit>{{"a", honest}},
                                              record_);
    });
    EXPECT_THROW(engine.run(job(), [](TileResult&&) { throw Error("disk full"); }, {}), Error);
    EXPECT_EQ(record_.left_behind, 0U);
}

TEST_F(WorkQueue, NothingToDoNeedsNoWorkers) {
    WorkQueueEngine engine([](const std::string&) -> std::unique_ptr<TaskPool> {
        throw std::logic_error("nobody was to be asked");
    });
    TileJob none = job();
    none.tiles.clear();
    EXPECT_TRUE(engine.run(none, [](TileResult&&) { ADD_FAILURE(); }, {}));
}

}  // namespace
}  // namespace turnover
