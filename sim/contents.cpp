// SPDX-License-Identifier: Apache-2.0
#include "sim/contents.h"

#include "base/hash.h"
#include "sim/card.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr std::size_t identity_limit = 128;  // blocks
constexpr std::size_t gfh_content_offset = 0x300;
constexpr std::size_t hash_size = 0x20;
/// Room for the entries of a backup table, whatever the number of slots.
constexpr std::size_t gpt_area = 128 * 128;

void gfh_header(ByteWriter& out, std::uint8_t version, std::uint16_t size, std::uint16_t type) {
  out.text("MMM", 3).u8(version).le(size).le(type);
}

/// The block that says which memory this preloader can start.
Bytes bloader_info(const Model& model) {
  const auto& memory = model.memory;
  const std::string& project = memory.installed_project.empty() ? model.project : memory.installed_project;
  ByteWriter out;
  out.text(fmt::format("MTK_BLOADER_INFO_v{:02}", memory.emi_version), 27);
  out.text(fmt::format("preloader_{}.bin", project), 61);
  out.text("V116", 4).bytes(to_bytes({0x22, 0x88, 0x44, 0x33, 0x90, 0x00, 0x70, 0x00})).text("MTK_BIN", 8);
  out.le(static_cast<std::uint32_t>(memory.installed_ids.size()));
  for (const Bytes& id : memory.installed_ids) {
    ByteWriter record;
    const Bytes short_id{id.begin(),
                         id.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(id.size(), 9))};
    if (memory.emi_version == 11 || memory.emi_version == 14) {
      record.le(memory.type).bytes(short_id).fill(16 - short_id.size()).le<std::uint32_t>(9);
    } else {
      record.le<std::uint32_t>(0).le(memory.type).le<std::uint32_t>(9).le<std::uint32_t>(0);
      record.bytes(short_id).fill(16 - short_id.size());
    }
    Bytes bytes = std::move(record).take();
    bytes.resize(memory.record_size);
    out.bytes(bytes);
  }
  const auto size = static_cast<std::uint32_t>(out.size());
  out.le(size);
  return std::move(out).take();
}

Bytes content_of(const Model& model, const PartitionModel& part) {
  const auto& wiped = model.storage.wiped;
  if (std::ranges::find(wiped, part.name) != wiped.end()) return {};
  const auto size = static_cast<std::size_t>(part.image_size);
  switch (part.content) {
    case Content::empty:
      return {};
    case Content::identity:
      return identity_blocks(model, part);
    case Content::preloader:
      switch (model.preloader.flash) {
        case PreloaderFlash::missing:
          return {};
        case PreloaderFlash::bare:
          return preloader_image(model);
        case PreloaderFlash::good:
        case PreloaderFlash::broken:
          return boot_area(preloader_image(model), model.storage.kind);
      }
      return {};
    case Content::lk:
      return mtk_image("lk", size);
    case Content::logo:
      return mtk_image("logo", size);
    case Content::android:
      return android_image(size);
    case Content::pattern:
      return pattern(size);
    case Content::blocks:
      break;
  }
  ByteWriter out;
  const std::uint64_t blocks = std::min<std::uint64_t>(part.size / block_size, 1024);
  std::string name = part.name.substr(0, 8);
  name.resize(8, '.');
  for (std::uint32_t i = 0; i < blocks; ++i) {
    out.text(name, 8).le(i).le(static_cast<std::uint32_t>(part.start / block_size) + i).fill(block_size - 16);
  }
  return std::move(out).take();
}

/// Our GUIDs are small numbers; mixed-endian storing leaves their last byte at the end.
void guid_number(ByteWriter& out, std::uint32_t number) { out.fill(12).be(number); }

Bytes gpt_header(const Model& model, std::uint64_t own, std::uint64_t other, std::uint64_t entries,
                 std::uint32_t entries_crc) {
  const std::uint64_t blocks = model.storage.user / model.storage.sector;
  const auto build = [&](std::uint32_t crc) {
    ByteWriter out;
    out.text("EFI PART", 8).le<std::uint32_t>(0x00010000).le<std::uint32_t>(0x5c).le(crc).fill(4);
    out.le(own).le(other).le(model.storage.first_usable).le(blocks - 1 - model.storage.last_usable_from_end);
    guid_number(out, 0xda);
    out.le(entries).le(model.storage.gpt_slots).le<std::uint32_t>(0x80).le(entries_crc);
    return std::move(out).take();
  };
  Bytes header = build(crc32(build(0)));
  header.resize(model.storage.sector);
  return header;
}

