#pragma once

#include <map>
#include <string>
#include <vector>

namespace turnover {

class Network;

/// Share of the free sites that an adsorbate leaves free when it fills a starting surface. On a
/// surface that is full to the last site no step might be able to begin, and the state that it
/// stays in would say nothing about stability.
inline constexpr double trace_of_free_sites = 1e-6;

/// A surface that a transient may start from.
struct StartingSurface {
    std::string name;                         ///< "clean", "CO_s", "0.3 CO_s + 0.2 O_s"
    std::map<std::string, double> coverages;  ///< by adsorbate, per reference site
    /// Adsorbates that then take the free sites, one after the other, all but a trace of them:
    /// as many as fit on the scarcest of the site types that they need.
    std::vector<std::string> filled_by;

    friend bool operator==(const StartingSurface&, const StartingSurface&) = default;
};

/// The surfaces to start from in a search for all stable states of `network`, in this order:
///   - its stated initial surface;
///   - the clean surface;
///   - filled by each adsorbate, in the order of the file;
///   - with several site types, filled by all adsorbates of one composition that sit on different
///     types, as in "CO_s + CO_t";
///   - `listed`, by adsorbate: coverages per reference site.
/// Each appears once. A surface of the first kinds that would hold another amount of what no step
/// changes (an adsorbate that neither forms nor leaves) is filled onto the stated one instead, and
/// left out where that does not help: it would be another problem, not another state. Throws Error
/// as Network does.
[[nodiscard]] std::vector<StartingSurface> branch_surfaces(
    const Network& network, const std::vector<std::map<std::string, double>>& listed = {});

}  // namespace turnover
