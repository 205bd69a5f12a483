// SPDX-License-Identifier: Apache-2.0
// What a scatter file says, and the same table in another form.
#include "flash/identity.h"
#include "image/package/firmware.h"
#include "image/scatter/convert.h"
#include "image/scatter/from_table.h"
#include "image/scatter/words.h"

#include <mtk/scatter.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mtk {

namespace {

Result<ScatterForm> form_of(std::string_view word) {
  if (word == "v1") return ScatterForm::v1;
  if (word == "v2") return ScatterForm::v2;
  if (word == "xml") return ScatterForm::xml;
  return fail(Errc::usage, fmt::format("'{}' is no form of scatter files; there are v1, v2 and xml", word));
}

Result<std::string> convert(Scatter scatter, std::string_view form_word, std::string_view storage_word) {
  MTK_TRY_LET(const ScatterForm form, form_of(form_word));
  std::optional<ScatterStorage> storage;
  if (!storage_word.empty()) {
    storage = parse_scatter_storage(storage_word);
    if (!storage) return fail(Errc::usage, fmt::format("'{}' is no storage", storage_word));
  }
  MTK_TRY_LET(const Scatter converted, convert_scatter(std::move(scatter), form, storage));
  return print_scatter(converted);
}

/// Brace lists name no files: the ones beside them are named, as a flash would take them.
void name_found_files(const std::filesystem::path& file, Scatter& scatter) {
  if (scatter.generation != ScatterGeneration::brace) return;
  const auto firmware = open_firmware(file);
  if (!firmware) return;
  for (ScatterSection& section : scatter.sections) {
    for (ScatterEntry& entry : section.entries) {
      const FirmwareImage* image = firmware->find(entry.name, section.storage);
      if (image != nullptr && !image->problem) entry.file_name = image->path.filename().string();
    }
  }
}

ScatterText text_of(Result<std::string> text) {
  ScatterText out;
  if (text) {
    out.text = std::move(*text);
  } else {
    out.error = std::move(text.error());
  }
  return out;
}

ScatterRow row_of(const ScatterSection& section, const ScatterEntry& entry) {
  std::string file = entry.file_name;
  if (file.empty()) file = fmt::format("{}", fmt::join(entry.file_patterns, ", "));
  return {.name = entry.name.empty() ? entry.label : entry.name,
          .storage = std::string{to_string(section.storage)},
          .region = entry.region,
          .linear_start = entry.linear_start,
          .physical_start = entry.physical_start,
          .size = entry.size,
          .file = std::move(file),
          .type = std::string{to_string(entry.type)},
          .operation = std::string{to_string(entry.policy)},
          .selected = entry.is_download,
          .reserved = entry.is_reserved,
          .identity = is_identity(entry.name)};
}

}  // namespace

ScatterCard describe_scatter(const std::filesystem::path& file) {
  ScatterCard card{.file = file};
  const auto scatter = load_scatter(file);
  if (!scatter) {
    card.error = scatter.error();
    return card;
  }
  card.generation = to_string(scatter->generation);
  card.version = scatter->config_version;
  card.platform = scatter->platform;
  card.project = scatter->project;
  for (const ScatterSection& section : scatter->sections) {
    card.storages.emplace_back(to_string(section.storage));
    for (const ScatterEntry& entry : section.entries) card.rows.push_back(row_of(section, entry));
  }
  for (const Diagnostic& warning : scatter->warnings)
    card.remarks.push_back(to_string(warning, file.filename().string()));
  return card;
}

ScatterText convert_scatter_file(const std::filesystem::path& file, std::string_view form,
                                 std::string_view storage) {
  auto scatter = load_scatter(file);
  if (!scatter) return {.text = {}, .error = std::move(scatter.error())};
  name_found_files(file, *scatter);
  return text_of(convert(std::move(*scatter), form, storage));
}

ScatterText scatter_of_phone(std::string_view chip, const std::vector<TableRow>& partitions,
                             std::string_view form) {
  std::vector<TableEntry> entries;
  for (const TableRow& row : partitions) entries.push_back({row.name, row.region});
  auto scatter = scatter_of_table(entries, chip, is_identity);
  if (!scatter) return {.text = {}, .error = std::move(scatter.error())};
  return text_of(convert(std::move(*scatter), form, {}));
}

}  // namespace mtk