Bytes gpt_entries(const Model& model) {
  ByteWriter out;
  std::uint32_t number = 0x1000;
  for (const auto& part : model.partitions) {
    if (!part.in_gpt) continue;
    out.bytes(to_bytes(
        {0xa2, 0xa0, 0xd0, 0xeb, 0xe5, 0xb9, 0x33, 0x44, 0x87, 0xc0, 0x68, 0xb6, 0xb7, 0x26, 0x99, 0xc7}));
    guid_number(out, number++);
    const std::uint64_t sector = model.storage.sector;
    out.le(part.start / sector).le((part.start + part.size) / sector - 1);
    out.le(std::uint64_t{part.slot_flags} << 48);
    for (std::size_t i = 0; i < 36; ++i)
      out.le(static_cast<std::uint16_t>(i < part.name.size() ? static_cast<unsigned char>(part.name[i]) : 0));
  }
  Bytes entries = std::move(out).take();
  entries.resize(std::size_t{model.storage.gpt_slots} * 0x80);
  return entries;
}

std::vector<std::uint8_t> areas_of(Region region) {
  switch (region) {
    case Region::user:
      return {part_user};
    case Region::boot1:
      return {part_boot1};
    case Region::boot2:
      return {part_boot2};
    case Region::both_boots:
      return {part_boot1, part_boot2};
  }
  return {};
}

}  // namespace

Bytes pattern(std::size_t size, std::uint64_t first) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(7 * (first + i) + (first + i) / 256);
  return out;
}

