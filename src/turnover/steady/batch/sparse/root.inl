// The root of a large network, with a bound on its error: what root.inl does, without ever holding
// the inverse.
//
// A is the scaled matrix (balances over gross rates, coverages in relative changes, dominant ones
// eliminated), B what the factors make of the unit vectors, one column after the other. With
// E = A B - 1 and eps the largest row sum of |E|, every rounding counted, eps < 1/2 proves that
// A^-1 = B (1 + E)^-1, hence |A^-1 r|_i <= sum_j |B_ij| (|r_j| + eps / (1 - eps) max |r|).
//
// That would bound what rounding and curvature do, but badly: both act step by step, on all
// balances of a step at once, and the inverse of what one step does to all its balances is far
// smaller than the sum over balances. z_j = A^-1 (nu_j / gross) is the change of the coverages, in
// relative terms, with the net rate of step j: times the step's rates it is their logarithmic
// sensitivity, of order one even where fast steps in equilibrium make the inverse huge. So with
// s_i = sum_j |z_ij| (forward_j + reverse_j)
//     a relative error delta of every rate moves the root by at most delta s_i, and
//     over a ball of relative changes rho the map u -> u - A^-1 F(u) has
//     |D_i| <= C rho s_i, C = p (p - 1) kappa^2: a contraction where C rho max s < 1/2.
// Only the sums over balances, whose rounding has no such structure, are left to the columns; they
// are sums of net rates, small where a step is in equilibrium.
#if defined(TURNOVER_BATCH_SPARSE_ROOT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_SPARSE_ROOT_INL
#undef TURNOVER_BATCH_SPARSE_ROOT_INL
#else
#define TURNOVER_BATCH_SPARSE_ROOT_INL
#endif

#include <cmath>
#include <type_traits>

#include "turnover/steady/batch/observables.inl"
#include "turnover/steady/batch/root.inl"
#include "turnover/steady/batch/sparse/route_rates.hpp"
#include "turnover/steady/batch/sparse/step_system.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

template <class N>
struct Root<Sparse<N>> {
    using S = Sparse<N>;
    Double2 x[S::capacity];
    Vec gross[S::capacity];            ///< 1/s; the coverage itself where dominant
    Vec bound[S::capacity];            ///< on the relative error of x
    N share[S::capacity];              ///< see `shares`
    Vec defect;                        ///< q of the contraction, below 1/2 where it is bounded
    Vec curvature;                     ///< added to q per relative distance from x
    Vec residual;                      ///< largest scaled balance
    Vec rounding;                      ///< relative error of one rate by double-double arithmetic
    Vec per_step_sum, per_column_sum;  ///< bounds on |g u|, g a gradient, by the sums over g z_j
                                       ///< and over the columns of g B
    Vec per_gradient;                  ///< rounding of these, by the gradient's terms
    const SiteLaws<S>* laws;           ///< dominant unknowns, outliving the root
    SparseWorkspace<S>* work;          ///< matrix and factors
    Mask found, bounded;
};

/// Newton's method of root.inl over the sparse matrix. Leaves the iterate in `work.newton_x`, too.
template <SparseShape S>
HWY_INLINE Mask newton(const FlatNetwork& net, const Vec* k, const Vec* totals, NewtonLimits limits,
                       SparseWorkspace<S>& work, Vec* x, Vec& iterations) {
    using Number = typename S::Number;
    const int n = net.unknowns;
    const Vec lowest_share = constant(limits.lowest_share);
    Number fresh[S::capacity];
    Number* const from = work.newton_x.data();
    for (int i = 0; i < n; ++i) from[i] = Number(larger(x[i], constant(smallest_coverage)));
    from[n] = Number(constant(1.0));
    Mask nearly = nowhere(), settled = nowhere();
    for (int iteration = 0; iteration < limits.most_iterations; ++iteration) {
        const Number* const rates = work.rates_at(net, k, from);
        for (int i = 0; i < n; ++i) x[i] = high_of(from[i]);
        const SiteLaws<S> laws(net, x);
        SparseSystem<S> system(net, laws, work, k, from, zero());
        for (int i = 0; i < n; ++i) {
            fresh[i] = Number(zero());
            for (const Term& term : net.new_iterate[i]) {
                fresh[i] = fma(constant(term.coefficient), rates[term.index], fresh[i]);
            }
        }
        system.subtract_capacities(totals, fresh);
        (void)system.factorise();
        system.solve(fresh);
        laws.fill(totals, fresh);

        Mask still = everywhere();
        for (int i = 0; i < n; ++i) {
            const Number next =
                select(hn::Gt(high_of(fresh[i]), zero()), fresh[i], Number(lowest_share * x[i]));
            const Vec change = abs(high_of(next - from[i]));
            still = both(still, hn::Le(change, constant(1e-5) * high_of(next)));
            from[i] = select(settled, from[i], next);
        }
        iterations = iterations + zero_where(settled, constant(1.0));
        settled = either(settled, both(nearly, still));
        nearly = either(nearly, still);
        if (all(settled)) break;
    }
    for (int i = 0; i < n; ++i) x[i] = high_of(from[i]);
    return settled;
}

