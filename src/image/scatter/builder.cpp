// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/builder.h"

#include "image/scatter/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

std::string shown_name(const ScatterEntry& entry) {
  return printable(entry.name.empty() ? entry.label : entry.name);
}

void ScatterBuilder::remark(Severity severity, ScatterPlace at, std::string text) {
  remarks_.push_back({.severity = severity, .line = at.line, .column = at.column, .text = std::move(text)});
}

ScatterSection& ScatterBuilder::section() {
  if (scatter_.sections.empty()) scatter_.sections.emplace_back();
  return scatter_.sections.back();
}

void ScatterBuilder::open_general(std::string_view kind, ScatterPlace at) {
  close_entry();
  seen_.clear();
  if (same_word(kind, "MTK_PLATFORM_CFG")) {
    open_ = Open::general;
  } else if (same_word(kind, "MTK_STORAGE_CFG")) {
    open_ = Open::section;
  } else {
    open_ = Open::general;
    remark(Severity::warning, at, fmt::format("unknown general block {}", printable(kind)));
  }
}

void ScatterBuilder::open_section(std::string_view storage, ScatterPlace at) {
  close_entry();
  seen_.clear();
  open_ = Open::section;
  const auto value = parse_scatter_storage(storage);
  if (!value || *value == ScatterStorage::unknown) {
    remark(Severity::error, at, fmt::format("unknown storage type '{}'", printable(storage)));
  }
  const ScatterStorage kind = value.value_or(ScatterStorage::unknown);
  if (scatter_.section(kind) != nullptr) {
    remark(Severity::error, at, fmt::format("a second section for {}", to_string(kind)));
  }
  // A storage word of the general block belongs to no section of its own.
  if (!has_storage_types_ && scatter_.sections.size() == 1 && scatter_.sections.front().entries.empty()) {
    scatter_.sections.clear();
  }
  has_storage_types_ = true;
  scatter_.sections.push_back({.storage = kind});
}

void ScatterBuilder::open_entry(std::string_view label, ScatterPlace at) {
  close_entry();
  seen_.clear();
  open_ = Open::entry;
  ScatterEntry entry;
  entry.label = label;
  entry.line = at.line;
  entry.storage = section().storage;
  section().entries.push_back(std::move(entry));
}

void ScatterBuilder::attribute(std::string_view key, std::string_view value, ScatterPlace key_at,
                               ScatterPlace value_at) {
  if (!seen_.emplace(key).second) {
    remark(Severity::warning, key_at, fmt::format("'{}' stands twice; the first one counts", printable(key)));
    return;
  }
  switch (open_) {
    case Open::nothing:
      remark(Severity::warning, key_at, fmt::format("'{}' before any block ignored", printable(key)));
      break;
    case Open::general:
      general_attribute(key, value, value_at);
      break;
    case Open::section:
      section_attribute(key, value, value_at);
      break;
    case Open::entry:
      entry_attribute(key, value, value_at);
      break;
  }
}

void ScatterBuilder::general_attribute(std::string_view key, std::string_view value, ScatterPlace at) {
  if (key == "info" || key == "description") return;
  if (key == "config_version") {
    scatter_.config_version = value;
  } else if (key == "platform") {
    scatter_.platform = value;
  } else if (key == "project") {
    scatter_.project = value;
  } else if (key == "storage" || key == "boot_channel" || key == "block_size") {
    section_attribute(key, value, at);
  } else if (key == "skip_pmt_operate") {
    set_bool(scatter_.skip_pmt_operate, key, value, at);
  } else if (key == "check_bootloaders_consistency") {
    set_bool(scatter_.check_bootloaders_consistency, key, value, at);
  } else if (key == "resize_check") {
    set_bool(scatter_.resize_check, key, value, at);
  } else {
    scatter_.more.emplace_back(key, value);
  }
}

void ScatterBuilder::section_attribute(std::string_view key, std::string_view value, ScatterPlace at) {
  if (key == "storage") {
    const auto storage = parse_scatter_storage(value);
    if (!storage) remark(Severity::warning, at, fmt::format("unknown storage '{}'", printable(value)));
    if (!has_storage_types_) section().storage = storage.value_or(ScatterStorage::unknown);
  } else if (key == "boot_channel") {
    section().boot_channel = value;
  } else if (key == "block_size") {
    set_number(section().block_size, key, value, at);
  }
}

void ScatterBuilder::entry_attribute(std::string_view key, std::string_view value, ScatterPlace at) {
  ScatterEntry& entry = section().entries.back();
  const auto word = [&](auto& into, auto parsed) {
    if (parsed) {
      into = *parsed;
    } else {
      remark(Severity::warning, at, fmt::format("unknown {} '{}'", key, printable(value)));
    }
  };
  if (key == "partition_name") {
    entry.name = value;
  } else if (key == "file_name") {
    set_file_name(entry, value, at);
  } else if (key == "is_download") {
    set_bool(entry.is_download, key, value, at);
  } else if (key == "type") {
    entry.type = ScatterType::unknown;
    word(entry.type, parse_scatter_type(value));
  } else if (key == "linear_start_addr") {
    set_number(entry.linear_start, key, value, at);
  } else if (key == "physical_start_addr") {
    set_number(entry.physical_start, key, value, at);
  } else if (key == "partition_size") {
    set_number(entry.size, key, value, at);
  } else if (key == "region") {
    entry.region = value;
  } else if (key == "storage") {
    word(entry.storage, parse_scatter_storage(value));
  } else if (key == "boundary_check") {
    set_bool(entry.boundary_check, key, value, at);
  } else if (key == "is_reserved") {
    set_bool(entry.is_reserved, key, value, at);
  } else if (key == "operation_type") {
    word(entry.policy, parse_scatter_policy(value));
  } else if (key == "is_upgradable") {
    set_bool(entry.is_upgradable, key, value, at);
  } else if (key == "empty_boot_needed") {
    set_bool(entry.empty_boot_needed, key, value, at);
  } else if (key == "combo_partsize_check") {
    set_bool(entry.combo_partsize_check, key, value, at);
  } else if (key != "reserve") {
    entry.more.emplace_back(key, value);
  }
}

