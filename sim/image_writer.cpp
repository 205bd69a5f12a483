// SPDX-License-Identifier: Apache-2.0
#include "sim/image_writer.h"

#include "base/checked.h"

#include <algorithm>

namespace mtk::sim {

namespace {
constexpr std::uint32_t sparse_magic = 0xed26ff3a;
constexpr std::size_t magic_size = 4;
constexpr std::uint32_t sparse_header_size = 28;
constexpr std::uint32_t chunk_size = 12;
constexpr std::uint32_t header_limit = 0x1000;
constexpr std::uint16_t chunk_raw = 0xcac1;
constexpr std::uint16_t chunk_fill = 0xcac2;
constexpr std::uint16_t chunk_skip = 0xcac3;
constexpr std::uint16_t chunk_crc = 0xcac4;
constexpr std::size_t fill_piece = 0x10000;
}  // namespace

Result<> ImageWriter::put(ByteView data) {
  if (!fits(position_, data.size(), room_))
    return fail(Errc::out_of_range, "the image is larger than its partition");
  MTK_TRY(store_(position_, data));
  position_ += data.size();
  return {};
}

Result<> ImageWriter::skip(std::uint64_t bytes) {
  if (!fits(position_, bytes, room_))
    return fail(Errc::out_of_range, "the image is larger than its partition");
  position_ += bytes;
  return {};
}

Result<> ImageWriter::take(ByteView data) {
  while (!data.empty()) {
    if (state_ == State::plain) return put(data);
    if (state_ == State::raw) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, data.size()));
      MTK_TRY(put(data.first(size)));
      data = data.subspan(size);
      left_ -= size;
      if (left_ == 0) state_ = State::chunk;
      continue;
    }
    const std::size_t size = std::min(wanted_ - have_.size(), data.size());
    have_.insert(have_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size));
    data = data.subspan(size);
    if (have_.size() < wanted_) return {};
    switch (state_) {
      case State::kind:
        if (ByteReader{have_}.le<std::uint32_t>() != sparse_magic) {
          state_ = State::plain;
          MTK_TRY(put(have_));
        } else {
          state_ = State::header;
          wanted_ = sparse_header_size;
        }
        break;
      case State::header:
        MTK_TRY(take_header());
        break;
      case State::chunk:
        MTK_TRY(take_chunk());
        break;
      case State::fill:
        MTK_TRY(take_fill());
        break;
      default:
        have_.clear();
        wanted_ = chunk_header_;
        state_ = State::chunk;
        break;
    }
  }
  return {};
}

/// Comes twice when the header is longer than the documented one: the rest is read and left alone.
Result<> ImageWriter::take_header() {
  ByteReader in{have_};
  in.skip(magic_size);
  const auto major = in.le<std::uint16_t>();
  in.skip(2);
  const auto file_header = in.le<std::uint16_t>();
  chunk_header_ = in.le<std::uint16_t>();
  block_ = in.le<std::uint32_t>();
  in.skip(4);
  chunks_left_ = in.le<std::uint32_t>();
  if (major != 1 || file_header < sparse_header_size || file_header > header_limit ||
      chunk_header_ < chunk_size || chunk_header_ > header_limit || block_ == 0 || block_ % 4 != 0)
    return fail(Errc::bad_image, "the sparse header is not possible");
  if (have_.size() < file_header) {
    wanted_ = file_header;
    return {};
  }
  have_.clear();
  wanted_ = chunk_header_;
  state_ = State::chunk;
  return {};
}

Result<> ImageWriter::take_chunk() {
  ByteReader in{have_};
  const auto kind = in.le<std::uint16_t>();
  in.skip(2);
  left_ = std::uint64_t{in.le<std::uint32_t>()} * block_;
  const std::uint64_t told = in.le<std::uint32_t>();
  have_.clear();
  wanted_ = chunk_header_;
  if (chunks_left_ == 0) return fail(Errc::bad_image, "more sparse chunks than announced");
  --chunks_left_;
  if (told < chunk_header_) return fail(Errc::bad_image, "a sparse chunk is shorter than its header");
  const std::uint64_t body = told - chunk_header_;
  switch (kind) {
    case chunk_raw:
      if (body != left_) return fail(Errc::bad_image, "a sparse chunk contradicts itself");
      if (left_ != 0) state_ = State::raw;
      return {};
    case chunk_fill:
    case chunk_crc:
      if (body != 4) return fail(Errc::bad_image, "a sparse chunk contradicts itself");
      wanted_ = 4;
      state_ = kind == chunk_fill ? State::fill : State::crc;
      return {};
    case chunk_skip:
      if (body != 0) return fail(Errc::bad_image, "a sparse chunk contradicts itself");
      return skip(left_);
    default:
      return fail(Errc::unsupported, "an unknown sparse chunk");
  }
}

Result<> ImageWriter::take_fill() {
  if (!fits(position_, left_, room_))
    return fail(Errc::out_of_range, "the image is larger than its partition");
  ByteWriter piece;
  while (piece.size() < std::min<std::uint64_t>(left_, fill_piece)) piece.bytes(have_);
  for (; left_ != 0; left_ -= std::min<std::uint64_t>(left_, piece.size())) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece.size()));
    MTK_TRY(put(piece.view().first(size)));
  }
  have_.clear();
  wanted_ = chunk_header_;
  state_ = State::chunk;
  return {};
}

Result<> ImageWriter::finish() {
  if (state_ == State::plain) return {};
  if (state_ == State::kind) return put(have_);
  if (state_ != State::chunk || !have_.empty() || chunks_left_ != 0)
    return fail(Errc::bad_image, "the sparse image ends too early");
  return {};
}

}  // namespace mtk::sim
