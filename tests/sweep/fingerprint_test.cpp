#include "turnover/sweep/fingerprint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace turnover {
namespace {

TEST(Fingerprint, IsAShortWordThatStaysTheSame) {
    const std::string fingerprint = bits_fingerprint();
    EXPECT_THAT(fingerprint, testing::MatchesRegex("[0-9a-f]{16}"));
    EXPECT_EQ(bits_fingerprint(), fingerprint);
    EXPECT_EQ(detail::fingerprint_sample().bytes, detail::fingerprint_sample().bytes);
}

/// The sample is worth something only where its points take the ways that it claims.
TEST(Fingerprint, SamplesAllWaysToAnAnswer) {
    const BatchReport report = detail::fingerprint_sample().report;
    EXPECT_EQ(report.points, 8u);
    EXPECT_EQ(report.certified, report.points);
    EXPECT_GE(report.in_double_double, 1u);
    EXPECT_GE(report.without_transient, 1u);
    EXPECT_GT(report.transient_steps, 0u);
}

TEST(Fingerprint, IsThatOfEveryVectorWidth) {
    const auto allow = [](std::int64_t targets) {
        hwy::SetSupportedTargetsForTest(targets);
        hwy::GetChosenTarget().DeInit();
    };
    allow(0);
    const std::int64_t best = hwy::SupportedTargets();
    const std::string widest = detail::fingerprint_sample().bytes;
    for (const std::int64_t target : {HWY_AVX3, HWY_AVX2, HWY_SCALAR}) {
        if (target != HWY_SCALAR && (best & target) == 0) continue;
        allow(target);
        EXPECT_EQ(detail::fingerprint_sample().bytes, widest) << hwy::TargetName(target);
    }
    allow(0);
}

}  // namespace
}  // namespace turnover
