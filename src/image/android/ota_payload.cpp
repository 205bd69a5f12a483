// SPDX-License-Identifier: Apache-2.0
#include "image/android/ota_payload.h"

#include "base/checked.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::uint64_t largest_manifest = 64 << 20;
constexpr std::size_t most_partitions = 512;

/// One field of a protocol buffer message.
struct ProtoField {
  std::uint64_t number = 0;
  std::uint64_t value = 0;  ///< of varint fields
  ByteView bytes = {};      ///< of length-delimited fields
};

/// Walks over the fields of a message.
class ProtoReader {
 public:
  explicit ProtoReader(ByteView message) : in_(message, Errc::bad_image) {}

  bool more() const { return in_.remaining() > 0; }
  Result<ProtoField> next() {
    MTK_TRY_LET(const std::uint64_t key, varint());
    ProtoField field{.number = key >> 3};
    switch (key & 7) {
      case 0: {
        MTK_TRY_LET(field.value, varint());
        break;
      }
      case 1:
        in_.skip(8);
        break;
      case 2: {
        MTK_TRY_LET(const std::uint64_t size, varint());
        if (size > in_.remaining()) return fail(Errc::bad_image, "field longer than its message");
        field.bytes = in_.bytes(static_cast<std::size_t>(size));
        break;
      }
      case 5:
        in_.skip(4);
        break;
      default:
        return fail(Errc::bad_image, fmt::format("field of unknown kind {}", key & 7));
    }
    MTK_TRY(in_.ok());
    return field;
  }

 private:
  Result<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = in_.u8();
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80) == 0) {
        MTK_TRY(in_.ok());
        return value;
      }
    }
    return fail(Errc::bad_image, "number longer than 64 bits");
  }

  ByteReader in_;
};

Result<> read_partition(OtaPayload& out, ByteView message) {
  constexpr std::uint64_t name = 1;
  constexpr std::uint64_t old_info = 6;  // only updates of an older build have it
  for (ProtoReader in{message}; in.more();) {
    MTK_TRY_LET(const ProtoField field, in.next());
    if (field.number == name && out.partitions.size() < most_partitions)
      out.partitions.push_back(printable_text(field.bytes));
    if (field.number == old_info) out.incremental = true;
  }
  return {};
}

Result<> read_manifest(OtaPayload& out, ByteView message) {
  constexpr std::uint64_t minor_version = 12;
  constexpr std::uint64_t partition = 13;
  constexpr std::uint64_t security_patch = 18;
  for (ProtoReader in{message}; in.more();) {
    MTK_TRY_LET(const ProtoField field, in.next());
    if (field.number == minor_version && field.value != 0) out.incremental = true;
    if (field.number == partition) MTK_TRY(read_partition(out, field.bytes));
    if (field.number == security_patch) out.security_patch = printable_text(field.bytes);
  }
  return {};
}

}  // namespace

Result<OtaPayload> read_ota_payload(const ImageSource& image) {
  constexpr std::size_t header_size = 24;
  if (image.size() < header_size) return fail(Errc::bad_image, "cut inside the payload's header");
  Bytes header(header_size);
  MTK_TRY(image.read_at(0, header));
  ByteReader in{header};
  if (!std::ranges::equal(in.bytes(4), to_bytes("CrAU"))) return fail(Errc::bad_image, "no update payload");
  OtaPayload out{.version = in.be<std::uint64_t>()};
  const auto size = in.be<std::uint64_t>();
  if (out.version != 2)
    return fail(Errc::bad_image, fmt::format("payload version {} is not known", out.version));
  if (size > largest_manifest || !fits(header_size, size, image.size()))
    return fail(Errc::bad_image, "the payload is cut inside its manifest");
  Bytes manifest(static_cast<std::size_t>(size));
  MTK_TRY(image.read_at(header_size, manifest));
  MTK_TRY(mtk::in(read_manifest(out, manifest), "manifest"));
  return out;
}

}  // namespace mtk
