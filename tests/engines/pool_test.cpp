// Any function over many items: the same in threads and in processes.
#include "turnover/engines/pool.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/process_watch.hpp"
#include "support/small_models.hpp"
#include "turnover/base/error.hpp"

namespace turnover {
namespace {

using namespace std::chrono_literals;
using process_test::Shared;
using testing::ElementsAre;
using testing::HasSubstr;

class AnyPool : public process_test::LeavesNothing, public testing::WithParamInterface<WorkerKind> {
protected:
    [[nodiscard]] static PoolOptions with(int workers, std::size_t chunk = 0) {
        return {.kind = GetParam(), .workers = workers, .chunk = chunk};
    }
};

INSTANTIATE_TEST_SUITE_P(Kinds, AnyPool,
                         testing::Values(WorkerKind::threads, WorkerKind::processes),
                         [](const auto& info) {
                             return info.param == WorkerKind::threads ? "Threads" : "Processes";
                         });

std::size_t square(std::size_t k) { return k * k; }

// ---- map ----------------------------------------------------------------------------------------

TEST_P(AnyPool, MapsANumberOfItems) {
    for (const int workers : {1, 2, 5}) {
        for (const std::size_t chunk : {0U, 1U, 7U, 1000U}) {
            const auto values = Pool(with(workers, chunk)).map(std::size_t{100}, square);
            ASSERT_EQ(values.size(), 100U);
            for (std::size_t k = 0; k < 100; ++k) EXPECT_EQ(values[k], k * k);
        }
    }
    EXPECT_EQ(Pool(with(2)).map(10, square).back(), 81U);
    EXPECT_TRUE(Pool(with(2)).map(0, square).empty());
    EXPECT_THROW((void)Pool(with(2)).map(-1, square), std::invalid_argument);
}

TEST_P(AnyPool, MapsAList) {
    const std::vector<std::string> names{"CO", "O2", "CO2"};
    EXPECT_THAT(Pool(with(2)).map(names, [](const std::string& name) { return name + "_g"; }),
                ElementsAre("CO_g", "O2_g", "CO2_g"));
}

TEST_P(AnyPool, MapsAProductLastListFastest) {
    const auto all = product(std::vector<int>{1, 2}, std::vector<std::string>{"a", "b", "c"});
    EXPECT_EQ(all.size(), 6U);
    EXPECT_THAT(
        Pool(with(2)).map(all, [](int n, const std::string& s) { return std::to_string(n) + s; }),
        ElementsAre("1a", "1b", "1c", "2a", "2b", "2c"));
    EXPECT_EQ(product(std::vector<int>{1, 2}, std::vector<int>{}).size(), 0U);
}

TEST_P(AnyPool, MapsAGridOfTheLibrary) {
    const Grid grid = support::co_model(3, 4).grid;
    const auto values =
        Pool(with(2)).map(grid, [&](std::size_t point) { return grid.values(point); });
    ASSERT_EQ(values.size(), 12U);
    for (std::size_t p = 0; p < 12; ++p) EXPECT_EQ(values[p], grid.values(p));
}

TEST_P(AnyPool, WorksInAllWorkersAtOnce) {
    // Each item waits until three are at work: two workers would never finish one.
    const Shared<std::atomic<int>> waiting;
    const auto together = Pool(with(3, 1)).map(std::size_t{3}, [&](std::size_t) {
        ++*waiting;
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (*waiting < 3 && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(1ms);
        }
        return waiting->load();
    });
    EXPECT_THAT(together, ElementsAre(3, 3, 3));
}

TEST_P(AnyPool, ASlowPointHoldsUpNeitherItsRowNorItsColumn) {
    // The first point of the grid waits for all others: parallel over one axis only, it never ends.
    const Shared<std::atomic<int>> others;
    const std::vector<int> axis{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const auto values = Pool(with(2, 1)).map(product(axis, axis), [&](int i, int j) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (i + j == 0 && *others < 99 && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(1ms);
        }
        return i + j == 0 ? others->load() : ++*others;
    });
    EXPECT_EQ(values.front(), 99);
}

TEST_P(AnyPool, BringsBackTheFirstErrorWithItsIndex) {
    for (const int workers : {1, 2, 5}) {
        for (const std::size_t chunk : {1U, 3U}) {
            try {
                (void)Pool(with(workers, chunk)).map(std::size_t{60}, [](std::size_t k) {
                    if (k == 20) std::this_thread::sleep_for(20ms);  // 30 is faster
                    if (k == 20 || k == 30) throw std::out_of_range("item is odd");
                    return k;
                });
                FAIL() << "no error";
            } catch (const ItemError& error) {
                EXPECT_EQ(error.index(), 20U);
                EXPECT_EQ(error.kind(), Failure::raised);
                EXPECT_STREQ(error.what(), "item 20: item is odd");
                EXPECT_EQ(error.type(), "std::out_of_range");
                EXPECT_EQ(error.cause() != nullptr, GetParam() == WorkerKind::threads);
            }
        }
    }
}

TEST_P(AnyPool, BeginsNoMoreAfterAnError) {
    const Shared<std::atomic<int>> begun;
    EXPECT_THROW((void)Pool(with(2, 1))
                     .map(std::size_t{1000},
                          [&](std::size_t k) {
                              ++*begun;
                              std::this_thread::sleep_for(1ms);
                              if (k == 3) throw Error("no");
                              return k;
                          }),
                 ItemError);
    EXPECT_LT(*begun, 100);
}

TEST_P(AnyPool, TriesEveryItem) {
    const auto outcomes = Pool(with(2, 4)).try_map(std::size_t{20}, [](std::size_t k) {
        if (k % 5 == 3) throw k;
        return 2 * k;
    });
    ASSERT_EQ(outcomes.size(), 20U);
    for (std::size_t k = 0; k < 20; ++k) {
        EXPECT_EQ(outcomes[k].index(), k);
        EXPECT_EQ(outcomes[k].ok(), k % 5 != 3);
        if (outcomes[k].ok()) {
            EXPECT_EQ(outcomes[k].value(), 2 * k);
        } else {
            EXPECT_EQ(outcomes[k].error().type(), "unsigned long");
            EXPECT_THROW((void)outcomes[k].value(), ItemError);
        }
    }
}

// ---- imap ---------------------------------------------------------------------------------------

TEST_P(AnyPool, GivesOutcomesInOrderAsTheyCome) {
    std::size_t next = 0;
    Pool pool(with(3, 1));
    for (const auto& outcome : pool.imap(std::size_t{50}, [](std::size_t k) {
             std::this_thread::sleep_for(std::chrono::microseconds(k % 7 * 300));
             return k + 1;
         })) {
        EXPECT_EQ(outcome.index(), next);
        EXPECT_EQ(outcome.value(), ++next);
    }
    EXPECT_EQ(next, 50U);
}

TEST_P(AnyPool, GivesOutcomesAsTheyComeWhenAsked) {
    const Shared<std::atomic<int>> others;
    const auto last_is_first = [&](std::size_t k) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (k == 0 && *others < 19 && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(1ms);
        }
        if (k != 0) ++*others;
        return k;
    };
    Pool pool(with(2, 1));
    std::vector<std::size_t> order;
    for (const auto& outcome : pool.imap(std::size_t{20}, last_is_first, Order::as_they_come)) {
        order.push_back(outcome.value());
    }
    ASSERT_EQ(order.size(), 20U);
    EXPECT_NE(order.front(), 0U);
    EXPECT_EQ(std::set(order.begin(), order.end()).size(), 20U);
}

TEST_P(AnyPool, GivesUpTheRestWithTheImap) {
    const Shared<std::atomic<int>> begun;
    {
        Pool pool(with(2, 1));
        auto outcomes = pool.imap(std::vector<int>(1000), [&](int) {
            ++*begun;
            std::this_thread::sleep_for(1ms);
            return 0;
        });
        for (int k = 0; k < 5; ++k) EXPECT_TRUE(outcomes.next());
    }
    EXPECT_LT(*begun, 200);
}

// ---- Limits, cancellation, beginnings -----------------------------------------------------------

TEST_P(AnyPool, EndsAnItemAtItsTimeLimit) {
    PoolOptions options = with(2);
    options.time_limit = 100ms;
    const auto outcomes =
        Pool(options).try_map(std::size_t{12}, [](std::size_t k, const std::stop_token& stop) {
            while (k == 5 && !stop.stop_requested()) std::this_thread::sleep_for(1ms);
            return k;
        });
    for (std::size_t k = 0; k < 12; ++k) {
        ASSERT_EQ(outcomes[k].ok(), k != 5) << k;
        if (k != 5) {
            EXPECT_EQ(outcomes[k].value(), k);
        }
    }
    EXPECT_EQ(outcomes[5].error().kind(), Failure::timed_out);
    EXPECT_STREQ(outcomes[5].error().what(), "item 5: it did not finish within 0.1 s");
}

TEST_P(AnyPool, StopsWhenAsked) {
    // When both workers are at items that do not end, the ten before these are finished.
    const Shared<std::atomic<int>> at_slow_items;
    const auto slow = [&](std::size_t k, const std::stop_token& stop) {
        if (k >= 10) ++*at_slow_items;
        while (k >= 10 && !stop.stop_requested()) std::this_thread::sleep_for(1ms);
        return k;
    };
    std::stop_source source;
    const std::jthread user([&] {
        while (*at_slow_items < 2) std::this_thread::sleep_for(1ms);
        source.request_stop();
    });
    const auto outcomes = Pool(with(2, 1)).try_map(std::size_t{20}, slow, source.get_token());
    for (std::size_t k = 0; k < 20; ++k) {
        ASSERT_EQ(outcomes[k].ok(), k < 10) << k;
        if (k >= 10) {
            EXPECT_EQ(outcomes[k].error().kind(), Failure::cancelled);
        }
    }
    try {
        (void)Pool(with(2, 1)).map(std::size_t{20}, slow, source.get_token());
        FAIL() << "stopped before it began";
    } catch (const ItemError& error) {
        EXPECT_EQ(error.kind(), Failure::cancelled);
        EXPECT_EQ(error.index(), 0U);
    }
}

thread_local int prepared = 0;

TEST_P(AnyPool, StartsEachWorkerOnce) {
    const Shared<std::atomic<int>> starts;
    PoolOptions options = with(3, 1);
    options.start_worker = [&] {
        ++*starts;
        prepared += 7;
    };
    const auto values = Pool(options).map(std::size_t{50}, [](std::size_t) { return prepared; });
    EXPECT_EQ(std::set(values.begin(), values.end()), std::set<int>{7});
    EXPECT_GE(*starts, 1);
    EXPECT_LE(*starts, 3);
    EXPECT_EQ(prepared, 0);  // not here
}

TEST_P(AnyPool, SaysThatAWorkerCannotStart) {
    PoolOptions options = with(2);
    options.start_worker = [] { throw Error("no licence"); };
    try {
        (void)Pool(options).map(std::size_t{5}, square);
        FAIL() << "no error";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("no licence"));
    }
}

