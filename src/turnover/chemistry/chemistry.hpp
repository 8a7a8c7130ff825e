// Room: chemistry (floor 2)
//
// Charter: what a surface mechanism is, before anything is computed from it: formulas, species,
// sites, elementary steps that balance, the energies they carry, and the thermochemistry of each
// species.
#pragma once

#include "turnover/chemistry/equation.hpp"
#include "turnover/chemistry/formula.hpp"
#include "turnover/chemistry/mechanism.hpp"
#include "turnover/chemistry/parameter.hpp"
#include "turnover/chemistry/plausibility.hpp"
#include "turnover/chemistry/species.hpp"
#include "turnover/chemistry/stoichiometry.hpp"
#include "turnover/chemistry/thermochemistry.hpp"
#include "turnover/chemistry/thermodynamics.hpp"
