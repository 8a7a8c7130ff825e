#include "turnover/sweep/progress.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

namespace turnover {

namespace {

using namespace std::chrono_literals;

constexpr auto between_draws = 100ms;
constexpr std::size_t widest_bar = 40;
constexpr std::size_t narrowest_bar = 5;

std::string bar(double share, std::size_t width) {
    const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
    return "[" + std::string(full, '#') + std::string(width - full, '.') + "]";
}

std::size_t terminal_columns(std::FILE* stream) {
    winsize size{};
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

/// "3 min 20 s": `whole` units, and a rest that is left out when it is zero.
std::string two_units(long long whole, const char* unit, long long rest, const char* rest_unit) {
    return rest == 0 ? fmt::format("{} {}", whole, unit)
                     : fmt::format("{} {} {} {}", whole, unit, rest, rest_unit);
}

}  // namespace

std::string progress_line(const ProgressState& state, std::size_t columns) {
    const double share =
        state.total == 0
            ? 1.0
            : std::min(1.0, static_cast<double>(state.done) / static_cast<double>(state.total));
    const double rate = state.points_per_second();
    // Rounded down: 100% is said of a finished map only.
    std::string text =
        fmt::format("{:3.0f}%  {}/{} points", std::floor(100.0 * share), state.done, state.total);
    text += rate < 9.95 ? fmt::format("  {:.2g} points/s", rate)
                        : fmt::format("  {:.0f} points/s", rate);
    if (state.done < state.total) {
        const double left = rate > 0.0 ? static_cast<double>(state.total - state.done) / rate
                                       : std::numeric_limits<double>::infinity();
        text += fmt::format("  {} left", describe_duration(left));
    } else {
        text += fmt::format("  {}", describe_duration(state.seconds));
    }
    if (state.failed > 0) text += fmt::format("  {} failed", state.failed);
    if (!state.crew.empty()) text += "  " + state.crew;

    const std::size_t around_bar = 4;  // two brackets, two spaces
    if (columns >= text.size() + around_bar + narrowest_bar) {
        const std::size_t width = std::min(widest_bar, columns - text.size() - around_bar);
        return bar(share, width) + "  " + text;
    }
    return text.substr(0, columns);
}

std::string describe_duration(double seconds) {
    if (!std::isfinite(seconds)) return "unknown";
    if (seconds <= 0.0) return "0 s";
    if (seconds < 0.0995) return fmt::format("{:.2g} ms", 1e3 * seconds);
    if (seconds < 9.95) return fmt::format("{:.2g} s", seconds);
    if (seconds < 59.5) return fmt::format("{:.0f} s", seconds);
    const double most = 1e15;  // far above any wait, far below the end of long long
    const long long whole = std::llround(std::min(seconds, most));
    if (whole < 3600) return two_units(whole / 60, "min", whole % 60, "s");
    const long long minutes = (whole + 30) / 60;
    if (minutes < 48 * 60) return two_units(minutes / 60, "h", minutes % 60, "min");
    const long long hours = (minutes + 30) / 60;
    return two_units(hours / 24, "d", hours % 24, "h");
}

Progress::Progress(const ProgressState& start, std::FILE* stream)
    : stream_(stream),
      terminal_(stream != nullptr && isatty(fileno(stream)) != 0),
      counts_(start),
      start_(Clock::now()),
      next_draw_(start_) {}

Progress::~Progress() {
    if (drawn_ == 0) return;
    draw();
    std::fputc('\n', stream_);
    std::fflush(stream_);
}

void Progress::add(std::size_t done, std::size_t failed) {
    counts_.done += done;
    counts_.failed += failed;
    draw_now_and_then();
}

void Progress::crew(std::string text) {
    counts_.crew = std::move(text);
    draw_now_and_then();
}

void Progress::say(const std::string& line) {
    if (stream_ == nullptr) return;
    if (drawn_ > 0) fmt::print(stream_, "\r{:{}}\r", "", drawn_);
    fmt::print(stream_, "{}\n", line);
    if (drawn_ > 0) draw();
    std::fflush(stream_);
}

ProgressState Progress::state() const {
    ProgressState state = counts_;
    state.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    return state;
}

void Progress::draw_now_and_then() {
    if (!terminal_ || Clock::now() < next_draw_) return;
    draw();
    next_draw_ = Clock::now() + between_draws;
}

void Progress::draw() {
    // One column less than the terminal has: a full last column makes some terminals wrap.
    std::string line = progress_line(state(), terminal_columns(stream_) - 1);
    const std::size_t length = line.size();
    if (length < drawn_) line.append(drawn_ - length, ' ');
    fmt::print(stream_, "\r{}", line);
    std::fflush(stream_);
    drawn_ = length;
}

}  // namespace turnover
