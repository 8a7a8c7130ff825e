#include "turnover/steady/extended_transient.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "turnover/base/index.hpp"
#include "turnover/steady/double_double.hpp"
#include "turnover/steady/lu.hpp"
#include "turnover/steady/newton.hpp"
#include "turnover/steady/standing_law.hpp"

namespace turnover {

namespace {

/// Errors of a coverage that are none, while coverages grow from nothing by powers of time, and
/// later (from `late` s on), when coverages that fall as a power of time may have a long way to go.
constexpr double early_tolerance = 1e-45;
constexpr double late_tolerance = 1e-280;
constexpr double late = 1e15;
/// Coverages below this one are not told from nothing when a system is scaled.
constexpr double smallest_scale = 1e-150;

double log_of_ratio(const Digits250& a, const Digits250& b) {
    const double change = static_cast<double>(Digits250((a - b) / b));
    if (std::abs(change) < 0.5) return std::log1p(change);
    return std::log(
        std::max(static_cast<double>(Digits250(a / b)), std::numeric_limits<double>::min()));
}

/// One step of RODAS3 in one arithmetic.
template <class Number>
class Rodas {
public:
    Rodas(const Network& network, const PointKinetics& point, const LiveNetwork& live)
        : network_(network),
          point_(point),
          live_(live),
          n_(static_cast<std::size_t>(network.unknowns())),
          forward_(static_cast<std::size_t>(network.steps())),
          reverse_(forward_.size()),
          derivative_(n_),
          jacobian_(n_ * n_),
          size_(n_),
          exponent_(n_),
          row_exponent_(n_) {}

    /// What became of a step.
    struct Outcome {
        double error = std::numeric_limits<double>::infinity();  ///< over what is allowed
        /// The matrix was regular and no growing mode was stepped over.
        bool follows = false;
    };

    /// Takes a step of `length` from `x`; the end is in next().
    [[nodiscard]] Outcome take(const std::vector<Number>& x, const Number& length, double tolerance,
                               double floor) {
        Outcome outcome;
        length_ = length;
        if (!factor(x)) return outcome;
        outcome.follows = true;

        const std::vector<Number> flow = flow_at(x);
        const std::vector<Number> k1 = solved(flow, [](std::size_t) { return Number(0.0); });
        const std::vector<Number> k2 =
            solved(flow, [&](std::size_t i) { return Number(4.0) * k1[i]; });
        std::vector<Number> middle(n_);
        for (std::size_t i = 0; i < n_; ++i) middle[i] = x[i] + Number(2.0) * k1[i];
        const std::vector<Number> k3 =
            solved(flow_at(middle), [&](std::size_t i) { return k1[i] - k2[i]; });
        for (std::size_t i = 0; i < n_; ++i) middle[i] += k3[i];
        const Number share = Number(8.0) / Number(3.0);
        const std::vector<Number> k4 =
            solved(flow_at(middle), [&](std::size_t i) { return k1[i] - k2[i] - share * k3[i]; });

        next_.resize(n_);
        outcome.error = 0.0;
        for (std::size_t i = 0; i < n_; ++i) {
            next_[i] = middle[i] + k4[i];
            const double local = std::abs(static_cast<double>(k4[i]));
            const double end = static_cast<double>(next_[i]);
            const double size =
                std::max(std::abs(static_cast<double>(x[i])), std::abs(end)) + floor;
            double error = local / (tolerance * size);
            if (end < -tolerance * size) error = std::max(error, 8.0);
            // Not max(), which would let a NaN pass.
            if (!(error <= outcome.error)) outcome.error = error;
        }
        settle_laws(next_);
        return outcome;
    }

    /// Puts every conservation law right in `x` by one of its coverages. False where it leaves
    /// nothing of that.
    [[nodiscard]] bool settle(std::vector<Number>& x) {
        for (std::size_t i = 0; i < n_; ++i) size_[i] = std::abs(static_cast<double>(x[i]));
        laws_ = place_laws<Number>(point_, live_, live_.unknowns, size_);
        settle_laws(x);
        return std::ranges::all_of(
            laws_, [&](const StandingLaw<Number>& law) { return x[at(law.place)] > Number(0.0); });
    }