TEST_P(AnyPool, NeedsASensibleNumberOfWorkers) {
    EXPECT_THROW(Pool(with(-1)), Error);
    EXPECT_GE(Pool(with(0)).workers(), 1);
}

// ---- What differs -------------------------------------------------------------------------------

class ThreadPool : public process_test::LeavesNothing {};
class ProcessPool : public process_test::LeavesNothing {};

TEST_F(ThreadPool, WaitsForAnItemThatDoesNotListenAndCountsItAsTimedOut) {
    Pool pool({.workers = 2, .time_limit = 20ms});
    std::atomic<bool> ended = false;
    const auto outcomes = pool.try_map(std::size_t{2}, [&](std::size_t k) {
        if (k == 1) std::this_thread::sleep_for(100ms);
        if (k == 1) ended = true;
        return k;
    });
    EXPECT_TRUE(ended);
    EXPECT_TRUE(outcomes[0].ok());
    EXPECT_EQ(outcomes[1].error().kind(), Failure::timed_out);
}

TEST_F(ThreadPool, CarriesTheExceptionItselfAndAnyType) {
    Pool pool({.workers = 2});
    const auto values =
        pool.map(std::size_t{3}, [](std::size_t k) { return std::make_unique<std::size_t>(k); });
    EXPECT_EQ(*values[2], 2U);
    try {
        (void)pool.map(std::size_t{3},
                       [](std::size_t) -> int { throw Error("message", "advice"); });
        FAIL();
    } catch (const ItemError& error) {
        try {
            std::rethrow_exception(error.cause());
        } catch (const Error& cause) {
            EXPECT_EQ(cause.advice(), "advice");
        }
    }
}

