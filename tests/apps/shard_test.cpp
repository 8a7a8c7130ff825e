// turnover map --shard and turnover merge; what a scheduler says; --log-json.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/run_program.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/journal.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover::program_test {
namespace {

namespace fs = std::filesystem;
using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Outcome run_shard(const std::string& folder, const std::string& shard,
                  const std::vector<std::string>& more = {},
                  const std::vector<std::string>& environment = {}) {
    std::vector<std::string> words{"map",      fast_model, "-o",      folder,
                                   "--points", "6x6",      "--shard", shard};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, TURNOVER_SOURCE_DIR, environment);
}

Outcome merge(const std::vector<std::string>& shards, const std::string& folder) {
    std::vector<std::string> words{"merge", "-o", folder, "--no-plot"};
    words.insert(words.end(), shards.begin(), shards.end());
    return run(words);
}

TEST(Shard, MergedTheyAreTheMap) {
    const ScratchDirectory folder;
    ASSERT_EQ(run({"map", fast_model, "-o", folder / "whole", "--points", "6x6", "--no-plot"}).code,
              0);
    for (const std::string shard : {"1/4", "2/4", "3/4", "4/4"}) {
        const Outcome outcome = run_shard(folder / "shards", shard);
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        EXPECT_THAT(outcome.out, HasSubstr("converged   9 of 9"));  // 36 tiles, dealt evenly
        EXPECT_THAT(outcome.out, HasSubstr("-of-4.sqlite-tiles, which belong together"));
    }
    EXPECT_FALSE(fs::exists(folder / "shards/map.csv"));
    const Outcome again = run_shard(folder / "shards", "2/4");  // has nothing left to do
    EXPECT_EQ(again.code, 0);
    EXPECT_THAT(again.out, HasSubstr("kept        9 points"));

    const Outcome merged = merge({folder / "shards"}, folder / "merged");
    EXPECT_EQ(merged.code, 0) << merged.err;
    EXPECT_THAT(merged.out, AllOf(HasSubstr("converged   36 of 36"),
                                  HasSubstr("merged      4 files"), HasSubstr("map.nc, map.csv")));
    for (const char* const name : {"/map.csv", "/map.nc"}) {
        EXPECT_TRUE(file_bytes(folder / "merged" + name) == file_bytes(folder / "whole" + name));
    }
    // Files in any order, and one of them twice.
    const std::string f = folder / "shards/shard-";
    EXPECT_EQ(merge({f + "3-of-4.sqlite", f + "1-of-4.sqlite", f + "4-of-4.sqlite",
                     f + "2-of-4.sqlite", f + "1-of-4.sqlite"},
                    folder / "merged")
                  .code,
              0);
}

TEST(Shard, WhatIsMissingIsListedWithItsCommand) {
    const ScratchDirectory folder;
    const std::string shards = folder / "shards";
    ASSERT_EQ(run_shard(shards, "1/3", {"--set", "temperature=510 K"}).code, 0);
    const Outcome outcome = merge({shards}, folder / "merged");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("24 of 36 points are missing"));
    for (const std::string shard : {"2/3", "3/3"}) {
        EXPECT_THAT(outcome.err, HasSubstr("turnover map " + fast_model +
                                           " --set 'temperature=510 K' --points 6x6 -o " + shards +
                                           " --shard " + shard));
    }
    EXPECT_THAT(outcome.err, Not(HasSubstr("--shard 1/3")));
    EXPECT_FALSE(fs::exists(folder / "merged"));

    // What the message says is what helps.
    std::istringstream lines(outcome.err);
    for (std::string line; std::getline(lines, line);) {
        if (line.find("turnover map") == std::string::npos) continue;
        EXPECT_EQ(run_shell(line, TURNOVER_SOURCE_DIR).code, 0) << line;
    }
    EXPECT_EQ(merge({shards}, folder / "merged").code, 0);
}

TEST(Shard, ShardsOfDifferentMapsAreRefused) {
    const ScratchDirectory folder;
    ASSERT_EQ(run_shard(folder / "shards", "1/2").code, 0);
    ASSERT_EQ(run_shard(folder / "shards", "2/2", {"--set", "temperature=510 K"}).code, 0);
    const Outcome outcome = merge({folder / "shards"}, folder / "merged");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr("of different maps"), HasSubstr("--set was not given, is "
                                                                "'temperature=510 K' now")));
}

