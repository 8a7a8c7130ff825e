#include "turnover/engines/mpi/follower.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/error.hpp"
#include "turnover/base/version.hpp"
#include "turnover/engines/codec.hpp"
#include "turnover/engines/exception_words.hpp"
#include "turnover/sweep/fingerprint.hpp"
#include "turnover/sweep/tile_codec.hpp"

namespace turnover::mpi {

namespace {

constexpr int leader = 0;

/// Throws Error when this process is none for the map.
void check_kinship(const MapOrder& order) {
    if (order.version != version) {
        throw Error(fmt::format("Turnover on {} is version {}, on {} version {}", Link::host(),
                                version, order.host, order.version),
                    "Install the same version on all machines; mpirun takes the program from the "
                    "same path on each.");
    }
    if (const std::string own = bits_fingerprint(); own != order.fingerprint) {
        throw Error(
            fmt::format("{} would give other last digits than {} (fingerprints {} and {})",
                        Link::host(), order.host, own, order.fingerprint),
            "Their builds, C libraries or processors differ. Use machines of one kind with one "
            "and the same build; where only the processors' ages differ, `mpirun -x "
            "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4 ...` makes them agree.");
    }
}

/// The threads that compute; none when this process cannot take part, and the leader then knows
/// why.
std::unique_ptr<TileThreads> prepare(Link& link, const MapOrder& order,
                                     const TileFunctionMaker& make) {
    try {
        check_kinship(order);
        auto crew = std::make_unique<TileThreads>(order.threads, make(order.recipe));
        link.send(leader, Kind::ready);
        return crew;
    } catch (const Error& error) {
        std::string why;
        encode(error.message(), why);
        encode(error.advice(), why);
        link.send(leader, Kind::refused, why);
    } catch (const std::exception& defect) {
        std::string why;
        encode(std::string(defect.what()), why);
        encode(std::string(), why);
        link.send(leader, Kind::refused, why);
    }
    return {};
}

/// Sends a finished tile, if there is one within `patience`. False when there is none.
bool send_result(Link& link, TileThreads& crew, std::chrono::microseconds patience) {
    try {
        const std::optional<TileResult> result = crew.take(patience);
        if (!result) return false;
        const EncodedTile encoded(*result);
        link.send(leader, Kind::result, encoded.pieces());
        return true;
    } catch (...) {
        const ExceptionWords words = words_of(std::current_exception());
        link.send(leader, Kind::failed,
                  fmt::format("on {}: {}: {}", Link::host(), words.type, words.message));
        return true;
    }
}

/// Returns when the leader has all that it wants. A finished tile ends any wait; a message from the
/// leader is seen after it only, so that a process with nothing to do looks often, and one whose
/// next tile is there already, seldom.
void compute(Link& link, TileThreads& crew, int threads) {
    Patience hungry(std::chrono::microseconds(500)), fed(std::chrono::milliseconds(5));
    for (int tiles = 0;;) {
        while (const std::optional<Message> message = link.receive()) {
            if (message->kind == Kind::finish) return;
            crew.give(tile_of(message->body));
            ++tiles;
            hungry.reset();
            fed.reset();
        }
        if (send_result(link, crew, (tiles > threads ? fed : hungry).next())) {
            --tiles;
            hungry.reset();
            fed.reset();
        }
        (void)link.all_sent();
    }
}

void say_finished(Link& link) {
    link.send(leader, Kind::finished);
    for (Patience patience(std::chrono::microseconds(500)); !link.all_sent();) patience.sleep();
}

}  // namespace

void follow(Link& link, const MapOrder& order, const TileFunctionMaker& make) {
    const std::unique_ptr<TileThreads> crew = prepare(link, order, make);
    if (crew) {
        compute(link, *crew, order.threads);
        crew->stop();
        while (send_result(link, *crew, {})) continue;
        say_finished(link);
    } else {
        for (Patience patience(std::chrono::microseconds(500)); !link.receive();) patience.sleep();
        say_finished(link);
    }
}

}  // namespace turnover::mpi
