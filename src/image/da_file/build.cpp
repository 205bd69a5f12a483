// SPDX-License-Identifier: Apache-2.0
// Building containers for stand-in agents and tests.
#include "image/da_file/da_file.h"
#include "image/da_file/records.h"

#include <limits>

namespace mtk {

using namespace da_format;

namespace {

constexpr std::size_t table_slots = 20;

Result<> check_parts(const std::vector<DaParts>& agents, DaLayout layout) {
  const std::size_t most = layout == DaLayout::single_v6 ? 1 : table_slots;
  if (agents.empty() || agents.size() > most) {
    return fail(Errc::out_of_range, fmt::format("{} agents where 1 to {} fit", agents.size(), most));
  }
  std::uint64_t size = 0;
  for (const DaParts& agent : agents) {
    const auto& regions = agent.key.regions;
    if (regions.size() != agent.contents.size() || regions.size() > region_slots) {
      return fail(Errc::out_of_range,
                  fmt::format("{} regions with {} contents", regions.size(), agent.contents.size()));
    }
    for (std::size_t i = 0; i < regions.size(); ++i) {
      if (regions[i].signature_length > agent.contents[i].size()) {
        return fail(Errc::out_of_range, "signature longer than its region");
      }
      size += agent.contents[i].size();
    }
  }
  if (size > std::numeric_limits<std::uint32_t>::max() / 2)
    return fail(Errc::out_of_range, "agents too large");
  return {};
}

void write_entry(ByteWriter& out, const DaEntry& entry) {
  write(out, EntryHead{.magic = entry_magic,
                       .hw_code = entry.hw_code,
                       .hw_sub_code = entry.hw_sub_code,
                       .hw_version = entry.hw_version,
                       .sw_version = entry.sw_version,
                       .reserved1 = 0,
                       .page_size = entry.page_size,
                       .reserved2 = 0,
                       .entry_region_index = entry.entry_region_index,
                       .entry_region_count = static_cast<std::uint16_t>(entry.regions.size())});
  for (const DaRegion& region : entry.regions) {
    write(out, da_format::Region{.file_offset = region.file_offset,
                                 .length = region.length,
                                 .load_address = region.load_address,
                                 .signature_offset = region.signature_offset,
                                 .signature_length = region.signature_length});
  }
}

}  // namespace

Result<Bytes> build_da_file(std::string_view version_text, const std::vector<DaParts>& agents,
                            DaLayout layout) {
  MTK_TRY(check_parts(agents, layout));
  ByteWriter head;
  head.text(name, 32).text(version_text, version_text_size);
  head.le(info_version).le(header_magic).le(static_cast<std::uint32_t>(agents.size()));

  std::size_t data_start = wire_size<Header>() + table_slots * stride;
  if (layout == DaLayout::single_v6) {
    data_start = wire_size<Header>() + wire_size<EntryHead>() +
                 agents.front().contents.size() * wire_size<da_format::Region>();
  }
  ByteWriter data;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    DaEntry entry = agents[i].key;
    for (std::size_t r = 0; r < entry.regions.size(); ++r) {
      DaRegion& region = entry.regions[r];
      region.file_offset = static_cast<std::uint32_t>(data_start + data.size());
      region.length = static_cast<std::uint32_t>(agents[i].contents[r].size());
      region.signature_offset = region.data_length();
      if (layout == DaLayout::single_v6) region.signature_offset += region.file_offset;
      data.bytes(agents[i].contents[r]);
    }
    if (layout == DaLayout::table_of_20) head.fill(wire_size<Header>() + i * stride - head.size());
    write_entry(head, entry);
  }
  head.fill(data_start - head.size());
  head.bytes(data.view());
  return std::move(head).take();
}

}  // namespace mtk
