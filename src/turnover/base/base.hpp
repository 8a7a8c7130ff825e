// Room: base (floor 1)
//
// Charter: what every other room stands on and what knows nothing of chemistry: physical
// constants with their source, quantities with units, lines and words, and the one error type with
// place and advice.
#pragma once

#include "turnover/base/constants.hpp"
#include "turnover/base/error.hpp"
#include "turnover/base/index.hpp"
#include "turnover/base/lines.hpp"
#include "turnover/base/suggest.hpp"
#include "turnover/base/units.hpp"
#include "turnover/base/utf8.hpp"
