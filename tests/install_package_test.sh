#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs a build into an empty folder and builds examples/ against what is installed there, as a user would.
# Use: tests/install_package_test.sh BUILD_DIR CXX_COMPILER
set -euo pipefail
build=$(realpath "$1")
compiler=$2
source=$(realpath "$(dirname "$0")/..")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

cmake --install "$build" --prefix "$place/prefix" >"$place/log"
cmake -S "$source/examples" -B "$place/examples" -G Ninja -D CMAKE_CXX_COMPILER="$compiler" \
  -D CMAKE_PREFIX_PATH="$place/prefix" -D CMAKE_FIND_USE_PACKAGE_REGISTRY=OFF
cmake --build "$place/examples"

# The example and the installed programs start from where they were put, and know their version.
"$place/examples/flash_folder" --help
"$place/prefix/bin/mtkflash" --version
"$place/prefix/bin/mtkflash-phone" --help >/dev/null

# What is installed does not point back into the build or the source.
if grep -rlF -e "$build" -e "$source" "$place/prefix" --include='*.cmake' --include='*.h'; then
  echo "the files above name the folder they were built in" >&2
  exit 1
fi
echo "the installed package serves examples/"
