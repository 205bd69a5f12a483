// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/scatter.h"

#include "base/file.h"
#include "image/scatter/brace.h"
#include "image/scatter/builder.h"
#include "image/scatter/lines.h"
#include "image/scatter/words.h"
#include "image/scatter/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace mtk {

namespace {

constexpr std::uint64_t max_file_size = 4 * 1024 * 1024;
constexpr std::string_view text_mark = "MTK_PLATFORM_CFG";

Result<Scatter> parse_text_scatter(std::string_view text, std::string_view file_name) {
  ScatterBuilder builder;
  for (const ScatterItem& item : read_items(text, builder.remarks())) {
    const ScatterPlace at{.line = item.line, .column = item.column};
    if (item.key == "general") {
      builder.open_general(item.value, at);
    } else if (item.key == "storage_type") {
      builder.open_section(item.value, at);
    } else if (item.key == "partition_index") {
      builder.open_entry(item.value, at);
    } else {
      builder.attribute(item.key, item.value, at, {.line = item.line, .column = item.value_column});
    }
  }
  return std::move(builder).finish(file_name);
}

}  // namespace

const ScatterEntry* ScatterSection::find(std::string_view name) const {
  auto found = std::ranges::find(entries, name, &ScatterEntry::name);
  if (found == entries.end()) {
    found = std::ranges::find_if(entries, [&](const ScatterEntry& e) { return same_word(e.name, name); });
  }
  return found == entries.end() ? nullptr : &*found;
}

const ScatterSection* Scatter::section(ScatterStorage storage) const {
  const auto found = std::ranges::find(sections, storage, &ScatterSection::storage);
  return found == sections.end() ? nullptr : &*found;
}

Result<Scatter> parse_scatter(ByteView file, std::string_view file_name) {
  const std::string text = scatter_text(file);
  if (trimmed(text).empty()) return fail(Errc::bad_image, fmt::format("{}: empty file", file_name));
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start != std::string::npos && text[start] == '<') {
    if (text.find(text_mark) == std::string::npos) {
      return fail(Errc::bad_image, fmt::format("{}: XML, but not a scatter file", file_name));
    }
    return parse_xml_scatter(text, file_name);
  }
  if (text.find(text_mark) != std::string::npos) return parse_text_scatter(text, file_name);
  return parse_brace_scatter(text, file_name);
}

Result<Scatter> load_scatter(const std::filesystem::path& path) {
  MTK_TRY_LET(const Bytes file, read_file(path, max_file_size));
  return parse_scatter(file, path.filename().string());
}

std::string chip_of_platform(std::string_view platform) {
  std::string chip;
  for (const char c : platform) chip += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  // D marks a camera driver variant of the same chip; M and T are part of a chip's name.
  const bool has_variant = chip.size() > 2 && chip.ends_with('D') &&
                           std::isdigit(static_cast<unsigned char>(chip[chip.size() - 2])) != 0;
  if (has_variant) chip.pop_back();
  return chip;
}

}  // namespace mtk
