// Every room's umbrella header must do with what the package brings along.
#include <iostream>

#include "turnover/analysis/analysis.hpp"
#include "turnover/base/base.hpp"
#include "turnover/base/version.hpp"
#include "turnover/chemistry/chemistry.hpp"
#include "turnover/engines/engines.hpp"
#include "turnover/io/io.hpp"
#include "turnover/kinetics/kinetics.hpp"
#include "turnover/plot/plot.hpp"
#include "turnover/steady/steady.hpp"
#include "turnover/sweep/sweep.hpp"

int main() { std::cout << turnover::version << '\n'; }
