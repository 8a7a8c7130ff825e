#include "turnover/engines/process_crew.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <deque>
#include <fstream>
#include <limits>
#include <memory>
#include <poll.h>
#include <span>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/engines/codec.hpp"
#include "turnover/engines/descriptor.hpp"
#include "turnover/engines/frame.hpp"
#include "turnover/engines/nursery.hpp"
#include "turnover/engines/process_end.hpp"
#include "turnover/engines/shared_room.hpp"

namespace turnover {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// A tile that takes less is computed while the next one is there already (up to tasks_ahead), so
/// that the worker need not wait for the caller; one that takes longer would have the next one wait
/// behind it while another worker falls idle.
constexpr std::chrono::milliseconds quick_tile{5};

/// Shared with each worker for its answers: a tile of the largest kind of a network of 50 unknowns
/// and steps fits into a half.
constexpr std::size_t room_of_worker = std::size_t{2} << 20U;

/// When this many workers in a row end before they take any work, none ever will.
constexpr int most_stillborn = 10;

/// Bytes of address space that this process has now.
std::size_t address_space() {
    std::size_t pages = 0;
    if (!(std::ifstream("/proc/self/statm") >> pages)) {
        throw Error("cannot limit the memory of workers, because /proc/self/statm cannot be read",
                    "Run without a memory limit.");
    }
    return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

struct Worker {
    Descriptor socket;  ///< open while there is something to hear
    FrameReader reader;
    bool expected = false;  ///< asked for, or there, and not yet gone
    bool ready = false;
    bool out_of_memory = false;
    bool out_of_time = false;
    bool saved = false;       ///< what it was ended for had come to a result after all
    bool refused = false;     ///< the system gives no process for it
    bool quick = false;       ///< its last tile was
    std::deque<Task> tasks;   ///< handed out, in this order; the first one is being computed
    Clock::time_point since;  ///< of the first one's start, or of the last sign of life
};

}  // namespace

/// The sockets of the workers and of the nursery are read, and tiles handed out, while the caller
/// waits for a report; while it does not, workers go on with what they have.
class ProcessCrew::Floor {
public:
    Floor(ProcessCrewOptions options, std::vector<Tile> tiles, ProcessWork work,
          std::stop_token stop)
        : options_(std::move(options)),
          work_(std::move(work)),
          queue_(std::move(tiles)),
          workers_(std::min(static_cast<std::size_t>(options_.workers), queue_.size())),
          wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          stop_(std::move(stop)),
          wake_on_stop_(stop_, [this] { eventfd_write(wake_.number(), 1); }) {
        if (!wake_.is_open()) throw Error("cannot start worker processes: too many open files");
        if (!workers_.empty() && !stop_.stop_requested()) start_nursery();
    }

    std::optional<ProcessReport> next() {
        for (;;) {
            if (!found_.empty()) {
                shown_ = std::move(found_.front());
                found_.pop_front();
                if (shown_.came_by_socket) shown_.report.bytes = shown_.payload;
                return shown_.report;
            }
            if (stop_.stop_requested()) {
                if (std::exchange(heard_last_, true)) return std::nullopt;
                for (std::size_t slot = 0; slot < workers_.size(); ++slot) listen_to(slot);
                continue;
            }
            if (!work_left()) return std::nullopt;
            try {
                ask_for_workers();
                hand_out();
                wait_and_listen();
                end_the_late();
                hear_nursery();
            } catch (const NurseryLost&) {
                replace_nursery();
            }
        }
    }

    void drop_after(std::size_t index) { queue_.drop_after(index); }

private:
    struct Found {
        ProcessReport report;
        std::string payload;  ///< what came by the socket
        bool came_by_socket = false;
    };

    ProcessCrewOptions options_;
    ProcessWork work_;
    TaskQueue queue_;
    std::vector<Worker> workers_;
    // While tasks are handed out nothing is waiting here, so that what lies in the rooms was used.
    std::deque<Found> found_;
    Found shown_;  ///< what next() gave last
    // The workers of a nursery that was killed may write for a moment longer, and what they have
    // said before is still to be read.
    SharedRoom room_, earlier_room_;
    int stillborn_ = 0;        ///< workers in a row that ended before they were ready
    bool heard_last_ = false;  ///< after a stop
    std::unique_ptr<Nursery> nursery_;
    Descriptor wake_;
    std::stop_token stop_;
    std::stop_callback<std::function<void()>> wake_on_stop_;

    void start_nursery() {
        earlier_room_ = std::exchange(room_, SharedRoom(workers_.size() * room_of_worker));
        Nursery::Options options;
        if (options_.memory_limit > 0) {
            options.address_space = address_space() + options_.memory_limit;
        }
        nursery_ = std::make_unique<Nursery>(
            [this](std::size_t slot, int socket) {
                serve_tiles(socket, room_of(slot), options_.start_worker, work_);
            },
            options);
    }

