// Room: plot (floor 8)
//
// Charter: pictures of results, drawn by gnuplot from scripts that a user may keep and edit.
#pragma once

#include "turnover/plot/map_plot.hpp"
#include "turnover/plot/scaling_plot.hpp"