TEST(Shard, ConflictsAndDamageAreRefused) {
    const ScratchDirectory folder;
    const std::string shards = folder / "shards";
    ASSERT_EQ(run_shard(shards, "1/1").code, 0);
    ASSERT_EQ(run_shard(shards, "1/2").code, 0);
    ASSERT_EQ(merge({shards}, folder / "merged").code, 0);  // twice the same: no conflict
    fs::remove_all(folder / "merged");

    const std::string path = shards + "/shard-1-of-2.sqlite";
    const Model model = read_model(TURNOVER_SOURCE_DIR "/" + fast_model, {{}, {6, 6}});
    const auto change = [&](const std::function<std::string(std::string)>& how) {
        const std::vector<JournalFact> facts = Journal::open(path).facts();
        Journal journal(path, facts);
        Tile tile;
        std::string bytes;
        journal.read([&](Tile t, std::string_view b) { return tile = t, bytes = b, true; });
        journal.store(tile, how(bytes));
        journal.finish();
    };
    change([&](const std::string& bytes) {
        TileResult result = decode_tile(bytes, model.network);
        result.states.coverage[0] *= 1.0 + 1e-15;
        return encode_tile(result);
    });
    const Outcome conflict = merge({shards}, folder / "merged");
    EXPECT_EQ(conflict.code, 2);
    EXPECT_THAT(conflict.err, AllOf(HasSubstr("different results of the points"),
                                    HasSubstr("shard-1-of-1"), HasSubstr("shard-1-of-2")));

    fs::remove(shards + "/shard-1-of-1.sqlite");
    ASSERT_EQ(run_shard(shards, "2/2").code, 0);
    change([](std::string bytes) { return bytes.substr(1); });
    const Outcome damaged = merge({shards}, folder / "merged");
    EXPECT_EQ(damaged.code, 2);
    EXPECT_THAT(damaged.err, AllOf(HasSubstr("1 of 36 points are missing, 1 of them because they "
                                             "are damaged"),
                                   HasSubstr("--shard 1/2")));
    const Outcome repaired = run_shard(shards, "1/2");
    EXPECT_EQ(repaired.code, 0);
    EXPECT_THAT(repaired.err, HasSubstr("computed again"));
    EXPECT_EQ(merge({shards}, folder / "merged").code, 0);
}

TEST(Shard, RefusesWhatIsNoShard) {
    const ScratchDirectory folder;
    for (const char* const shard :
         {"0/2", "3/2", "1", "1/", "/2", "a/b", "1/2/3", "-1/2", "1/0", "auto", "1/99999999", ""}) {
        if (*shard == '\0') continue;
        const Outcome outcome = run_shard(folder / "out", shard);
        EXPECT_EQ(outcome.code, 2) << shard;
        EXPECT_THAT(outcome.err, HasSubstr("--shard"));
    }
    EXPECT_EQ(run_shard(folder / "out", "1/2", {"--no-journal"}).code, 2);
    EXPECT_EQ(folder.entries(), 0U);
    EXPECT_EQ(merge({folder.path()}, folder / "merged").code, 2);
    write_bytes(folder / "shard-1-of-1.sqlite", "not a journal, and long enough to be one.....");
    EXPECT_EQ(merge({folder.path()}, folder / "merged").code, 2);
    write_bytes(folder / "shard-1-of-1.sqlite", "");
    EXPECT_THAT(merge({folder.path()}, folder / "merged").err, HasSubstr("the shards are empty"));
}

TEST(Shard, AutoReadsTheSchedulersArray) {
    const ScratchDirectory folder;
    const auto shard_with = [&](const std::vector<std::string>& environment) {
        fs::remove_all(folder / "out");
        const Outcome outcome = run_shard(folder / "out", "auto", {}, environment);
        if (outcome.code != 0) return outcome.err;
        return fs::directory_iterator(folder / "out")->path().stem().string();
    };
    const std::string min = "SLURM_ARRAY_TASK_MIN=", max = "SLURM_ARRAY_TASK_MAX=",
                      id = "SLURM_ARRAY_TASK_ID=", step = "SLURM_ARRAY_TASK_STEP=",
                      count = "SLURM_ARRAY_TASK_COUNT=";
    EXPECT_EQ(shard_with({id + "0", min + "0", max + "3", count + "4"}), "shard-1-of-4");
    EXPECT_EQ(shard_with({id + "7", min + "1", max + "7", step + "3", count + "3"}),
              "shard-3-of-3");
    EXPECT_EQ(
        shard_with({"SGE_TASK_ID=2", "SGE_TASK_FIRST=1", "SGE_TASK_LAST=5", "SGE_TASK_STEPSIZE=1"}),
        "shard-2-of-5");
    EXPECT_THAT(shard_with({id + "3", min + "1", max + "4", count + "3"}),
                HasSubstr("not numbered evenly"));
    EXPECT_THAT(shard_with({id + "3"}), HasSubstr("does not tell how many"));
    EXPECT_THAT(shard_with({"SGE_TASK_ID=undefined"}), HasSubstr("no task of a SLURM"));
    EXPECT_THAT(shard_with({"PBS_ARRAY_INDEX=3"}), HasSubstr("--shard $TASK/4"));
}

