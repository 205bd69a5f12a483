// SPDX-License-Identifier: Apache-2.0
// Scatter files as text and as XML, keys in the order the vendor's generator uses.
#include "base/xml.h"
#include "image/scatter/scatter.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

using Keys = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view rule =
    "########################################################################################################"
    "####";

std::string number(std::uint64_t value) { return fmt::format("0x{:x}", value); }
std::string yes_no(bool value) { return value ? "true" : "false"; }

bool is_second(const Scatter& scatter) {
  return scatter.generation == ScatterGeneration::v2 || scatter.generation == ScatterGeneration::xml_v2;
}

Keys keys_of(const ScatterEntry& entry, bool second) {
  Keys keys{{"partition_name", entry.name},
            {"file_name", entry.file_name.empty() ? "NONE" : entry.file_name},
            {"is_download", yes_no(entry.is_download)},
            {"type", std::string{to_string(entry.type)}},
            {"linear_start_addr", number(entry.linear_start)},
            {"physical_start_addr", number(entry.physical_start)},
            {"partition_size", number(entry.size)},
            {"region", entry.region},
            {"storage", fmt::format("HW_STORAGE_{}", to_string(entry.storage))},
            {"boundary_check", yes_no(entry.boundary_check)},
            {"is_reserved", yes_no(entry.is_reserved)},
            {"operation_type", std::string{to_string(entry.policy)}},
            {"is_upgradable", yes_no(entry.is_upgradable)},
            {"empty_boot_needed", yes_no(entry.empty_boot_needed)}};
  if (second || entry.combo_partsize_check) {
    keys.emplace_back("combo_partsize_check", yes_no(entry.combo_partsize_check));
  }
  keys.insert(keys.end(), entry.more.begin(), entry.more.end());
  keys.emplace_back("reserve", "0x00");
  return keys;
}

/// The first key is the storage itself.
Keys keys_of(const ScatterSection& section) {
  return {{"storage", std::string{to_string(section.storage)}},
          {"boot_channel", section.boot_channel},
          {"block_size", number(section.block_size)}};
}

/// The first key is the version.
Keys keys_of(const Scatter& scatter) {
  Keys keys{{"config_version", scatter.config_version},
            {"platform", scatter.platform},
            {"project", scatter.project}};
  if (!is_second(scatter)) {
    const Keys storage = keys_of(scatter.sections.front());
    keys.insert(keys.end(), storage.begin(), storage.end());
  }
  const auto flag = [&](std::string_view key, bool value) {
    if (value) keys.emplace_back(key, "true");
  };
  flag("skip_pmt_operate", scatter.skip_pmt_operate);
  flag("check_bootloaders_consistency", scatter.check_bootloaders_consistency);
  flag("resize_check", scatter.resize_check);
  keys.insert(keys.end(), scatter.more.begin(), scatter.more.end());
  return keys;
}

void print_heading(std::string& out, std::string_view title) {
  out += fmt::format("{0}\n#\n#  {1}\n#\n{0}\n", rule, title);
}

/// Keys below one another; the first one may open a list.
void print_keys(std::string& out, const Keys& keys, std::string_view indent, bool dash) {
  for (const auto& [key, value] : keys) {
    const bool first = &key == &keys.front().first;
    out += fmt::format("{}{}{}: {}\n", indent, dash ? (first ? "- " : "  ") : "", key, value);
  }
}

std::string text_of(const Scatter& scatter) {
  const bool second = is_second(scatter);
  std::string out;
  print_heading(out, "General Setting");
  out += "- general: MTK_PLATFORM_CFG\n  info: \n";
  print_keys(out, keys_of(scatter), "    ", true);
  for (const ScatterSection& section : scatter.sections) {
    print_heading(out,
                  second ? fmt::format("{} Layout Setting", to_string(section.storage)) : "Layout Setting");
    if (second) {
      out += fmt::format("- storage_type: {}\n  description: \n", to_string(section.storage));
      out += "  - general: MTK_STORAGE_CFG\n    info: \n";
      print_keys(out, keys_of(section), "      ", true);
      out += '\n';
    }
    const std::string_view indent = second ? "  " : "";
    for (const ScatterEntry& entry : section.entries) {
      out += fmt::format("{}- partition_index: {}\n", indent, entry.label);
      print_keys(out, keys_of(entry, second), second ? "    " : "  ", false);
      out += '\n';
    }
  }
  return out;
}

bool is_xml_name(std::string_view key) {
  return !key.empty() &&
         key.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
             "0123456789") == std::string_view::npos &&
         (key.front() < '0' || key.front() > '9');
}

XmlElement named(std::string_view element, std::string_view name) {
  return {.name = std::string{element}, .attributes = {{"name", std::string{name}}}};
}

void add_keys(XmlElement& to, std::span<const Keys::value_type> keys) {
  for (const auto& [key, value] : keys) {
    if (is_xml_name(key)) to.children.push_back({.name = key, .text = value});
  }
}

/// An element that carries the first key as its name and the others as children.
XmlElement element_of(const Keys& keys) {
  XmlElement out = named(keys.front().first, keys.front().second);
  add_keys(out, std::span{keys}.subspan(1));
  return out;
}

std::string xml_of(const Scatter& scatter) {
  const bool second = is_second(scatter);
  XmlElement root{.name = "root"};
  XmlElement general = named("general", "MTK_PLATFORM_CFG");
  Keys keys = keys_of(scatter);
  // The V6 tool spells this flag without the m.
  if (scatter.skip_pmt_operate) keys.emplace_back("skip_pt_operate", "true");
  general.children.push_back(element_of(keys));
  root.children.push_back(std::move(general));
  for (const ScatterSection& section : scatter.sections) {
    XmlElement storage = named("storage_type", to_string(section.storage));
    if (second) {
      XmlElement about = named("general", "MTK_STORAGE_CFG");
      about.children.push_back(element_of(keys_of(section)));
      storage.children.push_back(std::move(about));
    }
    XmlElement& table = second ? storage : root;
    for (const ScatterEntry& entry : section.entries) {
      XmlElement partition = named("partition_index", entry.label);
      add_keys(partition, keys_of(entry, second));
      table.children.push_back(std::move(partition));
    }
    if (second) root.children.push_back(std::move(storage));
  }
  return to_xml(root, XmlLayout::indented);
}

}  // namespace

Result<std::string> print_scatter(const Scatter& scatter) {
  if (scatter.generation == ScatterGeneration::brace) {
    return fail(Errc::unsupported, "a brace scatter is read, not written");
  }
  if (scatter.sections.empty()) return fail(Errc::unsupported, "a scatter without a table");
  if (!is_second(scatter) && scatter.sections.size() != 1) {
    return fail(Errc::unsupported, "the V1 form holds the table of one storage only");
  }
  const bool xml =
      scatter.generation == ScatterGeneration::xml_v1 || scatter.generation == ScatterGeneration::xml_v2;
  return xml ? xml_of(scatter) : text_of(scatter);
}

}  // namespace mtk
