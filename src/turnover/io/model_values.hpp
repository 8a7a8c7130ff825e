#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "turnover/base/constants.hpp"
#include "turnover/base/units.hpp"
#include "turnover/io/yaml_node.hpp"

namespace turnover {

// Values of a model file: numbers, quantities, choices. Each throws Error at the value's place,
// with its path, when it cannot be read; `example` is what one would write there, for the advice.

/// A number with or without a unit.
[[nodiscard]] Quantity read_quantity(const YamlNode& node, const Constants& constants,
                                     std::string_view example);

/// SI value of a quantity of `dimension`, which must carry a unit unless it is a plain number.
[[nodiscard]] double read_si(const YamlNode& node, const Dimension& dimension,
                             const Constants& constants, std::string_view example);

/// An energy per particle, J (`to_energy`).
[[nodiscard]] double read_energy(const YamlNode& node, const Constants& constants,
                                 std::string_view example = "0.85 eV or 82 kJ/mol");

/// An entropy per particle, J/K, from one per particle or per mole.
[[nodiscard]] double read_entropy(const YamlNode& node, const Constants& constants);

/// A plain number, no unit.
[[nodiscard]] double read_number(const YamlNode& node, const Constants& constants,
                                 std::string_view example);

/// A number as read_number or read_si does, that must be greater than zero.
[[nodiscard]] double read_positive(const YamlNode& node, const Dimension& dimension,
                                   const Constants& constants, std::string_view example);

/// A whole number from `least` to `most`.
[[nodiscard]] long read_integer(const YamlNode& node, long least, long most,
                                std::string_view example);

/// `true` or `false`.
[[nodiscard]] bool read_flag(const YamlNode& node);

/// One of `words`: its number.
[[nodiscard]] std::size_t read_choice(const YamlNode& node, const std::vector<std::string>& words);

/// Runs `read` and, should it throw an Error without a place, adds the path and place of `node`.
void at_node(const YamlNode& node, const std::function<void()>& read);

/// The same with a place alone.
void at_place(const Place& place, const std::function<void()>& read);

/// Keeps, of the errors that `attempt` catches, the one that stands first in its file, so that a
/// user who repairs a file from the top down is told about the top first.
class FirstError {
public:
    void attempt(const std::function<void()>& read);
    /// Throws what was kept, if anything.
    void raise() const;

private:
    std::optional<Error> first_;
};

}  // namespace turnover
