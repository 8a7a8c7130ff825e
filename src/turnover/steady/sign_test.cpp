#include "turnover/steady/sign_test.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "turnover/base/index.hpp"

namespace turnover {

namespace {

/// Thrown and caught in this file: the limit of work, or an integer beyond 64 bits.
struct TooLarge {};

std::int64_t product(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (__builtin_mul_overflow(a, b, &result)) throw TooLarge();
    return result;
}
std::int64_t sum(std::int64_t a, std::int64_t b) {
    std::int64_t result = 0;
    if (__builtin_add_overflow(a, b, &result)) throw TooLarge();
    return result;
}

/// Sorted numbers of variables, one as often as its power.
using Monomial = std::vector<std::uint16_t>;
using Polynomial = std::map<Monomial, std::int64_t>;
/// coefficients[variable], without a constant.
using LinearForm = std::vector<std::pair<std::uint16_t, std::int64_t>>;

void add_product(const Polynomial& a, const LinearForm& b, std::int64_t sign, Polynomial& to,
                 long& budget) {
    for (const auto& [monomial, coefficient] : a) {
        for (const auto& [variable, factor] : b) {
            if (--budget < 0) throw TooLarge();
            Monomial grown = monomial;
            grown.insert(std::ranges::upper_bound(grown, variable), variable);
            std::int64_t& entry = to[std::move(grown)];
            entry = sum(entry, product(sign, product(coefficient, factor)));
        }
    }
}

/// By Laplace's rule from the first row down; `minors` by the set of columns used so far.
Polynomial determinant(const std::vector<std::vector<LinearForm>>& matrix, long& budget) {
    const auto n = static_cast<int>(matrix.size());
    std::map<std::uint64_t, Polynomial> minors{{0, Polynomial{{Monomial{}, 1}}}};
    for (int row = 0; row < n; ++row) {
        std::map<std::uint64_t, Polynomial> larger;
        for (const auto& [columns, minor] : minors) {
            for (int c = 0; c < n; ++c) {
                const std::uint64_t bit = std::uint64_t{1} << c;
                if ((columns & bit) != 0 || matrix[at(row)][at(c)].empty()) continue;
                // Columns used before that stand to the right: one exchange each.
                const int exchanges = __builtin_popcountll(columns & ~(bit - 1));
                add_product(minor, matrix[at(row)][at(c)], exchanges % 2 == 0 ? 1 : -1,
                            larger[columns | bit], budget);
            }
        }
        minors = std::move(larger);
    }
    const std::uint64_t all = n == 0 ? 0 : ~std::uint64_t{0} >> (64 - n);
    return minors[all];
}

/// Of integers, fraction-free (Bareiss, Math. Comp. 22, 565 (1968)).
std::int64_t determinant(std::vector<std::vector<std::int64_t>> a) {
    const std::size_t n = a.size();
    std::int64_t sign = 1, previous = 1;
    for (std::size_t p = 0; p + 1 < n; ++p) {
        std::size_t pivot = p;
        while (pivot < n && a[pivot][p] == 0) ++pivot;
        if (pivot == n) return 0;
        if (pivot != p) {
            std::swap(a[p], a[pivot]);
            sign = -sign;
        }
        for (std::size_t i = p + 1; i < n; ++i) {
            for (std::size_t j = p + 1; j < n; ++j) {
                const std::int64_t cross = product(a[i][p], a[p][j]);
                a[i][j] = sum(product(a[i][j], a[p][p]), -cross) / previous;
            }
        }
        previous = a[p][p];
    }
    return n == 0 ? 1 : product(sign, a[n - 1][n - 1]);
}

/// The signs among the terms, over all choices of unknowns whose reciprocal coverages stand in a
/// term; the others' columns are the laws'.
struct Signs {
    bool positive = false, negative = false;
};

Signs term_signs(const Reactions& reactions, const IntegerMatrix& laws,
                 const std::vector<int>& kept, const IntegerMatrix& variables, long budget) {
    const auto n = static_cast<int>(reactions.change.size());
    const auto free = static_cast<int>(kept.size());
    // Entry (row, i): sum_r change order v_r, with v_r = sum of rays.
    std::vector<std::vector<LinearForm>> entries(at(free), std::vector<LinearForm>(at(n)));
    for (int row = 0; row < free; ++row) {
        for (int i = 0; i < n; ++i) {
            for (std::size_t m = 0; m < variables.size(); ++m) {
                std::int64_t coefficient = 0;
                for (int r = 0; r < reactions.count; ++r) {
                    const std::int64_t slope = product(reactions.change[at(kept[at(row)])][at(r)],
                                                       reactions.order[at(i)][at(r)]);
                    coefficient = sum(coefficient, product(slope, variables[m][at(r)]));
                }
                if (coefficient != 0) {
                    entries[at(row)][at(i)].emplace_back(static_cast<std::uint16_t>(m),
                                                         coefficient);
                }
            }
        }
    }
    Signs signs;
    std::vector<int> in_term(at(n), 0);
    std::fill(in_term.begin(), in_term.begin() + free, 1);
    do {
        std::vector<std::vector<std::int64_t>> of_laws(laws.size());
        std::vector<std::vector<LinearForm>> of_balances(at(free));
        int exchanges = 0, terms_before = 0;
        for (int i = 0; i < n; ++i) {
            if (in_term[at(i)] != 0) {
                ++terms_before;
                for (int row = 0; row < free; ++row) {
                    of_balances[at(row)].push_back(entries[at(row)][at(i)]);
                }
            } else {
                exchanges += terms_before;
                for (std::size_t l = 0; l < laws.size(); ++l) {
                    of_laws[l].push_back(laws[l][at(i)]);
                }
            }
        }
        const std::int64_t weight = determinant(std::move(of_laws));
        if (weight == 0) continue;
        budget -= static_cast<long>(n) * n * n;
        const std::int64_t sign = (exchanges % 2 == 0 ? 1 : -1) * (weight > 0 ? 1 : -1);
        for (const auto& [monomial, coefficient] : determinant(of_balances, budget)) {
            signs.positive |= sign * coefficient > 0;
            signs.negative |= sign * coefficient < 0;
        }
    } while (std::ranges::prev_permutation(in_term).found);
    return signs;
}

/// Balances that the laws do not make redundant: all but one for each law.
std::vector<int> kept_balances(const IntegerMatrix& laws, int unknowns) {
    const std::vector<int> dropped = eliminate(laws, unknowns).pivot_columns;
    std::vector<int> kept;
    for (int i = 0; i < unknowns; ++i) {
        if (std::ranges::find(dropped, i) == dropped.end()) kept.push_back(i);
    }
    return kept;
}

}  // namespace

IntegerMatrix extreme_rays(const IntegerMatrix& matrix, int columns, int most) {
    // Each ray with its values in the equations still to come.
    struct Ray {
        std::vector<std::int64_t> value, of;
    };
    std::vector<Ray> rays;
    for (int r = 0; r < columns; ++r) {
        Ray ray{std::vector<std::int64_t>(at(columns), 0), {}};
        ray.value[at(r)] = 1;
        for (const auto& row : matrix) ray.of.push_back(row[at(r)]);
        rays.push_back(std::move(ray));
    }
    const auto within = [](const Ray& inner, const Ray& outer) {
        for (std::size_t r = 0; r < inner.value.size(); ++r) {
            if (inner.value[r] != 0 && outer.value[r] == 0) return false;
        }
        return true;
    };
    try {
        for (std::size_t equation = 0; equation < matrix.size(); ++equation) {
            std::vector<Ray> next, made;
            for (const Ray& ray : rays) {
                if (ray.of[equation] == 0) next.push_back(ray);
            }
            for (const Ray& up : rays) {
                for (const Ray& down : rays) {
                    if (up.of[equation] <= 0 || down.of[equation] >= 0) continue;
                    Ray both{up.value, up.of};
                    std::int64_t divisor = 0;
                    const auto mix = [&](std::vector<std::int64_t>& a,
                                         const std::vector<std::int64_t>& b) {
                        for (std::size_t e = 0; e < a.size(); ++e) {
                            a[e] = sum(product(a[e], -down.of[equation]),
                                       product(b[e], up.of[equation]));
                            divisor = std::gcd(divisor, a[e]);
                        }
                    };
                    mix(both.value, down.value);
                    mix(both.of, down.of);
                    for (auto* numbers : {&both.value, &both.of}) {
                        for (std::int64_t& e : *numbers) e /= divisor;
                    }
                    made.push_back(std::move(both));
                    if (static_cast<int>(made.size()) > 4 * most) return {};
                }
            }
            // Extreme are those whose support holds no other's.
            const std::size_t old = next.size();
            for (std::size_t m = 0; m < made.size(); ++m) {
                bool extreme = true;
                for (std::size_t k = 0; k < old && extreme; ++k)
                    extreme = !within(next[k], made[m]);
                for (std::size_t k = 0; k < made.size() && extreme; ++k) {
                    if (k == m || !within(made[k], made[m])) continue;
                    // Of two with one support the first counts.
                    extreme = within(made[m], made[k]) && m < k;
                }
                if (extreme) next.push_back(made[m]);
            }
            rays = std::move(next);
            if (static_cast<int>(rays.size()) > most) return {};
        }
    } catch (const TooLarge&) {
        return {};
    }
    IntegerMatrix result;
    for (const Ray& ray : rays) {
        std::vector<int> row;
        for (const std::int64_t e : ray.value) {
            if (e > std::numeric_limits<int>::max()) return {};
            row.push_back(static_cast<int>(e));
        }
        result.push_back(std::move(row));
    }
    return result;
}

DeterminantSign determinant_sign(const Reactions& reactions, const IntegerMatrix& laws,
                                 const IntegerMatrix& rates, long most_products) {
    constexpr int most_unknowns = 20;
    const auto n = static_cast<int>(reactions.change.size());
    if (n > most_unknowns) return DeterminantSign::too_large;
    try {
        const Signs signs =
            term_signs(reactions, laws, kept_balances(laws, n), rates, most_products);
        return signs.positive != signs.negative ? DeterminantSign::one : DeterminantSign::both;
    } catch (const TooLarge&) {
        return DeterminantSign::too_large;
    }
}

}  // namespace turnover