/// The proof of a root, in the making.
template <class S>
class RootProof {
public:
    using Number = typename S::Number;

    RootProof(const FlatNetwork& net, const SiteLaws<S>& laws, SparseWorkspace<S>& work,
              Root<S>& root)
        : net_(net), laws_(laws), work_(work), root_(root), n_(net.unknowns) {
        root.laws = &laws;
        root.work = &work;
    }

    /// Matrix, gross rates and factors at `x`, and what bounds the rounding of both. Returns where
    /// nothing is too small for the arithmetic.
    HWY_INLINE Mask prepare(const Vec* k, const Number* x) {
        Mask usable = everywhere();
        const Number* const rates = work_.rates_at(net_, k, x);
        for (int i = 0; i < n_; ++i) {
            Vec sum = zero();
            for (const Term& term : net_.balances[i]) {
                const auto j = static_cast<std::size_t>(term.index);
                const Vec both_ways =
                    high_of(rates[net_.forward_of[j]]) + high_of(rates[net_.reverse_of[j]]);
                sum = fma(constant(std::fabs(term.coefficient)), both_ways, sum);
            }
            per_own_gross_[i] = constant(1.0) / sum;
            root_.gross[i] = select(laws_.dominant(i), high_of(x[i]), sum);
            per_gross_[i] = constant(1.0) / root_.gross[i];
            usable = both(usable, hn::Gt(sum, constant(smallest_rate)));
            usable = both(usable, hn::Gt(high_of(x[i]), constant(smallest_coverage)));
        }
        shares(net_, laws_, x, root_.share);
        // kappa: how much larger a relative change of a dominant coverage can be than the others'.
        kappa_ = constant(1.0);
        for (int s = 0; s < net_.sites; ++s) {
            Vec sum = zero();
            laws_.each(s, [&](int i) HWY_ATTR { sum = sum + high_of(root_.share[i]); });
            kappa_ = larger(constant(1.01) * sum, kappa_);
        }
        const double p = net_.order;
        size_ = constant(p) * (constant(1.0) + kappa_);
        entry_error_ = constant(S::unit * (2.0 * net_.longest_balance + p + 8.0)) * size_;

        work_.lu.assemble(k, x, zero());
        work_.lu.scale(x, root_.gross);
        work_.lu.detach(laws_, root_.share);
        for (int e = 0; e < entries(); ++e) work_.matrix[e] = work_.lu.entry(e);
        for (int s = 0; s < net_.sites; ++s) {
            for (int i = 0; i < n_; ++i) work_.border[s * n_ + i] = work_.lu.border(s)[i];
        }
        (void)work_.lu.factorise();
        return usable;
    }

