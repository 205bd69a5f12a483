// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <fmt/format.h>

namespace mtk {

Bytes to_bytes(std::string_view text) {
  Bytes out;
  out.reserve(text.size());
  for (const char c : text) out.push_back(static_cast<std::byte>(c));
  return out;
}

std::string printable_text(ByteView bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    if (byte == std::byte{0}) break;
    const auto c = static_cast<char>(byte);
    text += (c >= ' ' && c <= '~') ? c : '?';
  }
  return text;
}

ByteView ByteReader::take(std::size_t size) {
  if (failed_ || size > remaining()) {
    failed_ = true;
    return {};
  }
  const ByteView view = data_.subspan(position_, size);
  position_ += size;
  return view;
}

void ByteReader::seek(std::uint64_t position) {
  if (position > data_.size()) {
    failed_ = true;
    return;
  }
  position_ = static_cast<std::size_t>(position);
}

Result<> ByteReader::ok() const {
  if (failed_) return fail(when_short_, fmt::format("ends after {} bytes, more was expected", data_.size()));
  return {};
}

Result<> ByteReader::done() const {
  MTK_TRY(ok());
  if (remaining() != 0) return fail(when_short_, fmt::format("{} bytes more than expected", remaining()));
  return {};
}

ByteWriter& ByteWriter::text(std::string_view value, std::size_t size) {
  const std::string_view fits = value.substr(0, size);
  for (const char c : fits) out_.push_back(static_cast<std::byte>(c));
  return fill(size - fits.size());
}

namespace {
/// Two digits of each byte, from `digits`.
std::string in_hex(ByteView bytes, std::string_view digits, std::string_view between) {
  std::string out;
  out.reserve(bytes.size() * (2 + between.size()));
  for (const std::byte byte : bytes) {
    if (!out.empty()) out += between;
    out += digits[std::to_integer<std::size_t>(byte >> 4)];
    out += digits[std::to_integer<std::size_t>(byte & std::byte{0x0f})];
  }
  return out;
}
}  // namespace

std::string hex(ByteView bytes) { return in_hex(bytes, "0123456789ABCDEF", " "); }

std::string hex_compact(ByteView bytes) { return in_hex(bytes, "0123456789abcdef", ""); }

namespace {
int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}
}  // namespace

Result<Bytes> parse_hex(std::string_view text) {
  Bytes out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ') {
      ++i;
      continue;
    }
    const int high = hex_digit(text[i]);
    const int low = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
    if (high < 0 || low < 0)
      return fail(Errc::out_of_range, fmt::format("no hexadecimal byte at column {}", i + 1));
    out.push_back(static_cast<std::byte>(high * 16 + low));
    i += 2;
  }
  return out;
}

}  // namespace mtk
