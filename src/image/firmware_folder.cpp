// SPDX-License-Identifier: Apache-2.0
#include "image/firmware_folder.h"

#include "base/ascii.h"
#include "image/sparse/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace mtk {

namespace {

std::string_view suffix(ImageVariant variant) {
  switch (variant) {
    case ImageVariant::verified:
      return "-verified";
    case ImageVariant::sign:
      return "-sign";
    case ImageVariant::plain:
      break;
  }
  return "";
}

/// `lk-verified.bin` for `lk.bin`.
std::string variant_name(std::string_view file_name, ImageVariant variant) {
  const std::size_t dot = file_name.rfind('.');
  const std::size_t stem = dot == std::string_view::npos ? file_name.size() : dot;
  return fmt::format("{}{}{}", file_name.substr(0, stem), suffix(variant), file_name.substr(stem));
}

/// `lk.bin` for `lk-verified.bin` and for itself.
std::string plain_name(std::string_view name) {
  const std::size_t dot = std::min(name.rfind('.'), name.size());
  std::string stem{name.substr(0, dot)};
  for (const ImageVariant variant : {ImageVariant::verified, ImageVariant::sign}) {
    if (!to_lower(stem).ends_with(suffix(variant))) continue;
    stem.resize(stem.size() - suffix(variant).size());
    break;
  }
  return stem.append(name.substr(dot));
}

void add(std::optional<FoundImage>& found, std::size_t index, ImageVariant variant) {
  if (found) {
    found->others.push_back(index);
  } else {
    found = FoundImage{.file = index, .variant = variant};
  }
}

}  // namespace

FirmwareFolder::FirmwareFolder(PackagePtr package, std::string_view folder) : package_(std::move(package)) {
  const std::string prefix = folder.empty() ? "" : fmt::format("{}/", folder);
  for (std::size_t i = 0; i < package_->files().size(); ++i) {
    const std::string& name = package_->files()[i].name;
    if (!name.starts_with(prefix) || name.find('/', prefix.size()) != std::string::npos) continue;
    entries_.push_back({.name = name.substr(prefix.size()), .index = i});
  }
}

std::vector<std::size_t> FirmwareFolder::files() const {
  std::vector<std::size_t> all;
  for (const Entry& entry : entries_) all.push_back(entry.index);
  return all;
}

bool FirmwareFolder::has_signed_images() const {
  return std::ranges::any_of(entries_, [](const Entry& entry) {
    const std::string stem = to_lower(std::string_view{entry.name}.substr(0, entry.name.rfind('.')));
    return stem.ends_with(suffix(ImageVariant::verified)) || stem.ends_with(suffix(ImageVariant::sign));
  });
}

std::optional<FoundImage> FirmwareFolder::find(std::string_view file_name,
                                               const std::vector<ImageVariant>& order) const {
  std::optional<FoundImage> found;
  for (const ImageVariant variant : order) {
    const std::string wanted = variant_name(file_name, variant);
    // The exact spelling goes first.
    for (const Entry& entry : entries_) {
      if (entry.name == wanted) add(found, entry.index, variant);
    }
    for (const Entry& entry : entries_) {
      if (entry.name != wanted && same_ignoring_case(entry.name, wanted)) add(found, entry.index, variant);
    }
  }
  return found ? found : find_parts(file_name);
}

std::optional<FoundImage> FirmwareFolder::find_parts(std::string_view file_name) const {
  std::map<std::uint32_t, const Entry*> parts;
  for (const Entry& entry : entries_) {
    const auto split = split_name(entry.name);
    if (split && same_ignoring_case(split->whole, file_name)) parts.emplace(split->number, &entry);
  }
  if (parts.empty()) return std::nullopt;
  FoundImage found{.file = parts.begin()->second->index};
  std::uint32_t expected = parts.begin()->first;
  // Parts are counted from 0 or from 1.
  if (expected > 1) found.missing_part = fmt::format("part 0 of {}", file_name);
  for (const auto& [number, entry] : parts) {
    if (number != expected && found.missing_part.empty())
      found.missing_part = fmt::format("part {} of {}", expected, file_name);
    expected = number + 1;
    found.parts.push_back(entry->index);
  }
  return found;
}

std::optional<FoundImage> FirmwareFolder::find(std::string_view file_name) const {
  if (has_signed_images())
    return find(file_name, {ImageVariant::verified, ImageVariant::sign, ImageVariant::plain});
  return find(file_name, {ImageVariant::plain});
}

std::vector<std::string> FirmwareFolder::names_fitting(std::string_view pattern) const {
  const std::size_t star = pattern.find('*');
  const std::string before = to_lower(pattern.substr(0, star));
  const std::string after = star == std::string_view::npos ? "" : to_lower(pattern.substr(star + 1));
  std::vector<std::string> fitting;
  for (const Entry& entry : entries_) {
    const std::string plain = plain_name(entry.name);
    const std::string low = to_lower(plain);
    const bool fits = star == std::string_view::npos ? low == before
                                                     : low.size() >= before.size() + after.size() &&
                                                           low.starts_with(before) && low.ends_with(after);
    const auto same = [&](const std::string& other) { return same_ignoring_case(other, low); };
    if (fits && std::ranges::none_of(fitting, same)) fitting.push_back(plain);
  }
  return fitting;
}

}  // namespace mtk
