#include "turnover/plot/contour_panel.hpp"

#include <gtest/gtest.h>

namespace turnover {
namespace {

TEST(Panel, WithBothSignsTheScaleIsMirroredAtItsLowestLevel) {
    Panel panel;
    panel.levels = {-2.0, -1.0, 0.0, 1.0};
    EXPECT_EQ(panel.value_levels(), panel.levels);
    EXPECT_EQ(panel.scale_band(2), 2U);
    panel.both_signs = true;
    EXPECT_EQ(panel.value_levels(), (std::vector<double>{-3.0, -2.0, -1.0, 1.0, 2.0, 3.0}));
    const std::vector<std::size_t> bands{2, 1, 0, 1, 2};  // the lowest one lies around zero
    for (std::size_t k = 0; k < bands.size(); ++k) EXPECT_EQ(panel.scale_band(k), bands[k]);
}

TEST(EvenLayout, PanelsDoNotOverlapAndFitTheCanvas) {
    for (std::size_t n = 1; n <= 7; ++n) {
        const EvenLayout layout = even_layout_of(n);
        ASSERT_EQ(layout.panels.size(), n);
        for (std::size_t k = 0; k < n; ++k) {
            const PixelBox& box = layout.panels[k];
            EXPECT_GT(box.left, 0.0);
            EXPECT_LT(box.left + box.width, layout.canvas.width);
            EXPECT_GT(box.bottom, 0.0);
            EXPECT_LT(box.bottom + box.height, layout.title_height);
            for (std::size_t other = 0; other < k; ++other) {
                const PixelBox& there = layout.panels[other];
                const bool beside =
                    there.left + there.width < box.left || box.left + box.width < there.left;
                const bool above = box.bottom + box.height < there.bottom;
                EXPECT_TRUE(beside || above) << n << " " << k << " " << other;
            }
        }
    }
}

}  // namespace
}  // namespace turnover
