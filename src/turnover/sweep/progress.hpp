#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace turnover {

/// How far along a map is.
struct ProgressState {
    std::size_t total = 0;   ///< points
    std::size_t done = 0;    ///< points, failed ones included
    std::size_t failed = 0;  ///< points
    double seconds = 0.0;    ///< since the start
    std::size_t kept = 0;    ///< points of those done that were there at the start
    std::string crew = {};   ///< who is at work, where that changes: "2 workers, 16 cores"

    [[nodiscard]] double points_per_second() const {
        return seconds > 0.0 ? static_cast<double>(done - kept) / seconds : 0.0;
    }
};

/// One line of at most `columns` characters of ASCII, without a line end:
///
///   [#########...........]  45%  450/1000 points  128 points/s  4.3 s left  2 failed
///
/// and who is at work at the end, where that is said.
/// The bar takes what room is left, and is the first to go where there is little; the time left is
/// what the mean rate so far makes it.
[[nodiscard]] std::string progress_line(const ProgressState& state, std::size_t columns);

/// A progress bar with rate, share done, time left and failures so far, redrawn at most ten times a
/// second on a terminal; silent when `stream` is not one. Calls come from one thread at a time, as
/// an engine's sink is called.
class Progress {
public:
    /// `start`: the total, and what was done before the start (done = kept).
    Progress(const ProgressState& start, std::FILE* stream);
    Progress(std::size_t total, std::FILE* stream) : Progress(ProgressState{total}, stream) {}
    ~Progress();  ///< draws the last state and ends the line, if one was drawn
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` more points, `failed` of them failed.
    void add(std::size_t done, std::size_t failed);
    /// Who is at work.
    void crew(std::string text);
    /// A line of its own above the bar; on what is no terminal too.
    void say(const std::string& line);

    [[nodiscard]] ProgressState state() const;
    [[nodiscard]] double seconds() const { return state().seconds; }
    [[nodiscard]] double points_per_second() const { return state().points_per_second(); }

private:
    using Clock = std::chrono::steady_clock;

    std::FILE* stream_;
    bool terminal_;
    ProgressState counts_;  ///< all but the seconds
    Clock::time_point start_;
    Clock::time_point next_draw_;
    std::size_t drawn_ = 0;  ///< characters on the terminal's line

    void draw();
    void draw_now_and_then();
};

/// "35 ms", "4.2 s", "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h"; "unknown" when not finite.
[[nodiscard]] std::string describe_duration(double seconds);

}  // namespace turnover
