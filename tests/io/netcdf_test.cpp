#include "turnover/io/netcdf.hpp"

#include <bit>
#include <chrono>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <netcdf.h>

#include "support/scratch_directory.hpp"
#include "support/sentence.hpp"
#include "support/small_models.hpp"
#include "turnover/base/error.hpp"
#include "turnover/base/version.hpp"

namespace turnover {
namespace {

using support::file_bytes;
using support::ScratchDirectory;
using support::write_bytes;

/// NaNs are equal here when their bits are.
bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
               return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
           });
}

void expect_same(const MapData& a, const MapData& b) {
    EXPECT_EQ(a.title, b.title);
    ASSERT_EQ(a.axes.size(), b.axes.size());
    for (std::size_t i = 0; i < a.axes.size(); ++i) {
        EXPECT_EQ(a.axes[i].name, b.axes[i].name);
        EXPECT_EQ(a.axes[i].units, b.axes[i].units);
        EXPECT_EQ(a.axes[i].logarithmic, b.axes[i].logarithmic);
        EXPECT_EQ(a.axes[i].values, b.axes[i].values);
    }
    ASSERT_EQ(a.variables.size(), b.variables.size());
    for (std::size_t v = 0; v < a.variables.size(); ++v) {
        EXPECT_EQ(a.variables[v].name, b.variables[v].name);
        EXPECT_EQ(a.variables[v].units, b.variables[v].units);
        EXPECT_TRUE(same_bits(a.variables[v].values, b.variables[v].values)) << a.variables[v].name;
    }
}

/// Writes, reads back, and compares with what never was a file.
MapData round_trip(const Model& model, const ResultSet& results) {
    const ScratchDirectory scratch;
    write_netcdf(scratch / "map.nc", model, results);
    MapData map = read_map(scratch / "map.nc");
    expect_same(map, map_data(model, results));
    return map;
}

/// A file as any NetCDF program sees it, for what read_map does not return.
class RawFile {
public:
    explicit RawFile(const std::string& path) {
        EXPECT_EQ(nc_open(path.c_str(), NC_NOWRITE, &id_), 0);
    }
    ~RawFile() { nc_close(id_); }
    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;

    [[nodiscard]] int variable(const std::string& name) const {
        int variable = -2;
        EXPECT_EQ(nc_inq_varid(id_, name.c_str(), &variable), 0) << name;
        return variable;
    }
    [[nodiscard]] bool has(const std::string& name) const {
        int variable = 0;
        return nc_inq_varid(id_, name.c_str(), &variable) == NC_NOERR;
    }
    [[nodiscard]] std::string text(int variable, const char* name) const {
        std::size_t length = 0;
        EXPECT_EQ(nc_inq_attlen(id_, variable, name, &length), 0) << name;
        std::string text(length, '\0');
        EXPECT_EQ(nc_get_att_text(id_, variable, name, text.data()), 0) << name;
        return text;
    }
    [[nodiscard]] std::string long_text(int variable, const char* name) const {
        char* pointer = nullptr;
        EXPECT_EQ(nc_get_att_string(id_, variable, name, &pointer), 0) << name;
        std::string text = pointer;
        nc_free_string(1, &pointer);
        return text;
    }
    [[nodiscard]] std::string string_value(const std::string& name, std::size_t index) const {
        char* pointer = nullptr;
        EXPECT_EQ(nc_get_var1_string(id_, variable(name), &index, &pointer), 0) << name;
        std::string text = pointer;
        nc_free_string(1, &pointer);
        return text;
    }
    [[nodiscard]] std::vector<double> numbers(const std::string& name, std::size_t count) const {
        std::vector<double> values(count);
        EXPECT_EQ(nc_get_var_double(id_, variable(name), values.data()), 0) << name;
        return values;
    }
    [[nodiscard]] int id() const { return id_; }

private:
    int id_ = -1;
};

TEST(Netcdf, ReadsBackWhatWasWritten) {
    const Model model = support::co_model(3, 4);
    const MapData map = round_trip(model, support::invented_results(model));
    ASSERT_EQ(map.axes.size(), 2U);
    EXPECT_EQ(map.axes[0].name, "pressure.CO_g");
    EXPECT_EQ(map.axes[0].units, "bar");
    EXPECT_EQ(map.axes[1].values.size(), 4U);
    EXPECT_EQ(map.title, "CO oxidation");
    EXPECT_EQ(map.with_prefix("coverage.").size(), 3U);
    EXPECT_EQ(map.with_prefix("rate.").size(), 3U);
    EXPECT_EQ(map.with_prefix("tof.").size(), 3U);
    EXPECT_TRUE(map.with_prefix("status").empty());
    EXPECT_EQ(map.with_prefix("coverage.")[0]->values[5], 5001.0 / 3.0);
}

