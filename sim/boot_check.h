// SPDX-License-Identifier: Apache-2.0
// How far a phone starts with what is on its flash: judged like the phone's own stages judge it.
#pragma once

#include "sim/card.h"

namespace mtk::sim {

struct Check {
  bool ok = false;
  std::string why;  ///< one clause, either way
};

/// What the boot ROM wants of boot1 or LU0: device header, GFH chain, content hash where its type is known.
Check check_preloader(const Card& card);

/// Whether the preloader in boot1 has settings for this phone's memory. One without a settings block is taken
/// as right: there is nothing to judge.
Check check_memory_settings(const Model& model, const Card& card);

/// What an area that begins with `head` would do; check_preloader for bytes.
Check check_boot_area(ByteView head, StorageKind kind = StorageKind::emmc);

struct GptEntry {
  std::string name;
  std::uint64_t first = 0;      ///< block of Card::sector() bytes
  std::uint64_t last = 0;       ///< block, inclusive
  std::uint8_t slot_flags = 0;  ///< attribute byte 6: bit 2 active, bit 7 unbootable
};

struct GptView {
  std::uint32_t slots = 0;        ///< as the header announces them
  std::vector<GptEntry> entries;  ///< one per slot, used or not, at most 128
};

/// The user area's table, the backup when the first one is damaged. Errors: bad_image.
Result<GptView> read_gpt(const Card& card);
/// Whether the phone keeps a GPT; those of before 2014 do not.
bool has_gpt(const Model& model);
/// The table of the phone, or its scatter list where the phone has no GPT at all.
Result<GptView> table_of(const Model& model, const Card& card);

enum class BootStage { rom, memory, preloader, logo, android };

struct BootReport {
  BootStage reached = BootStage::rom;
  std::string why;                          ///< why it stops there, or that it does not
  bool radio = true;                        ///< nvram, nvdata and proinfo are this phone's own
  std::vector<std::string> identity_notes;  ///< one clause per identity partition that is not
  std::string text() const;                 ///< lines for people
};

BootReport check_boot(const Model& model, const Card& card);

}  // namespace mtk::sim
