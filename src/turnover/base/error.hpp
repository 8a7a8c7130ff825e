#pragma once

#include <stdexcept>
#include <string>

namespace turnover {

/// Where in a user's file (or command line) something was found. `line` and `column` count from 1;
/// 0 means unknown. An empty `file` means no place at all.
struct Place {
    std::string file;
    int line = 0;
    int column = 0;

    /// "model.yaml:12", "model.yaml", or "" when there is no place.
    [[nodiscard]] std::string text() const;
};

/// The one exception of misuse: bad input, in words for the person who wrote it.
///
/// `message` says what is wrong, `advice` what to do about it. Rooms low in the tower throw without
/// a place; the reader of the file adds it with `at()`. A grid point that fails numerically is
/// never an exception: it is a value with a status (see steady/steady_state.hpp).
class Error : public std::runtime_error {
public:
    explicit Error(std::string message, std::string advice = {}, Place place = {});

    [[nodiscard]] const std::string& message() const noexcept { return message_; }
    [[nodiscard]] const std::string& advice() const noexcept { return advice_; }
    [[nodiscard]] const Place& place() const noexcept { return place_; }

    /// The same error at `place`, unless it already has one.
    [[nodiscard]] Error at(const Place& place) const;

private:
    std::string message_;
    std::string advice_;
    Place place_;
};

}  // namespace turnover
