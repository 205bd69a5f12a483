// SPDX-License-Identifier: Apache-2.0
// Scatter files in the text form of V1.x and V2.x, keys in the order the vendor's generator uses.
#include "image/scatter/scatter.h"

#include <fmt/format.h>

#include <iterator>

namespace mtk {

namespace {

constexpr std::string_view rule =
    "########################################################################################################"
    "####";

std::string_view yes_no(bool value) { return value ? "true" : "false"; }

void print_heading(std::string& out, std::string_view title) {
  out += fmt::format("{0}\n#\n#  {1}\n#\n{0}\n", rule, title);
}

void print_entry(std::string& out, const ScatterEntry& entry, std::string_view indent, bool second) {
  const auto line = [&](std::string_view key, std::string_view value) {
    out += fmt::format("{}  {}: {}\n", indent, key, value);
  };
  const auto number = [&](std::string_view key, std::uint64_t value) {
    line(key, fmt::format("0x{:x}", value));
  };
  out += fmt::format("{}- partition_index: {}\n", indent, entry.label);
  line("partition_name", entry.name);
  line("file_name", entry.file_name.empty() ? "NONE" : entry.file_name);
  line("is_download", yes_no(entry.is_download));
  line("type", to_string(entry.type));
  number("linear_start_addr", entry.linear_start);
  number("physical_start_addr", entry.physical_start);
  number("partition_size", entry.size);
  line("region", entry.region);
  line("storage", fmt::format("HW_STORAGE_{}", to_string(entry.storage)));
  line("boundary_check", yes_no(entry.boundary_check));
  line("is_reserved", yes_no(entry.is_reserved));
  line("operation_type", to_string(entry.policy));
  line("is_upgradable", yes_no(entry.is_upgradable));
  line("empty_boot_needed", yes_no(entry.empty_boot_needed));
  if (second || entry.combo_partsize_check) line("combo_partsize_check", yes_no(entry.combo_partsize_check));
  for (const auto& [key, value] : entry.more) line(key, value);
  line("reserve", "0x00");
  out += '\n';
}

void print_storage(std::string& out, const ScatterSection& section, std::string_view indent, bool dash) {
  out += fmt::format("{}{}storage: {}\n", indent, dash ? "- " : "  ", to_string(section.storage));
  out += fmt::format("{}  boot_channel: {}\n", indent, section.boot_channel);
  out += fmt::format("{}  block_size: 0x{:x}\n", indent, section.block_size);
}

}  // namespace

Result<std::string> print_scatter(const Scatter& scatter) {
  if (scatter.generation == ScatterGeneration::brace) {
    return fail(Errc::unsupported,
                "a brace scatter has no file names and cannot be written in the text form");
  }
  const bool second =
      scatter.generation == ScatterGeneration::v2 || scatter.generation == ScatterGeneration::xml_v2;
  if (!second && scatter.sections.size() != 1) {
    return fail(Errc::unsupported, "the V1 form holds the table of one storage only");
  }
  std::string out;
  print_heading(out, "General Setting");
  out += fmt::format("- general: MTK_PLATFORM_CFG\n  info: \n    - config_version: {}\n",
                     scatter.config_version);
  out += fmt::format("      platform: {}\n      project: {}\n", scatter.platform, scatter.project);
  if (!second) print_storage(out, scatter.sections.front(), "    ", false);
  const auto flag = [&](std::string_view key, bool value) {
    if (value) out += fmt::format("      {}: true\n", key);
  };
  flag("skip_pmt_operate", scatter.skip_pmt_operate);
  flag("check_bootloaders_consistency", scatter.check_bootloaders_consistency);
  flag("resize_check", scatter.resize_check);
  for (const auto& [key, value] : scatter.more) out += fmt::format("      {}: {}\n", key, value);
  for (const ScatterSection& section : scatter.sections) {
    print_heading(out,
                  second ? fmt::format("{} Layout Setting", to_string(section.storage)) : "Layout Setting");
    if (second) {
      out += fmt::format("- storage_type: {}\n  description: \n", to_string(section.storage));
      out += "  - general: MTK_STORAGE_CFG\n    info: \n";
      print_storage(out, section, "      ", true);
      out += '\n';
    }
    for (const ScatterEntry& entry : section.entries) print_entry(out, entry, second ? "  " : "", second);
  }
  return out;
}

}  // namespace mtk
