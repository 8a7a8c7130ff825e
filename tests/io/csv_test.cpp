#include "turnover/io/csv.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>

#include "support/small_models.hpp"
#include "turnover/base/lines.hpp"

namespace turnover {
namespace {

std::string csv(const Model& model, const ResultSet& results) {
    std::ostringstream out;
    write_csv(out, model, results);
    return out.str();
}

std::vector<std::string> fields(const std::string& line) {
    std::istringstream in(line);
    std::vector<std::string> all;
    for (std::string field; std::getline(in, field, ',');) all.push_back(field);
    return all;
}

TEST(Csv, ColumnsAreInTheOrderOfTheFile) {
    // The network sorts its names (CO_s before O_s, CO2_g before CO_g before O2_g); this file names
    // oxygen first.
    Mechanism mechanism;
    mechanism.name = "oxygen first";
    support::add_plain_site(mechanism);
    support::add_plain_step(mechanism, "O2_g + 2*_s <-> 2O_s", 164.0, 4.4e-9, "zeta");
    support::add_plain_step(mechanism, "CO_g + *_s <-> CO_s", 890.0, 1.3e-5, "alpha");
    support::add_plain_step(mechanism, "CO_s + O_s <-> CO2_g + 2*_s", 1.2e9, 1.5e-11, "mid");
    mechanism.conditions.temperature = 500.0;
    for (const char* gas : {"O2_g", "CO_g", "CO2_g"}) support::pressure(mechanism, gas) = 1e4;
    const Model model =
        support::model_of(mechanism, {support::pressure_axis(mechanism, "O2_g", 2),
                                      support::pressure_axis(mechanism, "CO_g", 2)});
    const std::vector<std::string> rows = lines_of(csv(model, support::invented_results(model)));
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_EQ(rows[0],
              "pressure.O2_g,pressure.CO_g,coverage.O_s,coverage.CO_s,coverage.*_s,"
              "rate.zeta,rate.alpha,rate.mid,tof.O2_g,tof.CO_g,tof.CO2_g,status");

    // Network order is alphabetical: unknowns CO_s, O_s, *_s, numbered 1, 2, 3 in the invented
    // state.
    const std::vector<std::string> row = fields(rows[1]);
    EXPECT_EQ(std::stod(row[2]), 2.0 / 3.0);
    EXPECT_EQ(std::stod(row[3]), 1.0 / 3.0);
    EXPECT_EQ(std::stod(row[4]), 3.0 / 3.0);
    // Net rates alpha, mid, zeta are 10, 11, 12; gases CO2, CO, O2 are 13, 14, 15.
    EXPECT_EQ(std::stod(row[5]), 12.0 / 3.0);
    EXPECT_EQ(std::stod(row[6]), 10.0 / 3.0);
    EXPECT_EQ(std::stod(row[7]), 11.0 / 3.0);
    EXPECT_EQ(std::stod(row[8]), 15.0 / 3.0);
    EXPECT_EQ(std::stod(row[9]), 14.0 / 3.0);
    EXPECT_EQ(std::stod(row[10]), 13.0 / 3.0);
}

TEST(Csv, RowsAreInIndexOrderWithTheAxesInTheirUnit) {
    const Model model = support::co_model(2, 3);
    const std::vector<std::string> rows = lines_of(csv(model, support::invented_results(model)));
    ASSERT_EQ(rows.size(), 7U);
    for (std::size_t i = 0; i < 6; ++i) {
        const std::vector<std::string> row = fields(rows[i + 1]);
        const std::vector<double> values = model.grid.values(i);
        EXPECT_EQ(std::stod(row[0]), values[0]);
        EXPECT_EQ(std::stod(row[1]), values[1]);
        EXPECT_EQ(std::stod(row[2]), (1000.0 * static_cast<double>(i) + 1.0) / 3.0);
        EXPECT_EQ(row.back(), "converged");
    }
    EXPECT_EQ(fields(rows[1])[0], "0.01");
    EXPECT_EQ(fields(rows[6])[1], "0.5");
}

TEST(Csv, EveryNumberReadsBackToTheSameBits) {
    const Model model = support::co_model(20, 50);
    const std::vector<double> special = {0.0,  1e-32, 5e-324,    1.7976931348623157e308, 0.1, -0.1,
                                         1e22, 1e23,  1.0 / 3.0, 2.2250738585072014e-308};
    std::mt19937_64 random(20);
    std::vector<double> written;
    ResultSet results(model.network, model.grid.size());
    for (std::size_t i = 0; i < model.grid.size(); ++i) {
        SteadyState state = support::invented_state(model.network, i);
        for (double& coverage : state.coverages) {
            do {
                coverage = std::bit_cast<double>(random());
            } while (!std::isfinite(coverage));
        }
        if (i < special.size()) state.coverages[0] = special[i];
        written.push_back(state.coverages[0]);
        results.store(support::tile_result(model.network, {i, 1}, {state}));
    }
    const std::vector<std::string> rows = lines_of(csv(model, results));
    for (std::size_t i = 0; i < written.size(); ++i) {
        const std::string field = fields(rows[i + 1])[2];
        double read = 0.0;
        const auto end = std::from_chars(field.data(), field.data() + field.size(), read);
        EXPECT_EQ(end.ptr, field.data() + field.size());
        EXPECT_EQ(std::bit_cast<std::uint64_t>(read), std::bit_cast<std::uint64_t>(written[i]));
    }
    EXPECT_EQ(fields(rows[1])[2], "0");
    EXPECT_EQ(fields(rows[2])[2], "1e-32");
    EXPECT_EQ(fields(rows[5])[2], "0.1");
}

TEST(Csv, AFailedPointKeepsItsAxesAndStatusOnly) {
    const Model model = support::co_model(1, 3);
    const std::vector<std::string> rows =
        lines_of(csv(model, support::results_with_failure(model, 1, "lost")));
    const std::vector<std::string> row = fields(rows[2]);
    EXPECT_EQ(row[0], "0.01");
    for (std::size_t c = 2; c + 1 < row.size(); ++c) EXPECT_EQ(row[c], "nan");
    EXPECT_EQ(row.back(), "newton-failed");
    EXPECT_EQ(rows[1].find("nan"), std::string::npos);
}

TEST(Csv, PointsNotReachedAreSaidToBe) {
    const Model model = support::co_model(1, 2);
    const std::vector<std::string> rows = lines_of(csv(model, ResultSet(model.network, 2)));
    EXPECT_EQ(fields(rows[1]).back(), "not-computed");
}

TEST(Csv, NansHaveNoSign) {
    const Model model = support::co_model(1, 1);
    SteadyState state = support::invented_state(model.network, 0);
    state.coverages[0] = -std::numeric_limits<double>::quiet_NaN();
    ResultSet results(model.network, 1);
    results.store(support::tile_result(model.network, {0, 1}, {state}));
    EXPECT_EQ(fields(lines_of(csv(model, results))[1])[2], "nan");
}

TEST(Csv, NamesWithCommasAndQuotesAreQuoted) {
    Mechanism mechanism;
    support::add_plain_site(mechanism);
    support::add_plain_step(mechanism, "CO_g + *_s <-> CO_s", 1.0, 1.0, "fast, \"loose\"");
    mechanism.conditions.temperature = 500.0;
    support::pressure(mechanism, "CO_g") = 1.0;
    const Model model = support::model_of(mechanism, {});
    const std::vector<std::string> rows = lines_of(csv(model, support::invented_results(model)));
    EXPECT_EQ(rows[0], R"(coverage.CO_s,coverage.*_s,"rate.fast, ""loose""",tof.CO_g,status)");
    EXPECT_EQ(rows.size(), 2U);  // no axis: one point
}

TEST(Csv, ResultsOfAnotherGridAreRefused) {
    std::ostringstream out;
    const Model model = support::co_model(2, 2);
    EXPECT_THROW(write_csv(out, model, ResultSet(model.network, 5)), std::logic_error);
}

TEST(Csv, NothingIsLostWhereTheBufferIsEmptied) {
    // More than one buffer's worth: nothing may be lost or doubled where it is emptied.
    const Model model = support::co_model(100, 100);
    const std::vector<std::string> rows = lines_of(csv(model, support::invented_results(model)));
    ASSERT_EQ(rows.size(), 10001U);
    for (std::size_t i = 0; i < 10000; ++i) {
        EXPECT_EQ(std::stod(fields(rows[i + 1])[2]), (1000.0 * static_cast<double>(i) + 1.0) / 3.0);
    }
}

}  // namespace
}  // namespace turnover