    [[nodiscard]] std::vector<Number>& next() { return next_; }

    /// The gross rates over the coverages they change, times the length of the step: so many units
    /// of the last digit does rounding contribute to the relative local error.
    [[nodiscard]] double fastest() const { return fastest_; }

private:
    /// Rates at `x`, times the length of the step.
    [[nodiscard]] std::vector<Number> flow_at(const std::vector<Number>& x) {
        step_rates(network_, point_, x.data(), forward_.data(), reverse_.data());
        balances(network_, forward_.data(), reverse_.data(), derivative_.data());
        std::vector<Number> flow(n_);
        for (std::size_t i = 0; i < n_; ++i) flow[i] = length_ * derivative_[i];
        return flow;
    }

    /// 2 I - h J at `x`, each law in the place of the balance of an unknown that carries much of
    /// it. Coverages are relative to those at `x` and rows to their largest entry, both to the next
    /// power of two, which costs no multiplication.
    [[nodiscard]] bool factor(const std::vector<Number>& x) {
        using std::ldexp;
        for (std::size_t i = 0; i < n_; ++i) {
            size_[i] = std::max(std::abs(static_cast<double>(x[i])), smallest_scale);
            exponent_[i] = std::ilogb(size_[i]);
        }
        laws_ = place_laws<Number>(point_, live_, live_.unknowns, size_);
        jacobian(network_, point_, x.data(), jacobian_.data());
        std::vector<Number> matrix(n_ * n_, Number(0.0));
        fastest_ = 0.0;
        for (std::size_t i = 0; i < n_; ++i) {
            for (std::size_t k = 0; k < n_; ++k) {
                const Number& slope = jacobian_[i * n_ + k];
                // What cannot be made would only grow in theory.
                if (is_zero(slope) || !live_.is_live[i] || !live_.is_live[k]) continue;
                matrix[i * n_ + k] = ldexp(Number(-length_ * slope), exponent_[k] - exponent_[i]);
            }
            fastest_ = std::max(fastest_, static_cast<double>(matrix[i * n_ + i]));
            matrix[i * n_ + i] += Number(2.0);
        }
        for (const StandingLaw<Number>& law : laws_) {
            const std::size_t place = at(law.place);
            // Of the sign that keeps the determinant's.
            const int sign = law.coefficients[place] < 0 ? -1 : 1;
            for (std::size_t k = 0; k < n_; ++k) {
                matrix[place * n_ + k] = ldexp(Number(double(sign * law.coefficients[k])),
                                               exponent_[k] - exponent_[place]);
            }
        }
        for (std::size_t i = 0; i < n_; ++i) {
            double largest = 0.0;
            for (std::size_t k = 0; k < n_; ++k) {
                largest = std::max(largest, std::abs(static_cast<double>(matrix[i * n_ + k])));
            }
            if (!std::isfinite(largest) || largest == 0.0) return false;
            row_exponent_[i] = -std::ilogb(largest);
            for (std::size_t k = 0; k < n_; ++k) {
                Number& entry = matrix[i * n_ + k];
                if (!is_zero(entry)) entry = ldexp(entry, row_exponent_[i]);
            }
        }
        return lu_.factor(std::move(matrix), static_cast<int>(n_)) &&
               !lu_.determinant_is_negative();
    }

    /// (2 I - h J)^-1 (flow + more), within the laws.
    template <class More>
    [[nodiscard]] std::vector<Number> solved(const std::vector<Number>& flow, const More& more) {
        using std::ldexp;
        std::vector<Number> side(n_);
        for (std::size_t i = 0; i < n_; ++i) {
            side[i] = ldexp(Number(flow[i] + more(i)), row_exponent_[i] - exponent_[i]);
        }
        for (const StandingLaw<Number>& law : laws_) side[at(law.place)] = Number(0.0);
        lu_.solve(side);
        for (std::size_t i = 0; i < n_; ++i) side[i] = ldexp(side[i], exponent_[i]);
        return side;
    }