TEST(Netcdf, AnyNumberOfAxes) {
    const Mechanism mechanism = support::co_oxidation();
    const Axis co = support::pressure_axis(mechanism, "CO_g", 2);
    const Axis o2 = support::pressure_axis(mechanism, "O2_g", 3);
    const Axis temperature{
        "temperature", {Parameter::Kind::temperature, 0}, "K", 1.0, Spacing::logarithmic,
        {400.0, 800.0}};
    const Axis total{"site-total.s", {Parameter::Kind::site_total, 0}, "", 1.0, Spacing::listed,
                     {1.0}};
    for (const std::vector<Axis>& axes :
         {std::vector<Axis>{}, {co}, {temperature, co, o2}, {o2, total, temperature, co}}) {
        const Model model = support::model_of(mechanism, axes);
        const MapData map = round_trip(model, support::invented_results(model));
        EXPECT_EQ(map.axes.size(), axes.size());
        EXPECT_EQ(map.variables[0].values.size(), model.grid.size());
    }
    const Model model = support::model_of(mechanism, {temperature, total});
    const MapData map = round_trip(model, support::invented_results(model));
    EXPECT_TRUE(map.axes[0].logarithmic);
    EXPECT_FALSE(map.axes[1].logarithmic);
    EXPECT_EQ(map.axes[1].units, "1");
}

TEST(Netcdf, TheSameRunGivesTheSameBytes) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(3, 3);
    const ResultSet results = support::results_with_failure(model, 4, "lost");
    write_netcdf(scratch / "a.nc", model, results);
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // a clock in the file would tick
    write_netcdf(scratch / "b.nc", model, results);
    EXPECT_EQ(file_bytes(scratch / "a.nc"), file_bytes(scratch / "b.nc"));
}

TEST(Netcdf, AFailedPointIsNanAndItsReasonIsKept) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(2, 2);
    const ResultSet results = support::results_with_failure(model, 2, "lost at θ = 1e-40");
    const MapData map = round_trip(model, results);
    for (const MapVariable& variable : map.variables) {
        EXPECT_TRUE(std::isnan(variable.values[2])) << variable.name;
        EXPECT_FALSE(std::isnan(variable.values[1])) << variable.name;
    }

    write_netcdf(scratch / "map.nc", model, results);
    const RawFile file(scratch / "map.nc");
    EXPECT_EQ(file.numbers("status", 4),
              (std::vector<double>{0.0, 0.0, static_cast<double>(Status::newton_failed), 0.0}));
    EXPECT_EQ(file.numbers("path", 4), std::vector<double>(4, 2.0));  // the reference path
    EXPECT_TRUE(std::isnan(file.numbers("residual", 4)[2]));
    EXPECT_EQ(file.numbers("integration_time", 4)[2], 12.5);  // how far it came
    EXPECT_EQ(file.numbers("integration_steps", 4)[2], 102.0);
    EXPECT_EQ(file.numbers("failed_point", 1)[0], 2.0);
    EXPECT_EQ(file.string_value("failed_reason", 0), "lost at θ = 1e-40");
}

TEST(Netcdf, WithoutFailuresThereIsNoListOfThem) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(1, 2);
    write_netcdf(scratch / "map.nc", model, support::invented_results(model));
    EXPECT_FALSE(RawFile(scratch / "map.nc").has("failed_point"));
    write_netcdf(scratch / "map.nc", model,
                 ResultSet(model.network, 2));  // interrupted at once: no failures either
    EXPECT_FALSE(RawFile(scratch / "map.nc").has("failed_point"));
}

TEST(Netcdf, EveryVariableSaysWhatItIsAndInWhatUnit) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(2, 2);
    write_netcdf(scratch / "map.nc", model, support::results_with_failure(model, 0, ""));
    const RawFile file(scratch / "map.nc");
    int variables = 0;
    ASSERT_EQ(nc_inq_nvars(file.id(), &variables), 0);
    EXPECT_EQ(variables, 2 + 9 + 1 + 1 + 5 + 3 + 2);
    for (int v = 0; v < variables; ++v) {
        EXPECT_FALSE(file.text(v, "units").empty());
        EXPECT_FALSE(file.text(v, "long_name").empty());
    }
    EXPECT_EQ(file.text(file.variable("pressure.CO_g"), "units"), "bar");
    EXPECT_EQ(file.text(file.variable("pressure.CO_g"), "spacing"), "linear");
    EXPECT_EQ(file.text(file.variable("tof.CO2_g"), "units"), "1/s");
    EXPECT_EQ(file.text(file.variable("integration_time"), "units"), "s");
}

