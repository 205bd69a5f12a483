// SPDX-License-Identifier: Apache-2.0
// The cards of single files: download agents and preloaders.
#include "base/hash.h"
#include "image/da_file/da_file.h"
#include "image/preloader/preloader.h"

#include <mtk/chip.h>
#include <mtk/firmware.h>

#include <fmt/format.h>

namespace mtk {

namespace {

AgentEntryCard describe(const DaFile& file, const DaEntry& entry) {
  AgentEntryCard card{.hw_code = entry.hw_code,
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
  for (const DaRegion& region : entry.regions) {
    card.regions.push_back({region.file_offset, region.length, region.load_address, region.signature_length});
  }
  return card;
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
  card.remarks = preloader->warnings;
  if (!preloader->emi) {
    card.remarks.push_back(preloader->emi_problem);
    return card;
  }
  card.remarks.insert(card.remarks.end(), preloader->emi->warnings.begin(), preloader->emi->warnings.end());
  for (const EmiRecord& record : preloader->emi->records) {
    const std::string id = record.id.empty() ? "" : ": " + describe_id(record);
    card.memory.push_back(describe_memory(record) + id);
  }
  return card;
}

}  // namespace mtk