    /// Somebody killed the nursery, and the kernel its workers. That says nothing about any tile.
    void replace_nursery() {
        for (std::size_t slot = 0; slot < workers_.size(); ++slot) {
            listen_to(slot);
            put_back(workers_[slot]);
            workers_[slot] = Worker{};
        }
        nursery_.reset();
        count_stillborn("were killed");
        start_nursery();
    }

    [[nodiscard]] std::span<char> room_of(std::size_t slot) const {
        if (room_.bytes().empty()) return {};
        return room_.bytes().subspan(slot * room_of_worker, room_of_worker);
    }

    [[nodiscard]] bool work_left() const {
        return !queue_.empty() ||
               std::ranges::any_of(workers_, [](const Worker& w) { return !w.tasks.empty(); });
    }

    // ---- Handing out ----------------------------------------------------------------------------

    /// As many workers as there is work waiting for.
    void ask_for_workers() {
        auto idle = static_cast<std::size_t>(std::ranges::count_if(
            workers_, [](const Worker& w) { return w.expected && w.tasks.empty(); }));
        for (std::size_t slot = 0; slot < workers_.size() && idle < queue_.size(); ++slot) {
            if (workers_[slot].expected || workers_[slot].refused) continue;
            workers_[slot].expected = true;
            nursery_->spawn(slot);
            ++idle;
        }
    }

    void hand_out() {
        for (std::size_t ahead = 1; ahead <= tasks_ahead; ++ahead) {
            for (Worker& worker : workers_) {
                if (queue_.empty()) return;
                if (worker.ready && worker.tasks.size() < ahead && wants_more(worker)) {
                    hand_to(worker);
                }
            }
        }
    }

    /// Whether a worker that has a task may have one more.
    [[nodiscard]] bool wants_more(const Worker& worker) const {
        if (worker.tasks.empty()) return true;
        return worker.quick && !worker.tasks.front().alone && !queue_.next_is_alone() &&
               queue_.size() > workers_.size();
    }

    void hand_to(Worker& worker) {
        const Task task = queue_.take();
        if (worker.tasks.empty()) worker.since = Clock::now();
        worker.tasks.push_back(task);
        // Where this fails the worker is gone, and its tasks come back with the news of that.
        send_frame(worker.socket.number(), FrameKind::work, task.part);
    }

    // ---- Listening ------------------------------------------------------------------------------

    void wait_and_listen() {
        std::vector<pollfd> waiting{{wake_.number(), POLLIN, 0},
                                    {nursery_->descriptor(), POLLIN, 0}};
        const std::size_t others = waiting.size();
        std::vector<std::size_t> slots;
        for (std::size_t slot = 0; slot < workers_.size(); ++slot) {
            if (!workers_[slot].socket.is_open()) continue;
            waiting.push_back({workers_[slot].socket.number(), POLLIN, 0});
            slots.push_back(slot);
        }
        if (poll(waiting.data(), waiting.size(), milliseconds_to_next_limit()) < 0) return;
        for (std::size_t k = 0; k < slots.size(); ++k) {
            if (waiting[others + k].revents != 0) listen_to(slots[k]);
        }
    }

    /// -1: for ever.
    [[nodiscard]] int milliseconds_to_next_limit() const {
        if (options_.time_limit.count() <= 0.0) return -1;
        double least = std::numeric_limits<double>::infinity();
        const auto now = Clock::now();
        for (const Worker& worker : workers_) {
            if (worker.tasks.empty() || worker.out_of_time) continue;
            least = std::min(least, (options_.time_limit - Seconds(now - worker.since)).count());
        }
        constexpr double most = 3.6e6;  // an hour
        return static_cast<int>(std::clamp(std::ceil(1e3 * least), 0.0, most));
    }

    void listen_to(std::size_t slot) {
        Worker& worker = workers_[slot];
        if (!worker.socket.is_open()) return;
        const std::size_t before = worker.reader.received();
        bool more = worker.reader.read_available(worker.socket.number());
        const auto now = Clock::now();
        while (std::optional<Frame> frame = worker.reader.next()) {
            if (!take(slot, std::move(*frame), now)) {
                more = false;
                break;
            }
        }
        if (worker.reader.received() > before) worker.since = now;
        if (!more) {
            worker.socket.close();
            // Most likely it is dead and the nursery is about to say so; if not, it closed its
            // connection or talks nonsense, and is of no use.
            worker.ready = false;
            nursery_->kill(slot);
        }
    }

    /// False where the frame makes no sense: what runs in a worker may write anywhere.
    bool take(std::size_t slot, Frame&& frame, Clock::time_point now) {
        Worker& worker = workers_[slot];
        switch (frame.kind) {
            case FrameKind::ready:
                worker.ready = true;
                stillborn_ = 0;
                return true;
            case FrameKind::result:
            case FrameKind::result_in_room:
                return take_result(slot, std::move(frame), now);
            case FrameKind::out_of_memory:
                worker.out_of_memory = true;
                return true;
            case FrameKind::start_failed:
                throw Error("a worker could not start: " + frame.payload);
            case FrameKind::work:
                break;
        }
        return false;
    }

