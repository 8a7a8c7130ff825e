#include "turnover/chemistry/formula.hpp"

#include <cctype>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

bool is_upper(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }
bool is_lower(char c) { return std::islower(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

class FormulaParser {
public:
    FormulaParser(std::string_view text, const Constants& constants)
        : text_(text), constants_(constants) {}

    Composition parse() {
        Composition composition = group(0);
        if (composition.empty()) fail("there is no element in it");
        return composition;
    }

private:
    Composition group(int depth) {
        Composition composition;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '(') {
                ++at_;
                const Composition inner = group(depth + 1);
                if (at_ == text_.size()) fail("a ')' is missing");
                ++at_;
                const int times = count();
                for (const auto& [element, atoms] : inner) composition[element] += atoms * times;
            } else if (c == ')') {
                if (depth == 0) fail("a ')' has no '('");
                return composition;
            } else if (c == '-' || c == '=') {
                ++at_;  // a bond says nothing about the composition
            } else if (is_upper(c)) {
                std::string element(1, c);
                ++at_;
                // "Co" is cobalt, "CO" carbon and oxygen: a small letter always belongs to the
                // symbol.
                while (at_ < text_.size() && is_lower(text_[at_])) element += text_[at_++];
                (void)constants_.atomic_weight(element);
                composition[element] += count();
            } else {
                fail("'" + std::string(1, c) + "' is no element symbol");
            }
        }
        return composition;
    }

    int count() {
        if (at_ == text_.size() || !is_digit(text_[at_])) return 1;
        int value = 0;
        while (at_ < text_.size() && is_digit(text_[at_])) {
            value = 10 * value + (text_[at_++] - '0');
            if (value > 10000) fail("a count is too large");
        }
        if (value == 0) fail("a count of zero");
        return value;
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Error("cannot read the formula '" + std::string(text_) + "': " + what,
                    "Write element symbols with counts, as in CO2 or CH3OH; a species with another "
                    "kind of name needs a composition under adsorbates.");
    }

    std::string_view text_;
    const Constants& constants_;
    std::size_t at_ = 0;
};

}  // namespace

Composition parse_formula(std::string_view formula, const Constants& constants) {
    return FormulaParser(formula, constants).parse();
}

double molecular_mass(const Composition& composition, const Constants& constants) {
    double weight = 0.0;
    for (const auto& [element, atoms] : composition) {
        weight += atoms * constants.atomic_weight(element);
    }
    return weight * constants.atomic_mass;
}

std::string describe(const Composition& composition) {
    std::string text;
    for (const auto& [element, atoms] : composition) {
        if (atoms == 0) continue;
        if (!text.empty()) text += ' ';
        text += element + std::to_string(atoms);
    }
    return text.empty() ? "nothing" : text;
}

}  // namespace turnover
