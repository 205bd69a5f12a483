// SPDX-License-Identifier: Apache-2.0
#include "image/kind.h"

#include "base/ascii.h"
#include "base/file.h"
#include "image/preloader/gfh.h"

#include <algorithm>
#include <array>
#include <span>

namespace mtk {

namespace {

using namespace std::string_view_literals;

struct Magic {
  FileKind kind;
  std::size_t offset;
  std::string_view bytes;
};

/// In order: what is more telling comes first. MBR stands before GPT in the file but says less.
constexpr std::array magics{
    Magic{FileKind::android_boot, 0, "ANDROID!"sv},
    Magic{FileKind::vendor_boot, 0, "VNDRBOOT"sv},
    Magic{FileKind::mtk_header, 0, "\x88\x16\x88\x58"sv},
    Magic{FileKind::sparse, 0, "\x3a\xff\x26\xed"sv},
    Magic{FileKind::dtbo, 0, "\xd7\xb7\xab\x1e"sv},
    Magic{FileKind::dtb, 0, "\xd0\x0d\xfe\xed"sv},
    Magic{FileKind::vbmeta, 0, "AVB0"sv},
    Magic{FileKind::secro, 0, "AND_AC_REGION"sv},
    Magic{FileKind::signed_wrapper, 0, "SSSS"sv},
    Magic{FileKind::squashfs, 0, "hsqs"sv},
    Magic{FileKind::ubi, 0, "UBI#"sv},
    Magic{FileKind::emmc_boot, 0, "EMMC_BOOT"sv},
    Magic{FileKind::ufs_boot, 0, "UFS_BOOT"sv},
    Magic{FileKind::other_boot, 0, "SDMMC_BOOT"sv},
    Magic{FileKind::other_boot, 0, "SF_BOOT"sv},
    Magic{FileKind::other_boot, 0, "BOOTLOADER!"sv},
    Magic{FileKind::emi_block, 0, "MTK_BLOADER_INFO"sv},
    Magic{FileKind::da_container, 0, "MTK_DOWNLOAD_AGENT"sv},
    Magic{FileKind::ota_payload, 0, "CrAU"sv},
    Magic{FileKind::gzip, 0, "\x1f\x8b"sv},
    Magic{FileKind::zip, 0, "PK\x03\x04"sv},
    Magic{FileKind::seven_zip, 0, "7z\xbc\xaf\x27\x1c"sv},
    Magic{FileKind::rar, 0, "Rar!\x1a\x07"sv},
    Magic{FileKind::xz, 0,
          "\xfd"
          "7zXZ\0"sv},
    Magic{FileKind::lz4, 0, "\x04\x22\x4d\x18"sv},
    Magic{FileKind::lz4, 0, "\x02\x21\x4c\x18"sv},
    Magic{FileKind::tar, 257, "ustar"sv},
    Magic{FileKind::bzip2, 0, "BZh"sv},
    Magic{FileKind::zstd, 0, "\x28\xb5\x2f\xfd"sv},
    Magic{FileKind::elf, 0,
          "\x7f"
          "ELF"sv},
    Magic{FileKind::gpt, 512, "EFI PART"sv},
    Magic{FileKind::gpt, 4096, "EFI PART"sv},
    Magic{FileKind::super_image, 4096, "gDla"sv},
    Magic{FileKind::ext4, 0x438, "\x53\xef"sv},
    Magic{FileKind::f2fs, 0x400, "\x10\x20\xf5\xf2"sv},
    Magic{FileKind::erofs, 0x400, "\xe2\xe1\xf5\xe0"sv},
    Magic{FileKind::mbr, 510, "\x55\xaa"sv},
};

struct Name {
  FileKind kind;
  std::string_view text;
};
constexpr std::array names{
    Name{FileKind::empty, "empty file"},
    Name{FileKind::unknown, "unknown content"},
    Name{FileKind::android_boot, "Android boot image"},
    Name{FileKind::vendor_boot, "Android vendor boot image"},
    Name{FileKind::mtk_header, "image with MediaTek header"},
    Name{FileKind::sparse, "Android sparse image"},
    Name{FileKind::ext4, "ext4 file system"},
    Name{FileKind::f2fs, "F2FS file system"},
    Name{FileKind::erofs, "EROFS file system"},
    Name{FileKind::squashfs, "SquashFS file system"},
    Name{FileKind::ubi, "UBI image"},
    Name{FileKind::super_image, "super partition image"},
    Name{FileKind::dtbo, "device tree overlay image"},
    Name{FileKind::dtb, "device tree"},
    Name{FileKind::vbmeta, "verified boot metadata"},
    Name{FileKind::secro, "secro image"},
    Name{FileKind::signed_wrapper, "signed image"},
    Name{FileKind::gpt, "GPT partition table"},
    Name{FileKind::mbr, "MBR partition table"},
    Name{FileKind::gfh_preloader, "preloader"},
    Name{FileKind::emmc_boot, "eMMC boot area dump"},
    Name{FileKind::ufs_boot, "UFS boot area dump"},
    Name{FileKind::other_boot, "boot area dump"},
    Name{FileKind::emi_block, "memory settings of a preloader"},
    Name{FileKind::da_container, "download agent"},
    Name{FileKind::auth_file, "authentication file"},
    Name{FileKind::cert_file, "certificate file"},
    Name{FileKind::scatter, "scatter file"},
    Name{FileKind::bare_scatter, "partition list of an update package"},
    Name{FileKind::xml, "XML file"},
    Name{FileKind::ota_payload, "Android update payload"},
    Name{FileKind::gzip, "gzip archive"},
    Name{FileKind::zip, "zip archive"},
    Name{FileKind::seven_zip, "7-Zip archive"},
    Name{FileKind::rar, "RAR archive"},
    Name{FileKind::xz, "xz archive"},
    Name{FileKind::lz4, "lz4 archive"},
    Name{FileKind::tar, "tar archive"},
    Name{FileKind::bzip2, "bzip2 archive"},
    Name{FileKind::zstd, "zstd archive"},
    Name{FileKind::html, "web page (HTML)"},
    Name{FileKind::elf, "ELF program"},
    Name{FileKind::text, "text file"},
};

bool holds(ByteView head, const Magic& magic) {
  if (head.size() < magic.offset + magic.bytes.size()) return false;
  return std::ranges::equal(head.subspan(magic.offset, magic.bytes.size()),
                            std::as_bytes(std::span{magic.bytes}));
}

FileKind gfh_kind(ByteView head) {
  ByteReader reader{head};
  reader.seek(0x18);
  switch (static_cast<GfhFileType>(reader.le<std::uint16_t>())) {
    case GfhFileType::arm_bl:
      return FileKind::gfh_preloader;
    case GfhFileType::tool_auth:
      return FileKind::auth_file;
    case GfhFileType::certificate:
      return FileKind::cert_file;
    default:
      return FileKind::unknown;
  }
}

/// Lower case, without byte order marks and NULs: UTF-16 text becomes comparable.
std::string as_text(ByteView head) {
  std::string text;
  text.reserve(head.size());
  for (const std::byte byte : head) {
    const auto c = std::to_integer<unsigned char>(byte);
    if (c == 0 || c == 0xef || c == 0xbb || c == 0xbf || c == 0xfe || c == 0xff) continue;
    text += to_lower(static_cast<char>(c));
  }
  return text;
}

bool is_text(ByteView head) {
  const auto readable = [](std::byte byte) {
    const auto c = std::to_integer<unsigned char>(byte);
    return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
  };
  const bool marked = head.size() >= 2 && (head[0] == std::byte{0xff} || head[0] == std::byte{0xfe}) &&
                      (head[1] == std::byte{0xff} || head[1] == std::byte{0xfe});
  return marked || std::ranges::all_of(head, readable);
}

/// `NAME 0xHEX` in the first line.
bool is_partition_line(std::string_view text) {
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  const std::size_t name_end = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
  if (name_end == 0 || name_end == std::string_view::npos) return false;
  const std::size_t value = line.find_first_not_of(" \t", name_end);
  return value != name_end && value != std::string_view::npos && line.substr(value).starts_with("0x");
}

FileKind text_kind(ByteView head) {
  const std::string text = as_text(head);
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return FileKind::text;
  const std::string_view body = std::string_view(text).substr(start);
  if (body.find("mtk_platform_cfg") != std::string_view::npos) return FileKind::scatter;
  if (body.starts_with("<!doctype html") || body.starts_with("<html")) return FileKind::html;
  if (body.starts_with("<")) return FileKind::xml;
  if (is_partition_line(body)) {
    return body.find('{') != std::string_view::npos ? FileKind::scatter : FileKind::bare_scatter;
  }
  return FileKind::text;
}

}  // namespace

FileKind kind_of(ByteView head) {
  head = head.first(std::min(head.size(), kind_head_size));
  if (head.empty()) return FileKind::empty;
  if (starts_with_gfh(head)) return gfh_kind(head);
  for (const Magic& magic : magics) {
    if (holds(head, magic)) return magic.kind;
  }
  return is_text(head) ? text_kind(head) : FileKind::unknown;
}

Result<FileKind> file_kind(const std::filesystem::path& path) {
  MTK_TRY_LET(const File file, File::open(path));
  MTK_TRY_LET(const auto size, file.size());
  Bytes head(static_cast<std::size_t>(std::min<std::uint64_t>(size, kind_head_size)));
  MTK_TRY(file.read_at(0, head));
  return kind_of(head);
}

std::string_view to_string(FileKind kind) {
  const auto found = std::ranges::find(names, kind, &Name::kind);
  return found == names.end() ? "unknown content" : found->text;
}

bool is_partition_content(FileKind kind) {
  switch (kind) {
    case FileKind::empty:
    case FileKind::da_container:
    case FileKind::auth_file:
    case FileKind::cert_file:
    case FileKind::scatter:
    case FileKind::bare_scatter:
    case FileKind::ota_payload:
    case FileKind::zip:
    case FileKind::seven_zip:
    case FileKind::rar:
    case FileKind::tar:
    case FileKind::html:
      return false;
    default:
      return true;
  }
}

bool is_archive(FileKind kind) {
  switch (kind) {
    case FileKind::zip:
    case FileKind::seven_zip:
    case FileKind::rar:
    case FileKind::tar:
    case FileKind::gzip:
    case FileKind::xz:
    case FileKind::bzip2:
    case FileKind::zstd:
    case FileKind::lz4:
      return true;
    default:
      return false;
  }
}

bool is_preloader(FileKind kind) {
  return kind == FileKind::gfh_preloader || kind == FileKind::emmc_boot || kind == FileKind::ufs_boot ||
         kind == FileKind::other_boot;
}

}  // namespace mtk