    /// Corrects root.x until what is left is noise, in the lanes not `done`. Returns how far it
    /// moved, and leaves the rates there.
    HWY_INLINE Vec correct(const Vec* k, const Vec* totals, const Number* x, Mask done,
                           Double2* rates, Double2* net_rates, Vec& iterations) {
        constexpr int most_passes = 8;
        for (int i = 0; i < n_; ++i) root_.x[i] = as_double2(x[i]);
        laws_.fill(totals, root_.x);
        Vec moved = zero(), last = constant(1e300);
        for (int pass = 0;; ++pass) {
            direction_rates(net_, k, root_.x, rates);
            for (int j = 0; j < net_.steps; ++j) {
                net_rates[j] = rates[net_.forward_of[static_cast<std::size_t>(j)]] -
                               rates[net_.reverse_of[static_cast<std::size_t>(j)]];
            }
            root_.residual =
                scaled_balances<S>(net_, laws_, net_rates, per_gross_, per_own_gross_, scaled_);
            for (int i = 0; i < n_; ++i) update_[i] = Number(scaled_[i]);
            Number* const sides[1] = {update_};
            work_.lu.template solve<1>(laws_, sides);
            Vec largest = zero();
            for (int i = 0; i < n_; ++i) {
                largest = larger(zero_where(laws_.dominant(i), abs(high_of(update_[i]))), largest);
            }
            // Corrections that shrink no more are noise.
            done = either(done, negation(hn::Lt(largest, constant(0.125) * last)));
            last = largest;
            if (all(done) || pass == most_passes) break;
            moved = moved + zero_where(done, largest);
            iterations = iterations + zero_where(done, constant(1.0));
            for (int i = 0; i < n_; ++i) {
                const Mask stays = either(done, laws_.dominant(i));
                const Vec change = zero_where(stays, high_of(update_[i]) * high_of(x[i]));
                root_.x[i] = root_.x[i] + change;
            }
            laws_.fill(totals, root_.x);
        }
        return moved;
    }

    /// The bounds of `root`, whose rates are `rates` and `net_rates`.
    HWY_INLINE void bound(const Double2* rates, const Double2* net_rates, Vec moved, Mask usable) {
        const double p = net_.order;
        root_.rounding = constant(p * double2_product_error);
        for (int e = 0; e < 3 * net_.steps; ++e) work_.step_sums[e] = zero();
        for (int e = 0; e < 3 * net_.gases; ++e) work_.gas_sums[e] = zero();
        Vec most_noise = zero();
        for (int i = 0; i < n_; ++i) {
            Vec sum = zero();
            for (const Term& term : net_.balances[i]) {
                sum = fma(constant(std::fabs(term.coefficient)), abs(net_rates[term.index].high),
                          sum);
            }
            const Vec summing =
                constant((net_.longest_balance + 3.0) * double2_sum_error + double2_product_error);
            noise_[i] = fma(summing, sum / root_.gross[i], constant(0x1p-51) * abs(scaled_[i]));
            noise_[i] = zero_where(laws_.dominant(i), noise_[i]);
            most_noise = larger(noise_[i], most_noise);
        }
        const Vec defect = pass_over_columns(rates);
        const Vec inflation = constant(1.01) / (constant(1.0) - defect);
        Vec norm = zero();
        for (int i = 0; i < n_; ++i) norm = larger(row_sum_[i], norm);
        const Vec missed = inflation * pass_over_steps(rates);

        Vec most_update = zero();
        for (int i = 0; i < n_; ++i) {
            most_update =
                larger(zero_where(laws_.dominant(i), abs(high_of(update_[i]))), most_update);
        }
        observe(rates, update_, zero(), zero(), constant(1.0));
        const Vec shifted = inflation * shift_by_laws(rates);
        const Vec hidden =
            fma(inflation, miss_of(update_, [&](int i) HWY_ATTR { return Number(scaled_[i]); }),
                fma(defect * inflation, most_noise, shifted));

        // Second derivatives: p (p - 1) pairs of factors, either of which may be the dominant
        // coverage.
        const Vec curved = constant(1.2 * p * (p - 1.0)) * kappa_ * kappa_;
        Vec most_sensitive = zero(), largest = zero();
        for (int i = 0; i < n_; ++i) {
            sensitivity_[i] = constant(1.01) * fma(row_sum_[i], missed, sensitivity_[i]);
            most_sensitive = larger(sensitivity_[i], most_sensitive);
            Vec sum = fma(row_sum_[i], hidden, spread_[i]);
            sum = fma(sensitivity_[i], root_.rounding, sum + abs(high_of(update_[i])));
            root_.bound[i] = constant(1.01) * sum;
            largest = larger(zero_where(laws_.dominant(i), root_.bound[i]), largest);
        }
        root_.curvature = curved * most_sensitive;
        const Vec radius = constant(2.0) * largest;
        const Vec remainder = curved * (moved + radius) * radius;
        root_.defect = root_.curvature * (moved + radius);
        root_.per_step_sum = root_.rounding + remainder;
        root_.per_column_sum = fma(missed, root_.per_step_sum, hidden);
        const Vec all_of_it = fma(step_sum_, root_.per_step_sum,
                                  fma(norm, most_noise + root_.per_column_sum, most_update));
        root_.per_gradient = constant(16.0 * S::unit * p) * kappa_ * all_of_it;
        for (int i = 0; i < n_; ++i) {
            root_.bound[i] = fma(remainder, sensitivity_[i], root_.bound[i]);
        }
        for (int s = 0; s < net_.sites; ++s) {
            const Vec of_dominant =
                constant(1.01) * work_.lu.displaced(s, root_.bound) + conservation_error();
            laws_.each(s, [&](int i) HWY_ATTR {
                root_.bound[i] = select(laws_.dominant(i), of_dominant, root_.bound[i]);
            });
        }
        root_.found = usable;
        for (int i = 0; i < n_; ++i) {
            root_.found = both(root_.found, hn::Gt(root_.x[i].high, constant(smallest_coverage)));
        }
        const Mask contracts =
            both(hn::Lt(root_.defect, constant(0.5)), hn::Lt(moved, constant(1e-3)));
        root_.bounded = both(both(root_.found, hn::Lt(defect, constant(0.5))), contracts);
        for (int i = 0; i < n_; ++i) {
            root_.bounded = both(root_.bounded, hn::Lt(root_.bound[i], constant(1e-12)));
        }
    }

private:
    [[nodiscard]] int entries() const { return static_cast<int>(work_.pattern.entries.size()); }

