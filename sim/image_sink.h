// SPDX-License-Identifier: Apache-2.0
// Where an agent puts what the host sends for a place on the card: as it is, a sparse image unpacked, a
// preloader with its device header, an image only when its signature fits.
#pragma once

#include "sim/board.h"

#include <memory>

namespace mtk::sim {

enum class Stored {
  good,
  card_error,
  differs,            ///< read back, the card holds something else
  too_large,          ///< more than the place has room for; what fits is stored
  sparse_incomplete,  ///< a sparse image that ends early
  sparse_unknown,     ///< a chunk of unknown type
  sparse_damaged,
  not_a_preloader,
  too_large_to_verify,
  not_verified
};

/// A stretch of one area.
struct Place {
  std::uint8_t part = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

class ImageSink {
 public:
  virtual ~ImageSink() = default;
  /// The next bytes of what the host sends.
  virtual Stored take(ByteView data) = 0;
  /// All of them have come.
  virtual Stored end() = 0;
};

enum class ReadBack { no, yes };

/// Writes inside one place. Offsets count from its beginning; the caller keeps within its size.
class PlaceWriter {
 public:
  PlaceWriter(Board& board, Place place, ReadBack read_back)
      : board_(board), place_(place), read_back_(read_back) {}
  Stored write(std::uint64_t at, ByteView data);

 private:
  Board& board_;
  Place place_;
  ReadBack read_back_;
};

std::unique_ptr<ImageSink> plain_sink(Board& board, Place place, ReadBack read_back);
/// A sparse image is unpacked, anything else is taken as it is.
std::unique_ptr<ImageSink> unpacking_sink(Board& board, Place place, ReadBack read_back);
/// A bare preloader file; the device header is made for it, in each of the boot areas it belongs to.
std::unique_ptr<ImageSink> preloader_sink(Board& board);
/// Keeps everything until `fits` has judged the whole image, then hands it on.
std::unique_ptr<ImageSink> verifying_sink(std::unique_ptr<ImageSink> next, std::uint64_t limit,
                                          std::function<bool(ByteView)> fits);

}  // namespace mtk::sim
