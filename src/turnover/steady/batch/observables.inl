// Net rates and turnover frequencies at a root, with bounds on their errors.
#if defined(TURNOVER_BATCH_OBSERVABLES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_OBSERVABLES_INL
#undef TURNOVER_BATCH_OBSERVABLES_INL
#else
#define TURNOVER_BATCH_OBSERVABLES_INL
#endif

#include "turnover/steady/batch/double_double.inl"
#include "turnover/steady/batch/flat_network.hpp"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/root.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// Relative error of `value` when it is known to `error` and then rounded to double; huge where not
/// even its sign is known.
HWY_INLINE Vec relative_error(const Double2& value, Vec error) {
    const Vec least = abs(value.high) - abs(value.low) - error;
    const Vec ratio = (error + abs(value.low)) / least;
    return select(hn::Gt(least, zero()), ratio, constant(1e300));
}

/// A difference of large rates whose error is far below the rates' own: the errors of the coverages
/// are u = B r with r the (bounded) scaled balances, so that for a quantity of gradient g by u the
/// error is |(g B) r|, where g B is small when the balances themselves determine the quantity.
template <class S>
class Observables {
public:
    explicit Observables(const FlatNetwork& net)
        : net_(net),
          net_rate(static_cast<std::size_t>(net.steps)),
          turnover(static_cast<std::size_t>(net.gases)),
          weights_(static_cast<std::size_t>(net.steps * net.unknowns)),
          gradient_size_(static_cast<std::size_t>(net.steps)),
          gross_(static_cast<std::size_t>(net.steps)) {}

    /// Evaluates both from the rates at `root`; returns the largest relative error bound, rounding
    /// to double included.
    HWY_INLINE Vec evaluate(const Root<S>& root, const Double2* rates, const Double2* net_rates) {
        const int n = S::size(net_.unknowns);
        Vec worst = zero();
        for (int j = 0; j < net_.steps; ++j) {
            net_rate[j] = zero();
            if (!net_.on_a_route[static_cast<std::size_t>(j)]) continue;
            const int forward = net_.forward_of[static_cast<std::size_t>(j)];
            const int reverse = net_.reverse_of[static_cast<std::size_t>(j)];
            propagate(j, forward, reverse, rates[forward].high, rates[reverse].high, root);
            const Vec error = bound(&weights_[j * n], gradient_size_[j], gross_[j], root);
            net_rate[j] = net_rates[j].high;
            worst = larger(relative_error(net_rates[j], error), worst);
        }
        for (int g = 0; g < net_.gases; ++g) {
            Double2 sum = double2(zero());
            Vec weights[S::capacity], gradient_size = zero(), gross = zero();
            for (int i = 0; i < n; ++i) weights[i] = zero();
            for (const Term& term : net_.turnovers[g]) {
                const Vec c = constant(term.coefficient),
                          size = constant(std::fabs(term.coefficient));
                sum = sum + net_rates[term.index] * c;
                gradient_size = fma(size, gradient_size_[term.index], gradient_size);
                gross = fma(size, gross_[term.index], gross);
                for (int i = 0; i < n; ++i) {
                    weights[i] = fma(c, weights_[term.index * n + i], weights[i]);
                }
            }
            turnover[g] = sum.high;
            if (net_.turnovers[g].empty()) continue;
            worst = larger(relative_error(sum, bound(weights, gradient_size, gross, root)), worst);
        }
        return worst;
    }

private:
    const FlatNetwork& net_;

public:
    LaneArray<Vec> net_rate;  ///< per step, 1/s; zero off every route
    LaneArray<Vec> turnover;  ///< per gas, 1/s

private:
    /// Gradient of the net rate by relative changes of the coverages that are not dominant, and its
    /// product with the inverse.
    HWY_INLINE void propagate(int j, int forward, int reverse, Vec forward_rate, Vec reverse_rate,
                              const Root<S>& root) {
        const int n = S::size(net_.unknowns);
        Vec gradient[S::capacity];
        for (int i = 0; i < n; ++i) gradient[i] = zero();
        if (forward < net_.directions) {
            for (const Term& term : net_.sensitivities[forward]) {
                gradient[term.index] =
                    fma(constant(term.coefficient), forward_rate, gradient[term.index]);
            }
        }
        if (reverse < net_.directions) {
            for (const Term& term : net_.sensitivities[reverse]) {
                gradient[term.index] =
                    fnma(constant(term.coefficient), reverse_rate, gradient[term.index]);
            }
        }
        const SiteLaws<S>& laws = *root.laws;
        for (int s = 0; s < laws.sites(); ++s) {
            const Vec of_dominant = laws.dominant_of(s, gradient);
            laws.each(s, [&](int i) HWY_ATTR {
                gradient[i] =
                    zero_where(laws.dominant(i), fnma(root.share[i], of_dominant, gradient[i]));
            });
        }
        Vec size = zero();
        for (int i = 0; i < n; ++i) size = size + abs(gradient[i]);
        for (int i = 0; i < n; ++i) {
            Vec sum = zero();
            for (int m = 0; m < n; ++m) sum = fma(gradient[m], root.inverse[m * n + i], sum);
            weights_[j * n + i] = sum;
        }
        gradient_size_[j] = size;
        gross_[j] = forward_rate + reverse_rate;
    }

    /// |g B r| + |g| q max |u| + the rounding of g B and of the rates themselves.
    HWY_INLINE Vec bound(const Vec* weights, Vec gradient_size, Vec gross,
                         const Root<S>& root) const {
        Vec error = fma(gradient_size, root.remainder, gross * root.rounding);
        for (int i = 0; i < S::size(net_.unknowns); ++i) {
            error = fma(abs(weights[i]), root.noise[i], error);
        }
        return constant(1.1) * error;
    }

    LaneArray<Vec> weights_;        ///< steps x unknowns
    LaneArray<Vec> gradient_size_;  ///< per step: sum of |gradient|, 1/s
    LaneArray<Vec> gross_;          ///< per step: forward + reverse rate, 1/s
};

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