    HWY_INLINE static Double2 as_double2(Vec x) { return Double2(x); }
    HWY_INLINE static Double2 as_double2(const Double2& x) { return x; }

    /// The matrix times `v`, whose dominant elements keep the site totals. Dominant rows are not
    /// looked at.
    HWY_INLINE void multiply(const Number* v, Number* product) {
        for (int i = 0; i < n_; ++i) product[i] = Number(zero());
        for (int s = 0; s < net_.sites; ++s) {
            Number dominant = Number(zero());
            laws_.each(
                s, [&](int i) HWY_ATTR { dominant = select(laws_.dominant(i), v[i], dominant); });
            for (int i = 0; i < n_; ++i) {
                product[i] = fma(work_.border[s * n_ + i], dominant, product[i]);
            }
        }
        for (int e = 0; e < entries(); ++e) {
            const SparsePattern::Place& place = work_.pattern.entries[static_cast<std::size_t>(e)];
            product[place.row] = fma(work_.matrix[e], v[place.column], product[place.row]);
        }
    }

    /// The dominant elements of a solution as its other elements have them, to rounding.
    HWY_INLINE void balance(Number* v) {
        for (int s = 0; s < net_.sites; ++s) {
            const Number opposite = negative(work_.lu.displaced(s, v));
            laws_.each(s,
                       [&](int i) HWY_ATTR { v[i] = select(laws_.dominant(i), opposite, v[i]); });
        }
    }

    /// Bound on the elements of A v - side, rounding of A itself included.
    template <class Side>
    HWY_INLINE Vec miss_of(const Number* v, const Side& side) {
        multiply(v, product_);
        Vec most = zero(), size = zero(), right = zero();
        for (int i = 0; i < n_; ++i) {
            const Mask dominant = laws_.dominant(i);
            const Number given = side(i);
            most = larger(zero_where(dominant, abs(high_of(product_[i] - given))), most);
            right = larger(zero_where(dominant, abs(high_of(given))), right);
            size = larger(zero_where(dominant, abs(high_of(v[i]))), size);
        }
        const Vec products = constant(S::unit * (n_ + 8.0)) * fma(size_, size, right);
        return constant(1.01) * (fma(entry_error_, size, products) + most);
    }

