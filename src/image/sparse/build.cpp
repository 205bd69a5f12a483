// SPDX-License-Identifier: Apache-2.0
// Writing sparse images, for tests and firmware made for virtual phones.
#include "image/sparse/records.h"
#include "image/sparse/sparse.h"

namespace mtk {

using namespace sparse_format;

Result<Bytes> build_sparse(const std::vector<SparseChunk>& chunks, std::uint32_t block_size) {
  if (block_size == 0 || block_size % 4 != 0) {
    return fail(Errc::out_of_range, fmt::format("sparse block size {}", block_size));
  }
  constexpr auto chunk_header_size = static_cast<std::uint16_t>(wire_size<ChunkHeader>());
  ByteWriter body;
  std::uint64_t total_blocks = 0;
  for (const SparseChunk& chunk : chunks) {
    ChunkHeader header{.type = raw_chunk, .reserved = 0, .blocks = chunk.blocks, .total_size = 0};
    ByteWriter data;
    switch (chunk.kind) {
      case SparseChunk::Kind::raw:
        if (chunk.data.size() % block_size != 0) {
          return fail(Errc::out_of_range, "raw chunk is not a whole number of blocks");
        }
        header.blocks = static_cast<std::uint32_t>(chunk.data.size() / block_size);
        data.bytes(chunk.data);
        break;
      case SparseChunk::Kind::fill:
        header.type = fill_chunk;
        data.le(chunk.value);
        break;
      case SparseChunk::Kind::dont_care:
        header.type = dont_care_chunk;
        break;
      case SparseChunk::Kind::crc32:
        header.type = crc_chunk;
        header.blocks = 0;
        data.le(chunk.value);
        break;
    }
    header.total_size = static_cast<std::uint32_t>(chunk_header_size + data.size());
    total_blocks += header.blocks;
    mtk::write(body, header);
    body.bytes(data.view());
  }
  if (total_blocks > 0xffffffffU) return fail(Errc::out_of_range, "more blocks than the format can count");
  ByteWriter out;
  mtk::write(out, Header{.magic = sparse_magic,
                         .major = 1,
                         .minor = 0,
                         .header_size = static_cast<std::uint16_t>(wire_size<Header>()),
                         .chunk_header_size = chunk_header_size,
                         .block_size = block_size,
                         .total_blocks = static_cast<std::uint32_t>(total_blocks),
                         .total_chunks = static_cast<std::uint32_t>(chunks.size()),
                         .checksum = 0});
  out.bytes(body.view());
  return std::move(out).take();
}

}  // namespace mtk
