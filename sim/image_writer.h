// SPDX-License-Identifier: Apache-2.0
// What an agent makes of an image that is written by name: sparse images are unpacked, others go as they are.
#pragma once

#include "base/bytes.h"

#include <functional>

namespace mtk::sim {

class ImageWriter {
 public:
  using Store = std::function<Result<>(std::uint64_t offset, ByteView data)>;
  /// `room` bytes may be stored, from offset 0.
  ImageWriter(std::uint64_t room, Store store) : room_(room), store_(std::move(store)) {}

  /// The next bytes of the image. Errors: bad_image, unsupported (a chunk of unknown type), out_of_range, and
  /// those of `store`.
  Result<> take(ByteView data);
  /// The image is over. Errors: bad_image when a sparse one is not whole.
  Result<> finish();

 private:
  enum class State { kind, header, chunk, raw, fill, crc, plain };
  Result<> take_header();
  Result<> take_chunk();
  Result<> take_fill();
  Result<> put(ByteView data);
  Result<> skip(std::uint64_t bytes);

  std::uint64_t room_;
  Store store_;
  State state_ = State::kind;
  std::size_t wanted_ = 4;
  Bytes have_;
  std::uint64_t position_ = 0;
  std::uint32_t chunk_header_ = 12;
  std::uint32_t block_ = 0;
  std::uint32_t chunks_left_ = 0;
  std::uint64_t left_ = 0;  ///< of the chunk that runs
};

}  // namespace mtk::sim