    /// Row sums of |B|, bare and over the noise. Returns eps.
    HWY_INLINE Vec pass_over_columns(const Double2* rates) {
        for (int i = 0; i < n_; ++i) row_sum_[i] = spread_[i] = defect_[i] = zero();
        for (int j = 0; j < n_; ++j) {
            work_.lu.inverse_column(laws_, j, column_);
            balance(column_);
            multiply(column_, product_);
            for (int i = 0; i < n_; ++i) {
                const Mask dominant = laws_.dominant(i);
                const Vec size = zero_where(dominant, abs(high_of(column_[i])));
                const Number miss = i == j ? product_[i] - Number(constant(1.0)) : product_[i];
                row_sum_[i] = row_sum_[i] + size;
                spread_[i] = fma(size, noise_[j], spread_[i]);
                defect_[i] = defect_[i] + zero_where(dominant, abs(high_of(miss)));
            }
            observe(rates, column_, zero(), zero_where(laws_.dominant(j), constant(1.0)),
                    noise_[j]);
        }
        Vec norm = zero(), sizes[S::capacity], displaced[S::capacity];
        for (int i = 0; i < n_; ++i) norm = larger(row_sum_[i], norm);
        for (int i = 0; i < n_; ++i) sizes[i] = zero();
        for (int s = 0; s < net_.sites; ++s) displaced[s] = work_.lu.displaced(s, row_sum_);
        for (int e = 0; e < entries(); ++e) {
            const SparsePattern::Place& place = work_.pattern.entries[static_cast<std::size_t>(e)];
            sizes[place.row] =
                fma(abs(high_of(work_.matrix[e])), row_sum_[place.column], sizes[place.row]);
        }
        Vec worst = zero();
        for (int i = 0; i < n_; ++i) {
            for (int s = 0; s < net_.sites; ++s) {
                sizes[i] = fma(abs(high_of(work_.border[s * n_ + i])), displaced[s], sizes[i]);
            }
            const Vec rounded = fma(constant(S::unit * (n_ + 8.0)), sizes[i], entry_error_ * norm);
            worst = larger(zero_where(laws_.dominant(i), defect_[i] + rounded), worst);
        }
        return constant(1.01) * worst;
    }

    /// The sensitivities s. Returns a bound on the sum over steps of what their z miss of A z =
    /// nu / gross, times the steps' rates.
    HWY_INLINE Vec pass_over_steps(const Double2* rates) {
        for (int i = 0; i < n_; ++i) sensitivity_[i] = side_[i] = zero();
        Vec missed = zero();
        step_sum_ = zero();
        for (int j = 0; j < net_.steps; ++j) {
            const auto changes = work_.pattern.changes[j];
            if (changes.empty()) continue;
            const Vec gross = rates[net_.forward_of[static_cast<std::size_t>(j)]].high +
                              rates[net_.reverse_of[static_cast<std::size_t>(j)]].high;
            for (const Term& term : changes) {
                const Vec part = constant(term.coefficient) * gross / root_.gross[term.index];
                side_[term.index] = zero_where(laws_.dominant(term.index), part);
            }
            for (int i = 0; i < n_; ++i) column_[i] = Number(side_[i]);
            Number* const sides[1] = {column_};
            work_.lu.template solve<1>(laws_, sides);
            balance(column_);
            missed = missed + miss_of(column_, [&](int i) HWY_ATTR { return Number(side_[i]); });
            Vec most = zero();
            for (int i = 0; i < n_; ++i) {
                const Vec size = zero_where(laws_.dominant(i), abs(high_of(column_[i])));
                sensitivity_[i] = sensitivity_[i] + size;
                most = larger(size, most);
            }
            step_sum_ = step_sum_ + most;
            observe(rates, column_, constant(1.0), zero(), zero());
            for (const Term& term : changes) side_[term.index] = zero();
        }
        return missed;
    }

    /// The dominant coverage follows from the others by a sum of n terms in double-double, each at
    /// most (1 + kappa) times itself.
    [[nodiscard]] HWY_INLINE Vec conservation_error() const {
        return constant(double2_sum_error * (n_ + 4.0)) * (constant(1.0) + kappa_);
    }

    /// Adds to `spread` and to the third sums of the observables what that error does: as if the
    /// site total were another by as much, to all rates at once. Returns a bound on what is missed
    /// of the equations.
    HWY_INLINE Vec shift_by_laws(const Double2* rates) {
        const Vec error = conservation_error();
        Vec missed = zero();
        for (int s = 0; s < net_.sites; ++s) {
            const auto side = [&](int i) HWY_ATTR { return negative(work_.border[s * n_ + i]); };
            for (int i = 0; i < n_; ++i) column_[i] = side(i);
            Number* const sides[1] = {column_};
            work_.lu.template solve<1>(laws_, sides);
            balance(column_);
            missed = fma(error, miss_of(column_, side), missed);
            for (int i = 0; i < n_; ++i) {
                const Vec size = zero_where(laws_.dominant(i), abs(high_of(column_[i])));
                spread_[i] = fma(size, error, spread_[i]);
            }
            laws_.each(s, [&](int i) HWY_ATTR {
                const Number one = Number(constant(1.0));
                column_[i] = select(laws_.dominant(i), column_[i] + one, column_[i]);
            });
            observe(rates, column_, zero(), zero(), error);
        }
        return missed;
    }

