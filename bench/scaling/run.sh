#!/usr/bin/env bash
# All of docs/scaling.md by one command: bench/scaling/run.sh [BUILD_DIR]. Measures for some
# minutes, then prints the tables and draws out/bench/scaling.png. With figures that are there
# already: python3 bench/scaling/report.py FIGURES.json PICTURE.png
set -euo pipefail
build=$(realpath "${1:-build}")
cd "$(dirname "$0")/../.."
for program in waiting_tiles queue_tasks; do
  cmake --build "$build" --target "$program" || echo "Scaling: without $program."
done
mkdir -p out/bench
python3 bench/scaling/measure.py "$build" out/bench/scaling.json
python3 bench/scaling/report.py out/bench/scaling.json out/bench/scaling.png
