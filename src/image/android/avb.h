// SPDX-License-Identifier: Apache-2.0
// Android Verified Boot: the vbmeta structure, alone or behind a footer at the end of an image. Read only.
// Source: docs/format/android.md#verified-boot
#pragma once

#include "image/source.h"

#include <map>
#include <optional>

namespace mtk {

/// What vbmeta says about one partition.
struct AvbPartition {
  enum class Kind : std::uint8_t { hash, hashtree, chain } kind = Kind::hash;
  std::string name = {};
  std::uint64_t image_size = 0;     ///< bytes covered; 0 for chain
  std::string hash_algorithm = {};  ///< `sha256`; of hash and hashtree
  Bytes salt = {};
  Bytes digest = {};
};

struct AvbInfo {
  std::string algorithm = {};  ///< `SHA256_RSA4096`; `NONE` when it is not signed
  bool is_signed = false;
  std::uint64_t rollback_index = 0;
  bool hashtree_disabled = false;      ///< flags bit 0
  bool verification_disabled = false;  ///< flags bit 1
  std::string release = {};            ///< of the tool that made it
  std::string key_sha1 = {};           ///< of the public key in it; empty when it is not signed
  std::vector<AvbPartition> partitions = {};
  std::map<std::string, std::string> properties = {};  ///< `com.android.build.boot.os_version` ...
  std::optional<std::uint64_t> original_size = {};     ///< with a footer: bytes of the image before it
};

/// Errors: bad_image (no vbmeta, or sizes that do not fit).
Result<AvbInfo> read_vbmeta(ByteView vbmeta);
/// From the start of a vbmeta image or through the footer of any other; nothing when it has neither.
/// Errors: bad_image (a footer or vbmeta that is damaged), io.
Result<std::optional<AvbInfo>> read_avb(const ImageSource& image);

enum class AvbMatch : std::uint8_t {
  matches,   ///< the content is what was signed
  differs,   ///< changed afterwards: a patched image, or a damaged one
  unchecked  ///< covered by a hash tree, or too large for a whole hash
};
/// Compares an image with what vbmeta says about it. Reads all of it. Errors: io, bad_image.
Result<AvbMatch> compare_avb(const ImageSource& image, const AvbPartition& expected);

}  // namespace mtk
