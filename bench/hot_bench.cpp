// SPDX-License-Identifier: Apache-2.0
// What every written byte passes on the host: the agent's sum, SHA-256, and the expansion of sparse images.
#include "base/hash.h"
#include "da/legacy/byte_sum.h"
#include "image/sparse/sparse.h"

#include <benchmark/benchmark.h>

namespace {

using namespace mtk;

constexpr std::size_t packet_size = 0x100000;

void count(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}

void agent_sum(benchmark::State& state) {
  const Bytes packet(packet_size, std::byte{0x5a});
  for (auto round : state) {
    static_cast<void>(round);
    benchmark::DoNotOptimize(legacy::byte_sum(packet));
  }
  count(state, packet.size());
}
BENCHMARK(agent_sum);

void sha_256(benchmark::State& state) {
  const Bytes packet(packet_size, std::byte{0x5a});
  Hasher hasher;
  for (auto round : state) {
    static_cast<void>(round);
    hasher.update(packet);
  }
  count(state, packet.size());
}
BENCHMARK(sha_256);

/// 16 MiB of raw and filled stretches in turn, read packet by packet.
void sparse_expansion(benchmark::State& state) {
  constexpr std::size_t stretch = 0x10000;
  std::vector<SparseChunk> chunks;
  for (int i = 0; i < 128; ++i) {
    chunks.push_back({.data = Bytes(stretch, std::byte{0x5a})});
    chunks.push_back({.kind = SparseChunk::Kind::fill, .blocks = stretch / 4096, .value = 0xffffffff});
  }
  auto stored = build_sparse(chunks);
  if (!stored) return state.SkipWithError("no sparse image");
  const auto image = open_sparse(memory_image(std::move(*stored)));
  if (!image) return state.SkipWithError("no sparse image");
  Bytes packet(packet_size);
  for (auto round : state) {
    static_cast<void>(round);
    for (std::uint64_t at = 0; at < (*image)->size(); at += packet.size())
      if (!(*image)->read_at(at, packet)) return state.SkipWithError("the image cannot be read");
  }
  count(state, (*image)->size());
}
BENCHMARK(sparse_expansion);

}  // namespace