    /// Adds |g v| to the three sums of every observable with the weights given, g its gradient by
    /// relative changes of the coverages.
    HWY_INLINE void observe(const Double2* rates, const Number* v, Vec first, Vec second,
                            Vec third) {
        const auto along = [&](int direction) HWY_ATTR {
            Number sum = Number(zero());
            for (const Term& term : net_.sensitivities[direction]) {
                sum = fma(constant(term.coefficient), v[term.index], sum);
            }
            return sum * rate(rates[direction]);
        };
        const auto add = [&](Vec size, Vec* sums) HWY_ATTR {
            sums[0] = fma(size, first, sums[0]);
            sums[1] = fma(size, second, sums[1]);
            sums[2] = fma(size, third, sums[2]);
        };
        for (int j = 0; j < net_.steps; ++j) {
            if (!net_.on_a_route[static_cast<std::size_t>(j)]) continue;
            const int forward = net_.forward_of[static_cast<std::size_t>(j)];
            const int reverse = net_.reverse_of[static_cast<std::size_t>(j)];
            Number weight = Number(zero());
            if (forward < net_.directions) weight = along(forward);
            if (reverse < net_.directions) weight = weight - along(reverse);
            work_.step_weight[j] = weight;
            add(abs(high_of(weight)), &work_.step_sums[3 * j]);
        }
        for (int g = 0; g < net_.gases; ++g) {
            Number weight = Number(zero());
            for (const Term& term : net_.turnovers[g]) {
                weight = fma(constant(term.coefficient), work_.step_weight[term.index], weight);
            }
            add(abs(high_of(weight)), &work_.gas_sums[3 * g]);
        }
    }
    HWY_INLINE static Number rate(const Double2& value) {
        if constexpr (S::exact) {
            return value;
        } else {
            return value.high;
        }
    }

    const FlatNetwork& net_;
    const SiteLaws<S>& laws_;
    SparseWorkspace<S>& work_;
    Root<S>& root_;
    const int n_;
    Vec kappa_, size_, entry_error_, step_sum_;
    Vec per_gross_[S::capacity], per_own_gross_[S::capacity], scaled_[S::capacity],
        noise_[S::capacity], side_[S::capacity];
    Vec row_sum_[S::capacity], spread_[S::capacity], defect_[S::capacity];
    Vec sensitivity_[S::capacity];
    Number update_[S::capacity], column_[S::capacity], product_[S::capacity];
};

/// `find_root` of root.inl, with the bounds above.
template <SparseShape S>
HWY_INLINE void find_root(const FlatNetwork& net, const Vec* k, const Vec* totals,
                          NewtonLimits limits, Vec* x, SparseWorkspace<S>& work, Double2* rates,
                          Double2* net_rates, SiteLaws<S>& laws, Root<S>& root, Vec& iterations) {
    const Mask settled = newton<S>(net, k, totals, limits, work, x, iterations);
    laws.choose(x);
    const typename S::Number* const from = work.newton_x.data();
    RootProof<S> proof(net, laws, work, root);
    const Mask usable = both(settled, proof.prepare(k, from));
    const Vec moved =
        proof.correct(k, totals, from, negation(usable), rates, net_rates, iterations);
    proof.bound(rates, net_rates, moved, usable);
}

/// Net rates and turnover frequencies, with bounds from what `polish` has left.
template <class N>
class Observables<Sparse<N>> {
public:
    using S = Sparse<N>;

    explicit Observables(const FlatNetwork& net)
        : net_(net),
          routes_(net),
          net_rate(static_cast<std::size_t>(net.steps)),
          turnover(static_cast<std::size_t>(net.gases)),
          steps_(3 * net.steps),
          gases_(3 * net.gases) {}

