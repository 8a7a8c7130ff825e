// Points of a network that has one steady state only, which every transient runs into: no
// transient, Newton's method from the same surface for all, then the certificate of the root.
#if defined(TURNOVER_BATCH_SINGLE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef TURNOVER_BATCH_SINGLE_INL
#undef TURNOVER_BATCH_SINGLE_INL
#else
#define TURNOVER_BATCH_SINGLE_INL
#endif

#include <algorithm>
#include <span>
#include <vector>

#include "turnover/steady/batch/answers.inl"
#include "turnover/steady/batch/job.hpp"
#include "turnover/steady/batch/lanes.inl"
#include "turnover/steady/batch/observables.inl"
#include "turnover/steady/batch/root.inl"
#include "turnover/steady/batch/slowest_mode.inl"
#include "turnover/steady/batch/transient.inl"

HWY_BEFORE_NAMESPACE();
namespace turnover::batch::HWY_NAMESPACE {

/// From far away: coverages fall by orders of magnitude a step, and most points need 5 to 8.
inline constexpr NewtonLimits from_afar{1e-3, 20};

template <class S>
class SingleSolver {
public:
    explicit SingleSolver(const Job& job)
        : job_(job),
          net_(job.flat),
          work_(net_),
          observables_(net_),
          answers_(job),
          constants_(net_.directions),
          totals_(net_.sites),
          root_constants_(static_cast<std::size_t>(net_.directions)),
          rates_(static_cast<std::size_t>(net_.directions) + 1),
          net_rates_(static_cast<std::size_t>(net_.steps)) {}

    /// The points that are left without a certificate.
    std::vector<std::size_t> run() {
        std::vector<std::size_t> left;
        for (std::size_t first = 0; first < job_.points.size(); first += width) {
            if (job_.stop.stop_requested()) break;
            solve(job_.points.subspan(first, std::min(width, job_.points.size() - first)), left);
        }
        return left;
    }

private:
    void solve(std::span<const std::size_t> points, std::vector<std::size_t>& left) {
        std::size_t of_lane[width];
        for (std::size_t lane = 0; lane < width; ++lane) {
            // Lanes without a point of their own repeat the first one.
            of_lane[lane] = points[lane < points.size() ? lane : 0];
            load(lane, of_lane[lane]);
        }
        Vec totals[S::plain ? 1 : S::capacity], x[S::capacity + 1], iterations = zero();
        const int sites = S::plain ? 1 : net_.sites;
        for (int s = 0; s < sites; ++s) totals[s] = totals_.get(s);
        for (int r = 0; r < net_.directions; ++r) root_constants_[r] = constants_.get(r);
        start(totals, x);
        SiteLaws<S> laws(net_, x);
        Root<S> root;
        find_root<S>(net_, root_constants_.data(), totals, from_afar, x, work_, rates_.data(),
                     net_rates_.data(), laws, root, iterations);
        const Vec rate_error = observables_.evaluate(root, rates_.data(), net_rates_.data());
        const Vec coverage_error = coverage_error_of<S>(net_, root);
        const Vec largest_error = constant(job_.options.largest_error);
        const Mask precise = both(both(root.bounded, hn::Le(rate_error, largest_error)),
                                  hn::Le(coverage_error, largest_error));
        // That the root is stable follows from the proof; a mode that grows would belie it.
        const Vec modes = all_slowest_modes<S>(net_, root, slowest_mode<S>(net_, root), precise);
        const unsigned all_lanes = (1u << points.size()) - 1u;
        const unsigned certified = bits_of(both(precise, hn::Lt(modes, zero()))) & all_lanes;
        answers_.store(certified, of_lane, root, observables_,
                       {coverage_error, rate_error, modes, zero(), zero(), iterations});
        job_.report.attempts += points.size();
        if (certified == all_lanes) return;
        for (std::size_t lane = 0; lane < points.size(); ++lane) {
            if ((certified >> lane & 1u) == 0) left.push_back(points[lane]);
        }
    }

    HWY_INLINE void load(std::size_t lane, std::size_t p) {
        const double* const forward = job_.kinetics.forward(p).data();
        const double* const reverse = job_.kinetics.reverse(p).data();
        for (int r = 0; r < net_.directions; ++r) {
            const FlatNetwork::Source source = net_.sources[static_cast<std::size_t>(r)];
            constants_.at(r, lane) = (source.reverse ? reverse : forward)[source.step];
        }
        const double* const totals = job_.kinetics.totals(p).data();
        for (int s = 0; s < net_.sites; ++s) totals_.at(s, lane) = totals[s];
    }

    /// Every site type divided among those that sit on it.
    HWY_INLINE void start(const Vec* totals, Vec* x) const {
        const int n = S::size(net_.unknowns);
        for (int i = 0; i < n; ++i) {
            if constexpr (S::plain) {
                x[i] = totals[0] * constant(1.0 / n);
            } else {
                const int s = net_.site_of[static_cast<std::size_t>(i)];
                const auto sharers = static_cast<double>(net_.members[s].size());
                x[i] = totals[s] *
                       constant(1.0 / (sharers * net_.occupancy[static_cast<std::size_t>(i)]));
            }
        }
        x[n] = constant(1.0);
    }

    const Job& job_;
    const FlatNetwork& net_;
    typename StepSystem<S>::Work work_;
    Observables<S> observables_;
    Answers<S> answers_;
    LaneRows constants_, totals_;
    LaneArray<Vec> root_constants_;
    LaneArray<Double2> rates_, net_rates_;
};

}  // namespace turnover::batch::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
