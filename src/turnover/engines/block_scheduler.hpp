#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace turnover {

/// Points [begin, end) of the work line: all points of the tiles of a job, one after the other.
struct PointRange {
    std::size_t begin = 0;
    std::size_t end = 0;

    [[nodiscard]] std::size_t size() const noexcept { return end - begin; }
    friend bool operator==(const PointRange&, const PointRange&) = default;
};

/// What a worker is given at once.
struct Block {
    std::uint64_t id = 0;
    PointRange points;
    bool is_copy = false;     ///< some worker has these points already
    bool is_suspect = false;  ///< a solver has crashed with them, perhaps because of them
};

/// How large blocks are. The defaults are for workers at the other end of a network.
struct BlockPolicy {
    /// The part of a worker's time that handing out and fetching a block may cost: blocks take
    /// 1/share of what that was measured to take.
    double overhead_share = 0.01;
    double overhead = 0.02;              ///< s; until it is measured
    double longest = 30.0;               ///< s of expected work in a block
    std::size_t first_points = 16;       ///< in a block while nothing is known of the cost
    std::size_t most_points = SIZE_MAX;  ///< in any block, for the sake of the answer's size
    /// A block that takes so many times as long as expected, and this many seconds more, is given
    /// to somebody else too, before fresh work.
    double late_factor = 10.0, late_seconds = 10.0;
};

/// Why a block came to nothing.
enum class BlockFailure {
    blameless,  ///< the worker could not, or its answer was no good: says nothing about the points
    lost,       ///< the worker went: says little
    crashed,    ///< the solver did: says much
};

/// Which points go out next, to workers of which nothing is known but how many slots they have:
/// guided self-scheduling (Polychronopoulos and Kuck, IEEE Trans. Comput. C-36 (1987) 1425) with
/// blocks of bounded time. A block holds what takes 1/share of the measured overhead, but never
/// more than a quarter of an even share of what is left, so that a slot four times slower than the
/// others does not hold up the end. When all points are out and slots are idle, what is out and
/// should have been back is given out again in pieces; of two answers the first counts.
///
/// Knows neither workers nor the clock: times are handed in, in seconds since whenever. The cost of
/// a point is learnt from the answers. No call depends on anything but the calls before.
class BlockScheduler {
public:
    /// `cuts`: where the tiles end, ascending, the last one where the work line does. Blocks end at
    /// a cut where that makes them no smaller than half.
    explicit BlockScheduler(std::vector<std::size_t> cuts, BlockPolicy policy = {});

    /// Whether every point is answered or given up.
    [[nodiscard]] bool done() const noexcept { return left_ == 0; }
    /// Points of which that cannot be said.
    [[nodiscard]] std::size_t left() const noexcept { return left_; }
    [[nodiscard]] std::size_t blocks_out() const noexcept { return out_.size(); }
    /// Whether a slot has begun with the block `id`.
    [[nodiscard]] bool has_started(std::uint64_t id) const { return out_.at(id).start.has_value(); }

    /// The next block, with `slots` slots in all. Copies of what is out are made only where a slot
    /// `is_idle`. Nothing when there is nothing worth handing out now.
    [[nodiscard]] std::optional<Block> next(double now, int slots, bool is_idle);
    /// A slot has begun with the block `id`, which is out. Only then can it be late.
    void started(std::uint64_t id, double now);

    struct Accepted {
        std::vector<PointRange> fresh;  ///< those that nobody had answered before
        std::vector<std::uint64_t>
            superfluous;  ///< blocks out with no such points left, taken back
    };
    /// The block `id` came back with good answers after `seconds` of solving; `overhead`: the
    /// seconds from sending it to having its answer, less those.
    [[nodiscard]] Accepted answered(std::uint64_t id, double seconds, double overhead);

    /// The block `id` came to nothing; its points go out again, in halves where the solver crashed
    /// (or five workers were lost) with it. Returns the points that are given up, because the
    /// solver crashed three times (or fifteen workers were lost) with this point alone.
    [[nodiscard]] std::vector<std::size_t> failed(std::uint64_t id, BlockFailure why);

    /// Seconds that a slot of mean speed takes for so many points; 0 while nothing is known.
    [[nodiscard]] double expected_seconds(std::size_t points) const noexcept {
        return static_cast<double>(points) * cost_;
    }
    /// How many more blocks it will take, about.
    [[nodiscard]] std::size_t blocks_left() const;

private:
    struct Waiting {
        std::size_t end = 0;
        int strikes = 0;
        bool is_suspect = false;
    };
    struct Out {
        PointRange points;
        std::optional<double> start;
        std::size_t copied_from;  ///< from here to its end, others have it too
        double copied_at = 0.0;   ///< when it was last given to others
        int strikes = 0;
        bool is_copy = false;
        bool is_suspect = false;
    };

    [[nodiscard]] double overhead() const;
    [[nodiscard]] std::size_t size_of_block(int slots) const;
    [[nodiscard]] std::size_t size_of_copy(int slots) const;
    [[nodiscard]] std::optional<Block> fresh_block(int slots);
    [[nodiscard]] std::optional<Block> copy(double now, int slots, double factor, double seconds);
    Block hand_out(PointRange points, int strikes, bool is_copy, bool is_suspect);
    [[nodiscard]] std::vector<PointRange> undone(PointRange points) const;
    void put_back(PointRange points, int strikes, bool is_suspect);

    std::vector<std::size_t> cuts_;
    BlockPolicy policy_;
    std::vector<bool> is_done_;
    std::size_t left_;
    std::map<std::size_t, Waiting> waiting_;  ///< ranges to be handed out, by their begin
    std::size_t points_waiting_;
    std::map<std::uint64_t, Out> out_;
    std::size_t copies_out_ = 0;
    std::uint64_t next_id_ = 1;
    double next_look_ = 0.0;  ///< for late blocks
    double cost_ = 0.0;       ///< s a point; 0: not known
    double recent_seconds_ = 0.0, recent_points_ = 0.0;
    std::deque<double> overheads_;  ///< of the last answers
};

}  // namespace turnover