    /// Takes rounding out of the laws.
    void settle_laws(std::vector<Number>& x) {
        for (const StandingLaw<Number>& law : laws_) {
            Number sum = law.total;
            for (std::size_t k = 0; k < n_; ++k) {
                if (k != at(law.place)) add_multiple(sum, -law.coefficients[k], x[k]);
            }
            const int own = law.coefficients[at(law.place)];
            x[at(law.place)] = own == 1 ? sum : sum / Number(double(own));
        }
    }

    const Network& network_;
    const PointKinetics& point_;
    const LiveNetwork& live_;
    std::size_t n_;
    Number length_{0.0};
    std::vector<Number> forward_, reverse_, derivative_, jacobian_, next_;
    std::vector<double> size_;                  ///< of the coverages where the step begins
    std::vector<int> exponent_, row_exponent_;  ///< of two, with which columns and rows are scaled
    std::vector<StandingLaw<Number>> laws_;
    Lu<Number> lu_;
    double fastest_ = 0.0;
};

}  // namespace

class ExtendedTransient::Place {
public:
    explicit Place(const std::vector<double>& initial)
        : state_32(initial.begin(), initial.end()), coverages(initial) {}

    [[nodiscard]] Digits250 exact(std::size_t i) const {
        return !state_250.empty()   ? state_250[i]
               : !state_100.empty() ? Digits250(state_100[i])
                                    : Digits250(state_32[i].high()) + Digits250(state_32[i].low());
    }

    // Empty where they are not needed; the last one that is not counts.
    std::vector<DoubleDouble> state_32;
    std::vector<Digits100> state_100;
    std::vector<Digits250> state_250;
    std::vector<double> coverages;
    double time = 0.0, length = 1.0;
    double fastest = 0.0;  ///< Rodas::fastest() of the last step
    bool just_rejected = false;
};

struct ExtendedTransient::Implementation : Place {
    Implementation(const Network& network, const PointKinetics& the_point,
                   const LiveNetwork& the_live, double the_tolerance)
        : Place(the_point.initial),
          point(the_point),
          live(the_live),
          tolerance(the_tolerance),
          in_32(network, point, live),
          in_100(network, point, live),
          in_250(network, point, live) {
        double largest = 0.0;
        for (const double k : point.forward) largest = std::max(largest, k);
        for (const double k : point.reverse) largest = std::max(largest, k);
        length = largest > 0.0 ? 0.1 * std::sqrt(early_tolerance) / largest : 1.0;
    }

    /// One step in `Number` from `state`, of a length that suits. False where there is none.
    template <class Number>
    bool advance(Rodas<Number>& method, std::vector<Number>& state) {
        constexpr int most_tries = 200;
        for (int tries = 0; tries < most_tries; ++tries) {
            const double tried = std::min(length, longest);
            const auto outcome = method.take(state, Number(tried), tolerance, floor());
            ++steps;
            work += weight_of<Number>();
            fastest = method.fastest();
            const double cube = std::cbrt(std::max(outcome.error, 1e-6));
            // A NaN is an error too.
            const double factor =
                outcome.follows && outcome.error < 1e300 ? std::clamp(0.9 / cube, 0.1, 6.0) : 0.2;
            length = tried * (just_rejected ? std::min(factor, 1.0) : factor);
            just_rejected = !(outcome.follows && outcome.error <= 1.0);
            if (just_rejected) continue;
            accept(method, state, tried);
            return true;
        }
        return false;
    }

    /// One step of this length, if it can be made.
    template <class Number>
    bool advance_by(Rodas<Number>& method, std::vector<Number>& state, double forced) {
        const auto outcome = method.take(state, Number(forced), tolerance, floor());
        ++steps;
        work += weight_of<Number>();
        fastest = method.fastest();
        if (!outcome.follows || !std::isfinite(outcome.error)) return false;
        accept(method, state, forced);
        return true;
    }

    template <class Number>
    void accept(Rodas<Number>& method, std::vector<Number>& state, double taken) {
        state.swap(method.next());
        for (std::size_t i = 0; i < state.size(); ++i) {
            if (state[i] < Number(0.0)) state[i] = Number(0.0);
            coverages[i] = static_cast<double>(state[i]);
        }
        time += taken;
        last_length = taken;
    }

