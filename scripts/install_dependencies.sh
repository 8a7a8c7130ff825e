#!/usr/bin/env bash
# Installs the Debian packages that Turnover needs and that are not there yet.
#   scripts/install_dependencies.sh             what `make demo` and `make test` need
#   scripts/install_dependencies.sh --optional  also MPI, Clang and clang-tidy
# TURNOVER_SKIP_INSTALL=1 in the environment installs nothing: the libraries are there some other
# way, and CMake will say which is not.
set -euo pipefail

packages=(
  g++ make cmake ninja-build pkg-config python3 clang-format
  libsundials-dev libeigen3-dev libboost-dev libmpfr-dev libhwy-dev
  libyaml-cpp-dev libnetcdf-dev libsqlite3-dev libxxhash-dev libcereal-dev nlohmann-json3-dev
  libcli11-dev libfmt-dev
  libgtest-dev libgmock-dev libbenchmark-dev
  gnuplot-nox fonts-dejavu-core
  coop-computing-tools coop-computing-tools-dev zlib1g-dev iproute2
)
optional=(
  libopenmpi-dev openmpi-bin
  clang clang-tidy
)

case "${1:-}" in
  '') ;;
  --optional) packages+=("${optional[@]}") ;;
  *)
    echo "usage: $0 [--optional]" >&2
    exit 2
    ;;
esac

if [[ ${TURNOVER_SKIP_INSTALL:-0} != 0 ]]; then
  exit 0
fi

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo 'This is not a Debian system, so nothing is installed. Turnover needs what Debian calls'
  printf '  %s\n' "${packages[@]}"
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $status == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    echo "These Debian packages are missing: ${missing[*]}" >&2
    echo "You are not root and there is no sudo. Ask an administrator to run" >&2
    echo "  apt-get install ${missing[*]}" >&2
    echo "or, if the libraries are there some other way, set TURNOVER_SKIP_INSTALL=1." >&2
    exit 1
  fi
  as_root=(sudo)
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

echo "Installing Debian packages (some minutes): ${missing[*]}"
apt update
apt install --yes --no-install-recommends "${missing[@]}"
