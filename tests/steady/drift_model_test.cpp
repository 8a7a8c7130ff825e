#include "turnover/steady/drift_model.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace turnover {
namespace {

using enum DriftModel::Slowing;

Eigen::VectorXd vector_of(double a) { return Eigen::VectorXd::Constant(1, a); }
Eigen::VectorXd vector_of(double a, double b) { return (Eigen::VectorXd(2) << a, b).finished(); }

/// One y, of which a turn leaves `left`.
DriftModel one_mode(double left) {
    return DriftModel(vector_of(1.0), Eigen::MatrixXd::Identity(1, 1), vector_of(left));
}

TEST(DriftModel, AModeThatDiesEndsWhereItsDriftDoes) {
    const DriftModel model = one_mode(0.99);
    const Eigen::VectorXd drift = vector_of(0.02);
    EXPECT_EQ(model.growth(), 0.0);
    EXPECT_NEAR(model.to_rest(drift)[0], 2.0, 1e-12);
    // 16 steps of the implicit Euler method over 160 turns: 2 (1 - 1.1^-16), for 2 (1 - e^-1.6).
    EXPECT_NEAR(model.change(drift, 160.0, by_distance)[0], 2.0 * (1.0 - std::pow(1.1, -16)),
                1e-12);
    EXPECT_NEAR(model.change(drift, 1e9, by_distance)[0], 2.0, 1e-6);
    // Half way there the drift is half of what it was; 32 turns heal what does not last.
    EXPECT_NEAR(model.foreseen(drift, vector_of(1.0), 1e9, by_distance)[0],
                0.01 * std::pow(0.99, 32), 1e-12);
}

TEST(DriftModel, APoolThatFillsGrowsAsALogarithm) {
    // y = ln N after N turns: at N = 100, dy/dN = 0.01, and its slope -0.01.
    DriftModel model = one_mode(0.99);
    const Eigen::VectorXd drift = vector_of(0.01);
    EXPECT_NEAR(model.change(drift, 9900.0, by_power)[0], std::log(100.0), 1e-9);
    // Where N is ten times as much the drift is a tenth; a mode that dies would long be over.
    const Eigen::VectorXd moved = vector_of(std::log(10.0));
    const double lasts = std::pow(0.99, 32);
    EXPECT_NEAR(model.foreseen(drift, moved, 1e9, by_power)[0], 0.001 * lasts, 1e-12);
    EXPECT_LT(model.foreseen(drift, moved, 1e9, by_distance)[0], 0.0);
    // From there on it is at N = 1000.
    model.go_on_from(drift, moved, 1e9, by_power);
    EXPECT_NEAR(model.change(vector_of(0.001), 99000.0, by_power)[0], std::log(100.0), 1e-9);
}

TEST(DriftModel, WhatLiesOutsideOfTheDirectionsHealsInATurn) {
    // The second y swings over 5, the first over 1.
    const DriftModel model(vector_of(1.0, 5.0), vector_of(1.0, 0.0), vector_of(1.0, 0.0));
    EXPECT_EQ(model.size(vector_of(-0.5, 2.0)), 0.5);
    EXPECT_EQ(model.lasting(vector_of(0.3, 2.0), 10.0), vector_of(0.3, 0.0));
    EXPECT_EQ(model.measured_lasting(vector_of(0.3, 2.0), 10.0), vector_of(0.3, 2.0));
    const Eigen::VectorXd change = model.change(vector_of(1e-3, 2.0), 1000.0, by_distance);
    EXPECT_NEAR(change[0], 1.0, 1e-12);
    EXPECT_NEAR(change[1], 2.0, 1e-9);  // and not 2000
    EXPECT_EQ(model.to_rest(vector_of(1e-3, 0.0)).size(), 0);
}

TEST(DriftModel, TwoPoolsThatSlowDownOtherwiseAreNotOnePower) {
    // One that fills and one that goes on: the second is 400 turns further, and not a logarithm.
    const DriftModel model(vector_of(1.0, 1.0), Eigen::MatrixXd::Identity(2, 2),
                           (Eigen::MatrixXd(2, 2) << 0.99, 0.0, 0.0, 1.0).finished());
    const Eigen::VectorXd drift = vector_of(0.01, 0.001);
    EXPECT_NEAR(model.change(drift, 400.0, by_power)[1], 0.4, 1e-12);
    EXPECT_EQ(model.change(drift, 400.0, by_power), model.change(drift, 400.0, by_distance));
}

TEST(DriftModel, AModeThatTurnsGrowsAsItsSizeDoes) {
    const double c = 1.03 * std::cos(0.4), s = 1.03 * std::sin(0.4);
    const DriftModel model(vector_of(1.0, 1.0), Eigen::MatrixXd::Identity(2, 2),
                           (Eigen::MatrixXd(2, 2) << c, -s, s, c).finished());
    EXPECT_NEAR(model.growth(), 0.03, 1e-14);
}

TEST(DriftModel, LeavesOutWhatSmoothTurnsCannotDo) {
    EXPECT_NEAR(one_mode(1.01).growth(), 0.01, 1e-15);
    EXPECT_EQ(one_mode(1.01).growth_left_out(), 0.0);
    for (const double impossible : {-0.9, 2.0, -3.0}) {
        EXPECT_EQ(one_mode(impossible).growth(), 0.0);
        EXPECT_NEAR(one_mode(impossible).growth_left_out(),
                    std::max(std::abs(impossible) - 1.0, 0.0), 1e-15);
        EXPECT_NEAR(one_mode(impossible).to_rest(vector_of(0.1))[0], 0.1, 1e-15);
    }
}

TEST(DriftModel, ANumberThatIsNoneIsNotSmall) {
    const DriftModel model(vector_of(1.0, 1.0), Eigen::MatrixXd(2, 0), Eigen::MatrixXd(2, 0));
    EXPECT_TRUE(std::isnan(model.size(vector_of(1.0, std::nan("")))));
}

TEST(DriftModel, HoldsWhereNothingDrifts) {
    const DriftModel model(vector_of(1.0, 1.0), Eigen::MatrixXd(2, 0), Eigen::MatrixXd(2, 0));
    const Eigen::VectorXd nothing = Eigen::VectorXd::Zero(2);
    for (const auto slowing : {by_distance, by_power}) {
        EXPECT_EQ(model.change(nothing, 1e6, slowing), nothing);
        EXPECT_EQ(model.foreseen(nothing, nothing, 1e6, slowing), nothing);
    }
    EXPECT_EQ(model.to_rest(nothing), nothing);
}

}  // namespace
}  // namespace turnover
