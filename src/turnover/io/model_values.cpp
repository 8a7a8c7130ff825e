#include "turnover/io/model_values.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/suggest.hpp"

namespace turnover {

namespace {

std::string write_it_as(std::string_view example) {
    return "Write it as in " + std::string(example) + ".";
}

/// The unit is the first thing to look at: a bare number where one is needed gets its own message.
void require_unit(const YamlNode& node, const Quantity& quantity, std::string_view example) {
    if (!quantity.unit.text.empty()) return;
    throw node.error("the number has no unit", write_it_as(example));
}

}  // namespace

void at_node(const YamlNode& node, const std::function<void()>& read) {
    try {
        read();
    } catch (const Error& error) {
        if (!error.place().file.empty()) throw;
        throw node.error(error.message(), error.advice());
    }
}

void at_place(const Place& place, const std::function<void()>& read) {
    try {
        read();
    } catch (const Error& error) {
        throw error.at(place);
    }
}

Quantity read_quantity(const YamlNode& node, const Constants& constants, std::string_view example) {
    const std::string text = node.text("a value such as " + std::string(example));
    Quantity quantity;
    at_node(node, [&] { quantity = parse_quantity(text, constants); });
    return quantity;
}

double read_si(const YamlNode& node, const Dimension& dimension, const Constants& constants,
               std::string_view example) {
    const Quantity quantity = read_quantity(node, constants, example);
    if (dimension != dimension::none) require_unit(node, quantity, example);
    if (quantity.unit.dimension != dimension) {
        throw node.error("expected " + describe(dimension) + ", found '" + quantity.unit.text +
                             "' (" + describe(quantity.unit.dimension) + ")",
                         write_it_as(example));
    }
    return quantity.si();
}

double read_energy(const YamlNode& node, const Constants& constants, std::string_view example) {
    const Quantity quantity = read_quantity(node, constants, example);
    require_unit(node, quantity, example);
    double energy = 0.0;
    at_node(node, [&] { energy = to_energy(quantity, constants); });
    return energy;
}

double read_entropy(const YamlNode& node, const Constants& constants) {
    constexpr std::string_view example = "197.7 J/(mol K) or 0.00205 eV/K";
    const Quantity quantity = read_quantity(node, constants, example);
    require_unit(node, quantity, example);
    double entropy = 0.0;
    at_node(node, [&] { entropy = to_entropy(quantity, constants); });
    return entropy;
}

double read_number(const YamlNode& node, const Constants& constants, std::string_view example) {
    return read_si(node, dimension::none, constants, example);
}

double read_positive(const YamlNode& node, const Dimension& dimension, const Constants& constants,
                     std::string_view example) {
    const double value = read_si(node, dimension, constants, example);
    if (value > 0.0) return value;
    throw node.error("must be greater than zero", write_it_as(example));
}

long read_integer(const YamlNode& node, long least, long most, std::string_view example) {
    const std::string text = node.text("a whole number such as " + std::string(example));
    long value = 0;
    const char* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc{} || end != last || value < least || value > most) {
        throw node.error("expected a whole number from " + std::to_string(least) + " to " +
                             std::to_string(most) + ", found '" + text + "'",
                         write_it_as(example));
    }
    return value;
}

bool read_flag(const YamlNode& node) { return read_choice(node, {"false", "true"}) == 1; }

std::size_t read_choice(const YamlNode& node, const std::vector<std::string>& words) {
    const std::string text = node.text(fmt::format("one of {}", fmt::join(words, ", ")));
    const auto found = std::ranges::find(words, text);
    if (found == words.end()) {
        throw node.error("'" + text + "' is not known here", suggest(text, words));
    }
    return static_cast<std::size_t>(found - words.begin());
}

void FirstError::attempt(const std::function<void()>& read) {
    try {
        read();
    } catch (const Error& error) {
        // Line 0, "somewhere in the file", is the most general: it goes last.
        const auto rank = [](const Error& e) {
            return e.place().line == 0 ? 1 << 30 : e.place().line;
        };
        if (!first_ || rank(error) < rank(*first_)) first_ = error;
    }
}

void FirstError::raise() const {
    if (first_) throw Error(*first_);
}

}  // namespace turnover
