#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

/// What processes leave behind, and how to take them away.
namespace turnover::process_test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

/// Children of `parent` that live or were not waited for.
inline std::vector<pid_t> children_of(pid_t parent) {
    std::vector<pid_t> children;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) {
            continue;
        }
        std::ifstream file(entry.path() / "stat");
        std::string text;
        std::getline(file, text);  // nothing where the process has gone in the meantime
        const std::size_t name_end = text.rfind(')');  // "12 (name) S 11 ..."
        if (name_end == std::string::npos) continue;
        if (std::atoi(text.c_str() + name_end + 4) == parent) {
            children.push_back(std::atoi(text.c_str()));
        }
    }
    return children;
}

inline std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Every test has to leave as many children and open files as it found.
class LeavesNothing : public testing::Test {
protected:
    void SetUp() override {
        const rlimit no_core{0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        descriptors_ = open_descriptors();
    }
    void TearDown() override {
        EXPECT_EQ(open_descriptors(), descriptors_);
        EXPECT_TRUE(children_of(getpid()).empty());
    }

private:
    std::size_t descriptors_ = 0;
};

/// A value that processes share.
template <class T>
class Shared {
public:
    Shared()
        : at_(new (mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                        0)) T()) {}
    ~Shared() { munmap(at_, sizeof(T)); }
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;
    T& operator*() const { return *at_; }
    T* operator->() const { return at_; }

private:
    T* at_;
};

/// Kills a random worker of this process, now and then its nursery, each time that `progress` has
/// grown by about `step` and a moment has passed. Not by the clock: on a machine that has much else
/// to do, one item would be killed again and again, and in the end count as lost.
class Killer {
public:
    Killer(unsigned seed, const std::atomic<int>& progress, unsigned step)
        : thread_([this, seed, &progress, step](const std::stop_token& end) {
              std::mt19937 draw(seed);
              const auto wait = [](unsigned microseconds) {
                  std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
              };
              int next = 0;
              while (!end.stop_requested()) {
                  if (progress < next) {
                      wait(100);
                      continue;
                  }
                  wait(static_cast<unsigned>(draw() % 2000));
                  std::vector<pid_t> victims = children_of(getpid());
                  if (victims.empty()) continue;
                  if (draw() % 8 != 0) victims = children_of(victims.front());
                  if (victims.empty()) continue;
                  kill(victims[draw() % victims.size()], SIGKILL);
                  ++kills_;
                  next = progress + static_cast<int>(step / 2 + draw() % step);
              }
          }) {}

    int stop() {
        thread_ = {};
        return kills_;
    }

private:
    int kills_ = 0;
    std::jthread thread_;
};

}  // namespace turnover::process_test
