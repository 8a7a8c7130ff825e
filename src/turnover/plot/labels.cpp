#include "turnover/plot/labels.hpp"

#include <algorithm>
#include <cctype>

#include "turnover/plot/gnuplot.hpp"

namespace turnover {

namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// What follows `prefix`, if `text` begins with it.
bool strip(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// The equation of a step as it is printed: arrows for the marks of the keyboard.
std::string step_label(std::string_view step) {
    std::string label = gnuplot_plain(step);
    const auto replace = [&label](std::string_view from, std::string_view to) {
        for (std::size_t at = 0; (at = label.find(from, at)) != std::string::npos;
             at += to.size()) {
            label.replace(at, from.size(), to);
        }
    };
    replace("<->", "↔");
    replace("->", "→");
    return label;
}

}  // namespace

std::string formula_label(std::string_view formula) {
    std::string label;
    bool counted = false;  // inside a count, after an element symbol or a closing parenthesis
    for (std::size_t i = 0; i < formula.size(); ++i) {
        const char before = i == 0 ? '\0' : formula[i - 1];
        const bool count =
            is_digit(formula[i]) &&
            (counted || before == ')' || std::isalpha(static_cast<unsigned char>(before)) != 0);
        if (count && !counted) label += "_{";
        if (!count && counted) label += "}";
        counted = count;
        label += count ? std::string(1, formula[i]) : gnuplot_plain(formula.substr(i, 1));
    }
    return counted ? label + "}" : label;
}

std::string species_label(std::string_view name) {
    return formula_label(name.substr(0, name.rfind('_')));
}

std::vector<std::string> species_labels(const std::vector<std::string_view>& names) {
    std::vector<std::string> labels;
    labels.reserve(names.size());
    for (const std::string_view name : names) labels.push_back(species_label(name));
    const std::vector<std::string> short_ones = labels;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (std::ranges::count(short_ones, short_ones[i]) > 1) labels[i] = gnuplot_plain(names[i]);
    }
    return labels;
}

std::string axis_quantity(const MapAxis& axis) {
    std::string_view what = axis.name;
    if (what == "temperature") return "{/:Italic T}";
    if (strip(what, "pressure.")) return "{/:Italic p}(" + species_label(what) + ")";
    if (strip(what, "site-total.")) return "sites " + gnuplot_plain(what);
    if (strip(what, "energy.")) return "{/:Italic E}(" + gnuplot_plain(what) + ")";
    if (strip(what, "barrier.")) return "{/:Italic E}_{a}(" + step_label(what) + ")";
    if (strip(what, "reaction-energy.")) return "Δ{/:Italic E}(" + step_label(what) + ")";
    return gnuplot_plain(what);
}

std::string axis_label(const MapAxis& axis) {
    const std::string unit = unit_label(axis.units);
    return axis_quantity(axis) + (unit.empty() ? "" : " / " + unit);
}

std::string unit_label(std::string_view unit) {
    if (unit == "1") return {};
    if (unit == "1/s") return "s^{−1}";
    std::string label;
    for (std::size_t i = 0; i < unit.size(); ++i) {
        if (unit[i] != '^') {
            label += gnuplot_plain(unit.substr(i, 1));
            continue;
        }
        label += "^{";
        while (i + 1 < unit.size() && (is_digit(unit[i + 1]) || unit[i + 1] == '-')) {
            ++i;
            label += unit[i] == '-' ? std::string("−") : std::string(1, unit[i]);
        }
        label += "}";
    }
    return label;
}

}  // namespace turnover
