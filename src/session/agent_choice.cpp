// SPDX-License-Identifier: Apache-2.0
#include "session/agent_choice.h"

#include "base/text.h"

#include <algorithm>

namespace mtk {

namespace {

/// Agents that nobody signed have zeros where the signature would be, or no room for one.
Result<bool> carries_signature(const DaFile& file, const DaEntry& entry) {
  MTK_TRY_LET(const DaStages stages, file.stages(entry));
  const ByteView signature = stages.da1.bytes.last(stages.da1.region.signature_length);
  return std::ranges::any_of(signature, [](std::byte b) { return b != std::byte{0}; });
}

}  // namespace

DaQuery agent_query(const PhoneInfo& phone, const Chip& chip) {
  return {.hw_code = chip.da_entry_hw_code != 0 ? chip.da_entry_hw_code : phone.hw_code,
          .hw_sub_code = phone.hw_subcode,
          .hw_version = phone.hw_version,
          .sw_version = phone.sw_version};
}

Result<std::vector<AgentCandidate>> agents_for(const PhoneInfo& phone, const Chip& chip,
                                               const std::vector<std::filesystem::path>& paths,
                                               AgentOrder order) {
  if (paths.empty()) return fail(Errc::usage, say(Text::agent_none));
  std::vector<AgentCandidate> fitting;
  std::string refusals;
  for (const auto& path : paths) {
    const std::string name = path.filename().string();
    MTK_TRY_LET(DaFile file, in(DaFile::load(path), name));
    const auto entry = file.choose(agent_query(phone, chip));
    if (!entry) {
      refusals += fmt::format("{}{}: {}", refusals.empty() ? "" : "; ", name, entry.error().what);
      continue;
    }
    MTK_TRY_LET(const bool has_signature, in(carries_signature(file, *entry), name));
    fitting.push_back({path, name, std::move(file), has_signature});
  }
  if (fitting.empty()) return fail(Errc::unsupported, refusals);
  if (order == AgentOrder::found && phone.target_config.daa()) {
    std::stable_partition(fitting.begin(), fitting.end(), [](const auto& one) { return one.has_signature; });
  }
  return fitting;
}

}  // namespace mtk
