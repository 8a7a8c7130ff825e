// turnover-solver: solves blocks of points on the machines of workers (docs/many-machines.md).
#include "solver/solve_block.hpp"

int main(int argc, char** argv) {
    return turnover::solver::run(argc, argv, turnover::default_tile_solver());
}
