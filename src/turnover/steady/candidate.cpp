#include "turnover/steady/candidate.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include "turnover/base/index.hpp"
#include "turnover/steady/double_double.hpp"
#include "turnover/steady/extended.hpp"

namespace turnover {

namespace {

/// The point seen from one transient state: what stays the same for every arithmetic.
struct Neighbourhood {
    const Network& network;
    const PointKinetics& point;
    const LiveNetwork& live;
    const NewtonStart& start;
    std::vector<int> moving, empty;
    double closeness;
    double largest_error;
};

/// Whether the root is where the transient is, as far as the transient knows, and the way there was
/// short enough for the linear dynamics about the root to rule it.
template <class Number>
bool is_close(const Neighbourhood& here, const Root<Number>& root) {
    for (const int i : here.moving) {
        const double from = here.start.coverages[at(i)];
        const double to = static_cast<double>(root.coverages[at(i)]);
        if (std::max(from, to) < here.start.resolved) continue;
        if (!(std::abs(to - from) <= here.closeness * std::max(from, to))) return false;
    }
    return root.second_update <= 0.25 * root.first_update || root.second_update < 1e-8;
}

/// Whether every law holds, those of empty unknowns included.
template <class Number>
bool conserves(const Neighbourhood& here, const Root<Number>& root) {
    using std::abs;
    for (const LiveLaw& law : here.live.laws) {
        Number sum(0.0), scale(0.0), total(law.total);
        if (!law.of_network) total = Number(0.0);
        for (int i = 0; i < here.network.unknowns(); ++i) {
            const Number c{double(law.coefficients[at(i)])};
            sum += c * root.coverages[at(i)];
            scale += abs(c * root.coverages[at(i)]);
            if (!law.of_network) total += c * Number(here.point.initial[at(i)]);
        }
        if (abs(sum - total) > Number(1e-15) * (scale + abs(total))) return false;
    }
    return true;
}

/// The slower of the modes of the moving part and of the empty part; they do not mix, because
/// nothing but the empty unknowns themselves fills them.
template <class Number, class Spectrum>
SlowestMode judge_stability(const Neighbourhood& here, const ScaledBalances<Number>& equations,
                            const Root<Number>& root) {
    const auto mode_of = [](const std::vector<Number>& matrix, int n) {
        std::vector<Spectrum> entries;
        for (const Number& entry : matrix) entries.push_back(converted<Spectrum>(entry));
        return slowest_mode(std::move(entries), n);
    };
    int kept = 0;
    const auto reduced = reduced_jacobian(here.network, equations, root.coverages, kept);
    const SlowestMode moving = mode_of(reduced, kept);
    const SlowestMode empty = mode_of(empty_jacobian(here.network, equations, here.empty),
                                      static_cast<int>(here.empty.size()));
    if (moving.grows() || empty.grows()) return moving.real_part > empty.real_part ? moving : empty;
    if (moving.decays() && empty.decays()) {
        return moving.real_part > empty.real_part ? moving : empty;
    }
    return moving.decays() ? empty : moving;
}

/// `value` as a double; `worst` grows to the relative error that this and `error` make.
template <class Number>
double rounded(const Number& value, double relative_error, double& worst) {
    const double result = static_cast<double>(value);
    if (value == Number(0.0)) return 0.0;
    using std::abs;
    const double rounding = static_cast<double>(abs((value - Number(result)) / value));
    // The bound itself has been rounded a few times on its way to a double.
    worst = std::max(worst, (relative_error + rounding) * (1.0 + 0x1p-50));
    return result;
}

/// Fills rates and errors. False where a net rate drowns in the rounding of this arithmetic, unless
/// `last_resort`: then it counts as zero.
template <class Number>
bool fill(const Neighbourhood& here, const Root<Number>& root, bool last_resort,
          SteadyState& state) {
    using std::abs;
    const Network& network = here.network;
    bool resolved = true;
    const auto known = [&](const Number& value, double error, double& worst) {
        const double size = std::abs(static_cast<double>(value));
        // Known to be less than any double holds.
        if (size + error < std::numeric_limits<double>::min()) return 0.0;
        if (size > error) return rounded(value, error / size, worst);
        if (!last_resort) resolved = false;
        return 0.0;
    };

    state.coverages.clear();
    state.forward_rates.clear();
    state.reverse_rates.clear();
    state.net_rates.clear();
    state.turnover_frequencies.clear();
    state.coverage_error = state.rate_error = 0.0;
    for (int i = 0; i < network.unknowns(); ++i) {
        state.coverages.push_back(
            rounded(root.coverages[at(i)], root.coverage_error[at(i)], state.coverage_error));
    }
    // Where unknowns are empty, fewer steps run and fewer routes are left.
    LiveNetwork routes;
    const LiveNetwork* present = &here.live;
    if (!here.empty.empty()) {
        PointKinetics there = here.point;
        there.initial = state.coverages;
        routes = live_network(network, there);
        present = &routes;
    }
    std::vector<Number> net(at(network.steps()), Number(0.0));
    for (int j = 0; j < network.steps(); ++j) {
        state.forward_rates.push_back(static_cast<double>(root.forward[at(j)]));
        state.reverse_rates.push_back(static_cast<double>(root.reverse[at(j)]));
        if (present->on_a_route[at(j)]) net[at(j)] = root.forward[at(j)] - root.reverse[at(j)];
        state.net_rates.push_back(present->on_a_route[at(j)]
                                      ? known(net[at(j)], root.net_error[at(j)], state.rate_error)
                                      : 0.0);
    }
    for (int g = 0; g < network.gases(); ++g) {
        Number frequency(0.0);
        for (int j = 0; j < network.steps(); ++j) {
            frequency += Number(double(network.gas_stoichiometry(g, j))) * net[at(j)];
        }
        state.turnover_frequencies.push_back(
            present->turns_over[at(g)]
                ? known(frequency, root.turnover_error[at(g)], state.rate_error)
                : 0.0);
    }
    state.residual = root.residual;
    state.newton_iterations += root.iterations;
    return resolved && state.coverage_error <= here.largest_error &&
           state.rate_error <= here.largest_error;
}

/// One try in one arithmetic. `enough` tells whether more digits would change nothing that matters.
template <class Number, class Estimate, class Spectrum>
Candidate attempt(const Neighbourhood& here, bool last_resort, bool& enough) {
    Candidate candidate;
    candidate.state.digits = std::numeric_limits<Number>::digits10;
    if (candidate.state.digits < 50) candidate.state.digits = 34;  // as they are called
    ScaledBalances<Number> equations(here.network, here.point, here.live, here.moving,
                                     here.start.coverages);
    const auto root = newton<Number, Estimate>(here.network, equations, here.start);
    enough = true;
    if (!root.found || !is_close(here, root) || !conserves(here, root)) return candidate;

    const SlowestMode mode = judge_stability<Number, Spectrum>(here, equations, root);
    candidate.slowest = candidate.state.slowest_eigenvalue = mode.real_part;
    enough = fill(here, root, last_resort, candidate.state);
    if (mode.decays()) {
        candidate.verdict = Candidate::Verdict::stable;
    } else {
        candidate.verdict =
            mode.grows() ? Candidate::Verdict::unstable : Candidate::Verdict::undecided;
        enough = mode.grows();
    }
    return candidate;
}

}  // namespace

Candidate find_candidate(const Network& network, const PointKinetics& point,
                         const LiveNetwork& live, const std::vector<bool>& empty,
                         const NewtonStart& start, double closeness, double largest_error) {
    Neighbourhood here{network, point, live, start, {}, {}, closeness, largest_error};
    for (const int i : live.unknowns) (empty[at(i)] ? here.empty : here.moving).push_back(i);

    // A cheap look first: most states of a transient are nowhere near a root.
    const auto is_near = [&]<class Number>(Number) {
        ScaledBalances<Number> look(network, point, live, here.moving, start.coverages);
        return newton_distance(look, start) <= 2.0 * closeness;
    };
    if (!(start.digits == 0     ? is_near(DoubleDouble())
          : start.digits == 100 ? is_near(Digits100())
                                : is_near(Digits250()))) {
        return {};
    }

    int iterations = 0;
    bool enough = false;
    Candidate candidate;
    const auto attempt_in = [&]<class Number, class Spectrum>(Number, Spectrum, bool last_resort) {
        candidate = attempt<Number, Spectrum, Spectrum>(here, last_resort, enough);
        iterations += candidate.state.newton_iterations;
        candidate.state.newton_iterations = iterations;
    };
    if (start.digits == 0) attempt_in(Digits34(), DoubleDouble(), false);
    if (!enough && start.digits <= 100) attempt_in(Digits100(), Digits100(), false);
    if (!enough) attempt_in(Digits250(), Digits250(), true);
    return candidate;
}

}  // namespace turnover
