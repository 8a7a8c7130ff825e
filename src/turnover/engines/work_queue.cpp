#include "turnover/engines/work_queue.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/engines/answer_check.hpp"
#include "turnover/engines/lost_point.hpp"
#include "turnover/engines/work_line.hpp"
#include "turnover/sweep/fingerprint.hpp"

namespace turnover {

namespace {

/// Bytes of the longest answer: what a slow network brings in a second or two, and memory that
/// never hurts.
constexpr std::size_t most_answer_bytes = std::size_t{16} << 20;

/// A machine whose answers were no good so many times in a row is turned away, twice as long each
/// time.
constexpr int failures_in_a_row = 3;
/// Blocks in which a solver crashed before fail on a good machine too, but not so many in a row.
constexpr int suspects_in_a_row = 12;
constexpr double first_rest = 60.0, longest_rest = 3600.0;  // s

/// Cores are what workers say that they have. So many are believed at once; beyond, tasks are
/// handed out as those before are seen to run.
constexpr int believed_at_once = 64;

/// Tasks beyond the cores that are there, so that a worker that joins has something to do at once.
int reserve_for(int cores) { return std::max(4, cores / 8); }

/// Nor is any answer longer that a solver of ours gives, reasons of failed points included.
constexpr std::size_t longest_output = 16 * most_answer_bytes;

std::size_t bytes_per_point(const StateTable& states) {
    return (states.unknowns + states.steps + states.gases) * sizeof(double) + 64;
}

BlockPolicy bounded(BlockPolicy policy, const Network& network) {
    const std::size_t most = most_answer_bytes / bytes_per_point(StateTable(network, 0));
    policy.most_points = std::clamp<std::size_t>(most, 1, policy.most_points);
    return policy;
}

/// As it can be shown on a terminal: names in it are what others chose.
std::string printable(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

/// The first line of what a program printed, as far as it can be shown.
std::string first_words(const std::string& output) {
    return printable(output.substr(0, std::min<std::size_t>(output.find('\n'), 200)));
}

/// What is known of a machine.
struct HostRecord {
    int failures = 0;      ///< in a row
    int suspects = 0;      ///< that failed, in a row
    bool is_sick = false;  ///< was turned away and has given no good answer since
    double rest = first_rest;
    double rests_until = 0.0;  ///< s since the run began
    bool turned_away = false;  ///< for good
};

}  // namespace

/// One run, from the first block to the last tile.
class WorkQueueEngine::Run {
public:
    Run(WorkQueueEngine& engine, const TileJob& job, const TileSink& sink)
        : engine_(engine),
          network_(job.network),
          sink_(sink),
          line_(job.network, job.tiles),
          scheduler_(line_.ends(), bounded(engine.policy_, job.network)),
          check_(job.network, job.grid, bits_fingerprint()),
          pool_(engine.make_pool_(job.recipe)) {}

    /// Whatever ends the run, no task is left behind.
    ~Run() {
        for (const auto& [id, block] : out_) pool_->cancel(id);
        if (scheduler_.done()) pool_->dismiss();
    }
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    bool compute(const std::stop_token& stop) {
        while (!scheduler_.done()) {
            if (stop.stop_requested()) return false;
            hand_out();
            const std::optional<TaskEnd> end = pool_->wait();
            for (const std::string& line : pool_->notices()) say(printable(line));
            notice_started();
            if (end && out_.contains(end->id)) settle(*end);
            tell_crew();
        }
        return true;
    }

private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] double now() const {
        return std::chrono::duration<double>(Clock::now() - begin_).count();
    }

    void say(const std::string& line) const {
        if (engine_.observer_.say) engine_.observer_.say(line);
    }

    void tell_crew() {
        Crew crew = pool_->crew();
        crew.blocks = static_cast<int>(running_);
        engine_.most_cores_ = std::max(engine_.most_cores_, crew.cores);
        if (crew == told_) return;
        told_ = crew;
        if (engine_.observer_.crew) engine_.observer_.crew(crew);
    }

    void hand_out() {
        const auto running = static_cast<int>(running_);
        const int cores = std::clamp(pool_->crew().cores, 0, believed_at_once + 2 * running);
        const auto out = [&] { return static_cast<int>(scheduler_.blocks_out()); };
        while (out() < cores + reserve_for(cores)) {
            const std::optional<Block> block = scheduler_.next(now(), cores, running < cores);
            if (!block) break;
            out_[block->id] = *block;
            // Ten minutes are as nothing to a slow machine with a large block.
            const double limit = engine_.limits_.tile_time.count();
            const double expected = scheduler_.expected_seconds(block->points.size());
            pool_->submit(block->id, encode_block(line_.pieces(block->points)),
                          limit > 0.0 ? limit + 50.0 * expected : 0.0);
            not_started_.insert(block->id);
        }
        pool_->expect(scheduler_.blocks_left());
    }

    void notice_started() {
        std::erase_if(not_started_, [&](std::uint64_t id) {
            if (!pool_->is_running(id)) return false;
            scheduler_.started(id, now());
            ++running_;
            return true;
        });
    }

    void forget(std::uint64_t id) {
        out_.erase(id);
        if (not_started_.erase(id) == 0) --running_;
    }

