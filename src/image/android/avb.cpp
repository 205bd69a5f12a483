// SPDX-License-Identifier: Apache-2.0
#include "image/android/avb.h"

#include "base/checked.h"
#include "base/hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::uint64_t header_size = 256;
constexpr std::uint64_t footer_size = 64;
constexpr std::uint64_t largest_vbmeta = 1 << 20;  // real ones take some kilobytes
constexpr std::uint64_t largest_hashed = 256 << 20;
constexpr std::array<std::string_view, 7> algorithms{"NONE",           "SHA256_RSA2048", "SHA256_RSA4096",
                                                     "SHA256_RSA8192", "SHA512_RSA2048", "SHA512_RSA4096",
                                                     "SHA512_RSA8192"};

bool has_magic(ByteView bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::ranges::equal(bytes.first(magic.size()), to_bytes(magic));
}

std::string text_of(ByteView bytes) { return printable_text(bytes); }

/// The descriptors by tag; ByteReader yields nothing for lengths beyond the descriptor.
class Descriptors {
 public:
  explicit Descriptors(AvbInfo& out) : out_(out) {}

  Result<> read_all(ByteView bytes) {
    ByteReader in{bytes, Errc::bad_image};
    while (in.remaining() >= 16) {
      const auto tag = in.be<std::uint64_t>();
      const auto size = in.be<std::uint64_t>();
      if (size > in.remaining()) return fail(Errc::bad_image, "vbmeta descriptor longer than its block");
      ByteReader one{in.bytes(static_cast<std::size_t>(size)), Errc::bad_image};
      MTK_TRY(mtk::in(read_one(tag, one), fmt::format("vbmeta descriptor {}", tag)));
    }
    return {};
  }

 private:
  Result<> read_one(std::uint64_t tag, ByteReader& in) {
    switch (tag) {
      case 0:
        return read_property(in);
      case 1:
        return read_hashtree(in);
      case 2:
        return read_hash(in);
      case 4:
        return read_chain(in);
      default:
        return {};  // kernel command lines and what later versions bring
    }
  }

  Result<> read_property(ByteReader& in) {
    const auto key_size = in.be<std::uint64_t>();
    const auto value_size = in.be<std::uint64_t>();
    if (key_size > in.remaining() || value_size > in.remaining())
      return fail(Errc::bad_image, "property longer than its descriptor");
    const std::string key = text_of(in.bytes(static_cast<std::size_t>(key_size)));
    in.skip(1);
    const std::string value = text_of(in.bytes(static_cast<std::size_t>(value_size)));
    MTK_TRY(in.ok());
    out_.properties.insert_or_assign(key, value);
    return {};
  }

  Result<> read_hashtree(ByteReader& in) {
    AvbPartition part{.kind = AvbPartition::Kind::hashtree};
    in.skip(4);  // dm-verity version
    part.image_size = in.be<std::uint64_t>();
    in.skip(8 + 8 + 4 + 4 + 4 + 8 + 8);  // tree, blocks, error correction
    part.hash_algorithm = in.text(32);
    return read_digest(in, std::move(part));
  }

  Result<> read_hash(ByteReader& in) {
    AvbPartition part{.kind = AvbPartition::Kind::hash};
    part.image_size = in.be<std::uint64_t>();
    part.hash_algorithm = in.text(32);
    return read_digest(in, std::move(part));
  }

  Result<> read_digest(ByteReader& in, AvbPartition part) {
    const auto name_size = in.be<std::uint32_t>();
    const auto salt_size = in.be<std::uint32_t>();
    const auto digest_size = in.be<std::uint32_t>();
    in.skip(4 + 60);  // flags, reserved
    part.name = text_of(in.bytes(name_size));
    const ByteView salt = in.bytes(salt_size);
    part.salt.assign(salt.begin(), salt.end());
    const ByteView digest = in.bytes(digest_size);
    part.digest.assign(digest.begin(), digest.end());
    MTK_TRY(in.ok());
    out_.partitions.push_back(std::move(part));
    return {};
  }

  Result<> read_chain(ByteReader& in) {
    in.skip(4);  // rollback index location
    const auto name_size = in.be<std::uint32_t>();
    in.skip(4 + 64);  // key size, reserved
    AvbPartition part{.kind = AvbPartition::Kind::chain, .name = text_of(in.bytes(name_size))};
    MTK_TRY(in.ok());
    out_.partitions.push_back(std::move(part));
    return {};
  }

  AvbInfo& out_;
};

}  // namespace

