// SPDX-License-Identifier: Apache-2.0
// What a new phone holds: partition tables, boot chain, identity. Kinds of content: docs/format/phone.md.
#pragma once

#include "sim/model.h"

namespace mtk::sim {

class Card;

/// Flash devices as a preloader's file header names them.
constexpr std::uint8_t flash_device_emmc = 5;
constexpr std::uint8_t flash_device_ufs = 0x0c;

Result<> fill_new_card(const Model& model, Card& card);

/// The preloader file (GFH image with memory settings) of this phone, as `preloader.flash` says.
Bytes preloader_image(const Model& model);
/// The same as the boot area holds it: device header, image, padding.
Bytes boot_area(ByteView image, StorageKind kind = StorageKind::emmc);
/// The 512-byte blocks that make a partition this phone's own; at most 64 KiB.
Bytes identity_blocks(const Model& model, const PartitionModel& part);
/// The first block of identity_blocks, which --boot looks for.
Bytes identity_block(const Model& model, std::string_view partition_name);
/// An image with MTK image header: `lk`, `logo`.
Bytes mtk_image(std::string_view name, std::size_t size);
Bytes android_image(std::size_t size);
/// Byte i = (7 i + floor(i / 256)) mod 256, from i = `first`.
Bytes pattern(std::size_t size, std::uint64_t first = 0);

struct GptImage {
  Bytes head;  ///< protective MBR, header, entries
  Bytes tail;  ///< entries and header of the backup
  std::uint64_t tail_offset = 0;
};
GptImage make_gpt(const Model& model);

}  // namespace mtk::sim
