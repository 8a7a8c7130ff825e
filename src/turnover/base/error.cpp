#include "turnover/base/error.hpp"

#include <utility>

namespace turnover {

namespace {

std::string whole_text(const std::string& message, const std::string& advice, const Place& place) {
    std::string text = place.text();
    if (!text.empty()) text += ": ";
    text += message;
    if (!advice.empty()) text += "\n  " + advice;
    return text;
}

}  // namespace

std::string Place::text() const {
    if (file.empty() || line == 0) return file;
    return file + ":" + std::to_string(line);
}

Error::Error(std::string message, std::string advice, Place place)
    : std::runtime_error(whole_text(message, advice, place)),
      message_(std::move(message)),
      advice_(std::move(advice)),
      place_(std::move(place)) {}

Error Error::at(const Place& place) const {
    return place_.file.empty() ? Error(message_, advice_, place) : *this;
}

}  // namespace turnover
