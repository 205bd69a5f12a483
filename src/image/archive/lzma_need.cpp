// SPDX-License-Identifier: Apache-2.0
// The only file that names liblzma.
#include "image/archive/lzma_need.h"

#include <lzma.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace mtk {

namespace {

constexpr std::uint64_t largest_index = 16 << 20;  // memory for the list of blocks
constexpr std::size_t most_blocks = 100'000;       // a terabyte, packed by xz -T

const std::uint8_t* data_of(ByteView bytes) {
  return static_cast<const std::uint8_t*>(static_cast<const void*>(bytes.data()));
}

/// Filters whose options the library has allocated.
struct Filters {
  std::array<lzma_filter, LZMA_FILTERS_MAX + 1> list;

  Filters() { list.fill({.id = LZMA_VLI_UNKNOWN, .options = nullptr}); }
  ~Filters() {
    for (lzma_filter& filter : list) std::free(filter.options);
  }
  Filters(const Filters&) = delete;
  Filters& operator=(const Filters&) = delete;

  Result<> set(LzmaKind kind, ByteView properties) {
    list[0].id = kind == LzmaKind::lzma1 ? LZMA_FILTER_LZMA1 : LZMA_FILTER_LZMA2;
    if (lzma_properties_decode(list.data(), nullptr, data_of(properties), properties.size()) == LZMA_OK)
      return {};
    list[0].options = nullptr;
    return fail(Errc::bad_image, "the archive's LZMA settings are damaged");
  }
  Result<std::uint64_t> need() const {
    const std::uint64_t bytes = lzma_raw_decoder_memusage(list.data());
    if (bytes == UINT64_MAX) return fail(Errc::bad_image, "the archive's filters are damaged");
    return bytes;
  }
};

struct Stream : lzma_stream {
  Stream() : lzma_stream(LZMA_STREAM_INIT) {}
  ~Stream() { lzma_end(this); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

struct Index {
  lzma_index* list = nullptr;

  Index() = default;
  ~Index() { lzma_index_end(list, nullptr); }
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;
};

/// The list of blocks stands at the end of the file.
Result<> read_index(const ImageSource& xz, Index& index) {
  const auto damaged = [] { return fail(Errc::bad_image, "the xz archive is damaged or cut short"); };
  Stream stream;
  if (lzma_file_info_decoder(&stream, &index.list, largest_index, xz.size()) != LZMA_OK) return damaged();
  std::uint64_t position = 0;
  Bytes buffer(4096);
  while (true) {
    if (stream.avail_in == 0) {
      const auto part = std::span{buffer}.first(
          static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), xz.size() - position)));
      MTK_TRY(xz.read_at(position, part));
      position += part.size();
      stream.next_in = data_of(part);
      stream.avail_in = part.size();
    }
    switch (lzma_code(&stream, LZMA_RUN)) {
      case LZMA_OK:
        break;
      case LZMA_SEEK_NEEDED:
        position = stream.seek_pos;
        stream.avail_in = 0;
        break;
      case LZMA_STREAM_END:
        return {};
      default:
        return damaged();
    }
  }
}

Result<std::uint64_t> block_need(const ImageSource& xz, const lzma_index_iter& at) {
  const auto damaged = [] { return fail(Errc::bad_image, "a block of the xz archive is damaged"); };
  std::array<std::byte, LZMA_BLOCK_HEADER_SIZE_MAX> raw{};
  const std::uint64_t offset = at.block.compressed_file_offset;
  if (offset >= xz.size()) return damaged();
  const auto part =
      std::span{raw}.first(static_cast<std::size_t>(std::min<std::uint64_t>(raw.size(), xz.size() - offset)));
  MTK_TRY(xz.read_at(offset, part));
  Filters filters;
  lzma_block block{};
  block.version = 1;
  block.check = at.stream.flags == nullptr ? LZMA_CHECK_NONE : at.stream.flags->check;
  block.filters = filters.list.data();
  block.header_size = (std::to_integer<std::uint32_t>(raw[0]) + 1) * 4;
  if (raw[0] == std::byte{0} || block.header_size > part.size() ||
      lzma_block_header_decode(&block, nullptr, data_of(part)) != LZMA_OK)
    return damaged();
  return filters.need();
}

}  // namespace

Result<std::uint64_t> lzma_need(LzmaKind kind, ByteView properties) {
  Filters filters;
  MTK_TRY(filters.set(kind, properties));
  return filters.need();
}

Result<std::uint64_t> xz_need(const ImageSource& xz) {
  Index index;
  MTK_TRY(read_index(xz, index));
  lzma_index_iter at;
  lzma_index_iter_init(&at, index.list);
  std::uint64_t most = 0;
  for (std::size_t blocks = 0; !lzma_index_iter_next(&at, LZMA_INDEX_ITER_BLOCK); ++blocks) {
    if (blocks == most_blocks) return fail(Errc::unsupported, "an xz archive of too many blocks");
    MTK_TRY_LET(const std::uint64_t need, block_need(xz, at));
    most = std::max(most, need);
  }
  return most;
}

Result<Bytes> unpack_bare_lzma(LzmaKind kind, ByteView properties, ByteView packed, std::size_t size) {
  Filters filters;
  MTK_TRY(filters.set(kind, properties));
  Stream stream;
  Bytes out(size);
  const bool ready = lzma_raw_decoder(&stream, filters.list.data()) == LZMA_OK;
  stream.next_in = data_of(packed);
  stream.avail_in = packed.size();
  stream.next_out = static_cast<std::uint8_t*>(static_cast<void*>(out.data()));
  stream.avail_out = out.size();
  lzma_ret state = LZMA_OK;
  while (ready && state == LZMA_OK && stream.avail_out > 0) {
    const std::size_t before = stream.avail_in + stream.avail_out;
    state = lzma_code(&stream, LZMA_RUN);
    if (stream.avail_in + stream.avail_out == before) break;
  }
  if (stream.avail_out > 0 || !ready) return fail(Errc::bad_image, "the archive's list is damaged");
  return out;
}

}  // namespace mtk
