#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs a build into an empty folder, builds examples/ against what is installed there, as a user would, and
# flashes a virtual phone with the result.
# Use: tests/install_package_test.sh BUILD_DIR CXX_COMPILER
set -euo pipefail
build=$(realpath "$1")
compiler=$2
source=$(realpath "$(dirname "$0")/..")
place=$(mktemp -d)
phone=
trap '[ -z "$phone" ] || kill "$phone"; rm -rf "$place"' EXIT
export MTKFLASH_HOME=$place/home

cmake --install "$build" --prefix "$place/prefix" >"$place/log"
cmake -S "$source/examples" -B "$place/examples" -G Ninja -D CMAKE_CXX_COMPILER="$compiler" \
  -D CMAKE_PREFIX_PATH="$place/prefix" -D CMAKE_FIND_USE_PACKAGE_REGISTRY=OFF
cmake --build "$place/examples"

for program in mtkflash mtkflash-phone; do "$place/prefix/bin/$program" --help >/dev/null; done
for page in man/man1/mtkflash.1 bash-completion/completions/mtkflash mtkflash/phones/tiny-6580.toml; do
  [ -s "$place/prefix/share/$page" ] || { echo "share/$page is not installed" >&2; exit 1; }
done
[ -s "$place/prefix/lib/udev/rules.d/60-mtkflash.rules" ] || { echo "the udev rule is not installed" >&2; exit 1; }

"$source/tools/make-firmware" --model tiny-6580 --out "$place/firmware"
"$place/prefix/bin/mtkflash-phone" --model tiny-6580 --state "$place/phone" --listen "unix:$place/port" >"$place/hello" &
phone=$!
until [ -s "$place/hello" ]; do kill -0 "$phone"; sleep 0.05; done
"$place/examples/flash_folder" "$place/firmware" "unix:$place/port"

# What is installed does not point back to where it was built.
if grep -rlF -e "$build" -e "$source" "$place/prefix" --include='*.cmake' --include='*.h'; then
  echo "the files above name the folder they were built in" >&2
  exit 1
fi
echo "the installed package serves examples/"
