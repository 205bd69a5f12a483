// SPDX-License-Identifier: Apache-2.0
// The keys of scatter files: what each means, and what is done about values that are none.
#include "image/scatter/builder.h"
#include "image/scatter/words.h"

#include "base/ascii.h"
#include "image/scatter/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::array<std::string_view, 19> entry_keys{
    "partition_name", "file_name",      "is_download",       "type",           "linear_start_addr",
    "region",         "partition_size", "boundary_check",    "is_reserved",    "physical_start_addr",
    "storage",        "operation_type", "is_upgradable",     "slc_percentage", "combo_partsize_check",
    "reserve",        "d_type",         "empty_boot_needed", "download_type"};
constexpr std::array<std::string_view, 19> general_keys{"config_version",
                                                        "platform",
                                                        "project",
                                                        "storage",
                                                        "boot_channel",
                                                        "block_size",
                                                        "skip_pmt_operate",
                                                        "skip_pt_operate",
                                                        "skip_write_dl_info",
                                                        "ext_id_check",
                                                        "ext_id_reg",
                                                        "ext_id_value",
                                                        "target_board_platform",
                                                        "check_bootloaders_consistency",
                                                        "modem_check",
                                                        "modem",
                                                        "resize_check",
                                                        "description",
                                                        "info"};
/// Keys whose second value would decide where or what is written.
constexpr std::array<std::string_view, 7> deciding_keys{
    "partition_name", "file_name", "linear_start_addr", "physical_start_addr",
    "partition_size", "region",    "operation_type"};

bool is_one_of(std::span<const std::string_view> keys, std::string_view key) {
  return std::ranges::find(keys, key) != keys.end();
}

/// `0x80000 # half a megabyte`: what numbers and words may carry behind them.
std::string_view without_comment(std::string_view value) {
  const std::size_t hash = value.find('#');
  if (hash == std::string_view::npos || hash == 0 || (value[hash - 1] != ' ' && value[hash - 1] != '\t')) {
    return value;
  }
  return trimmed(value.substr(0, hash));
}

}  // namespace

void ScatterBuilder::attribute(std::string_view written, std::string_view value, ScatterPlace key_at,
                               ScatterPlace value_at) {
  const std::string lower = to_lower(written);
  const bool known = is_one_of(entry_keys, lower) || is_one_of(general_keys, lower);
  const std::string_view key = known ? std::string_view{lower} : written;
  constexpr std::size_t longest_value = 255;  // the longest file name there is
  if (has_control(value)) {
    remark(Severity::error, value_at, fmt::format("'{}' of {} is no text", printable(value), printable(key)));
    return;
  }
  if (value.size() > longest_value) {
    remark(Severity::error, value_at,
           fmt::format("{} is {} characters long", printable(key.substr(0, longest_value)), value.size()));
    return;
  }
  if (!seen_.emplace(key, value).second) {
    repeated(key, value, key_at);
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
  if (known || open_ == Open::nothing) return;
  std::string slip = open_ == Open::entry ? suggest(key, entry_keys) : suggest(key, general_keys);
  if (!slip.empty()) {
    remark(Severity::warning, key_at, fmt::format("unknown key '{}' ignored", printable(key)),
           std::move(slip));
  }
}

void ScatterBuilder::repeated(std::string_view key, std::string_view value, ScatterPlace at) {
  const std::string& first = seen_.find(key)->second;
  if (first == value) {
    remark(Severity::warning, at, fmt::format("'{}' stands twice", printable(key)));
  } else if (open_ == Open::entry && is_one_of(deciding_keys, key)) {
    remark(Severity::error, at,
           fmt::format("'{}' stands twice, as '{}' and as '{}'", key, printable(first), printable(value)),
           "delete the wrong line");
  } else {
    remark(Severity::warning, at, fmt::format("'{}' stands twice; the first one counts", printable(key)));
  }
}

void ScatterBuilder::general_attribute(std::string_view key, std::string_view value, ScatterPlace at) {
  if (key == "info" || key == "description") return;
  if (key == "config_version" || key == "config_verison") {  // so misspelt by the vendor's own parser
    scatter_.config_version = value;
  } else if (key == "platform") {
    scatter_.platform = value;
  } else if (key == "project") {
    scatter_.project = value;
  } else if (key == "storage" || key == "boot_channel" || key == "block_size") {
    section_attribute(key, value, at);
  } else if (key == "skip_pmt_operate" || key == "skip_pt_operate") {
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
    const auto storage = parse_scatter_storage(without_comment(value));
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
  const std::string_view word = without_comment(value);
  if (key == "partition_name") {
    entry.name = value;
  } else if (key == "file_name") {
    set_file_name(entry, value, at);
  } else if (key == "is_download") {
    set_bool(entry.is_download, key, value, at);
  } else if (key == "type") {
    entry.type = ScatterType::unknown;
    set_word(entry.type, key, word, parse_scatter_type(word), scatter_type_words(), at);
  } else if (key == "linear_start_addr") {
    set_number(entry.linear_start, key, value, at);
  } else if (key == "physical_start_addr") {
    set_number(entry.physical_start, key, value, at);
  } else if (key == "partition_size") {
    set_number(entry.size, key, value, at);
  } else if (key == "region") {
    entry.region = word;
  } else if (key == "storage") {
    set_word(entry.storage, key, word, parse_scatter_storage(word), {}, at);
  } else if (key == "boundary_check") {
    set_bool(entry.boundary_check, key, value, at);
  } else if (key == "is_reserved") {
    set_bool(entry.is_reserved, key, value, at);
  } else if (key == "operation_type") {
    set_word(entry.policy, key, word, parse_scatter_policy(word), scatter_policy_words(), at);
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
  if (const auto number = parse_scatter_number(without_comment(value))) {
    into = *number;
  } else {
    remark(Severity::error, at, fmt::format("'{}' is no number for {}", printable(value), key),
           "write it as 0x and hexadecimal digits, up to 64 bits");
  }
}

void ScatterBuilder::set_bool(bool& into, std::string_view key, std::string_view value, ScatterPlace at) {
  if (const auto yes = parse_scatter_bool(without_comment(value))) {
    into = *yes;
  } else {
    remark(Severity::warning, at,
           fmt::format("'{}' for {} is neither true nor false; taken as false", printable(value), key));
  }
}

void ScatterBuilder::require(std::string_view key) {
  if (!lacks(key)) return;
  std::vector<std::string_view> unknown;
  for (const auto& [seen, value] : seen_) {
    if (!is_one_of(entry_keys, seen)) unknown.push_back(seen);
  }
  const std::string_view slip = closest_word(key, unknown);
  const ScatterEntry& entry = section().entries.back();
  const std::string name = entry.name.empty() ? "" : fmt::format(" ({})", printable(entry.name));
  const std::string label = entry.label.empty() ? "an entry without a label" : printable(entry.label);
  remark(Severity::error, open_at_, fmt::format("{}{} has no {}", label, name, key),
         slip.empty() ? std::string{} : fmt::format("is '{}' meant to be it?", printable(slip)));
}

template <class Value>
void ScatterBuilder::set_word(Value& into, std::string_view key, std::string_view text,
                              std::optional<Value> parsed, std::span<const std::string_view> words,
                              ScatterPlace at) {
  if (parsed) {
    into = *parsed;
  } else {
    remark(Severity::warning, at, fmt::format("unknown {} '{}'", key, printable(text)), suggest(text, words));
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

}  // namespace mtk
