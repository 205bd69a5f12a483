# SPDX-License-Identifier: Apache-2.0
# The commands of this project, each a few lines that can be typed by hand. CONTRIBUTING.md explains them.

JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 600
# The sloppiness is what ccache asks for before it keeps what was compiled with precompiled headers. What a file depends
# on the compiler says anyway; without it ccache preprocesses each one first, a fifth of the time of a build.
ifneq ($(shell command -v ccache),)
CMAKE_OPTIONS := -D "CMAKE_CXX_COMPILER_LAUNCHER=env;CCACHE_SLOPPINESS=pch_defines,time_macros;CCACHE_DEPEND=1;ccache"
endif
# Two more than there are processors, as programs that talk to each other also wait for each other.
CTEST := ctest --output-on-failure --no-tests=error --parallel $(shell expr $(JOBS) + 2)

.DEFAULT_GOAL := all
.PHONY: all deps deps-guest demo check format test test-quick test-release test-asan test-usb bench fuzz tidy install clean
.NOTPARALLEL:

## make: build/release/mtkflash and build/release/mtkflash-phone
all: build/release/build.ninja
	cmake --build build/release --parallel $(JOBS) --target mtkflash mtkflash-phone

build/%/build.ninja: CMakePresets.json
	cmake --preset $* $(CMAKE_OPTIONS)

## make deps: installs the Debian packages that are missing; needs root or sudo only when some are
deps:
	@tools/deps

## make deps-guest: those of the USB guest as well
deps-guest:
	@tools/deps guest

## make demo: makes a firmware folder, flashes it to a virtual phone and starts that phone
demo: deps all
	tools/demo

## make check: everything that can be said without compiling
check:
	tools/lint --self-test
	tools/lint
	git ls-files -z '*.cpp' '*.h' | xargs -0 clang-format --dry-run -Werror

## make format: brings C++ files into the house format
format:
	git ls-files -z '*.cpp' '*.h' | xargs -0 clang-format -i

## make test: the checks, all tests (g++, as released) and with sanitizers (clang; a part of the longest), then phones over real USB
test: deps-guest check test-asan test-release test-usb

## make test-quick: the checks and the tests of the release build
test-quick: deps check test-release

test-release: build/release/build.ninja
	cmake --build build/release --parallel $(JOBS)
	$(CTEST) --test-dir build/release

test-asan: build/asan/build.ninja
	cmake --build build/asan --parallel $(JOBS)
	$(CTEST) --test-dir build/asan

## make test-usb: flashes virtual phones over real USB in a QEMU guest; docs/howto/test-usb.md
test-usb: deps-guest all
	tests/usb/run.py build/release build/usb-guest

## make bench: throughput, memory and times of the programs; docs/howto/measure.md
bench: deps build/release/build.ninja
	cmake --build build/release --parallel $(JOBS)
	bench/run build/release

## make fuzz: runs each fuzz target for FUZZ_SECONDS of processor time; what it finds is kept in build/fuzz/finds
fuzz: deps build/fuzz/build.ninja
	cmake --build build/fuzz --parallel $(JOBS)
	tools/fuzz build/fuzz $(FUZZ_SECONDS)

## make tidy: clang-tidy over the sources, with the rules of .clang-tidy; in the build of clang that takes file by file
tidy: deps build/tsan/build.ninja
	cmake --build build/tsan --parallel $(JOBS)
	run-clang-tidy -quiet -p build/tsan -j $(JOBS) '$(CURDIR)/(src|sim|apps)/.*'

## make install: programs, library, man page; DESTDIR and PREFIX are honoured
PREFIX ?= /usr/local
install: all
	cmake --build build/release --parallel $(JOBS)
	cmake --install build/release --prefix $(PREFIX)

clean:
	rm -rf build