    HWY_INLINE Vec evaluate(const Root<S>& root, const Double2* rates, const Double2* net_rates) {
        const auto keep = [](LaneRows& rows, int place, const Double2& value, Vec error) HWY_ATTR {
            rows.put(3 * place, value.high);
            rows.put(3 * place + 1, value.low);
            rows.put(3 * place + 2, error);
        };
        for (int j = 0; j < net_.steps; ++j) {
            const Vec error = bound(&root.work->step_sums[3 * j], gross_of(j, rates), root);
            keep(steps_, j, net_rates[j], error);
        }
        for (int g = 0; g < net_.gases; ++g) {
            Double2 sum = double2(zero());
            Vec gross = zero();
            for (const Term& term : net_.turnovers[g]) {
                sum = sum + net_rates[term.index] * constant(term.coefficient);
                gross =
                    fma(constant(std::fabs(term.coefficient)), gross_of(term.index, rates), gross);
            }
            keep(gases_, g, sum, bound(&root.work->gas_sums[3 * g], gross, root));
        }
        const Mask rough = both(root.bounded, hn::Gt(worst_error(), constant(rough_error)));
        for (std::size_t lane = 0; lane < width; ++lane) {
            if (bits_of(rough) >> lane & 1u) improve(lane);
        }
        for (int j = 0; j < net_.steps; ++j) {
            const bool moves = net_.on_a_route[static_cast<std::size_t>(j)];
            net_rate[j] = moves ? steps_.get(3 * j) : zero();
        }
        for (int g = 0; g < net_.gases; ++g) turnover[g] = gases_.get(3 * g);
        return worst_error();
    }

private:
    const FlatNetwork& net_;

    [[nodiscard]] HWY_INLINE Vec gross_of(int j, const Double2* rates) const {
        return rates[net_.forward_of[static_cast<std::size_t>(j)]].high +
               rates[net_.reverse_of[static_cast<std::size_t>(j)]].high;
    }
    [[nodiscard]] HWY_INLINE static Vec bound(const Vec* sums, Vec gross, const Root<S>& root) {
        Vec error = gross * (root.rounding + root.per_gradient);
        error = fma(sums[0], root.per_step_sum, error);
        error = fma(sums[1], root.per_column_sum, error);
        return constant(1.1) * (error + sums[2]);
    }

    /// The largest relative error of what is not zero by its nature, rounding to double included.
    [[nodiscard]] HWY_INLINE Vec worst_error() {
        Vec worst = zero();
        const auto see = [&](const LaneRows& rows, int place) HWY_ATTR {
            const Double2 value{rows.get(3 * place), rows.get(3 * place + 1)};
            worst = larger(relative_error(value, rows.get(3 * place + 2)), worst);
        };
        for (int j = 0; j < net_.steps; ++j) {
            if (net_.on_a_route[static_cast<std::size_t>(j)]) see(steps_, j);
        }
        for (int g = 0; g < net_.gases; ++g) {
            if (!net_.turnovers[g].empty()) see(gases_, g);
        }
        return worst;
    }

    void improve(std::size_t lane) {
        const auto taken = [&](LaneRows& rows, int count) {
            BoundedRates rates;
            for (int r = 0; r < count; ++r) {
                rates.high.push_back(rows.at(3 * r, lane));
                rates.low.push_back(rows.at(3 * r + 1, lane));
                rates.error.push_back(rows.at(3 * r + 2, lane));
            }
            return rates;
        };
        const auto put_back = [&](LaneRows& rows, const BoundedRates& rates) {
            for (int r = 0; r < static_cast<int>(rates.high.size()); ++r) {
                rows.at(3 * r, lane) = rates.high[static_cast<std::size_t>(r)];
                rows.at(3 * r + 1, lane) = rates.low[static_cast<std::size_t>(r)];
                rows.at(3 * r + 2, lane) = rates.error[static_cast<std::size_t>(r)];
            }
        };
        BoundedRates steps = taken(steps_, net_.steps), gases = taken(gases_, net_.gases);
        routes_.improve(steps, gases);
        put_back(steps_, steps);
        put_back(gases_, gases);
    }

    /// Beyond this relative error a lane's rates are expressed by one another.
    static constexpr double rough_error = 1e-12;
    RouteRates routes_;

public:
    LaneArray<Vec> net_rate;  ///< per step, 1/s; zero off every route
    LaneArray<Vec> turnover;  ///< per gas, 1/s

private:
    LaneRows steps_, gases_;  ///< value, high and low, and error bound of each
};

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