TEST_F(ThreadPool, HasNoMemoryLimit) {
    EXPECT_THROW(Pool({.workers = 1, .memory_limit = 1'000'000}), Error);
}

TEST_F(ProcessPool, RefusesWhatItCannotSend) {
    try {
        (void)Pool({.kind = WorkerKind::processes}).map(std::size_t{3}, [](std::size_t k) {
            return std::make_unique<std::size_t>(k);
        });
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.message(), HasSubstr("unique_ptr"));
        EXPECT_THAT(error.advice(), HasSubstr("Codec"));
    }
}

TEST_F(ProcessPool, MarksTheItemsThatKillTheirWorkers) {
    Pool pool({.kind = WorkerKind::processes, .workers = 2, .chunk = 6});
    const auto outcomes = pool.try_map(std::size_t{30}, [](std::size_t k) {
        if (k == 8) std::raise(SIGSEGV);
        if (k == 9) std::exit(4);
        return k;
    });
    for (std::size_t k = 0; k < 30; ++k) {
        ASSERT_EQ(outcomes[k].ok(), k != 8 && k != 9) << k;
        if (outcomes[k].ok()) {
            EXPECT_EQ(outcomes[k].value(), k);
        }
    }
    EXPECT_EQ(outcomes[8].error().kind(), Failure::worker_died);
    EXPECT_THAT(outcomes[9].error().what(),
                HasSubstr("item 9: its worker process exited with code 4"));
}

