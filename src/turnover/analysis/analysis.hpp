// Room: analysis (floor 5)
//
// Charter: what a steady state means to a chemist: reversibilities today; rate control, reaction
// orders and apparent activation energies are to come.
#pragma once

#include "turnover/analysis/reversibility.hpp"