    void settle(const TaskEnd& end) {
        const auto [id, points, is_copy, is_suspect] = out_.at(end.id);
        if (end.kind == TaskEnd::answered) {
            HostRecord& host = hosts_[end.host];
            Judgement judgement;
            if (end.output.size() <= longest_output) {
                judgement = check_.judge(end.output, line_.pieces(points),
                                         senders_.insert(end.worker).second);
            } else {
                judgement.verdict = Judgement::bad;
                judgement.complaint = "its answer is longer than any can be";
            }
            if (judgement.verdict == Judgement::good) {
                host.failures = host.suspects = 0;
                host.is_sick = false;
                accept(end, points, std::move(judgement.answer));
                return;
            }
            senders_.erase(end.worker);
            give_back(end.id, BlockFailure::blameless, {});
            if (judgement.verdict == Judgement::other_platform) {
                refuse(end.host, judgement.complaint +
                                     "; use machines with the same kind of processor as this one, "
                                     "or run the manager on one of the others");
            } else {
                count_failure(end, judgement.complaint);
            }
        } else if (end.kind == TaskEnd::lost) {
            give_back(end.id, BlockFailure::lost, end.reason);
        } else if (end.cannot_start) {
            give_back(end.id, BlockFailure::blameless, end.reason);
            refuse(end.host,
                   fmt::format("it cannot run the solver ({}); use machines with the same kind of "
                               "processor and system as this one",
                               first_words(end.output)));
        } else {
            const std::string words = first_words(end.output);
            const std::string reason =
                words.empty() ? end.reason : fmt::format("{}: {}", end.reason, words);
            HostRecord& host = hosts_[end.host];
            // A machine that fails with everything says little of the points, and so does a kill
            // from outside, for want of memory perhaps.
            const bool blames_points = !host.is_sick && !end.is_killed;
            give_back(end.id, blames_points ? BlockFailure::crashed : BlockFailure::lost, reason);
            // Once is the machine's fault as far as is known; where it happens again, the points'.
            if (!is_suspect || !blames_points || ++host.suspects >= suspects_in_a_row) {
                count_failure(end, reason);
            }
        }
    }

    void accept(const TaskEnd& end, PointRange points, BlockAnswer&& answer) {
        forget(end.id);
        // What it took is the worker's word, but it cannot have been longer than it was away.
        const double seconds = std::min(answer.seconds, std::max(end.seconds, 0.0));
        const auto [fresh, superfluous] =
            scheduler_.answered(end.id, seconds, end.seconds - seconds);
        for (const std::uint64_t id : superfluous) {
            pool_->cancel(id);
            forget(id);
        }
        // Most answers are wholly fresh; of the others the parts are stored one by one.
        for (std::size_t k = 0; k + 1 < fresh.size(); ++k) {
            std::vector<TileResult> pieces = answer.pieces;
            line_.store(points, std::move(pieces), fresh[k], sink_);
        }
        if (!fresh.empty()) {
            line_.store(points, std::move(answer.pieces), fresh.back(), sink_);
        }
    }

    /// The block's points go out again; those that are given up are stored as lost.
    void give_back(std::uint64_t id, BlockFailure why, const std::string& reason) {
        forget(id);
        for (const std::size_t place : scheduler_.failed(id, why)) {
            const PointRange point{place, place + 1};
            std::vector<TileResult> lost;
            lost.push_back({line_.pieces(point).front(), StateTable(network_, 1)});
            lost.front().states.set(0, lost_point(reason), Path::none);
            line_.store(point, std::move(lost), point, sink_);
        }
    }

    void count_failure(const TaskEnd& end, const std::string& reason) {
        HostRecord& host = hosts_[end.host];
        say(fmt::format("{}: {}; computed again", name_of(end), reason));
        // What was under way when it was turned away has failed for the same cause.
        if (host.turned_away || now() < host.rests_until) return;
        if (++host.failures < failures_in_a_row) return;
        host.failures = host.suspects = 0;
        host.is_sick = true;
        host.rests_until = now() + host.rest;
        say(fmt::format("{}: {} failures in a row; it gets no more work for {:.0f} s", name_of(end),
                        failures_in_a_row, host.rest));
        pool_->turn_away(end.host, host.rest);
        host.rest = std::min(2.0 * host.rest, longest_rest);
    }

    void refuse(const std::string& name, const std::string& why) {
        HostRecord& host = hosts_[name];
        if (std::exchange(host.turned_away, true)) return;
        say(fmt::format("{} gets no work: {}", first_words(name), why));
        pool_->turn_away(name, 0.0);
    }

    [[nodiscard]] static std::string name_of(const TaskEnd& end) {
        return fmt::format("{} ({})", first_words(end.host), first_words(end.worker));
    }

    WorkQueueEngine& engine_;
    const Network& network_;
    const TileSink& sink_;
    WorkLine line_;
    BlockScheduler scheduler_;
    AnswerCheck check_;
    std::unique_ptr<TaskPool> pool_;
    std::map<std::uint64_t, Block> out_;
    std::set<std::uint64_t> not_started_;
    std::size_t running_ = 0;
    std::map<std::string, HostRecord> hosts_;
    std::set<std::string> senders_;  ///< workers that have given a good answer
    Crew told_;
    Clock::time_point begin_ = Clock::now();
};

WorkQueueEngine::WorkQueueEngine(MakePool make_pool, WorkerLimits limits, BlockPolicy policy)
    : make_pool_(std::move(make_pool)), limits_(limits), policy_(policy) {}

bool WorkQueueEngine::run(const TileJob& job, const TileSink& sink, std::stop_token stop) {
    if (job.tiles.empty()) return true;
    if (job.recipe.empty()) {
        throw std::logic_error("the work-queue engine needs the recipe of what it computes");
    }
    return Run(*this, job, sink).compute(stop);
}

}  // namespace turnover
