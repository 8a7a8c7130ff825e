#pragma once

#include <iosfwd>
#include <string>

#include "turnover/io/atomic_file.hpp"
#include "turnover/io/model_file.hpp"
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

}  // namespace turnover
