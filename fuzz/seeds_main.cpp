// SPDX-License-Identifier: Apache-2.0
// Stands in for libFuzzer where a fuzz target is a plain test: gives it every file of the folder of its
// seeds.
#include "base/file.h"

#include <cstdio>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  constexpr std::uint64_t largest_seed = 16 << 20;
  if (argc != 2) return 2;
  std::size_t seeds = 0;
  for (const auto& seed : std::filesystem::directory_iterator{argv[1]}) {
    const auto bytes = mtk::read_file(seed.path(), largest_seed);
    if (!bytes) {
      std::fprintf(stderr, "%s\n", mtk::to_string(bytes.error()).c_str());
      return 1;
    }
    std::vector<std::uint8_t> input;
    for (const std::byte byte : *bytes) input.push_back(std::to_integer<std::uint8_t>(byte));
    LLVMFuzzerTestOneInput(input.data(), input.size());
    ++seeds;
  }
  if (seeds == 0) std::fprintf(stderr, "%s holds no seeds\n", argv[1]);
  return seeds == 0 ? 1 : 0;
}
