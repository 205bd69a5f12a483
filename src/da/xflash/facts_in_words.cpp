// SPDX-License-Identifier: Apache-2.0
// Answers as label and text, for people. What AgentFacts has members for is left to the layers above.
#include "da/xflash/questions.h"

#include "base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk::xflash {
namespace {

/// Labels and texts in the order in which they are shown; a fact without a text is left out.
class Facts {
 public:
  void add(std::string label, std::string text) {
    if (!text.empty()) all_.emplace_back(std::move(label), std::move(text));
  }
  std::vector<std::pair<std::string, std::string>> take() && { return std::move(all_); }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

/// Zeros are no id.
std::string id_text(ByteView id) {
  const bool is_set = std::ranges::any_of(id, [](std::byte byte) { return byte != std::byte{0}; });
  return is_set ? hex_compact(id) : "";
}

std::string life_word(std::uint32_t status) {
  constexpr std::array<std::string_view, 4> words{"unknown", "normal", "warning", "end of life"};
  return status < words.size() ? std::string{words[status]} : fmt::format("0x{:x}", status);
}

/// The same fields of an eMMC and a UFS.
template <class Storage>
std::string life_text(const Storage& storage) {
  return fmt::format("{}; pre-EOL {}, A {}, B {}", life_word(storage.life_status), storage.pre_eol,
                     storage.life_a, storage.life_b);
}

std::string dram_name(std::uint64_t type) {
  switch (type) {
    case 3:
      return "LPDDR3";
    case 5:
      return "LPDDR4";
    case 6:
      return "LPDDR4X";
    case 7:
      return "LPDDR4P";
    default:
      return fmt::format("type {}", type);
  }
}

std::string table_name(std::uint64_t kind) {
  constexpr std::uint64_t gpt = 100;
  constexpr std::uint64_t pmt = 101;
  return kind == gpt ? "GPT" : kind == pmt ? "PMT" : fmt::format("kind {}", kind);
}

std::string rpmb_word(std::uint64_t status) {
  constexpr std::uint64_t programmed = 0x10;
  constexpr std::uint64_t not_programmed = 0x11;
  return status == programmed       ? "programmed"
         : status == not_programmed ? "not programmed"
                                    : fmt::format("0x{:x}", status);
}

std::string storage_check_word(std::uint32_t result) {
  return result == status::ok                 ? "good"
         : result == status::storage_worn     ? "worn"
         : result == status::storage_worn_out ? "worn out"
                                              : fmt::format("0x{:08X}", result);
}

std::string ram_text(const RamItem& item) {
  constexpr std::array<std::string_view, 3> words{"no type", "DRAM", "SRAM"};
  if (item.type == 0 && item.size == 0) return {};
  return fmt::format(
      "{} at 0x{:x}, {}", human_bytes(item.size), item.base,
      item.type < words.size() ? std::string{words[item.type]} : fmt::format("type {}", item.type));
}

std::string chip_text(const ChipId& chip) {
  return fmt::format("code {:04X}, sub code {:04X}, hardware {:04X}, software {:04X}, evolution {}",
                     chip.hw_code, chip.hw_sub_code, chip.hw_version, chip.sw_version, chip.evolution);
}

/// Id and areas, which the layers above know of the storage in use only.
void add_unused(const Answers& answers, StorageKind storage, const std::string& name, Facts& facts) {
  std::string sizes;
  for (const AreaFacts& area : areas_of(answers, storage))
    sizes += fmt::format("{}{} {}", sizes.empty() ? "" : ", ", to_string(area.area), human_bytes(area.size));
  facts.add(name + " areas", sizes);
  facts.add(name + " id", hex_compact(storage_id_of(answers, storage)));
}

void add_emmc(const Answers& answers, StorageKind in_use, Facts& facts) {
  const EmmcInfo& emmc = answers.emmc;
  const StorageKind kind = emmc.type == type_sd ? StorageKind::sd : StorageKind::emmc;
  const std::string name = kind == StorageKind::sd ? "SD card" : "eMMC";
  facts.add(name + " block", fmt::format("{} bytes", emmc.block_size));
  facts.add(name + " firmware", hex_compact(emmc.firmware));
  facts.add(name + " life", life_text(emmc));
  if (kind != in_use) add_unused(answers, kind, name, facts);
}

void add_ufs(const Answers& answers, StorageKind in_use, Facts& facts) {
  const UfsInfo& ufs = answers.ufs;
  facts.add("UFS block", fmt::format("{} bytes", ufs.block_size));
  facts.add("UFS vendor", fmt::format("{:04X}", ufs.vendor_id));
  facts.add("UFS product", printable_text(ufs.cid));
  facts.add("UFS firmware", printable_text(ufs.firmware));
  facts.add("UFS life", life_text(ufs));
  if (in_use != StorageKind::ufs) add_unused(answers, StorageKind::ufs, "UFS", facts);
}

void add_nand(const Answers& answers, StorageKind in_use, Facts& facts) {
  const NandInfo& nand = answers.nand;
  facts.add("NAND type", fmt::format("0x{:x}", nand.type));
  facts.add("NAND page", fmt::format("{} bytes and {} spare", nand.page_size, nand.spare_size));
  facts.add("NAND block", fmt::format("{} bytes", nand.block_size));
  facts.add("NAND size", human_bytes(nand.total));
  facts.add("NAND bad block table", nand.bmt_present != 0 ? "present" : "none");
  if (in_use != StorageKind::nand) add_unused(answers, StorageKind::nand, "NAND", facts);
}

void add_nor(const Answers& answers, StorageKind in_use, Facts& facts) {
  facts.add("NOR type", fmt::format("0x{:x}", answers.nor.type));
  facts.add("NOR page", fmt::format("{} bytes", answers.nor.page_size));
  if (in_use != StorageKind::nor) add_unused(answers, StorageKind::nor, "NOR", facts);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> in_words(const Answers& answers, StorageKind in_use) {
  Facts facts;
  if (answers.chip) facts.add("Chip id", chip_text(*answers.chip));
  facts.add("Agent started by", answers.connection_agent);
  facts.add("Agent expires", answers.expire_date);
  facts.add("Random id", id_text(answers.random_id));
  facts.add("Hardware random id", id_text(answers.hardware_random_id));
  facts.add("USB speed", answers.usb_speed);
  facts.add("Write packet", fmt::format("{} bytes", answers.packets.write));
  facts.add("Read packet", fmt::format("{} bytes", answers.packets.read));
  if (answers.emmc.type != 0) add_emmc(answers, in_use, facts);
  if (answers.ufs.type != 0) add_ufs(answers, in_use, facts);
  if (answers.nand.type != 0) add_nand(answers, in_use, facts);
  if (answers.nor.type != 0) add_nor(answers, in_use, facts);
  if (answers.storage_life) facts.add("Storage check", storage_check_word(*answers.storage_life));
  facts.add("Internal memory", ram_text(answers.ram.sram));
  facts.add("External memory", ram_text(answers.ram.dram));
  if (answers.dram_type) facts.add("Memory kind", dram_name(*answers.dram_type));
  if (answers.partition_table_kind) facts.add("Partition table", table_name(*answers.partition_table_kind));
  if (answers.rpmb_status) facts.add("RPMB key", rpmb_word(*answers.rpmb_status));
  if (answers.battery_voltage) facts.add("Battery", fmt::format("{} mV", *answers.battery_voltage));
  return std::move(facts).take();
}

}  // namespace mtk::xflash
