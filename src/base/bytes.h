// SPDX-License-Identifier: Apache-2.0
// Reading and writing integers of either byte order, without casts and without reading past the end.
#pragma once

#include "base/result.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace mtk {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

inline Bytes to_bytes(std::initializer_list<unsigned> values) {
  Bytes out;
  out.reserve(values.size());
  for (const unsigned value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}
Bytes to_bytes(std::string_view text);
/// The bytes as text up to the first NUL; what is not printable ASCII becomes '?'.
std::string printable_text(ByteView bytes);

/// Walks over bytes. The first read past the end is remembered and yields zeros from then on, so a parser
/// reads all its fields and asks once: done() when nothing may be left, ok() when something may.
class ByteReader {
 public:
  explicit ByteReader(ByteView data, Errc when_short = Errc::protocol)
      : data_(data), when_short_(when_short) {}

  template <std::unsigned_integral T>
  T be() {
    T value = 0;
    for (const std::byte byte : take(sizeof(T))) value = static_cast<T>((value << 8) | static_cast<T>(byte));
    return value;
  }
  template <std::unsigned_integral T>
  T le() {
    T value = 0;
    unsigned shift = 0;
    for (const std::byte byte : take(sizeof(T))) {
      value = static_cast<T>(value | static_cast<T>(static_cast<T>(byte) << shift));
      shift += 8;
    }
    return value;
  }
  std::uint8_t u8() { return be<std::uint8_t>(); }
  /// The next `size` bytes; empty when they are not there.
  ByteView bytes(std::size_t size) { return take(size); }
  /// A fixed field holding NUL-padded text.
  std::string text(std::size_t size) { return printable_text(take(size)); }
  void skip(std::size_t size) { take(size); }
  /// Goes to an absolute position; past the end is remembered as a short read.
  void seek(std::uint64_t position);

  std::size_t offset() const { return position_; }
  std::size_t remaining() const { return data_.size() - position_; }
  bool failed() const { return failed_; }

  /// Error when something was read past the end.
  Result<> ok() const;
  /// Error when something was read past the end or is left over.
  Result<> done() const;

 private:
  ByteView take(std::size_t size);

  ByteView data_;
  std::size_t position_ = 0;
  Errc when_short_;
  bool failed_ = false;
};

class ByteWriter {
 public:
  template <std::unsigned_integral T>
  ByteWriter& be(T value) {
    for (std::size_t i = sizeof(T); i-- > 0;) out_.push_back(static_cast<std::byte>(value >> (8 * i)));
    return *this;
  }
  template <std::unsigned_integral T>
  ByteWriter& le(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) out_.push_back(static_cast<std::byte>(value >> (8 * i)));
    return *this;
  }
  ByteWriter& u8(std::uint8_t value) { return be(value); }
  ByteWriter& bytes(ByteView data) {
    out_.insert(out_.end(), data.begin(), data.end());
    return *this;
  }
  ByteWriter& fill(std::size_t count, std::byte value = {}) {
    out_.insert(out_.end(), count, value);
    return *this;
  }
  /// Text in a field of `size` bytes, NUL padded; longer text is cut.
  ByteWriter& text(std::string_view value, std::size_t size);

  std::size_t size() const { return out_.size(); }
  ByteView view() const { return out_; }
  Bytes take() && { return std::move(out_); }

 private:
  Bytes out_;
};

/// `15 01 00 4F`, capitals, blanks between.
std::string hex(ByteView bytes);
/// `1501004f`, no blanks: for ids in names and JSON.
std::string hex_compact(ByteView bytes);
/// Understands both forms above; anything else is out_of_range.
Result<Bytes> parse_hex(std::string_view text);

}  // namespace mtk
