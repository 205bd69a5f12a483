// SPDX-License-Identifier: Apache-2.0
#include "session/agent_start.h"

#include "base/text.h"
#include "da/legacy/start.h"
#include "image/preloader/preloader.h"
#include "session/agent_memory.h"

#include <mtk/session.h>

namespace mtk {

namespace {

AgentImage image_of(const DaStage& stage) {
  return {.load_address = stage.region.load_address,
          .data = Bytes{stage.bytes.begin(), stage.bytes.end()},
          .signature_length = stage.region.signature_length};
}

EmiSettings settings_of(const EmiBlock& block, const Chip& chip) {
  const bool later = block.version == 13 && chip.legacy.emi_v13_skips_more;
  const ByteView payload =
      later ? block.legacy_payload(emi_records_offset_v13_alternative) : block.legacy_payload();
  return {.version = block.version,
          .record_count = static_cast<std::uint32_t>(block.records.size()),
          .payload = Bytes{payload.begin(), payload.end()},
          .block = block.bytes};
}

/// The settings of the first preloader that names the phone's memory; else of the first that takes any
/// memory, as preloaders for discrete chips do.
Result<EmiSettings> choose_settings(const FlashIds& ids, const std::vector<std::filesystem::path>& files,
                                    const Chip& chip, OpContext& op) {
  if (files.empty()) {
    return fail(
        Error{.code = Errc::unsupported, .what = say(Text::agent_preloader_needed), .stage = Stage::dram});
  }
  std::string tried;
  std::optional<std::pair<std::string, EmiSettings>> any;
  for (const auto& path : files) {
    const std::string name = path.filename().string();
    tried += (tried.empty() ? "" : ", ") + name;
    const auto preloader = load_preloader(path);
    if (!preloader || !preloader->emi) continue;
    const MemoryMatch match = describes_memory(*preloader->emi, ids.emmc_id);
    if (match == MemoryMatch::not_listed || (match == MemoryMatch::unknown && any)) continue;
    any.emplace(name, settings_of(*preloader->emi, chip));
    if (match == MemoryMatch::listed) break;
  }
  if (any) {
    op.observer.write(LogLevel::info, say(Text::agent_preloader_chosen, fmt::arg("file", any->first)));
    return any->second;
  }
  return fail(Error{.code = Errc::unsupported,
                    .what = say(Text::agent_preloader_none_fits, fmt::arg("id", hex(ids.emmc_id)),
                                fmt::arg("files", tried)),
                    .stage = Stage::dram});
}

}  // namespace

DaQuery agent_query(const PhoneInfo& phone, const Chip& chip) {
  return {.hw_code = chip.da_entry_hw_code != 0 ? chip.da_entry_hw_code : phone.hw_code,
          .hw_sub_code = phone.hw_subcode,
          .hw_version = phone.hw_version,
          .sw_version = phone.sw_version};
}

Result<std::unique_ptr<Agent>> start_legacy(Transport& link, const PhoneInfo& phone, const Chip& chip,
                                            const DaFile& file,
                                            const std::vector<std::filesystem::path>& preloaders,
                                            std::optional<bool> battery, OpContext& op) {
  MTK_TRY_LET(const DaEntry entry, file.choose(agent_query(phone, chip)));
  MTK_TRY_LET(const DaStages stages, file.stages(entry));
  legacy::LegacyOptions options{.chip = chip.legacy};
  if (battery) options.force_charge = *battery ? legacy::ForceCharge::off : legacy::ForceCharge::on;
  AgentMemory memory{home_folders().data};
  options.agent_takes_no_tail = memory.takes_no_tail(file.file());
  options.on_tail_refused = [&] {
    const auto kept = memory.remember_no_tail(file.file());
    if (!kept) op.observer.write(LogLevel::warning, to_string(kept.error()));
  };
  options.memory_settings = [&](const FlashIds& ids) { return choose_settings(ids, preloaders, chip, op); };
  return legacy::start_agent(link, phone, {image_of(stages.da1), image_of(stages.da2)}, options, op);
}

}  // namespace mtk
