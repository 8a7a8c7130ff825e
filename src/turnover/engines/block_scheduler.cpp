#include "turnover/engines/block_scheduler.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace turnover {

namespace {

/// Answers that the median overhead is taken of.
constexpr std::size_t overheads_kept = 15;
/// How much an answer still counts for the cost of a point when the next one comes.
constexpr double memory = 0.95;
/// Blocks at the end get no smaller than so many overheads.
constexpr double smallest_in_overheads = 10.0;
/// Blocks are at most this part of an even share of what is left.
constexpr double guided_part = 4.0;
/// Seconds between looks for late blocks, each of which is a look at all that is out.
constexpr double between_looks = 1.0;

/// A block is split after a crash or five losses; a point by itself is given up after three
/// crashes, or when so many workers went with it that it must have been the end of them.
constexpr int strikes_of(BlockFailure why) {
    switch (why) {
        case BlockFailure::blameless:
            return 0;
        case BlockFailure::lost:
            return 1;
        case BlockFailure::crashed:
            break;
    }
    return 20;
}
constexpr int strikes_to_split = 5;
constexpr int strikes_to_give_up = 60;

}  // namespace

BlockScheduler::BlockScheduler(std::vector<std::size_t> cuts, BlockPolicy policy)
    : cuts_(std::move(cuts)), policy_(policy) {
    if (!std::ranges::is_sorted(cuts_)) throw std::invalid_argument("cuts must ascend");
    left_ = cuts_.empty() ? 0 : cuts_.back();
    is_done_.resize(left_);
    points_waiting_ = left_;
    if (left_ > 0) waiting_[0] = {left_};
}

// ---- How large ----------------------------------------------------------------------------------

