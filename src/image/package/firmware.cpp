// SPDX-License-Identifier: Apache-2.0
#include "image/package/firmware.h"

#include "base/ascii.h"
#include "image/package/locate.h"

#include <fmt/ranges.h>

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

FirmwareImage missing_image(const ScatterEntry& entry, std::string file_name, std::string why) {
  FirmwareImage image{.partition = entry.name, .file_name = std::move(file_name)};
  image.problem = Error{.code = Errc::io, .what = std::move(why)};
  return image;
}

FirmwareImage image_named(const ScatterEntry& entry, const std::string& name, const FirmwareFolder& folder) {
  const auto found = folder.find(name);
  if (!found) return missing_image(entry, name, fmt::format("{} is not in the folder", name));
  FirmwareImage image = open_entry_image(entry.name, name, found->path);
  image.variant = found->variant;
  return image;
}

/// The file of an entry that names none, by the first of its patterns that a file fits. Nothing when none
/// does: such scatters list what a package may hold, not what it does.
std::optional<FirmwareImage> image_by_pattern(const ScatterEntry& entry, const FirmwareFolder& folder) {
  for (const std::string& pattern : entry.file_patterns) {
    const auto names = folder.names_fitting(pattern);
    if (names.empty()) continue;
    if (names.size() > 1) {
      return missing_image(
          entry, pattern,
          fmt::format("several files fit {}: {}; name one of them", pattern, fmt::join(names, ", ")));
    }
    return image_named(entry, names.front(), folder);
  }
  return std::nullopt;
}

/// Agents and preloaders of one folder, whatever their names.
Result<> add_companions(const fs::path& folder, Firmware& firmware) {
  std::error_code problem;
  for (const auto& file : fs::directory_iterator{folder, problem}) {
    if (!file.is_regular_file(problem)) continue;
    const auto kind = file_kind(file.path());
    if (!kind) continue;  // an unreadable file nobody asked for
    if (*kind == FileKind::da_container) firmware.agents.push_back(file.path());
    if (*kind == FileKind::gfh_preloader || *kind == FileKind::emmc_boot)
      firmware.preloaders.push_back(file.path());
  }
  if (problem) return fail(Errc::io, "cannot list the firmware folder: " + problem.message());
  return {};
}

/// Beside the scatter, and where packages of the V6 tool keep their agent.
Result<> find_companions(Firmware& firmware) {
  const fs::path folder = firmware.scatter_file.parent_path();
  MTK_TRY(add_companions(folder, firmware));
  std::error_code none;
  if (fs::is_directory(folder / "download_agent", none)) {
    MTK_TRY(add_companions(folder / "download_agent", firmware));
  }
  std::ranges::sort(firmware.agents);
  std::ranges::sort(firmware.preloaders);
  return {};
}

void add_named_agents(const std::vector<fs::path>& named, Firmware& firmware) {
  for (const fs::path& agent : named) {
    std::error_code failed;
    const auto same = [&](const fs::path& other) { return fs::equivalent(agent, other, failed); };
    const auto there = std::ranges::find_if(firmware.agents, same);
    if (there != firmware.agents.end()) firmware.agents.erase(there);
    firmware.agents.insert(firmware.agents.begin(), agent);  // the package's own choice goes first
  }
}

/// What a list does not name is not downloaded.
Result<ImageOverrides> select_listed(const FirmwareFiles& files, Scatter& scatter) {
  ImageOverrides images;
  for (const auto& [partition, path] : *files.list) {
    const auto lists = [&](const ScatterSection& s) { return s.find(partition) != nullptr; };
    if (std::ranges::none_of(scatter.sections, lists)) {
      return fail(Errc::bad_image,
                  fmt::format("the list names {}, which the scatter does not have", partition));
    }
    images[partition] = path;
  }
  for (ScatterSection& section : scatter.sections) {
    for (ScatterEntry& entry : section.entries) {
      entry.is_download = std::ranges::any_of(
          images, [&](const auto& image) { return same_ignoring_case(image.first, entry.name); });
    }
  }
  return images;
}

/// Adds the image of one entry, or the entry's table to an image that is there already.
void add_image(const ScatterEntry& entry, ScatterStorage storage, const FirmwareFolder& folder,
               Firmware& firmware) {
  const auto same = std::ranges::find_if(firmware.images, [&](const FirmwareImage& image) {
    return image.partition == entry.name && image.file_name == entry.file_name;
  });
  if (!entry.file_name.empty() && same != firmware.images.end()) {
    same->storages.push_back(storage);
    return;
  }
  auto image = entry.file_name.empty() ? image_by_pattern(entry, folder)
                                       : std::optional{image_named(entry, entry.file_name, folder)};
  if (!image) return;
  image->storages = {storage};
  firmware.images.push_back(std::move(*image));
}

}  // namespace

const FirmwareImage* Firmware::find(std::string_view partition, ScatterStorage storage) const {
  const auto is_for = [&](const FirmwareImage& image) {
    return image.storages.empty() || std::ranges::find(image.storages, storage) != image.storages.end();
  };
  const FirmwareImage* found = nullptr;
  for (const FirmwareImage& image : images) {
    if (!is_for(image) || !same_ignoring_case(image.partition, partition)) continue;
    if (image.partition == partition) return &image;
    if (found == nullptr) found = &image;
  }
  return found;
}

const FirmwareImage* Firmware::find(std::string_view partition) const {
  for (const ScatterSection& section : scatter.sections) {
    if (const FirmwareImage* image = find(partition, section.storage)) return image;
  }
  return nullptr;
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
  MTK_TRY_LET(const FirmwareFiles files, locate_firmware(path));
  firmware.scatter_file = files.scatter;
  MTK_TRY_LET(firmware.scatter, load_scatter(firmware.scatter_file));
  auto parent = firmware.scatter_file.parent_path();
  if (parent.empty()) parent = ".";
  firmware.scatter_file = parent / firmware.scatter_file.filename();
  MTK_TRY_LET(const FirmwareFolder folder, FirmwareFolder::open(parent));
  MTK_TRY(find_companions(firmware));
  add_named_agents(files.agents, firmware);

  ImageOverrides chosen = overrides;
  if (files.list) {
    MTK_TRY_LET(ImageOverrides listed, select_listed(files, firmware.scatter));
    chosen.merge(listed);
  }
  std::set<std::string> done;
  for (const auto& section : firmware.scatter.sections) {
    for (const auto& entry : section.entries) {
      if (entry.name.empty()) continue;
      const auto own = std::ranges::find_if(
          chosen, [&](const auto& image) { return same_ignoring_case(image.first, entry.name); });
      if (own == chosen.end()) {
        add_image(entry, section.storage, folder, firmware);
      } else if (done.insert(entry.name).second) {
        firmware.images.push_back(open_entry_image(entry.name, own->second.string(), own->second));
      }
    }
  }
  return firmware;
}

}  // namespace mtk
