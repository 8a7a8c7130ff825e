#include "turnover/chemistry/equation.hpp"

#include <array>
#include <cctype>

#include "turnover/base/error.hpp"

namespace turnover {

namespace {

constexpr std::string_view advice =
    "Write steps as 'CO_g + *_s -> CO_s', with a transition state as 'CO_s + O_s <-> CO-O_2s -> "
    "CO2_g + 2*_s', an irreversible one with '=>'; put spaces around '+' and arrows.";

struct Arrow {
    std::string_view text;
    bool reversible;
};

// Longest first, so that '<->' is not read as '->' behind a stray '<'.
constexpr std::array arrows{Arrow{"<->", true}, Arrow{"<=>", true}, Arrow{"->", true},
                            Arrow{"=>", false}};

std::string single_spaced(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!space) {
            result += c;
        } else if (!result.empty() && result.back() != ' ') {
            result += ' ';
        }
    }
    if (result.ends_with(' ')) result.pop_back();
    return result;
}

class EquationParser {
public:
    explicit EquationParser(std::string_view text) : text_(text) {}

    Equation parse() {
        std::vector<std::vector<EquationTerm>> states{state()};
        std::vector<Arrow> found;
        while (at_ < text_.size()) {
            found.push_back(arrow());
            states.push_back(state());
        }
        if (states.size() < 2) fail("there is no arrow in it");
        if (states.size() > 3) fail("it has more than two arrows");
        Equation equation;
        equation.initial = states.front();
        equation.final = states.back();
        if (states.size() == 3) equation.transition = states[1];
        for (const Arrow& one : found) equation.reversible = equation.reversible && one.reversible;
        equation.text = single_spaced(text_);
        return equation;
    }

private:
    std::vector<EquationTerm> state() {
        std::vector<EquationTerm> terms{term()};
        for (skip_spaces(); at_ < text_.size() && text_[at_] == '+'; skip_spaces()) {
            ++at_;
            terms.push_back(term());
        }
        return terms;
    }

    EquationTerm term() {
        skip_spaces();
        EquationTerm result;
        const std::size_t begin = at_;
        while (at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])) != 0)
            ++at_;
        if (at_ > begin) {
            if (at_ - begin > 2) fail("a coefficient above 99");
            result.coefficient = std::stoi(std::string(text_.substr(begin, at_ - begin)));
            if (result.coefficient == 0) fail("a coefficient of zero");
            skip_spaces();
        }
        const std::size_t name = at_;
        while (at_ < text_.size() && !ends_name()) ++at_;
        result.species = std::string(text_.substr(name, at_ - name));
        if (result.species.empty()) fail("a species is missing");
        return result;
    }

    [[nodiscard]] bool ends_name() const {
        if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '+')
            return true;
        return find_arrow() != nullptr;
    }

    [[nodiscard]] const Arrow* find_arrow() const {
        for (const Arrow& one : arrows) {
            if (text_.substr(at_).starts_with(one.text)) return &one;
        }
        return nullptr;
    }

    Arrow arrow() {
        const Arrow* found = find_arrow();
        if (found == nullptr) {
            fail("expected '+' or an arrow before '" + std::string(text_.substr(at_)) + "'");
        }
        at_ += found->text.size();
        return *found;
    }

    void skip_spaces() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0)
            ++at_;
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Error("cannot read the equation '" + std::string(text_) + "' at character " +
                        std::to_string(at_ + 1) + ": " + what,
                    std::string(advice));
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

Equation parse_equation(std::string_view text) { return EquationParser(text).parse(); }

}  // namespace turnover
