#include "turnover/steady/steady_state.hpp"

#include <array>
#include <cstddef>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

struct Words {
    Status status;
    std::string_view word;
    std::string_view explanation;
};

constexpr std::array<Words, 9> vocabulary{{
    {Status::converged, "converged", "A stable steady state with its error bounds."},
    {Status::not_computed, "not-computed",
     "The map was interrupted before this point; run it again."},
    {Status::invalid_conditions, "invalid-conditions",
     "There are no rate constants here; check that temperature, pressures and energies are within "
     "the range of the model's thermochemistry."},
    {Status::integration_failed, "integration-failed",
     "The integrator of the transient gave up; check the rate constants for extreme values."},
    {Status::not_settled, "not-settled",
     "The transient was still moving at the end of the longest integration: an oscillation, a slow "
     "poisoning, or a relaxation that needs a longer time."},
    {Status::newton_failed, "newton-failed",
     "The transient came to rest but no root was found beside it, as where the end depends on the "
     "way there; check for adsorbates that no step holds in place."},
    {Status::unstable, "unstable",
     "The transient rests on an unstable steady state and did not leave it; try another initial "
     "surface."},
    {Status::worker_failed, "worker-failed",
     "The worker process did not survive this point, however often it was tried; check your own "
     "rate laws and plug-ins there, and the limits of time and memory."},
    {Status::oscillates, "oscillates",
     "The surface is seen to oscillate: it runs into a periodic orbit, and not into a steady "
     "state."},
}};

}  // namespace

std::string_view to_string(Status status) {
    for (const Words& words : vocabulary) {
        if (words.status == status) return words.word;
    }
    return "unknown";
}

Status status_from(std::string_view word) {
    std::string known;
    for (const Words& words : vocabulary) {
        if (words.word == word) return words.status;
        known += known.empty() ? "" : ", ";
        known += words.word;
    }
    throw Error("unknown status \"" + std::string(word) + "\"", "known are: " + known);
}

std::string_view explain(Status status) {
    for (const Words& words : vocabulary) {
        if (words.status == status) return words.explanation;
    }
    return "unknown status";
}

}  // namespace turnover