TEST_F(ProcessPool, KeepsAnItemToItsMemory) {
    if (process_test::sanitized) GTEST_SKIP() << "a sanitizer takes all address space";
    Pool pool(
        {.kind = WorkerKind::processes, .workers = 2, .memory_limit = std::size_t{50} << 20U});
    const auto outcomes =
        pool.try_map(std::vector<std::size_t>{1, 10, 100}, [](std::size_t megabytes) {
            const std::vector<char> much(megabytes << 20U, 'x');
            return much[megabytes];
        });
    EXPECT_TRUE(outcomes[0].ok());
    EXPECT_TRUE(outcomes[1].ok());
    ASSERT_FALSE(outcomes[2].ok());
    EXPECT_THAT(outcomes[2].error().what(), HasSubstr("ran out of memory (limit 50 MiB)"));
}

TEST_F(ProcessPool, GivesUpWhenWorkersDieBeforeTheyBegin) {
    Pool pool({.kind = WorkerKind::processes, .workers = 2, .start_worker = [] { std::abort(); }});
    EXPECT_THROW((void)pool.map(std::size_t{3}, square), Error);
}

TEST_F(ProcessPool, SendsMoreThanASocketHolds) {
    Pool pool({.kind = WorkerKind::processes, .workers = 2});
    const auto values = pool.map(std::size_t{6}, [](std::size_t k) {
        return std::vector<double>(300'000, static_cast<double>(k));
    });
    for (std::size_t k = 0; k < 6; ++k) {
        EXPECT_EQ(values[k].size(), 300'000U);
        EXPECT_EQ(values[k].back(), static_cast<double>(k));
    }
}

TEST_F(ProcessPool, DoesNotWriteTwiceWhatWasPrintedBefore) {
    testing::internal::CaptureStdout();
    std::printf("before ");
    Pool pool({.kind = WorkerKind::processes, .workers = 1});
    (void)pool.try_map(std::size_t{2}, [](std::size_t k) -> int {
        std::printf("in ");
        if (k == 1) std::exit(0);
        return 0;
    });
    std::fflush(stdout);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "before in in in in ");
}

TEST_F(ProcessPool, MayHaveAPoolInAWorker) {
    Pool pool({.kind = WorkerKind::processes, .workers = 2});
    const auto sums = pool.map(std::size_t{4}, [](std::size_t k) {
        const auto squares = Pool({.kind = WorkerKind::processes, .workers = 2}).map(k, square);
        return std::accumulate(squares.begin(), squares.end(), std::size_t{0});
    });
    EXPECT_THAT(sums, ElementsAre(0U, 0U, 1U, 5U));
}

TEST_F(ProcessPool, ServesTwoThreadsOfOneProgram) {
    std::vector<std::jthread> users;
    std::atomic<int> right = 0;
    for (int user = 0; user < 2; ++user) {
        users.emplace_back([&right] {
            for (int round = 0; round < 5; ++round) {
                Pool pool({.kind = WorkerKind::processes, .workers = 2});
                right += pool.map(std::size_t{20}, square)[19] == 361 ? 1 : 0;
            }
        });
    }
    users.clear();
    EXPECT_EQ(right, 10);
}

}  // namespace
}  // namespace turnover