    /// As ExtendedTransient::leap(), in `Number`.
    template <class Number>
    std::optional<std::vector<double>> leap_in(Rodas<Number>& method, std::vector<Number>& state,
                                               const std::vector<double>& growth) {
        std::vector<Number> there = state;
        for (std::size_t i = 0; i < there.size(); ++i) {
            // Of a small growth exp() would round away most, of a large loss expm1() all.
            if (std::abs(growth[i]) < 0.5) {
                there[i] += there[i] * Number(std::expm1(growth[i]));
            } else {
                there[i] *= Number(std::exp(growth[i]));
            }
        }
        if (!method.settle(there)) return std::nullopt;
        std::vector<double> grown(there.size(), 0.0);
        for (std::size_t i = 0; i < there.size(); ++i) {
            if (state[i] == Number(0.0)) continue;
            grown[i] = std::log(static_cast<double>(there[i] / state[i]));
        }
        state.swap(there);
        for (std::size_t i = 0; i < state.size(); ++i) coverages[i] = static_cast<double>(state[i]);
        return grown;
    }

    [[nodiscard]] double floor() const { return time < late ? early_tolerance : late_tolerance; }

    void widen_to_100() {
        for (const DoubleDouble& x : state_32) {
            state_100.push_back(Digits100(x.high()) + Digits100(x.low()));
        }
    }
    void widen_to_250() { state_250.assign(state_100.begin(), state_100.end()); }

    [[nodiscard]] double allowed_rounding() const { return 1e-3 * tolerance; }

    /// Fewer digits only where rounding is far beneath what a step may err. A surface may swing in
    /// short steps again after long ones: then fewer digits will do once more, and be so much
    /// faster.
    void choose_arithmetic() {
        const auto rounding = [&](double epsilon) { return fastest * epsilon; };
        const double allowed = allowed_rounding(), certainly = 1e-3 * allowed;
        const double epsilon_32 = epsilon_of<DoubleDouble>(), epsilon_100 = epsilon_of<Digits100>();
        if (!state_250.empty() && rounding(epsilon_100) < certainly) {
            for (std::size_t i = 0; i < state_100.size(); ++i) {
                state_100[i] = Digits100(state_250[i]);
            }
            state_250.clear();
        }
        if (state_250.empty() && !state_100.empty() && rounding(epsilon_32) < certainly) {
            for (std::size_t i = 0; i < state_32.size(); ++i) {
                state_32[i] = converted<DoubleDouble>(state_100[i]);
            }
            state_100.clear();
        }
        if (state_100.empty() && !(rounding(epsilon_32) < allowed)) widen_to_100();
        if (!state_100.empty() && state_250.empty() && !(rounding(epsilon_100) < allowed)) {
            widen_to_250();
        }
    }

    /// Measured with 17 unknowns.
    template <class Number>
    static long weight_of() {
        return std::is_same_v<Number, DoubleDouble> ? 1
               : std::is_same_v<Number, Digits100>  ? 12
                                                    : 30;
    }
    template <class Number>
    static double epsilon_of() {
        return static_cast<double>(std::numeric_limits<Number>::epsilon());
    }