Result<AvbInfo> read_vbmeta(ByteView vbmeta) {
  if (!has_magic(vbmeta, "AVB0")) return fail(Errc::bad_image, "no vbmeta");
  ByteReader in{vbmeta, Errc::bad_image};
  in.skip(12);  // magic and version
  const auto authentication_size = in.be<std::uint64_t>();
  const auto auxiliary_size = in.be<std::uint64_t>();
  const auto algorithm = in.be<std::uint32_t>();
  in.skip(4 * 8);  // hash and signature
  const auto key_offset = in.be<std::uint64_t>();
  const auto key_size = in.be<std::uint64_t>();
  in.skip(2 * 8);  // key metadata
  const auto descriptors_offset = in.be<std::uint64_t>();
  const auto descriptors_size = in.be<std::uint64_t>();
  AvbInfo out;
  out.rollback_index = in.be<std::uint64_t>();
  const auto flags = in.be<std::uint32_t>();
  in.skip(4);  // rollback index location
  out.release = in.text(48);
  MTK_TRY(in.ok());
  out.algorithm = algorithm < algorithms.size() ? std::string{algorithms.at(algorithm)}
                                                : fmt::format("algorithm {}", algorithm);
  out.is_signed = algorithm != 0;
  out.hashtree_disabled = (flags & 1) != 0;
  out.verification_disabled = (flags & 2) != 0;
  if (!fits(header_size, authentication_size, vbmeta.size()) ||
      !fits(header_size + authentication_size, auxiliary_size, vbmeta.size()) ||
      !fits(descriptors_offset, descriptors_size, auxiliary_size) ||
      !fits(key_offset, key_size, auxiliary_size)) {
    return fail(Errc::bad_image, "vbmeta is cut short, or its sizes contradict each other");
  }
  const ByteView auxiliary = vbmeta.subspan(static_cast<std::size_t>(header_size + authentication_size),
                                            static_cast<std::size_t>(auxiliary_size));
  const auto part = [&](std::uint64_t offset, std::uint64_t size) {
    return auxiliary.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  };
  if (out.is_signed) out.key_sha1 = hex_compact(hash(HashKind::sha1, part(key_offset, key_size)));
  MTK_TRY(Descriptors{out}.read_all(part(descriptors_offset, descriptors_size)));
  return out;
}

Result<std::optional<AvbInfo>> read_avb(const ImageSource& image) {
  const std::uint64_t size = image.size();
  if (size < header_size) return std::optional<AvbInfo>{};
  Bytes magic(4);
  MTK_TRY(image.read_at(0, magic));
  std::uint64_t offset = 0;
  std::uint64_t length = std::min(size, largest_vbmeta);
  std::optional<std::uint64_t> original;
  if (!has_magic(magic, "AVB0")) {
    Bytes footer(static_cast<std::size_t>(footer_size));
    MTK_TRY(image.read_at(size - footer_size, footer));
    if (!has_magic(footer, "AVBf")) return std::optional<AvbInfo>{};
    ByteReader in{footer};
    in.skip(12);  // magic and version
    original = in.be<std::uint64_t>();
    offset = in.be<std::uint64_t>();
    length = in.be<std::uint64_t>();
    if (length > largest_vbmeta || !fits(offset, length, size) || *original > size) {
      return fail(Errc::bad_image, "the verified boot footer points outside the image");
    }
  }
  Bytes vbmeta(static_cast<std::size_t>(length));
  MTK_TRY(image.read_at(offset, vbmeta));
  MTK_TRY_LET(AvbInfo info, read_vbmeta(vbmeta));
  info.original_size = original;
  return std::optional{std::move(info)};
}

Result<AvbMatch> compare_avb(const ImageSource& image, const AvbPartition& expected) {
  const bool whole = expected.kind == AvbPartition::Kind::hash && expected.hash_algorithm == "sha256" &&
                     expected.image_size <= largest_hashed;
  if (!whole) return AvbMatch::unchecked;
  if (expected.image_size > image.size()) return AvbMatch::differs;
  Hasher hasher;
  hasher.update(expected.salt);
  Bytes buffer(std::size_t{1} << 20);
  for (std::uint64_t at = 0; at < expected.image_size; at += buffer.size()) {
    const auto part = std::span{buffer}.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), expected.image_size - at)));
    MTK_TRY(image.read_at(at, part));
    hasher.update(part);
  }
  return hasher.finish() == expected.digest ? AvbMatch::matches : AvbMatch::differs;
}

}  // namespace mtk
