#!/usr/bin/env bash
# The same networks and points on Turnover and on a peer, Cantera, in one run, with the ratio of
# their speeds: bench/peers/run.sh BUILD_DIR. Cantera comes from its Python wheel into a virtual
# environment under out/; where that cannot be had, one line says so and nothing else happens.
set -euo pipefail
build=$(realpath "${1:-build}")
cd "$(dirname "$0")/../.."

version=3.2.0
environment=out/peers/cantera-$version
if ! [[ -x $environment/bin/python ]] ||
  ! "$environment/bin/python" -c 'import cantera' 2>/dev/null; then
  mkdir -p out/peers
  if ! { python3 -m venv "$environment" &&
    "$environment/bin/pip" install --quiet "cantera==$version"; } >out/peers/install.log 2>&1; then
    echo "Peers: skipped, Cantera $version cannot be installed here (out/peers/install.log)."
    exit 0
  fi
fi
mkdir -p out/bench
points=$(mktemp)
trap 'rm -f "$points"' EXIT
"$build/bench/peer_points" >"$points"
"$environment/bin/python" bench/peers/cantera_points.py "$points" out/bench/peers.json