Bytes identity_block(const Model& model, std::string_view partition_name) {
  std::string cid = hex_compact(model.storage.cid);
  std::ranges::transform(cid, cid.begin(),
                         [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
  ByteWriter out;
  out.text(fmt::format("MTKFLASH IDENTITY {} {}\n", partition_name, cid), block_size);
  return std::move(out).take();
}

Bytes identity_blocks(const Model& model, const PartitionModel& part) {
  ByteWriter out;
  out.bytes(identity_block(model, part.name));
  const auto blocks = std::min<std::uint64_t>(identity_limit, part.size / block_size);
  for (std::uint32_t i = 1; i < blocks; ++i) {
    ByteWriter seed;
    seed.bytes(model.storage.cid).bytes(to_bytes(part.name)).le(i);
    const Bytes digest = sha256(seed.view());
    for (int repeat = 0; repeat < 16; ++repeat) out.bytes(digest);
  }
  return std::move(out).take();
}

Bytes mtk_image(std::string_view name, std::size_t size) {
  const std::size_t data = size > block_size ? size - block_size : 0;
  ByteWriter out;
  out.le<std::uint32_t>(0x58881688).le(static_cast<std::uint32_t>(data)).text(name, 32);
  out.le<std::uint32_t>(0xffffffff).le<std::uint32_t>(0xffffffff);
  out.fill(block_size - out.size(), std::byte{0xff}).bytes(pattern(data));
  return std::move(out).take();
}

Bytes android_image(std::size_t size) {
  constexpr std::uint32_t page = 0x800;
  const auto kernel = static_cast<std::uint32_t>(size > page ? size - page : 0);
  ByteWriter out;
  out.text("ANDROID!", 8).le(kernel).le<std::uint32_t>(0x80008000);
  out.le<std::uint32_t>(0).le<std::uint32_t>(0x84000000).le<std::uint32_t>(0).le<std::uint32_t>(0);
  out.le<std::uint32_t>(0x8e000000).le(page).le<std::uint32_t>(0).le<std::uint32_t>(0);
  Bytes head = std::move(out).take();
  head.resize(page);
  const Bytes body = pattern(kernel);
  head.insert(head.end(), body.begin(), body.end());
  return head;
}

Bytes preloader_image(const Model& model) {
  const std::uint32_t size = model.preloader.image_size;
  const Bytes info = bloader_info(model);
  ByteWriter out;
  gfh_header(out, 1, 0x38, 0);
  const bool ufs = model.storage.kind == StorageKind::ufs;
  out.text("FILE_INFO", 12).le<std::uint32_t>(1).le<std::uint16_t>(1);
  out.u8(ufs ? flash_device_ufs : flash_device_emmc).u8(1);
  out.le(model.preloader.load_address).le(size).le<std::uint32_t>(0x40000);
  out.le<std::uint32_t>(gfh_content_offset)
      .le<std::uint32_t>(hash_size)
      .le<std::uint32_t>(gfh_content_offset);
  out.le<std::uint32_t>(1);
  gfh_header(out, 1, 0xc, 1);
  out.le<std::uint32_t>(1);
  out.fill(gfh_content_offset - out.size());
  const std::size_t content_end = size - hash_size;
  if (out.size() + info.size() < content_end) out.bytes(pattern(content_end - info.size() - out.size()));
  out.bytes(info);
  Bytes image = std::move(out).take();
  image.resize(content_end);
  Bytes digest = sha256(image);
  if (model.preloader.flash == PreloaderFlash::broken) digest[0] ^= std::byte{1};
  image.insert(image.end(), digest.begin(), digest.end());
  return image;
}

Bytes boot_area(ByteView image, StorageKind kind) {
  const bool ufs = kind == StorageKind::ufs;
  const std::uint32_t unit = ufs ? 0x1000 : 0x200;
  const std::uint32_t start = ufs ? 0x1000 : 0x800;
  const auto end = static_cast<std::uint32_t>(start + (image.size() + unit - 1) / unit * unit);
  ByteWriter out;
  out.text(ufs ? "UFS_BOOT" : "EMMC_BOOT", 12).le<std::uint32_t>(1).le(unit);
  out.fill(0x200 - out.size(), std::byte{0xff});
  out.text("BRLYT", 8).le<std::uint32_t>(1).le(start).le(end);
  out.le<std::uint32_t>(0x42424242)
      .le(static_cast<std::uint16_t>(ufs ? flash_device_ufs : flash_device_emmc));
  out.le<std::uint16_t>(1).le(start).le(end).le<std::uint32_t>(1);
  out.fill(start - out.size()).bytes(image).fill(end - start - image.size(), std::byte{0xff});
  return std::move(out).take();
}

GptImage make_gpt(const Model& model) {
  const std::uint64_t sector = model.storage.sector;
  const std::uint64_t blocks = model.storage.user / sector;
  const Bytes entries = gpt_entries(model);
  const std::uint32_t crc = crc32(entries);
  ByteWriter head;
  head.fill(446).le<std::uint32_t>(0x00020000).le<std::uint32_t>(0xffffffee);
  head.le<std::uint32_t>(1).le(static_cast<std::uint32_t>(std::min<std::uint64_t>(blocks - 1, 0xffffffff)));
  head.fill(48).bytes(to_bytes({0x55, 0xaa})).fill(sector - head.size());
  head.bytes(gpt_header(model, 1, blocks - 1, 2, crc)).bytes(entries);

  const std::uint64_t table_blocks = gpt_area / sector;
  GptImage gpt{
      .head = std::move(head).take(), .tail = entries, .tail_offset = (blocks - 1 - table_blocks) * sector};
  gpt.tail.resize(gpt_area);
  const Bytes header = gpt_header(model, blocks - 1, 1, blocks - 1 - table_blocks, crc);
  gpt.tail.insert(gpt.tail.end(), header.begin(), header.end());
  return gpt;
}

Result<> fill_new_card(const Model& model, Card& card) {
  if (std::ranges::any_of(model.partitions, &PartitionModel::in_gpt)) {
    const GptImage gpt = make_gpt(model);
    MTK_TRY(card.write(part_user, 0, gpt.head));
    MTK_TRY(card.write(part_user, gpt.tail_offset, gpt.tail));
  }
  for (const auto& part : model.partitions) {
    const Bytes content = content_of(model, part);
    if (content.empty()) continue;
    for (const std::uint8_t area : areas_of(part.region)) MTK_TRY(card.write(area, part.start, content));
  }
  return {};
}

}  // namespace mtk::sim
