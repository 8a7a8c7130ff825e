#!/usr/bin/env bash
# Where the time of a benchmark goes: samples it with perf and prints the share of each function.
# Usage: bench/profile.sh BUILD_FOLDER PROGRAM FILTER, e. g. bench/profile.sh build batch_bench methane
set -euo pipefail
if [ $# -ne 3 ]; then
    sed -n '2,3s/^# //p' "$0" >&2
    exit 2
fi
if ! command -v perf > /dev/null; then
    echo "perf is missing: apt-get install linux-perf" >&2
    exit 2
fi
samples=$(mktemp)
trap 'rm -f "$samples"' EXIT
perf record -q -F 2000 -o "$samples" "$1/bench/bench_$2" --benchmark_filter="$3"
perf report -q -i "$samples" --no-children --sort symbol --percent-limit 0.5 -g none 2> /dev/null |
    sed '/^$/d; s/turnover:://g; s/batch::N_[A-Z0-9_]*:://g'
