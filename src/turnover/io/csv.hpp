#pragma once

#include <iosfwd>
#include <string>

#include "turnover/io/atomic_file.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/sweep/branches.hpp"
#include "turnover/sweep/result_set.hpp"

namespace turnover {

/// map.csv: a header row, then one row a grid point in index order (first axis slowest), shortest
/// decimals that read back to the same double. Columns: the axes by path, in their file's unit;
/// `coverage.<adsorbate>`, `coverage.<free site>`, `rate.<step>` (net), `tof.<gas>` (net
/// production), the last two in 1/s, all per reference site and each kind in the file's order;
/// `status`. Where a point did not converge, its numbers are `nan`. Names with a comma, a quote or
/// a line break are quoted as RFC 4180 says; lines end in '\n' alone. `results` has one entry a
/// grid point.
void write_csv(std::ostream& out, const Model& model, const ResultSet& results);

/// The same into a file that the caller commits. Throws Error.
void write_csv(AtomicFile& file, const Model& model, const ResultSet& results);

/// The same into `path`, complete or not at all (written beside it and renamed). Throws Error.
void write_csv(const std::string& path, const Model& model, const ResultSet& results);

/// branches.csv: a header row, then for each grid point in index order one row for each of its
/// stable states, and one for each surface that did not converge. Columns: the axes; `states`, how
/// many the point has; `state`, from 1, 0 for a surface that failed; `from`, the surfaces that run
/// into it, joined by "; "; the coverages, rates and turnover frequencies of map.csv;
/// `coverage_error`, `rate_error`, `slowest_eigenvalue`; `status`. Numbers as in map.csv.
void write_branches_csv(std::ostream& out, const Model& model, const Branches& branches);

/// The same into a file that the caller commits. Throws Error.
void write_branches_csv(AtomicFile& file, const Model& model, const Branches& branches);

}  // namespace turnover