TEST(Netcdf, ListsItsVariablesInTheOrderOfTheTable) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(2, 2);
    write_netcdf(scratch / "map.nc", model, support::invented_results(model));
    const RawFile file(scratch / "map.nc");
    const std::vector<std::string> first = {"pressure.CO_g", "pressure.O2_g", "coverage.CO_s",
                                            "coverage.O_s", "coverage.*_s"};
    for (int v = 0; v < 5; ++v) {
        char name[NC_MAX_NAME + 1] = {};
        ASSERT_EQ(nc_inq_varname(file.id(), v, name), 0);
        EXPECT_EQ(name, first[static_cast<std::size_t>(v)]);
    }
}

TEST(Netcdf, StatusHasAFlagForEveryStatus) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(1, 1);
    write_netcdf(scratch / "map.nc", model, support::invented_results(model));
    const RawFile file(scratch / "map.nc");
    const int status = file.variable("status");
    signed char values[9] = {};
    ASSERT_EQ(nc_get_att_schar(file.id(), status, "flag_values", values), 0);
    std::string meanings;
    for (const signed char value : values) {
        meanings += (meanings.empty() ? "" : " ");
        meanings += to_string(static_cast<Status>(value));
    }
    EXPECT_EQ(file.text(status, "flag_meanings"), meanings);
    EXPECT_EQ(values[0], 0);
    EXPECT_EQ(values[7], static_cast<signed char>(Status::worker_failed));
    EXPECT_EQ(values[8], static_cast<signed char>(Status::oscillates));
}

TEST(Netcdf, CarriesWhereItCameFrom) {
    const ScratchDirectory scratch;
    Model model = support::co_model(1, 2);
    model.text =
        std::string(300000, '#') + "\nname: θ\n";  // longer than a character attribute may be
    model.overrides.settings = {"temperature=600 K", "pressure.CO_g=0.1bar"};
    model.overrides.points = {1, 2};
    write_netcdf(scratch / "map.nc", model, support::invented_results(model));
    const RawFile file(scratch / "map.nc");
    EXPECT_EQ(file.text(NC_GLOBAL, "title"), "CO oxidation");
    EXPECT_EQ(file.text(NC_GLOBAL, "turnover_version"), version);
    EXPECT_EQ(file.long_text(NC_GLOBAL, "model_file"), model.text);
    EXPECT_EQ(file.text(NC_GLOBAL, "options"),
              "--set temperature=600 K\n--set pressure.CO_g=0.1bar\n--points 1x2\n");
}

TEST(Netcdf, NamesThatNetcdfForbidsComeBackAsTheyWere) {
    Mechanism mechanism;
    mechanism.name = "odd names";
    support::add_plain_site(mechanism);
    const std::string very_long(400, 'x');
    support::add_plain_step(mechanism, "CO_g + *_s <-> CO_s", 1.0, 1.0, "Pd/CeO2");
    support::add_plain_step(mechanism, "O2_g + *_s <-> O2_s", 1.0, 1.0, "Pd_CeO2");
    support::add_plain_step(mechanism, "H2_g + *_s <-> H2_s", 1.0, 1.0, very_long + "1");
    support::add_plain_step(mechanism, "N2_g + *_s <-> N2_s", 1.0, 1.0, very_long + "2");
    // An e with a combining accent, which NetCDF writes as one character.
    support::add_plain_step(mechanism, "NO_g + *_s <-> NO_s", 1.0, 1.0, "e\xCC\x81tape");
    mechanism.conditions.temperature = 500.0;
    for (const char* gas : {"CO_g", "O2_g", "H2_g", "N2_g", "NO_g"}) {
        support::pressure(mechanism, gas) = 1.0;
    }
    const Model model =
        support::model_of(mechanism, {support::pressure_axis(mechanism, "CO_g", 2)});
    const MapData map = round_trip(model, support::invented_results(model));
    const auto rates = map.with_prefix("rate.");
    ASSERT_EQ(rates.size(), 5U);
    EXPECT_EQ(rates[0]->name, "rate.Pd/CeO2");
    EXPECT_EQ(rates[1]->name, "rate.Pd_CeO2");
    EXPECT_EQ(rates[3]->name, "rate." + very_long + "2");
    EXPECT_EQ(rates[4]->name, "rate.e\xCC\x81tape");
    EXPECT_NE(rates[0]->values, rates[1]->values);
}

TEST(Netcdf, AnAxisNameThatNetcdfForbids) {
    Mechanism mechanism;
    support::add_plain_site(mechanism);
    support::add_plain_step(mechanism, "CO_g + *_s <-> CO_s", 1.0, 1.0);
    mechanism.conditions.temperature = 500.0;
    support::pressure(mechanism, "CO_g") = 1.0;
    const Axis barrier{
        "barrier.Pd/CeO2", {Parameter::Kind::barrier, 0}, "eV", 1.6e-19, Spacing::linear,
        {0.0, 1.0}};
    const Model model = support::model_of(mechanism, {barrier});
    EXPECT_EQ(round_trip(model, support::invented_results(model)).axes[0].name, "barrier.Pd/CeO2");
}

