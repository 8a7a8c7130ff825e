// `map` of a model file, and `--points`.

#include <algorithm>
#include <optional>

#include "turnover/io/model_sections.hpp"
#include "turnover/io/model_values.hpp"

namespace turnover {

namespace {

constexpr long most_points = 10'000'000;  // of one axis; the grid has a limit of its own

/// Reads the values of one axis in the axis' unit.
class AxisReader {
public:
    AxisReader(const YamlMap& entry, const Mechanism& mechanism)
        : entry_(entry), constants_(mechanism.constants) {
        const YamlNode& vary =
            entry.at("vary", "Write what the axis varies, as in 'vary: pressure.CO_g'.");
        axis_.path = vary.text("a parameter such as pressure.CO_g");
        at_node(vary, [&] { axis_.parameter = find_parameter(mechanism, axis_.path); });
        if (const YamlEntry* unit = entry.find("unit")) {
            const std::string text = unit->value.text("a unit such as bar");
            at_node(unit->value, [&] {
                stated_ = parse_unit(text, constants_);
                use(*stated_);
            });
        }
    }

    Axis read(std::optional<std::size_t> points) {
        if (const YamlEntry* values = entry_.find("values")) {
            read_listed(values->value);
            if (points) {
                throw Error(
                    "the axis '" + axis_.path + "' is a list of values",
                    "Give 0 for this axis, which leaves it as it is, or change the list in the "
                    "model file.");
            }
        } else {
            read_spaced(points);
        }
        return axis_;
    }

private:
    void use(const Unit& unit) {
        axis_.unit = unit.text;
        axis_.unit_factor = parameter_factor(unit, axis_.parameter, constants_);
        has_unit_ = true;
    }

    /// The value of `node` in the axis' unit. The first one sets the unit, unless the file states
    /// it.
    [[nodiscard]] double value(const YamlNode& node) {
        Quantity quantity = read_quantity(node, constants_, "0.1 bar or 500 K");
        if (stated_ && quantity.unit.text.empty()) quantity.unit = *stated_;
        double si = 0.0;
        at_node(node, [&] {
            if (!has_unit_) use(quantity.unit);
            si = parameter_from(quantity, axis_.parameter, constants_);
        });
        // A value in the axis' own unit stays as it was written, to the last digit.
        return quantity.unit.text == axis_.unit ? quantity.value : si / axis_.unit_factor;
    }

    void read_listed(const YamlNode& node) {
        for (const char* key : {"from", "to", "points", "spacing"}) {
            if (const YamlEntry* found = entry_.find(key)) {
                throw found->error("'" + std::string(key) + "' does not go with 'values'",
                                   "Give either the values, or from, to and points.");
            }
        }
        axis_.spacing = Spacing::listed;
        for (const YamlNode& item : node.list("a list of values, as in [400 K, 450 K]")) {
            const double next = value(item);
            if (std::ranges::find(axis_.values, next) != axis_.values.end()) {
                throw item.error("this value stands twice on the axis", "Remove one of the two.");
            }
            axis_.values.push_back(next);
        }
    }

    void read_spaced(std::optional<std::size_t> points) {
        const std::string advice = "An axis has 'from', 'to' and 'points', or a list of 'values'.";
        const YamlNode& first = entry_.at("from", advice);
        const YamlNode& last = entry_.at("to", advice);
        const YamlNode& number = entry_.at("points", advice);
        const double from = value(first);
        const double to = value(last);
        auto count = static_cast<std::size_t>(read_integer(number, 1, most_points, "20"));
        if (points) {
            if (*points > static_cast<std::size_t>(most_points)) {
                throw Error("too many points for the axis '" + axis_.path + "'",
                            "An axis has at most " + std::to_string(most_points) + " points.");
            }
            count = *points;
        }
        axis_.spacing = Spacing::linear;
        if (const YamlEntry* spacing = entry_.find("spacing")) {
            if (read_choice(spacing->value, {"linear", "logarithmic"}) == 1) {
                axis_.spacing = Spacing::logarithmic;
            }
        }
        if (axis_.spacing == Spacing::logarithmic) {
            for (const auto& [end, node] : {std::pair{from, &first}, std::pair{to, &last}}) {
                if (end > 0.0) continue;
                throw node->error("a logarithmic axis must be greater than zero",
                                  "Begin above zero, or write 'spacing: linear'.");
            }
        }
        if (from == to && count > 1) {
            throw last.error("the axis ends where it begins", "Change 'from' or 'to'.");
        }
        at_node(number, [&] { axis_.values = spaced(axis_.spacing, from, to, count); });
        if (std::ranges::adjacent_find(axis_.values) != axis_.values.end()) {
            throw number.error("two neighbouring points of the axis are the same number",
                               "There are more points than doubles between 'from' and 'to'.");
        }
    }

    const YamlMap& entry_;
    const Constants& constants_;
    std::optional<Unit> stated_;
    bool has_unit_ = false;
    Axis axis_;
};

Place points_place(const std::vector<std::size_t>& points) {
    std::string text = "--points ";
    for (std::size_t i = 0; i < points.size(); ++i) {
        text += (i == 0 ? "" : "x") + std::to_string(points[i]);
    }
    return {text, 0, 0};
}

}  // namespace

Grid read_map(const YamlMap& model, const Mechanism& mechanism,
              const std::vector<std::size_t>& points) {
    const YamlEntry* section = model.find("map");
    if (section == nullptr) {
        if (points.empty()) return {};
        throw Error("the model has no map", "Add a map to the model file, or leave --points out.",
                    points_place(points));
    }
    const YamlMap map = section->value.map("a map with 'axes'", {"axes", "starting-surfaces"});
    const YamlNode& axes_node =
        map.at("axes", "Write a list of axes, as in '- {vary: temperature, from: 400 K, ...}'.");
    const std::vector<YamlNode> items = axes_node.list("a list of axes");
    if (!points.empty() && points.size() != items.size()) {
        throw Error(
            "the map has " + std::to_string(items.size()) + " axes, not " +
                std::to_string(points.size()),
            "Give one number of points for each axis, in the order of the file, as in 20x30.",
            points_place(points));
    }

    FirstError errors;
    std::vector<Axis> axes;
    for (std::size_t i = 0; i < items.size(); ++i) {
        errors.attempt([&] {
            const YamlMap entry = items[i].map(
                "an axis, as in {vary: temperature, from: 400 K, to: 600 K, points: 20}",
                {"vary", "unit", "from", "to", "points", "spacing", "values"});
            AxisReader reader(entry, mechanism);
            std::optional<std::size_t> count;
            if (!points.empty() && points[i] > 0) count = points[i];
            Axis axis;
            at_place(points_place(points), [&] { axis = reader.read(count); });
            const auto same = [&](const Axis& other) { return other.parameter == axis.parameter; };
            if (std::ranges::any_of(axes, same)) {
                throw entry.at("vary", "")
                    .error("another axis varies '" + axis.path + "' already",
                           "Remove one of the two axes.");
            }
            axes.push_back(std::move(axis));
        });
    }
    errors.raise();
    std::optional<Grid> grid;
    at_node(axes_node, [&] { grid.emplace(std::move(axes)); });
    return *grid;
}

}  // namespace turnover
