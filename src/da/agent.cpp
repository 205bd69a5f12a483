// SPDX-License-Identifier: Apache-2.0
#include "da/agent.h"

#include <algorithm>
#include <array>

namespace mtk {

std::string_view to_string(BootMode mode) { return boot_mode_words.at(static_cast<std::size_t>(mode)); }

std::optional<BootMode> parse_boot_mode(std::string_view word) {
  const auto found = std::ranges::find(boot_mode_words, word);
  if (found == boot_mode_words.end()) return std::nullopt;
  return static_cast<BootMode>(found - boot_mode_words.begin());
}

std::string_view to_string(StorageKind kind) {
  constexpr std::array<std::string_view, 6> names{"unknown", "eMMC", "UFS", "NAND", "NOR", "SD"};
  return names.at(static_cast<std::size_t>(kind));
}

const AreaFacts* AgentFacts::area(Area wanted) const {
  const auto found = std::ranges::find(areas, wanted, &AreaFacts::area);
  return found == areas.end() ? nullptr : &*found;
}

Result<> Agent::write_partition(std::string_view, Source&, OpContext&) {
  return fail(Errc::unsupported, "this agent does not write partitions by name");
}

Result<> Agent::erase_partition(std::string_view, OpContext&) {
  return fail(Errc::unsupported, "this agent does not erase partitions by name");
}

Result<Bytes> Agent::partition_list(OpContext&) {
  return fail(Errc::unsupported, "this agent has no partition list");
}

Result<std::vector<ListedPartition>> Agent::partition_table(OpContext&) {
  return fail(Errc::unsupported, "this agent does not tell its partition table");
}

}  // namespace mtk
