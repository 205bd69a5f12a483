// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/builder.h"

#include "image/scatter/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

std::string shown_name(const ScatterEntry& entry) {
  return printable(entry.name.empty() ? entry.label : entry.name);
}

void ScatterBuilder::remark(Severity severity, ScatterPlace at, std::string text, std::string suggestion) {
  remarks_.push_back({.severity = severity,
                      .line = at.line,
                      .column = at.column,
                      .text = std::move(text),
                      .suggestion = std::move(suggestion)});
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
    remark(Severity::error, at, fmt::format("unknown storage type '{}'", printable(storage)),
           "EMMC, UFS, NAND, NOR and SDMMC are known");
  }
  const ScatterStorage kind = value.value_or(ScatterStorage::unknown);
  // A storage word of the general block belongs to no section of its own.
  if (!has_storage_types_ && scatter_.sections.size() == 1 && scatter_.sections.front().entries.empty()) {
    scatter_.sections.clear();
  }
  if (scatter_.section(kind) != nullptr) {
    remark(Severity::error, at, fmt::format("a second section for {}", to_string(kind)),
           "delete one of the two");
  }
  has_storage_types_ = true;
  scatter_.sections.push_back({.storage = kind});
}

void ScatterBuilder::open_entry(std::string_view label, ScatterPlace at) {
  close_entry();
  seen_.clear();
  open_ = Open::entry;
  open_at_ = at;
  if (has_control(label)) {
    remark(Severity::error, at, fmt::format("'{}' is no label of an entry", printable(label)),
           "labels are SYS and a number");
  }
  ScatterEntry entry;
  entry.label = label;
  entry.line = at.line;
  entry.storage = section().storage;
  section().entries.push_back(std::move(entry));
}

void ScatterBuilder::close_entry() {
  if (open_ != Open::entry) return;
  open_ = Open::nothing;
  ScatterEntry& entry = section().entries.back();
  for (const std::string_view key : {"partition_name", "partition_size", "region"}) require(key);
  if (lacks("physical_start_addr") && lacks("linear_start_addr")) require("physical_start_addr");
  if (lacks("physical_start_addr")) entry.physical_start = entry.linear_start;
  if (lacks("linear_start_addr")) entry.linear_start = entry.physical_start;

  const RegionAreas areas = parse_scatter_region(entry.region, entry.storage);
  entry.area = areas.area;
  entry.twin = areas.twin;
  if (!areas.area && !lacks("region")) {
    remark(Severity::warning, open_at_,
           fmt::format("unknown region '{}' of {}", printable(entry.region), shown_name(entry)),
           suggest(entry.region, scatter_region_words()));
  }
  if (entry.name.empty() && !lacks("partition_name")) {
    remark(Severity::warning, open_at_, fmt::format("{} has an empty name", printable(entry.label)));
  }
  if (lacks("is_download")) {
    remark(Severity::warning, open_at_,
           fmt::format("{} has no is_download; it is not written unless named", shown_name(entry)));
  }
  if (lacks("operation_type")) {
    remark(Severity::warning, open_at_, fmt::format("{} has no operation_type", shown_name(entry)));
  }
  if (entry.is_download && entry.file_name.empty()) {
    remark(Severity::warning, open_at_,
           fmt::format("{} is to be downloaded but names no file", shown_name(entry)));
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
    settle_names(part, remarks_);
    entries += part.entries.size();
    settle_addresses(part, remarks_);
  }
  if (entries == 0) remark(Severity::error, {}, "no partitions in the file");
  return with_remarks(std::move(scatter_), std::move(remarks_), file_name);
}

void settle_names(ScatterSection& section, std::vector<Diagnostic>& remarks) {
  const auto same_place = [](const ScatterEntry& a, const ScatterEntry& b) {
    return a.physical_start == b.physical_start && a.linear_start == b.linear_start && a.size == b.size &&
           a.area == b.area && a.file_name == b.file_name && a.is_download == b.is_download;
  };
  std::map<std::string, ScatterEntry> firsts;
  std::erase_if(section.entries, [&](const ScatterEntry& entry) {
    if (entry.name.empty()) return false;
    const auto [first, is_new] = firsts.emplace(entry.name, entry);
    if (is_new) return false;
    const bool same = same_place(entry, first->second);
    remarks.push_back(
        {.severity = same ? Severity::warning : Severity::error,
         .line = entry.line,
         .text = fmt::format("{} is listed twice, first in line {}", shown_name(entry), first->second.line),
         .suggestion = same ? "both are the same" : "they differ; delete the wrong one"});
    return same;
  });
}

Result<Scatter> with_remarks(Scatter scatter, std::vector<Diagnostic> remarks, std::string_view file_name) {
  std::ranges::stable_sort(remarks, {}, &Diagnostic::line);
  const auto is_error = [](const Diagnostic& d) { return d.severity == Severity::error; };
  const auto first = std::ranges::find_if(remarks, is_error);
  if (first != remarks.end()) {
    std::string text = to_string(*first, file_name);
    const auto count = std::ranges::count_if(remarks, is_error);
    if (count > 1) text += fmt::format(" (and {} more)", count - 1);
    return fail(Errc::bad_image, std::move(text));
  }
  scatter.warnings = std::move(remarks);
  return scatter;
}

}  // namespace mtk
