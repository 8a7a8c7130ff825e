#pragma once

#include "turnover/sweep/tile.hpp"

namespace turnover::solver {

/// turnover-solver, which runs on the machines of workers: with the words RECIPE BLOCK SECONDS it
/// makes the model again, has `solve` solve the block's points and prints the answer (engines/
/// block_answer.hpp); after so many seconds it is ended by SIGALRM (0: never). With --files it
/// prints the loader and the shared libraries that it runs with, a path a line, the loader first.
/// Returns the exit code; a reason goes to the standard error.
int run(int argc, char** argv, const TileSolver& solve);

}  // namespace turnover::solver
