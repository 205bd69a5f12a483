// SPDX-License-Identifier: Apache-2.0
// What a file is, by its first bytes: to tell users that they took the wrong one before it is written.
#pragma once

#include "base/bytes.h"

#include <filesystem>
#include <string_view>

namespace mtk {

enum class FileKind : std::uint8_t {
  empty,
  unknown,
  // what partitions hold
  android_boot,
  vendor_boot,
  mtk_header,  ///< lk, logo, tee, modem ...: the 512-byte vendor header
  sparse,
  ext4,
  f2fs,
  erofs,
  squashfs,
  ubi,
  super_image,
  dtbo,
  dtb,
  vbmeta,
  secro,
  signed_wrapper,  ///< `-sign` images of old security
  gpt,
  mbr,
  // what boot areas hold
  gfh_preloader,
  emmc_boot,
  ufs_boot,
  other_boot,  ///< NAND, SD or serial flash boot header
  emi_block,   ///< only the memory settings of a preloader
  // what belongs to the tool
  da_container,
  auth_file,
  cert_file,
  scatter,
  bare_scatter,
  xml,
  // what is no image at all
  ota_payload,
  gzip,
  zip,
  seven_zip,
  rar,
  xz,
  lz4,
  tar,
  bzip2,
  zstd,
  html,
  elf,
  text
};

/// Bytes from the start that are enough for kind_of().
inline constexpr std::size_t kind_head_size = 8192;

/// \param head      the first bytes, at most kind_head_size are looked at
FileKind kind_of(ByteView head);
/// Errors: io.
Result<FileKind> file_kind(const std::filesystem::path& path);

/// `Android boot image`, `web page (HTML)` ...: for messages.
std::string_view to_string(FileKind kind);
/// False for what no partition ever holds: zip, 7-Zip, RAR and tar archives, web pages, agents, scatter
/// files, empty files.
bool is_partition_content(FileKind kind);
/// Whether other files may be packed in it.
bool is_archive(FileKind kind);
/// Whether it starts a boot area: a preloader, bare or with the device header.
bool is_preloader(FileKind kind);

}  // namespace mtk
