// SPDX-License-Identifier: Apache-2.0
#include "image/package/firmware.h"

#include "base/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mtk {

namespace {

namespace fs = std::filesystem;

constexpr int scatter_search_depth = 3;
constexpr std::size_t folder_entry_limit = 20000;  // a firmware folder has dozens; this is somebody's home

FirmwareImage open_entry_image(std::string_view partition, std::string_view file_name, const fs::path& path) {
  FirmwareImage image{.partition = std::string{partition}, .file_name = std::string{file_name}, .path = path};
  auto kind = file_kind(path);
  if (!kind) {
    image.problem = std::move(kind.error());
    return image;
  }
  image.kind = *kind;
  auto content = open_image(path);
  if (content) {
    image.content = std::move(*content);
  } else {
    image.problem = std::move(content.error()).in(path.filename().string());
  }
  return image;
}

FirmwareImage image_of(const ScatterEntry& entry, const FirmwareFolder& folder) {
  const auto found = folder.find(entry.file_name);
  if (!found) {
    FirmwareImage image{.partition = entry.name, .file_name = entry.file_name};
    image.problem = Error{.code = Errc::io, .what = fmt::format("{} is not in the folder", entry.file_name)};
    return image;
  }
  FirmwareImage image = open_entry_image(entry.name, entry.file_name, found->path);
  image.variant = found->variant;
  return image;
}

Result<fs::path> scatter_of(const fs::path& path) {
  std::error_code problem;
  if (!fs::is_directory(path, problem)) return path;
  MTK_TRY_LET(const auto scatters, find_scatters(path));
  if (scatters.empty()) {
    return fail(Errc::bad_image, fmt::format("no scatter file in {}", path.string()));
  }
  if (scatters.size() > 1) {
    std::string list;
    for (const auto& scatter : scatters) list += (list.empty() ? "" : ", ") + scatter.string();
    return fail(Errc::usage, "several scatter files, name one of them: " + list);
  }
  return scatters.front();
}

/// Agents and preloaders beside the scatter, whatever their names.
Result<> find_companions(Firmware& firmware) {
  std::error_code problem;
  for (const auto& file : fs::directory_iterator{firmware.scatter_file.parent_path(), problem}) {
    if (!file.is_regular_file(problem)) continue;
    const auto kind = file_kind(file.path());
    if (!kind) continue;  // an unreadable file nobody asked for
    if (*kind == FileKind::da_container) firmware.agents.push_back(file.path());
    if (*kind == FileKind::gfh_preloader || *kind == FileKind::emmc_boot)
      firmware.preloaders.push_back(file.path());
  }
  if (problem) return fail(Errc::io, "cannot list the firmware folder: " + problem.message());
  std::ranges::sort(firmware.agents);
  std::ranges::sort(firmware.preloaders);
  return {};
}

}  // namespace

const FirmwareImage* Firmware::find(std::string_view partition) const {
  auto found = std::ranges::find(images, partition, &FirmwareImage::partition);
  if (found == images.end()) {
    found = std::ranges::find_if(
        images, [&](const auto& image) { return same_ignoring_case(image.partition, partition); });
  }
  return found == images.end() ? nullptr : &*found;
}

Result<std::vector<fs::path>> find_scatters(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code problem;
  std::size_t seen = 0;
  fs::recursive_directory_iterator files{folder, problem};
  for (; !problem && files != fs::recursive_directory_iterator{}; files.increment(problem)) {
    if (++seen > folder_entry_limit) {
      return fail(Errc::usage, fmt::format("{} is too large for a firmware folder", folder.string()));
    }
    if (files.depth() >= scatter_search_depth) files.disable_recursion_pending();
    if (!files->is_regular_file(problem)) continue;
    const auto kind = file_kind(files->path());
    if (kind && (*kind == FileKind::scatter || *kind == FileKind::bare_scatter))
      found.push_back(files->path());
  }
  if (problem) return fail(Errc::io, fmt::format("cannot list {}: {}", folder.string(), problem.message()));
  std::ranges::sort(found);
  return found;
}

Result<Firmware> open_firmware(const fs::path& path, const ImageOverrides& overrides) {
  Firmware firmware;
  MTK_TRY_LET(firmware.scatter_file, scatter_of(path));
  MTK_TRY_LET(firmware.scatter, load_scatter(firmware.scatter_file));
  auto parent = firmware.scatter_file.parent_path();
  if (parent.empty()) parent = ".";
  firmware.scatter_file = parent / firmware.scatter_file.filename();
  MTK_TRY_LET(const FirmwareFolder folder, FirmwareFolder::open(parent));
  MTK_TRY(find_companions(firmware));

  std::set<std::string> done;
  for (const auto& section : firmware.scatter.sections) {
    for (const auto& entry : section.entries) {
      if (entry.name.empty() || !done.insert(entry.name).second) continue;
      const auto chosen = std::ranges::find_if(
          overrides, [&](const auto& o) { return same_ignoring_case(o.first, entry.name); });
      if (chosen != overrides.end()) {
        firmware.images.push_back(open_entry_image(entry.name, chosen->second.string(), chosen->second));
      } else if (!entry.file_name.empty()) {
        firmware.images.push_back(image_of(entry, folder));
      } else {
        done.erase(entry.name);  // another section may name a file for it
      }
    }
  }
  return firmware;
}

}  // namespace mtk