TEST(Jobs, AreAsManyAsTheSchedulerGives) {
    const ScratchDirectory folder;
    const auto jobs = [&](const std::vector<std::string>& environment) {
        const Outcome outcome =
            run({"map", fast_model, "-o", folder.path(), "--points", "2x2", "--no-plot"},
                TURNOVER_SOURCE_DIR, environment);
        const std::size_t end = outcome.out.find(" at once");
        return outcome.out.substr(outcome.out.rfind(' ', end - 1) + 1,
                                  end - outcome.out.rfind(' ', end - 1) - 1);
    };
    const std::string all = jobs({});
    EXPECT_EQ(jobs({"SLURM_CPUS_PER_TASK=1"}), "1");
    EXPECT_EQ(jobs({"NSLOTS=1"}), "1");
    EXPECT_EQ(jobs({"SLURM_CPUS_PER_TASK=100000"}), all);  // not more than there are
    EXPECT_EQ(jobs({"SLURM_CPUS_PER_TASK=nonsense"}), all);
}

// ---- --log-json ------------------------------------------------------------------------------

std::vector<nlohmann::json> events_in(const std::string& text) {
    std::vector<nlohmann::json> events;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        events.push_back(nlohmann::json::parse(line));
    return events;
}

TEST(LogJson, TellsWhatHappens) {
    const ScratchDirectory folder;
    write_bytes(folder / "model.yaml", R"(
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar}}
gases:
  CO_g:
    thermochemistry: shomate
    ranges:
      - {from: 298 K, to: 600 K,
         coefficients: [25.56759, 6.096130, 4.054656, -2.671301, 0.131021, -118.0089, 227.3665, -110.5271]}
reactions:
  - {equation: CO_g + *_s -> CO_s, theory: transition-state, barrier: 0.5 eV, reaction-energy: -1.5 eV}
map:
  axes:
    - {vary: temperature, from: 500 K, to: 700 K, points: 5}
)");
    const std::string log = folder / "out/log.jsonl";
    const std::vector<std::string> words{"map", folder / "model.yaml", "-o", folder / "out",
                                         "-q",  "--log-json",          log,  "--no-plot"};
    ASSERT_EQ(run(words).code, 1);
    const auto events = events_in(file_bytes(log));
    ASSERT_GE(events.size(), 4U);
    EXPECT_EQ(events.front()["event"], "start");
    EXPECT_EQ(events.front()["points"], 5);
    EXPECT_EQ(events.front()["kept"], 0);
    EXPECT_EQ(events.back()["event"], "end");
    EXPECT_EQ(events.back()["code"], 1);
    EXPECT_EQ(events.back()["failed"], 2);
    EXPECT_EQ(events.back()["files"], nlohmann::json({"map.nc", "map.csv"}));
    std::vector<int> failed;
    for (const auto& event : events) {
        EXPECT_EQ(event["time"].get<std::string>().size(), 24U);
        if (event["event"] == "failure") {
            failed.push_back(event["point"]);
            EXPECT_EQ(event["status"], "invalid-conditions");
            EXPECT_FALSE(event["detail"].get<std::string>().empty());
        }
        EXPECT_TRUE(event["event"] != "progress" || event["done"] <= 5);
    }
    std::ranges::sort(failed);
    EXPECT_EQ(failed, (std::vector<int>{3, 4}));

    ASSERT_EQ(run(words).code, 1);  // another run adds to the log
    EXPECT_GE(events_in(file_bytes(log)).size(), 2 * events.size() - 2);
}

TEST(LogJson, OnTheStandardOutputThereIsNothingElse) {
    const ScratchDirectory folder;
    const Outcome outcome = run({"map", fast_model, "-o", folder.path(), "--points", "2x2",
                                 "--no-plot", "--log-json", "-"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_EQ(events_in(outcome.out).back()["code"], 0);
    EXPECT_THAT(outcome.err, HasSubstr("converged   4 of 4"));
}

TEST(LogJson, ErrorsAreToldToo) {
    const ScratchDirectory folder;
    const Outcome outcome =
        run({"map", folder / "none.yaml", "-o", folder / "out", "--log-json", "-"});
    EXPECT_EQ(outcome.code, 2);
    const auto events = events_in(outcome.out);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0]["event"], "end");
    EXPECT_EQ(events[0]["code"], 2);
    EXPECT_FALSE(events[0]["message"].get<std::string>().empty());
    const Outcome no_log =
        run({"map", fast_model, "-o", folder / "out", "--log-json", folder / "none/log"});
    EXPECT_EQ(no_log.code, 2);
    EXPECT_THAT(no_log.err, HasSubstr("cannot write the log"));
}

TEST(LogJson, AFullLogDoesNotStopTheMap) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
    const ScratchDirectory folder;
    const Outcome outcome = run({"map", fast_model, "-o", folder.path(), "--points", "2x2",
                                 "--no-plot", "--log-json", "/dev/full"});
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.err, HasSubstr("no more is written to the log"));
    EXPECT_TRUE(fs::exists(folder / "map.nc"));
}

}  // namespace
}  // namespace turnover::program_test