void ScatterBuilder::set_number(std::uint64_t& into, std::string_view key, std::string_view value,
                                ScatterPlace at) {
  if (const auto number = parse_scatter_number(value)) {
    into = *number;
  } else {
    remark(Severity::error, at, fmt::format("'{}' is no number for {}", printable(value), key));
  }
}

void ScatterBuilder::set_bool(bool& into, std::string_view key, std::string_view value, ScatterPlace at) {
  if (const auto yes = parse_scatter_bool(value)) {
    into = *yes;
  } else {
    remark(Severity::warning, at,
           fmt::format("'{}' for {} is neither true nor false; taken as false", printable(value), key));
  }
}

void ScatterBuilder::set_file_name(ScatterEntry& entry, std::string_view value, ScatterPlace at) {
  if (value.empty() || same_word(value, "NONE")) return;
  const std::size_t slash = value.find_last_of("/\\");
  const std::string_view base = slash == std::string_view::npos ? value : value.substr(slash + 1);
  if (base.empty() || base == "." || base == "..") {
    remark(Severity::warning, at,
           fmt::format("'{}' names no file; the entry is treated as having none", printable(value)));
    return;
  }
  if (base.size() != value.size()) {
    remark(Severity::warning, at,
           fmt::format("'{}' leads out of the firmware folder; only '{}' is used", printable(value),
                       printable(base)));
  }
  entry.file_name = base;
}

void ScatterBuilder::close_entry() {
  if (open_ != Open::entry) return;
  open_ = Open::nothing;
  ScatterEntry& entry = section().entries.back();
  const ScatterPlace at{.line = entry.line};
  const auto lacks = [&](std::string_view key) { return seen_.find(key) == seen_.end(); };
  for (const std::string_view key : {"partition_name", "partition_size", "region"}) {
    if (lacks(key)) remark(Severity::error, at, fmt::format("{} has no {}", printable(entry.label), key));
  }
  if (lacks("physical_start_addr") && lacks("linear_start_addr")) {
    remark(Severity::error, at, fmt::format("{} has no start address", printable(entry.label)));
  }
  if (lacks("physical_start_addr")) entry.physical_start = entry.linear_start;
  if (lacks("linear_start_addr")) entry.linear_start = entry.physical_start;

  const RegionAreas areas = parse_scatter_region(entry.region, entry.storage);
  entry.area = areas.area;
  entry.twin = areas.twin;
  if (!areas.area && !lacks("region")) {
    remark(Severity::warning, at,
           fmt::format("unknown region '{}' of {}", printable(entry.region), shown_name(entry)));
  }
  if (entry.name.empty() && !lacks("partition_name")) {
    remark(Severity::warning, at, fmt::format("{} has an empty name", printable(entry.label)));
  }
  if (entry.is_download && entry.file_name.empty()) {
    remark(Severity::warning, at, fmt::format("{} is to be downloaded but names no file", shown_name(entry)));
  }
}

void ScatterBuilder::settle_generation() {
  const std::string& version = scatter_.config_version;
  const bool second = version.starts_with("V2") || version.starts_with("v2");
  const bool first = version.starts_with("V1") || version.starts_with("v1") || version.starts_with("V0");
  if (!first && !second) {
    remark(Severity::warning, {}, fmt::format("unknown config_version '{}'", printable(version)));
  }
  scatter_.generation = second || has_storage_types_ ? ScatterGeneration::v2 : ScatterGeneration::v1;
}

Result<Scatter> ScatterBuilder::finish(std::string_view file_name) && {
  close_entry();
  settle_generation();
  std::size_t entries = 0;
  for (ScatterSection& part : scatter_.sections) {
    entries += part.entries.size();
    settle_addresses(part, remarks_);
  }
  if (entries == 0) remark(Severity::error, {}, "no partitions in the file");
  std::ranges::stable_sort(remarks_, {}, &Diagnostic::line);
  const auto is_error = [](const Diagnostic& d) { return d.severity == Severity::error; };
  const auto first = std::ranges::find_if(remarks_, is_error);
  if (first != remarks_.end()) {
    std::string text = to_string(*first, file_name);
    const auto count = std::ranges::count_if(remarks_, is_error);
    if (count > 1) text += fmt::format(" (and {} more)", count - 1);
    return fail(Errc::bad_image, std::move(text));
  }
  scatter_.warnings = std::move(remarks_);
  return std::move(scatter_);
}

}  // namespace mtk
