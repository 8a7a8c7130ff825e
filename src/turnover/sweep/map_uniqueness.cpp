#include "turnover/sweep/map_uniqueness.hpp"

#include <string>

#include "turnover/base/error.hpp"
#include "turnover/steady/live_network.hpp"

namespace turnover {

Uniqueness examine_uniqueness(const Network& network, const Grid& grid) {
    try {
        const PointKinetics point =
            network.at(grid.conditions(network.mechanism().conditions, grid.size() - 1));
        return examine_uniqueness(network, live_network(network, point));
    } catch (const Error& error) {
        // The map says so for the point itself.
        return {SteadyStateCount::not_examined,
                std::string("no rate constants at the last point: ") + error.message()};
    }
}

}  // namespace turnover
