// SPDX-License-Identifier: Apache-2.0
// The cards of single files: download agents and preloaders.
#include "base/hash.h"
#include "image/da_file/da_file.h"
#include "image/preloader/preloader.h"

#include <mtk/chip.h>
#include <mtk/firmware.h>

#include <fmt/format.h>

#include <array>

namespace mtk {

namespace {

AgentEntryCard describe(const DaFile& file, const DaEntry& entry) {
  AgentEntryCard card{.hw_code = entry.hw_code,
                      .hw_sub_code = entry.hw_sub_code,
                      .hw_version = entry.hw_version,
                      .sw_version = entry.sw_version,
                      .family = file.is_xml_family() ? "xml" : "",
                      .chips = {},
                      .regions = {}};
  for (const Chip& chip : all_chips()) {
    if (chip.da_entry_hw_code != entry.hw_code) continue;
    card.chips.push_back({std::string{chip.name}, chip.hw_code, ""});
    if (card.family.empty()) card.family = to_string(chip.da_protocol);
  }
  const auto stages = file.stages(entry);
  if (!stages) card.problem = stages.error().what;
  constexpr std::array<std::string_view, 3> roles{"helper", "da1", "da2"};
  for (std::size_t i = 0; i < entry.regions.size(); ++i) {
    const DaRegion& region = entry.regions[i];
    card.regions.push_back({.role = std::string{stages ? roles.at(i) : "part"},
                            .offset = region.file_offset,
                            .length = region.length,
                            .load_address = region.load_address,
                            .signature_length = region.signature_length});
  }
  return card;
}

std::string_view flash_device(const Preloader& preloader) {
  constexpr std::uint8_t nand = 2;
  constexpr std::uint8_t emmc = 5;
  constexpr std::uint8_t ufs = 0x0c;
  switch (preloader.info.flash_device) {
    case nand:
      return "nand";
    case emmc:
      return "emmc";
    case ufs:
      return "ufs";
    default:
      return "";
  }
}

}  // namespace

AgentCard describe_agent_file(const std::filesystem::path& path) {
  AgentCard card;
  card.file = path;
  const auto file = DaFile::load(path);
  if (!file) {
    card.error = file.error();
    return card;
  }
  card.version = file->version_text();
  card.generation = file->is_xml_family() ? "xml" : "classic";
  card.sha256 = hex_compact(sha256(file->file()));
  card.remarks = file->warnings();
  for (const DaEntry& entry : file->entries()) card.entries.push_back(describe(*file, entry));
  return card;
}

PreloaderCard describe_preloader(const std::filesystem::path& path) {
  PreloaderCard card;
  card.file = path;
  const auto preloader = load_preloader(path);
  if (!preloader) {
    card.error = preloader.error();
    return card;
  }
  card.project = preloader->project();
  card.form = to_string(preloader->form);
  card.flash_device = flash_device(*preloader);
  constexpr std::uint8_t single_signature = 2;  // below: none, or a plain hash
  card.is_signed = preloader->info.signature_type >= single_signature;
  card.remarks = preloader->warnings;
  if (!preloader->emi) {
    card.remarks.push_back(preloader->emi_problem);
    return card;
  }
  card.remarks.insert(card.remarks.end(), preloader->emi->warnings.begin(), preloader->emi->warnings.end());
  for (const EmiRecord& record : preloader->emi->records) {
    const std::string id = record.id.empty() ? "" : ": " + describe_id(record);
    card.memory.push_back(describe_memory(record) + id);
    if (!record.id.empty()) card.memory_ids.push_back(hex_compact(record.id));
  }
  return card;
}

}  // namespace mtk