    const PointKinetics& point;
    const LiveNetwork& live;
    double tolerance;
    Rodas<DoubleDouble> in_32;
    Rodas<Digits100> in_100;
    Rodas<Digits250> in_250;
    double longest = std::numeric_limits<double>::infinity(), last_length = 0.0;
    int steps = 0;
    long work = 0;
    std::string failure;
};

ExtendedTransient::ExtendedTransient(const Network& network, const PointKinetics& point,
                                     const LiveNetwork& live, double relative_tolerance)
    : implementation_(std::make_unique<Implementation>(network, point, live, relative_tolerance)) {}

ExtendedTransient::~ExtendedTransient() = default;

bool ExtendedTransient::step() {
    Implementation& own = *implementation_;
    own.choose_arithmetic();
    if (own.state_100.empty()) {
        if (own.advance(own.in_32, own.state_32)) return true;
        own.widen_to_100();
    }
    if (own.state_250.empty()) {
        if (own.advance(own.in_100, own.state_100)) return true;
        own.widen_to_250();
    }
    if (out_of_digits()) {
        own.failure = fmt::format("rounding rules even in 250 digits, at {:.3g} s", own.time);
        return false;
    }
    if (own.advance(own.in_250, own.state_250)) return true;
    own.failure = fmt::format("no step from {:.3g} s is short enough", own.time);
    return false;
}

bool ExtendedTransient::step(double length) {
    Implementation& own = *implementation_;
    own.choose_arithmetic();
    return !own.state_250.empty()   ? own.advance_by(own.in_250, own.state_250, length)
           : !own.state_100.empty() ? own.advance_by(own.in_100, own.state_100, length)
                                    : own.advance_by(own.in_32, own.state_32, length);
}

double ExtendedTransient::last_length() const { return implementation_->last_length; }

std::shared_ptr<const ExtendedTransient::Place> ExtendedTransient::place() const {
    return std::make_shared<Place>(*implementation_);
}

void ExtendedTransient::return_to(const Place& place) {
    static_cast<Place&>(*implementation_) = place;
}

std::optional<std::vector<double>> ExtendedTransient::leap(const std::vector<double>& growth,
                                                           double duration) {
    Implementation& own = *implementation_;
    auto grown = !own.state_250.empty()   ? own.leap_in(own.in_250, own.state_250, growth)
                 : !own.state_100.empty() ? own.leap_in(own.in_100, own.state_100, growth)
                                          : own.leap_in(own.in_32, own.state_32, growth);
    if (grown) own.time += duration;
    return grown;
}

std::vector<double> ExtendedTransient::growth_since(const Place& place) const {
    return growth_between(place, *implementation_);
}

std::vector<double> ExtendedTransient::growth_between(const Place& from, const Place& to) {
    std::vector<double> growth(from.coverages.size(), 0.0);
    for (std::size_t i = 0; i < growth.size(); ++i) {
        const Digits250 before = from.exact(i);
        if (before > 0.0) growth[i] = log_of_ratio(to.exact(i), before);
    }
    return growth;
}

double ExtendedTransient::log_over(std::size_t unknown, double coverage) const {
    return log_of_ratio(implementation_->exact(unknown), Digits250(coverage));
}

std::vector<int> ExtendedTransient::left_to_laws() const {
    const Implementation& own = *implementation_;
    std::vector<int> places;
    for (const auto& law :
         place_laws<double>(own.point, own.live, own.live.unknowns, own.coverages)) {
        places.push_back(law.place);
    }
    return places;
}

double ExtendedTransient::relative_tolerance() const { return implementation_->tolerance; }
void ExtendedTransient::set_relative_tolerance(double tolerance) {
    implementation_->tolerance = tolerance;
}
void ExtendedTransient::limit_step(double longest) { implementation_->longest = longest; }
double ExtendedTransient::absolute_tolerance() const { return implementation_->floor(); }
double ExtendedTransient::time() const { return implementation_->time; }
int ExtendedTransient::steps() const { return implementation_->steps; }
long ExtendedTransient::work() const { return implementation_->work; }
const std::vector<double>& ExtendedTransient::coverages() const {
    return implementation_->coverages;
}
int ExtendedTransient::digits() const {
    const Implementation& own = *implementation_;
    return !own.state_250.empty() ? 250 : !own.state_100.empty() ? 100 : 0;
}
std::vector<Digits250> ExtendedTransient::exact_coverages() const {
    const Implementation& own = *implementation_;
    if (!own.state_250.empty()) return own.state_250;
    return {own.state_100.begin(), own.state_100.end()};
}
bool ExtendedTransient::out_of_digits() const {
    const Implementation& own = *implementation_;
    return !(own.fastest * own.epsilon_of<Digits250>() < own.allowed_rounding());
}
const std::string& ExtendedTransient::failure() const { return implementation_->failure; }

}  // namespace turnover
