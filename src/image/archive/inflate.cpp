// SPDX-License-Identifier: Apache-2.0
// With base/hash the only file that names zlib.
#include "image/archive/inflate.h"

#include "base/checked.h"
#include "base/hash.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <mutex>

namespace mtk {

namespace {

constexpr std::size_t window_size = 32 * 1024;
constexpr std::size_t input_size = 64 * 1024;
constexpr std::uint64_t most_checkpoints = 256;
constexpr std::uint64_t smallest_span = 4 << 20;
constexpr int raw_deflate = -MAX_WBITS;

/// A place between two blocks of the stream from which inflating can begin.
struct Checkpoint {
  std::uint64_t out = 0;
  std::uint64_t in = 0;
  int bits = 0;  ///< of the byte before `in` that belong to the next block
  Bytes window = {};
};

class DeflatedImage final : public ImageSource {
 public:
  DeflatedImage(ImagePtr packed, std::uint64_t size, std::uint32_t crc)
      : packed_(std::move(packed)),
        size_(size),
        crc_(crc),
        span_(std::max(smallest_span, size / most_checkpoints)) {
    checkpoints_.push_back({});
    ready_ = inflateInit2(&stream_, raw_deflate) == Z_OK;
  }
  ~DeflatedImage() override {
    if (ready_) inflateEnd(&stream_);
  }
  DeflatedImage(const DeflatedImage&) = delete;
  DeflatedImage& operator=(const DeflatedImage&) = delete;

  std::uint64_t size() const override { return size_; }
  std::uint64_t stored_size() const override { return packed_->size(); }
  Result<> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
    if (!fits(offset, into.size(), size_)) {
      return fail(Errc::out_of_range, fmt::format("bytes 0x{:x}+0x{:x} lie outside the file of 0x{:x} bytes",
                                                  offset, into.size(), size_));
    }
    const std::scoped_lock lock{mutex_};
    if (!ready_) return fail(Errc::internal, "no memory for inflating");
    MTK_TRY(seek(offset));
    MTK_TRY(inflate_into(into));
    if (frontier_ == size_ && frontier_crc_ != crc_)
      return fail(Errc::bad_image, "the packed file is damaged: its checksum is wrong");
    return {};
  }

 private:
  Result<> seek(std::uint64_t offset) const {
    const auto after = std::ranges::upper_bound(checkpoints_, offset, {}, &Checkpoint::out);
    const Checkpoint& best = *std::prev(after);
    if (offset < position_ || best.out > position_) MTK_TRY(restart(best));
    Bytes skipped(std::min<std::uint64_t>(offset - position_, input_size));
    while (position_ < offset) {
      MTK_TRY(inflate_into(std::span{skipped}.first(
          static_cast<std::size_t>(std::min<std::uint64_t>(skipped.size(), offset - position_)))));
    }
    return {};
  }

  Result<> restart(const Checkpoint& from) const {
    inflateReset(&stream_);
    stream_.avail_in = 0;
    in_position_ = from.in;
    if (from.bits != 0) {
      std::array<std::byte, 1> byte{};
      MTK_TRY(packed_->read_at(from.in - 1, byte));
      inflatePrime(&stream_, from.bits, std::to_integer<int>(byte[0]) >> (8 - from.bits));
    }
    if (!from.window.empty()) {
      Bytes window = from.window;
      inflateSetDictionary(&stream_, as_zlib(window.data()), static_cast<uInt>(window.size()));
    }
    position_ = from.out;
    return {};
  }

  Result<> fill_input() const {
    if (stream_.avail_in != 0) return {};
    const std::uint64_t left = packed_->size() - in_position_;
    const auto part =
        std::span{input_}.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, input_.size())));
    MTK_TRY(packed_->read_at(in_position_, part));
    in_position_ += part.size();
    stream_.next_in = as_zlib(part.data());
    stream_.avail_in = static_cast<uInt>(part.size());
    return {};
  }

  Result<> inflate_into(std::span<std::byte> into) const {
    while (!into.empty()) {
      MTK_TRY(fill_input());
      constexpr std::size_t most = 1U << 30;
      const std::size_t wanted = std::min(into.size(), most);
      stream_.next_out = as_zlib(into.data());
      stream_.avail_out = static_cast<uInt>(wanted);
      const uInt before_in = stream_.avail_in;
      const int status = inflate(&stream_, Z_BLOCK);
      const std::size_t got = wanted - stream_.avail_out;
      advance(into.first(got));
      into = into.subspan(got);
      if (status == Z_STREAM_END && !into.empty())
        return fail(Errc::bad_image,
                    fmt::format("the packed file ends at 0x{:x} instead of 0x{:x}", position_, size_));
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return fail(Errc::bad_image, fmt::format("the packed file is damaged near 0x{:x}", position_));
      const bool stuck = got == 0 && stream_.avail_in == before_in && in_position_ == packed_->size();
      if (stuck && status != Z_STREAM_END)
        return fail(Errc::bad_image, fmt::format("the packed file is cut short at 0x{:x}", position_));
      keep_checkpoint();
    }
    return {};
  }

  /// What is read for the first time goes into the checksum.
  void advance(ByteView got) const {
    const std::uint64_t end = position_ + got.size();
    if (position_ <= frontier_ && end > frontier_) {
      frontier_crc_ = crc32(got.subspan(static_cast<std::size_t>(frontier_ - position_)), frontier_crc_);
      frontier_ = end;
    }
    position_ = end;
  }

  void keep_checkpoint() const {
    constexpr int between_blocks = 128;
    constexpr int last_block = 64;
    if ((stream_.data_type & between_blocks) == 0 || (stream_.data_type & last_block) != 0) return;
    if (position_ < checkpoints_.back().out + span_) return;
    Checkpoint here{.out = position_, .in = in_position_ - stream_.avail_in, .bits = stream_.data_type & 7};
    here.window.resize(window_size);
    uInt length = 0;
    inflateGetDictionary(&stream_, as_zlib(here.window.data()), &length);
    here.window.resize(length);
    checkpoints_.push_back(std::move(here));
  }

  static Bytef* as_zlib(std::byte* bytes) { return static_cast<Bytef*>(static_cast<void*>(bytes)); }

  ImagePtr packed_;
  std::uint64_t size_;
  std::uint32_t crc_;
  std::uint64_t span_;
  mutable std::mutex mutex_;
  mutable z_stream stream_{};
  bool ready_ = false;
  mutable Bytes input_ = Bytes(input_size);
  mutable std::uint64_t position_ = 0;
  mutable std::uint64_t in_position_ = 0;
  mutable std::uint64_t frontier_ = 0;
  mutable std::uint32_t frontier_crc_ = 0;
  mutable std::vector<Checkpoint> checkpoints_;
};

}  // namespace

ImagePtr open_deflated(ImagePtr packed, std::uint64_t size, std::uint32_t crc) {
  return std::make_shared<DeflatedImage>(std::move(packed), size, crc);
}

}  // namespace mtk