    bool take_result(std::size_t slot, Frame&& frame, Clock::time_point now) {
        Worker& worker = workers_[slot];
        if (worker.tasks.empty() || worker.tasks.front().part != frame.tile) return false;
        const Task task = worker.tasks.front();
        Found found{{task.whole, task.part, {}, {}, false}, {}, false};
        if (frame.kind == FrameKind::result) {
            found.payload = std::move(frame.payload);
            found.came_by_socket = true;
        } else {
            const std::span<const char> room = room_of(slot);
            if (frame.payload.size() != sizeof(Placed)) return false;
            std::string_view place = frame.payload;
            const auto [begin, size] = decode<Placed>(place);
            if (begin > room.size() || size > room.size() - begin) return false;
            found.report.bytes = {room.data() + begin, size};
        }
        worker.tasks.pop_front();
        worker.quick = now - worker.since < quick_tile;
        worker.saved = worker.saved || std::exchange(worker.out_of_time, false);
        found_.push_back(std::move(found));
        return true;
    }

    /// Everything that the late ones have said was heard just now.
    void end_the_late() {
        if (options_.time_limit.count() <= 0.0) return;
        const auto now = Clock::now();
        for (std::size_t slot = 0; slot < workers_.size(); ++slot) {
            Worker& worker = workers_[slot];
            if (worker.tasks.empty() || worker.out_of_time) continue;
            if (now - worker.since < options_.time_limit) continue;
            worker.out_of_time = true;
            nursery_->kill(slot);
        }
    }

    // ---- Births and deaths ----------------------------------------------------------------------

    void hear_nursery() {
        for (Nursery::Event& event : nursery_->events()) {
            Worker& worker = workers_[event.slot];
            switch (event.kind) {
                case Nursery::Event::Kind::born:
                    worker.socket = std::move(event.socket);
                    break;
                case Nursery::Event::Kind::refused:
                    worker = Worker{};
                    worker.refused = true;
                    check_refusal(event.detail);
                    break;
                case Nursery::Event::Kind::gone:
                    bury(event.slot, event.detail);
                    break;
            }
        }
    }

    /// Fewer workers than wanted do the work too, only none do not.
    void check_refusal(int problem) const {
        if (!std::ranges::all_of(workers_, [](const Worker& w) { return w.refused; })) return;
        throw Error(fmt::format("cannot start a worker process: {}", std::strerror(problem)),
                    "Use fewer workers (-j), or raise the limit of processes (`ulimit -u`).");
    }

    void bury(std::size_t slot, int status) {
        listen_to(slot);  // its last words
        Worker worker = std::exchange(workers_[slot], Worker{});
        if (worker.tasks.empty()) {
            if (!worker.ready && worker.reader.received() == 0) {
                count_stillborn(describe_end(status));
            }
            return;
        }
        std::optional<Task> lost;
        if (!worker.saved) {
            lost = worker.tasks.front();
            worker.tasks.pop_front();
        }
        put_back(worker);
        const bool own = worker.out_of_time || worker.out_of_memory || !is_from_outside(status);
        if (!lost || !queue_.try_again(*lost, !own)) return;
        found_.push_back({{.whole = lost->whole,
                           .part = lost->part,
                           .bytes = {},
                           .loss = describe_loss(worker, status),
                           .timed_out = worker.out_of_time},
                          {},
                          false});
    }

    void put_back(const Worker& worker) {
        std::for_each(worker.tasks.rbegin(), worker.tasks.rend(),
                      [this](const Task& task) { queue_.put_back(task); });
    }

    [[nodiscard]] std::string describe_loss(const Worker& worker, int status) const {
        if (worker.out_of_time) {
            return fmt::format("it did not finish within {:.4g} s", options_.time_limit.count());
        }
        if (!worker.out_of_memory) return "its worker process " + describe_end(status);
        if (options_.memory_limit == 0) return "its worker process ran out of memory";
        return fmt::format("its worker process ran out of memory (limit {:.4g} MiB)",
                           static_cast<double>(options_.memory_limit) / (1024.0 * 1024.0));
    }

    void count_stillborn(const std::string& end) {
        if (++stillborn_ < most_stillborn) return;
        throw Error(fmt::format("{} worker processes in a row {} before they took any work",
                                most_stillborn, end),
                    "Use fewer workers (-j) or a higher memory limit, or the engine `threads`.");
    }
};

ProcessCrew::ProcessCrew(ProcessCrewOptions options, std::vector<Tile> tiles, ProcessWork work,
                         std::stop_token stop)
    : floor_(std::make_unique<Floor>(std::move(options), std::move(tiles), std::move(work),
                                     std::move(stop))) {}

ProcessCrew::~ProcessCrew() = default;

std::optional<ProcessReport> ProcessCrew::next() { return floor_->next(); }

void ProcessCrew::drop_after(std::size_t index) { floor_->drop_after(index); }

}  // namespace turnover
