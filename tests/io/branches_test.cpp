// All stable states of a map, as files: branches.csv and its part of map.nc.
#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netcdf.h>

#include "support/scratch_directory.hpp"
#include "support/small_branches.hpp"
#include "turnover/base/lines.hpp"
#include "turnover/io/csv.hpp"
#include "turnover/io/model_file.hpp"
#include "turnover/io/netcdf.hpp"

namespace turnover {
namespace {

using support::SmallBranches;
using testing::HasSubstr;
using testing::StartsWith;

TEST(BranchesCsv, HasARowAState) {
    const SmallBranches small;
    std::ostringstream out;
    write_branches_csv(out, small.model, small.branches());
    const std::vector<std::string> rows = lines_of(out.str());
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_EQ(rows[0],
              "pressure.CO_g,pressure.O2_g,states,state,from,coverage.CO_s,coverage.O_s,"
              "coverage.*_s,rate.CO_g + *_s <-> CO_s,rate.O2_g + 2*_s <-> 2O_s,"
              "rate.CO_s + O_s <-> CO2_g + 2*_s,tof.CO_g,tof.O2_g,tof.CO2_g,coverage_error,"
              "rate_error,slowest_eigenvalue,status");
    EXPECT_THAT(rows[1], StartsWith("0.01,0.01,2,1,clean; O_s,333.6666666666667,"));
    EXPECT_THAT(rows[2], StartsWith("0.01,0.01,2,2,CO_s; 0.5 CO_s,667,"));
    EXPECT_THAT(rows[3], StartsWith("0.01,0.5,1,1,clean; CO_s; 0.5 CO_s,1000.3333333333334,"));
    EXPECT_EQ(rows[4],
              "0.01,0.5,1,0,O_s,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,nan,"
              "not-settled");
    EXPECT_THAT(rows[2], testing::EndsWith(",1e-16,2e-16,-3.5,converged"));
}

TEST(BranchesCsv, RefusesStatesOfAnotherMap) {
    const SmallBranches small;
    std::ostringstream out;
    const Model other = support::co_model(1, 2);  // from one surface
    EXPECT_THROW(write_branches_csv(out, other, small.branches()), std::logic_error);
}

TEST(BranchesNetcdf, ReadBackWhatWasWritten) {
    const support::ScratchDirectory scratch;
    const SmallBranches small;
    const Branches branches = small.branches();
    const ResultSet stated = small.stated();
    write_netcdf(scratch / "map.nc", small.model, stated, &branches);
    const MapData read = read_map(scratch / "map.nc");
    const MapData made = map_data(small.model, stated, &branches);
    // What a map without them has is as ever.
    EXPECT_EQ(read.variables.size(), 9U);
    EXPECT_EQ(read.variables[0].values, (std::vector<double>{1001.0 / 3.0, 3001.0 / 3.0}));

    for (const MapData* map : {&read, &made}) {
        ASSERT_TRUE(map->branches);
        EXPECT_EQ(map->branches->most, 2U);
        EXPECT_EQ(map->branches->count, (std::vector<double>{2.0, 1.0}));
        ASSERT_EQ(map->branches->variables.size(), 9U);
        const MapVariable& first = map->branches->variables[0];
        EXPECT_EQ(first.name, "coverage.CO_s");
        EXPECT_EQ(first.units, "1");
        ASSERT_EQ(first.values.size(), 4U);
        EXPECT_EQ(first.values[0], 1001.0 / 3.0);
        EXPECT_EQ(first.values[1], 2001.0 / 3.0);
        EXPECT_EQ(first.values[2], 3001.0 / 3.0);
        EXPECT_TRUE(std::isnan(first.values[3]));
        EXPECT_EQ(map->branches->variables[8].name, "tof.CO2_g");
    }
    write_netcdf(scratch / "plain.nc", small.model, stated);
    EXPECT_FALSE(read_map(scratch / "plain.nc").branches);
}

TEST(BranchesNetcdf, TellWhichSurfaceRunsWhere) {
    const support::ScratchDirectory scratch;
    const SmallBranches small;
    const Branches branches = small.branches();
    write_netcdf(scratch / "map.nc", small.model, small.stated(), &branches);
    int file = -1;
    ASSERT_EQ(nc_open((scratch / "map.nc").c_str(), NC_NOWRITE, &file), 0);
    const auto variable = [&](const char* name) {
        int id = -1;
        EXPECT_EQ(nc_inq_varid(file, name, &id), 0) << name;
        return id;
    };
    std::vector<int> reached(8), status(8);
    ASSERT_EQ(nc_get_var_int(file, variable("surface_state"), reached.data()), 0);
    EXPECT_EQ(reached, (std::vector<int>{1, 2, 1, 2, 1, 1, 0, 1}));
    ASSERT_EQ(nc_get_var_int(file, variable("surface_status"), status.data()), 0);
    EXPECT_EQ(status[6], static_cast<int>(Status::not_settled));
    std::vector<double> eigenvalue(4);
    ASSERT_EQ(nc_get_var_double(file, variable("state.slowest_eigenvalue"), eigenvalue.data()), 0);
    EXPECT_EQ(eigenvalue[1], -3.5);
    const auto text = [&](const char* name, std::size_t index) {
        char* pointer = nullptr;
        EXPECT_EQ(nc_get_var1_string(file, variable(name), &index, &pointer), 0);
        std::string value = pointer;
        nc_free_string(1, &pointer);
        return value;
    };
    EXPECT_EQ(text("surface_name", 3), "0.5 CO_s");
    EXPECT_EQ(text("failed_start_reason", 0), "an oscillation");
    int point = -1, surface = -1;
    const std::size_t first = 0;
    ASSERT_EQ(nc_get_var1_int(file, variable("failed_start_point"), &first, &point), 0);
    ASSERT_EQ(nc_get_var1_int(file, variable("failed_start_surface"), &first, &surface), 0);
    EXPECT_EQ(point, 1);
    EXPECT_EQ(surface, 2);
    nc_close(file);
}

TEST(StartingSurfaces, AreReadFromTheMap) {
    const std::string text = R"(
conditions: {temperature: 500 K, pressures: {CO_g: 1 bar, O2_g: 1 bar, CO2_g: 0 bar}}
reactions:
  - {equation: CO_g + *_s -> CO_s, barrier: 0 eV, reaction-energy: -1 eV}
  - {equation: O2_g + 2*_s -> 2O_s, barrier: 0 eV, reaction-energy: -1 eV}
  - {equation: CO_s + O_s -> CO2_g + 2*_s, barrier: 0 eV, reaction-energy: -1 eV}
map:
  axes:
    - {vary: temperature, from: 400 K, to: 500 K, points: 2}
    - {vary: site-total.s, values: [1.0, 2.0]}
  starting-surfaces:
    - {CO*: 0.25, O(s): 0.5}
    - {CO_s: 1}
)";
    const auto names = [](const Model& model) {
        std::vector<std::string> all;
        for (const StartingSurface& surface : model.network.surfaces()) all.push_back(surface.name);
        return all;
    };
    // Without --branches a map starts from the stated surface, as turnover solve does.
    const Model plain = parse_model(text, "model.yaml");
    EXPECT_EQ(names(plain), (std::vector<std::string>{"clean"}));
    EXPECT_EQ(work_grid(plain).size(), 4U);
    const Model all =
        parse_model(text, "model.yaml", {.settings = {}, .points = {}, .branches = true});
    EXPECT_EQ(names(all),
              (std::vector<std::string>{"clean", "CO_s", "O_s", "0.25 CO_s + 0.5 O_s", "1 CO_s"}));
    EXPECT_EQ(all.grid.size(), 4U);
    EXPECT_EQ(work_grid(all).size(), 20U);
}

}  // namespace
}  // namespace turnover
