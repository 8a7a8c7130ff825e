// Certified roots into the table of states.
#if defined(TURNOVER_BATCH_ANSWERS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_ANSWERS_INL
#undef TURNOVER_BATCH_ANSWERS_INL
#else
#define TURNOVER_BATCH_ANSWERS_INL
#endif

#include <cstdint>
#include <vector>

#include "turnover/steady/batch/job.hpp"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/observables.inl"
#include "turnover/steady/batch/root.inl"
#include "turnover/steady/batch/slowest_mode.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// What belongs to an answer beside the root and its rates.
struct Account {
    Vec coverage_error, rate_error, slowest, time, steps, iterations;
};

/// The slowest modes where those of the lanes `asked` that have not settled come from all
/// eigenvalues.
template <class S>
HWY_INLINE Vec all_slowest_modes(const FlatNetwork& net, const Root<S>& root,
                                 const SlowestMode2& slowest, Mask asked) {
    const unsigned open = bits_of(hn::AndNot(slowest.settled, asked));
    if (open == 0) return slowest.eigenvalue;
    const int n = S::size(net.unknowns);
    LaneRows matrix(n * n), kept(n), modes(1);
    modes.put(0, slowest.eigenvalue);
    for (int i = 0; i < n; ++i) {
        kept.put(i, zero_where(root.laws->dominant(i), constant(1.0)));
    }
    jacobian(net, root, matrix);
    for (std::size_t lane = 0; lane < width; ++lane) {
        if ((open >> lane & 1u) == 0) continue;
        std::vector<double> reduced;
        for (int e = 0; e < n * n; ++e) {
            if (kept.at(e / n, lane) == 0.0 || kept.at(e % n, lane) == 0.0) continue;
            reduced.push_back(matrix.at(e, lane));
        }
        modes.at(0, lane) = spectral_abscissa(reduced, n - net.sites);
    }
    return modes.get(0);
}

template <class S>
class Answers {
public:
    explicit Answers(const Job& job)
        : job_(job),
          unknowns_(job.flat.unknowns),
          steps_(job.flat.steps),
          gases_(job.flat.gases),
          rows_(unknowns_ + steps_ + gases_ + numbers) {}

    /// Stores those of the lanes whose bit is set in `certified`, lane i as point `points[i]`.
    void store(unsigned certified, const std::size_t* points, const Root<S>& root,
               Observables<S>& observables, const Account& account) {
        int row = 0;
        for (int i = 0; i < unknowns_; ++i) rows_.put(row++, root.x[i].high);
        for (int j = 0; j < steps_; ++j) rows_.put(row++, observables.net_rate[j]);
        for (int g = 0; g < gases_; ++g) rows_.put(row++, observables.turnover[g]);
        for (const Vec number :
             {root.residual, account.coverage_error, account.rate_error, account.slowest,
              account.time, account.steps, account.iterations}) {
            rows_.put(row++, number);
        }
        for (std::size_t lane = 0; lane < width; ++lane) {
            if ((certified >> lane & 1u) != 0) write(lane, points[lane]);
        }
    }

private:
    static constexpr int numbers = 7;

    HWY_INLINE void write(std::size_t lane, std::size_t p) {
        StateTable& out = job_.out;
        int row = 0;
        const auto copy = [&](std::vector<double>& table, int count) HWY_ATTR {
            double* const to = table.data() + p * static_cast<std::size_t>(count);
            for (int e = 0; e < count; ++e) to[e] = rows_.at(row++, lane);
        };
        copy(out.coverage, unknowns_);
        copy(out.net_rate, steps_);
        copy(out.turnover_frequency, gases_);
        out.residual[p] = rows_.at(row++, lane);
        out.coverage_error[p] = rows_.at(row++, lane);
        out.rate_error[p] = rows_.at(row++, lane);
        out.slowest_eigenvalue[p] = rows_.at(row++, lane);
        out.integration_time[p] = rows_.at(row++, lane);
        out.integration_steps[p] = static_cast<std::int32_t>(rows_.at(row++, lane));
        out.newton_iterations[p] = static_cast<std::int32_t>(rows_.at(row++, lane));
        out.digits[p] = 32;
        out.status[p] = Status::converged;
        out.path[p] = Path::batch;
        ++job_.report.certified;
    }

    const Job& job_;
    int unknowns_, steps_, gases_;
    LaneRows rows_;
};

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