double BlockScheduler::overhead() const {
    if (overheads_.empty()) return policy_.overhead;
    // The median: the first block of a worker brings the solver along, and says nothing of the
    // rest.
    std::vector<double> sorted(overheads_.begin(), overheads_.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::ranges::nth_element(sorted, middle);
    return *middle;
}

std::size_t BlockScheduler::size_of_block(int slots) const {
    if (cost_ <= 0.0) return std::min(policy_.first_points, policy_.most_points);
    const double smallest = smallest_in_overheads * overhead();
    const double full = std::min(overhead() / policy_.overhead_share, policy_.longest);
    const double guided = expected_seconds(points_waiting_) / (guided_part * slots);
    const double points = std::min(full, std::max(guided, smallest)) / cost_;
    const auto most = static_cast<double>(std::min(policy_.most_points, is_done_.size()));
    return static_cast<std::size_t>(std::clamp(points, 1.0, most));
}

std::size_t BlockScheduler::size_of_copy(int slots) const {
    if (cost_ <= 0.0) return policy_.first_points;
    const double share = static_cast<double>(left_) / slots;
    const double points = std::max(share, smallest_in_overheads * overhead() / cost_);
    const auto most = static_cast<double>(std::min(policy_.most_points, is_done_.size()));
    return static_cast<std::size_t>(std::clamp(points, 1.0, most));
}

std::size_t BlockScheduler::blocks_left() const {
    const std::size_t size = std::max<std::size_t>(1, size_of_block(1));
    return out_.size() + (points_waiting_ + size - 1) / size;
}

// ---- What next ----------------------------------------------------------------------------------

std::optional<Block> BlockScheduler::next(double now, int slots, bool is_idle) {
    slots = std::max(slots, 1);
    if (is_idle && (waiting_.empty() || now >= next_look_)) {
        const bool at_end = waiting_.empty();
        // At the end, whatever is overdue: an idle slot loses nothing by it.
        std::optional<Block> block =
            at_end ? copy(now, slots, 1.0, 0.0)
                   : copy(now, slots, policy_.late_factor, policy_.late_seconds);
        if (block) return block;
        next_look_ = now + between_looks;
    }
    return waiting_.empty() ? std::nullopt : fresh_block(slots);
}

std::optional<Block> BlockScheduler::fresh_block(int slots) {
    const auto first = waiting_.begin();
    const auto [begin, piece] = *first;
    std::size_t end = begin + std::min(size_of_block(slots), piece.end - begin);
    if (end < piece.end) {
        const auto cut = std::ranges::upper_bound(cuts_, end);
        if (cut != cuts_.begin()) {
            const std::size_t whole = *std::prev(cut);
            if (whole > begin && 2 * (whole - begin) >= end - begin) end = whole;
        }
    }
    waiting_.erase(first);
    if (end < piece.end) waiting_[end] = piece;
    points_waiting_ -= end - begin;
    return hand_out({begin, end}, piece.strikes, false, piece.is_suspect);
}

std::optional<Block> BlockScheduler::copy(double now, int slots, double factor, double seconds) {
    Out* oldest = nullptr;
    const std::size_t size = size_of_copy(slots);
    for (auto& [id, out] : out_) {
        if (!out.start || (oldest != nullptr && *out.start >= *oldest->start)) continue;
        const double expected = expected_seconds(out.points.size());
        const double age = now - *out.start;
        const bool is_overdue = age > factor * expected + seconds + overhead();
        if (!is_overdue) continue;
        if (out.copied_from == out.points.begin) {
            // Those who have it too may be as slow, or gone.
            if (now - out.copied_at < 3.0 * expected + 1.0) continue;
            out.copied_from = out.points.end;
        }
        oldest = &out;
    }
    if (oldest == nullptr) return std::nullopt;
    // From the end, where a worker that goes from front to back has not been.
    const std::vector<PointRange> open = undone({oldest->points.begin, oldest->copied_from});
    if (open.empty()) {
        oldest->copied_from = oldest->points.begin;
        oldest->copied_at = now;
        return copy(now, slots, factor, seconds);
    }
    const PointRange last = open.back();
    const PointRange points{last.end - std::min(size, last.size()), last.end};
    oldest->copied_from = points.begin;
    oldest->copied_at = now;
    return hand_out(points, oldest->strikes, true, oldest->is_suspect);
}

Block BlockScheduler::hand_out(PointRange points, int strikes, bool is_copy, bool is_suspect) {
    const std::uint64_t id = next_id_++;
    out_[id] = {points, std::nullopt, points.end, 0.0, strikes, is_copy, is_suspect};
    copies_out_ += is_copy;
    return {id, points, is_copy, is_suspect};
}

void BlockScheduler::started(std::uint64_t id, double now) { out_.at(id).start = now; }

// ---- What came of it ----------------------------------------------------------------------------

std::vector<PointRange> BlockScheduler::undone(PointRange points) const {
    std::vector<PointRange> open;
    for (std::size_t p = points.begin; p < points.end;) {
        if (is_done_[p]) {
            ++p;
            continue;
        }
        const std::size_t begin = p;
        while (p < points.end && !is_done_[p]) ++p;
        open.push_back({begin, p});
    }
    return open;
}

BlockScheduler::Accepted BlockScheduler::answered(std::uint64_t id, double seconds,
                                                  double overhead) {
    const Out block = out_.at(id);
    out_.erase(id);
    copies_out_ -= block.is_copy;
    recent_seconds_ = memory * recent_seconds_ + seconds;
    recent_points_ = memory * recent_points_ + static_cast<double>(block.points.size());
    // Never zero: that would say that nothing is known.
    cost_ = std::max(recent_seconds_ / recent_points_, 1e-12);
    overheads_.push_back(std::max(overhead, 1e-6));
    if (overheads_.size() > overheads_kept) overheads_.pop_front();

    Accepted accepted{undone(block.points), {}};
    for (const PointRange& fresh : accepted.fresh) {
        left_ -= fresh.size();
        for (std::size_t p = fresh.begin; p < fresh.end; ++p) is_done_[p] = true;
    }
    // Where a worker was lost, its points may be waiting although a copy answers them now.
    for (const PointRange& fresh : accepted.fresh) {
        auto piece = waiting_.lower_bound(fresh.begin);
        if (piece != waiting_.begin() && std::prev(piece)->second.end > fresh.begin) --piece;
        while (piece != waiting_.end() && piece->first < fresh.end) {
            const auto [begin, rest] = *piece;
            piece = waiting_.erase(piece);
            points_waiting_ -= rest.end - begin;
            for (const PointRange& open : undone({begin, rest.end})) {
                waiting_[open.begin] = {open.end, rest.strikes, rest.is_suspect};
                points_waiting_ += open.size();
            }
        }
    }
    if (block.is_copy || copies_out_ > 0) {
        std::erase_if(out_, [&](const auto& entry) {
            const Out& out = entry.second;
            const bool touched = std::ranges::any_of(accepted.fresh, [&](const PointRange& fresh) {
                return fresh.begin < out.points.end && out.points.begin < fresh.end;
            });
            if (!touched || !undone(out.points).empty()) return false;
            accepted.superfluous.push_back(entry.first);
            copies_out_ -= out.is_copy;
            return true;
        });
    }
    return accepted;
}

void BlockScheduler::put_back(PointRange points, int strikes, bool is_suspect) {
    for (const PointRange& open : undone(points)) {
        // What waits already, because another worker was lost with it, waits once.
        std::size_t begin = open.begin;
        while (begin < open.end) {
            auto after = waiting_.upper_bound(begin);
            if (after != waiting_.begin() && std::prev(after)->second.end > begin) {
                begin = std::prev(after)->second.end;
                continue;
            }
            const std::size_t end =
                after == waiting_.end() ? open.end : std::min(open.end, after->first);
            waiting_[begin] = {end, strikes, is_suspect};
            points_waiting_ += end - begin;
            begin = end;
        }
    }
}

std::vector<std::size_t> BlockScheduler::failed(std::uint64_t id, BlockFailure why) {
    const Out block = out_.at(id);
    out_.erase(id);
    copies_out_ -= block.is_copy;
    const int strikes = block.strikes + strikes_of(why);
    const bool is_suspect = block.is_suspect || why == BlockFailure::crashed;
    const auto [begin, end] = block.points;
    if (block.points.size() == 1) {
        if (strikes >= strikes_to_give_up && !is_done_[begin]) {
            is_done_[begin] = true;
            --left_;
            return {begin};
        }
        put_back(block.points, strikes, is_suspect);
    } else if (strikes >= strikes_to_split) {
        const std::size_t middle = begin + (end - begin) / 2;
        put_back({begin, middle}, 0, is_suspect);
        put_back({middle, end}, 0, is_suspect);
    } else {
        put_back(block.points, strikes, is_suspect);
    }
    return {};
}

}  // namespace turnover