TEST(Netcdf, ResultsOfAnotherGridAreRefused) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(2, 2);
    EXPECT_THROW(write_netcdf(scratch / "map.nc", model, ResultSet(model.network, 3)),
                 std::logic_error);
    EXPECT_THROW((void)map_data(model, ResultSet(model.network, 3)), std::logic_error);
    EXPECT_EQ(scratch.entries(), 0U);
}

// ---- Files that are no maps -------------------------------------------------------------------

/// The message of the Error that reading `path` throws.
std::string refusal(const std::string& path) {
    try {
        (void)read_map(path);
    } catch (const Error& error) {
        EXPECT_NE(error.message().find(path), std::string::npos);
        EXPECT_TRUE(support::is_sentence(error.advice()));
        return error.message();
    }
    ADD_FAILURE() << path << " was read";
    return {};
}

TEST(ReadMap, SaysWhatIsWrongWithTheFile) {
    const ScratchDirectory scratch;
    EXPECT_NE(refusal(scratch / "nothing.nc").find("No such file"), std::string::npos);
    EXPECT_NE(refusal(scratch.path()).find("not a file"), std::string::npos);
    write_bytes(scratch / "empty.nc", "");
    write_bytes(scratch / "text.nc", "temperature,status\n500,converged\n");
    EXPECT_FALSE(refusal(scratch / "empty.nc").empty());
    EXPECT_FALSE(refusal(scratch / "text.nc").empty());
    EXPECT_FALSE(refusal("http://localhost:1/map.nc").empty());
}

TEST(ReadMap, AFileOfAnotherProgramIsNotOurs) {
    const ScratchDirectory scratch;
    int file = 0;
    ASSERT_EQ(nc_create((scratch / "other.nc").c_str(), NC_NETCDF4, &file), 0);
    int dimension = 0;
    nc_def_dim(file, "x", 3, &dimension);
    nc_close(file);
    EXPECT_NE(refusal(scratch / "other.nc").find("not a map that Turnover wrote"),
              std::string::npos);
}

/// A map with one thing changed by `edit`, which gets the open file.
template <class Edit>
std::string refusal_of_edited(const Edit& edit) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(2, 3);
    write_netcdf(scratch / "map.nc", model, support::invented_results(model));
    int file = 0;
    EXPECT_EQ(nc_open((scratch / "map.nc").c_str(), NC_WRITE, &file), 0);
    nc_redef(file);
    EXPECT_EQ(edit(file), 0);
    EXPECT_EQ(nc_close(file), 0);
    return refusal(scratch / "map.nc");
}

int variable_of(int file, const char* name) {
    int variable = -2;
    EXPECT_EQ(nc_inq_varid(file, name, &variable), 0);
    return variable;
}

TEST(ReadMap, ALayoutOfTheFutureIsRefused) {
    const std::string message = refusal_of_edited([](int file) {
        const int future = 99;
        return nc_put_att_int(file, NC_GLOBAL, "turnover_layout", NC_INT, 1, &future);
    });
    EXPECT_NE(message.find("layout 99"), std::string::npos);
}

TEST(ReadMap, AMapWithoutStatusOrAxesIsIncomplete) {
    EXPECT_NE(refusal_of_edited([](int file) {
                  return nc_rename_var(file, variable_of(file, "status"), "state");
              }).find("not a complete map"),
              std::string::npos);
    EXPECT_NE(refusal_of_edited([](int file) {
                  return nc_rename_var(file, variable_of(file, "pressure.CO_g"), "p");
              }).find("an axis has no values"),
              std::string::npos);
}

TEST(ReadMap, AColumnOfAnotherShapeIsRefused) {
    EXPECT_NE(refusal_of_edited([](int file) {
                  const int column = 3;
                  return nc_put_att_int(file, variable_of(file, "digits"), "column", NC_INT, 1,
                                        &column);
              }).find("`digits` does not span"),
              std::string::npos);
}

TEST(ReadMap, ATruncatedMapIsAnErrorAndNeverAWrongMap) {
    const ScratchDirectory scratch;
    const Model model = support::co_model(10, 20);
    const ResultSet results = support::invented_results(model);
    write_netcdf(scratch / "map.nc", model, results);
    const std::string bytes = file_bytes(scratch / "map.nc");
    int refused = 0;
    for (std::size_t length = 0; length < bytes.size(); length += 997) {
        write_bytes(scratch / "cut.nc", bytes.substr(0, length));
        std::optional<MapData> map;
        try {
            map = read_map(scratch / "cut.nc");
        } catch (const Error&) {
            ++refused;
        }
        // The end of the file is padding, and the map is whole without it.
        if (map) expect_same(*map, map_data(model, results));
    }
    EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace turnover
