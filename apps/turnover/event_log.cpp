#include "event_log.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "turnover/base/error.hpp"
#include "turnover/steady/steady_state.hpp"

namespace turnover::program {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds between_progress{1};
constexpr std::size_t most_failures = 1000;

/// "2024-05-31T12:00:00.250Z"
std::string time_now() {
    const auto now = std::chrono::system_clock::now();
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() %
        1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(now)), ms);
}

}  // namespace

EventLog::EventLog(const std::string& path) : path_(path), next_progress_(Clock::now()) {
    if (path_.empty()) return;
    descriptor_ = path_ == "-"
                      ? STDOUT_FILENO
                      : open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor_ < 0) {
        throw Error(fmt::format("cannot write the log {}: {}", path_,
                                std::generic_category().message(errno)),
                    "Choose with --log-json a file in a directory that is there and that you may "
                    "write to.");
    }
}

EventLog::~EventLog() {
    if (descriptor_ > STDERR_FILENO) close(descriptor_);
}

void EventLog::write(const std::string& event, const Json& more) {
    if (descriptor_ < 0) return;
    Json line{{"event", event}, {"time", time_now()}};
    line.update(more);
    // In one piece, so that a reader never sees half a line.
    const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    ssize_t written = 0;
    do {
        written = ::write(descriptor_, text.data(), text.size());
    } while (written < 0 && errno == EINTR);
    if (written == static_cast<ssize_t>(text.size())) return;
    fmt::print(stderr, "turnover: no more is written to the log {}: {}\n", path_,
               written < 0 ? std::generic_category().message(errno) : "no space left");
    if (descriptor_ > STDERR_FILENO) close(descriptor_);
    descriptor_ = -1;
}

void EventLog::progress(const ProgressState& state) {
    if (descriptor_ < 0 || Clock::now() < next_progress_) return;
    next_progress_ = Clock::now() + between_progress;
    const double rate = state.points_per_second();
    const Json left =
        rate > 0.0 ? Json(static_cast<double>(state.total - state.done) / rate) : Json();
    write("progress", {{"points", state.total},
                       {"done", state.done},
                       {"failed", state.failed},
                       {"seconds", state.seconds},
                       {"points_per_second", rate},
                       {"seconds_left", left}});
}

void EventLog::crew(const Crew& crew) {
    // How many blocks are out changes all the time.
    if (crew.workers == crew_.workers && crew.cores == crew_.cores) return;
    crew_ = crew;
    write("crew", {{"workers", crew.workers}, {"cores", crew.cores}});
}

void EventLog::failures(const TileResult& tile, const std::vector<StartingSurface>& surfaces) {
    if (descriptor_ < 0) return;
    const StateTable& states = tile.states;
    for (std::size_t p = 0; p < states.points() && failures_ < most_failures; ++p) {
        if (states.status[p] == Status::converged) continue;
        ++failures_;
        const auto detail = states.detail.find(p);
        const std::size_t index = tile.tile.first + p;
        Json failure{{"point", index / surfaces.size()},
                     {"status", to_string(states.status[p])},
                     {"detail", detail == states.detail.end() ? "" : detail->second}};
        if (surfaces.size() > 1) failure["surface"] = surfaces[index % surfaces.size()].name;
        write("failure", failure);
    }
}

}  // namespace turnover::program
