// SPDX-License-Identifier: Apache-2.0
#include "session/agent_start.h"

#include "base/text.h"
#include "da/legacy/start.h"
#include "da/xflash/start.h"
#include "da/xml/start.h"
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
        Error{.code = Errc::unsupported, .what = say(Text::agent_preloader_needed), .stage = Stage::dram}.in(
            "preloader file"));
  }
  const ByteView id = ids.emmc_id.empty() ? ids.ufs_id : ids.emmc_id;
  std::string tried;
  std::optional<std::pair<std::string, EmiSettings>> any;
  for (const auto& path : files) {
    const std::string name = path.filename().string();
    tried += (tried.empty() ? "" : ", ") + name;
    const auto preloader = load_preloader(path);
    if (!preloader || !preloader->emi) continue;
    // An agent that does not tell the storage's id before memory runs chooses the record itself.
    const MemoryMatch match = id.empty() ? MemoryMatch::unknown : describes_memory(*preloader->emi, id);
    if (match == MemoryMatch::not_listed || (match == MemoryMatch::unknown && any)) continue;
    any.emplace(name, settings_of(*preloader->emi, chip));
    if (match == MemoryMatch::listed) break;
  }
  if (any) {
    op.observer.write(LogLevel::info, say(Text::agent_preloader_chosen, fmt::arg("file", any->first)));
    return any->second;
  }
  return fail(
      Error{.code = Errc::unsupported,
            .what = say(Text::agent_preloader_none_fits, fmt::arg("id", hex(id)), fmt::arg("files", tried)),
            .stage = Stage::dram}
          .in("memory id"));
}

Result<std::unique_ptr<Agent>> start_legacy(Transport& link, const AgentStart& how, const AgentStages& stages,
                                            OpContext& op) {
  legacy::LegacyOptions options{.chip = how.chip.legacy, .patience = how.patience};
  if (how.battery) options.force_charge = *how.battery ? legacy::ForceCharge::off : legacy::ForceCharge::on;
  AgentMemory memory{home_folders().data};
  options.agent_takes_no_tail = memory.takes_no_tail(how.file.file());
  options.on_tail_refused = [&] {
    const auto kept = memory.remember_no_tail(how.file.file());
    if (!kept) op.observer.write(LogLevel::warning, to_string(kept.error()));
  };
  options.memory_settings = [&](const FlashIds& ids) {
    return choose_settings(ids, how.preloaders, how.chip, op);
  };
  return legacy::start_agent(link, how.phone, stages, options, op);
}

Result<std::unique_ptr<Agent>> start_xflash(Transport& link, const AgentStart& how, const AgentStages& stages,
                                            OpContext& op) {
  xflash::XflashOptions options{.chip = how.chip.xflash,
                                .check_storage = how.check_storage,
                                .signer = how.signer,
                                .patience = how.patience};
  if (how.agent_messages) options.log_channel = xflash::LogChannel::both;
  if (how.battery) options.power = *how.battery ? xflash::PowerSource::battery : xflash::PowerSource::usb;
  options.memory_settings = [&](const FlashIds& ids) {
    return choose_settings(ids, how.preloaders, how.chip, op);
  };
  return xflash::start_agent(link, how.phone, stages, options, op);
}

Result<std::unique_ptr<Agent>> start_xml(Transport& link, const AgentStart& how, const AgentStages& stages,
                                         OpContext& op) {
  xml::XmlOptions options{.variant = how.chip.xml, .signer = how.signer, .patience = how.patience};
  if (how.agent_messages) options.settings.log_channel = xml::LogChannel::usb;
  if (how.battery) options.settings.battery = *how.battery ? xml::BatteryExists::yes : xml::BatteryExists::no;
  return xml::start_agent(link, how.phone, stages, options, op);
}

}  // namespace

DaProtocol family_of(const DaFile& file, const Chip& chip) {
  if (file.is_xml_family()) return DaProtocol::xml;
  return chip.da_protocol == DaProtocol::xml ? DaProtocol::xflash : chip.da_protocol;
}

Result<std::unique_ptr<Agent>> start_agent(Transport& link, const AgentStart& how, OpContext& op) {
  MTK_TRY_LET(const DaEntry entry, how.file.choose(agent_query(how.phone, how.chip)));
  MTK_TRY_LET(const DaStages stages, how.file.stages(entry));
  const AgentStages images{image_of(stages.da1), image_of(stages.da2)};
  switch (family_of(how.file, how.chip)) {
    case DaProtocol::legacy:
      return start_legacy(link, how, images, op);
    case DaProtocol::xflash:
      return start_xflash(link, how, images, op);
    case DaProtocol::xml:
      return start_xml(link, how, images, op);
  }
  return fail(Errc::internal, "unknown family of agents");
}

}  // namespace mtk
