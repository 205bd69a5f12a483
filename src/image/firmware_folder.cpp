// SPDX-License-Identifier: Apache-2.0
#include "image/firmware_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace mtk {

namespace fs = std::filesystem;

namespace {

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

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
std::string plain_name(const std::string& name) {
  const std::size_t dot = std::min(name.rfind('.'), name.size());
  std::string stem = name.substr(0, dot);
  for (const ImageVariant variant : {ImageVariant::verified, ImageVariant::sign}) {
    if (!lower(stem).ends_with(suffix(variant))) continue;
    stem.resize(stem.size() - suffix(variant).size());
    break;
  }
  return stem + name.substr(dot);
}

/// A regular file that, links followed, still lies below the folder.
bool is_inside(const fs::path& folder, const fs::path& file) {
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) return false;
  const fs::path real_file = fs::canonical(file, failed);
  if (failed) return false;
  const fs::path real_folder = fs::canonical(folder, failed);
  if (failed) return false;
  return std::ranges::mismatch(real_folder, real_file).in1 == real_folder.end();
}

}  // namespace

Result<FirmwareFolder> FirmwareFolder::open(const fs::path& folder) {
  FirmwareFolder out;
  out.path_ = folder;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    const fs::path name = entry->path().filename();
    if (is_inside(folder, folder / name)) out.names_.push_back(name.string());
  }
  if (failed) return fail(Errc::io, fmt::format("cannot list {}: {}", folder.string(), failed.message()));
  std::ranges::sort(out.names_);
  return out;
}

bool FirmwareFolder::has_signed_images() const {
  return std::ranges::any_of(names_, [](const std::string& name) {
    const std::string stem = lower(name.substr(0, name.rfind('.')));
    return stem.ends_with(suffix(ImageVariant::verified)) || stem.ends_with(suffix(ImageVariant::sign));
  });
}

std::optional<FoundImage> FirmwareFolder::find(std::string_view file_name,
                                               const std::vector<ImageVariant>& order) const {
  std::optional<FoundImage> found;
  for (const ImageVariant variant : order) {
    const std::string wanted = variant_name(file_name, variant);
    std::vector<std::string> matches;
    for (const std::string& name : names_) {
      if (lower(name) != lower(wanted)) continue;
      // The exact spelling goes first.
      matches.insert(name == wanted ? matches.begin() : matches.end(), name);
    }
    for (const std::string& name : matches) {
      if (found) {
        found->others.push_back(path_ / name);
      } else {
        found = FoundImage{.path = path_ / name, .variant = variant, .others = {}};
      }
    }
  }
  return found;
}

std::optional<FoundImage> FirmwareFolder::find(std::string_view file_name) const {
  if (has_signed_images()) {
    return find(file_name, {ImageVariant::verified, ImageVariant::sign, ImageVariant::plain});
  }
  return find(file_name, {ImageVariant::plain});
}

std::vector<std::string> FirmwareFolder::names_fitting(std::string_view pattern) const {
  const std::size_t star = pattern.find('*');
  const std::string before = lower(pattern.substr(0, star));
  const std::string after = star == std::string_view::npos ? "" : lower(pattern.substr(star + 1));
  std::vector<std::string> fitting;
  for (const std::string& name : names_) {
    const std::string plain = plain_name(name);
    const std::string low = lower(plain);
    const bool fits = star == std::string_view::npos ? low == before
                                                     : low.size() >= before.size() + after.size() &&
                                                           low.starts_with(before) && low.ends_with(after);
    const auto same = [&](const std::string& other) { return lower(other) == low; };
    if (fits && std::ranges::none_of(fitting, same)) fitting.push_back(plain);
  }
  return fitting;
}

}  // namespace mtk
