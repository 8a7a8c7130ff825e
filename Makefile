# Turnover, for those who want it built, shown or tested by one command. CMakePresets.json has what
# is underneath.

TURNOVER_WERROR ?= OFF
PREFIX ?= /usr/local
TORTURE_JOBS ?= $(shell nproc)
CHECKED_PRESETS := debug clang asan tsan

.PHONY: help demo build test test-sanitized torture bench format check-format check-includes \
        check-headers tidy install \
        clean dependencies configure build-all $(CHECKED_PRESETS)

help:
	@echo 'make demo             the CO-oxidation map, into out/co_oxidation (installs what is missing)'
	@echo 'make test             build all, check format and includes, run the test suite'
	@echo 'make build            the program: build/turnover'
	@echo 'make torture          100,000 points of random networks against a 100-digit judge: hours'
	@echo 'make bench            the benchmarks; results as JSON in out/bench'
	@echo 'make install          program, library, headers and examples into PREFIX ($(PREFIX))'
	@echo 'make clang            build and test with Clang; also: debug, asan, tsan'
	@echo 'make test-sanitized   the rooms base, sweep and engines under both sanitizers, in a few minutes'
	@echo 'make format           format the sources'
	@echo 'make check-format     are they formatted?'
	@echo 'make check-includes   do includes point down the tower of rooms?'
	@echo 'make check-headers    does every header compile by itself?'
	@echo 'make tidy             clang-tidy'
	@echo 'make dependencies     install the Debian packages that are missing'
	@echo 'make clean            remove the build folders'
	@echo 'TURNOVER_WERROR=ON makes compiler warnings errors.'

demo: build
	build/turnover map examples/01_co_oxidation/model.yaml -o out/co_oxidation

build: configure
	cmake --build build --target turnover_program

build-all: configure
	cmake --build build

test: check-format check-includes build-all
	scripts/run_tests.py build

# Goes on where it was interrupted; `make clean` forgets.
torture: configure
	cmake --build build --target torture
	mkdir -p out
	rm -f out/torture.txt
	status=0; for set in "--maps --networks 350" "--seed 2 --largest 7 --networks 700"; do \
	    build/torture $$set --jobs $(TORTURE_JOBS) --journal build/torture-$${set##* }.journal \
	        >> out/torture.txt || status=1; \
	done; cat out/torture.txt; exit $$status

bench: configure
	cmake --build build --target run_benchmarks

install: build-all
	cmake --install build --prefix $(PREFIX)

configure: dependencies
	cmake --preset release -DTURNOVER_WERROR=$(TURNOVER_WERROR)

dependencies:
	scripts/install_dependencies.sh

$(CHECKED_PRESETS): dependencies
	cmake --preset $@
	cmake --build --preset $@
	scripts/run_tests.py build-$@

test-sanitized: configure
	cmake --build build --target run_sanitized

format: dependencies
	scripts/check_format.sh --fix

check-format: dependencies
	scripts/check_format.sh

check-includes: dependencies
	scripts/check_includes.py

check-headers: configure
	cmake --build build --target turnover_library_verify_interface_header_sets

# It wants to see each file by itself.
tidy: dependencies
	cmake --preset release -B build-tidy -DCMAKE_UNITY_BUILD=OFF
	run-clang-tidy -quiet -p build-tidy '/(src|apps)/'

clean:
	rm -rf build build-*
