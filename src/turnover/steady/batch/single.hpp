#pragma once

#include "turnover/steady/batch/job.hpp"

namespace turnover::batch {

/// Solves a job whose network is said to have one steady state only, into which every transient
/// runs: without transients where that gives a certificate, with them for the other points.
///
/// A few witnesses, spread over jobs of 64 points or more, are solved with their transient as well.
/// Throws std::logic_error where one of them ends in another state: then the network has been
/// misjudged, and no answer of the job can be trusted.
void solve_single(const Job& job);

}  // namespace turnover::batch
