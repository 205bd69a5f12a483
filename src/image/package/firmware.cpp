// SPDX-License-Identifier: Apache-2.0
#include "image/package/firmware.h"

#include "base/ascii.h"
#include "image/package/locate.h"
#include "image/sparse/split.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace mtk {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_scatter = 4 << 20;
constexpr std::uint64_t largest_companion = 64 << 20;

/// Opens the parts of an image and expands them.
Result<ImagePtr> open_parts(const Package& package, FirmwareImage& image) {
  std::vector<ImagePtr> parts;
  for (const std::size_t file : image.files) {
    MTK_TRY_LET(ImagePtr stored, package.open(file));
    image.stored.push_back(stored);
    MTK_TRY_LET(ImagePtr part, in(expand_image(std::move(stored)), package.files()[file].name));
    parts.push_back(std::move(part));
  }
  return join_sparse(std::move(parts));
}

/// Takes opened content into the image; its kind is that of the bytes as they are stored.
void take(FirmwareImage& image, Result<ImagePtr> content) {
  if (!image.stored.empty()) {
    Bytes head(
        static_cast<std::size_t>(std::min<std::uint64_t>(image.stored.front()->size(), kind_head_size)));
    if (auto read = image.stored.front()->read_at(0, head); !read) content = fail(std::move(read.error()));
    image.kind = kind_of(head);
  }
  if (content) {
    image.content = std::move(*content);
  } else {
    image.problem = std::move(content.error());
  }
}

FirmwareImage own_image(std::string_view partition, const fs::path& path) {
  FirmwareImage image{.partition = std::string{partition}, .file_name = path.string(), .path = path};
  auto stored = open_raw_image(path);
  if (stored) {
    image.stored = {*stored};
    take(image, in(expand_image(*stored), path.filename().string()));
  } else {
    image.problem = std::move(stored.error());
  }
  return image;
}

FirmwareImage package_image(std::string_view partition, std::string file_name, const Package& package,
                            const FoundImage& found) {
  FirmwareImage image{.partition = std::string{partition}, .file_name = std::move(file_name)};
  image.files = found.parts.empty() ? std::vector{found.file} : found.parts;
  image.others = found.others;
  image.variant = found.variant;
  image.path = package.shown(found.file);
  if (!found.missing_part.empty()) {
    image.path.clear();
    image.problem = Error{.code = Errc::io, .what = found.missing_part + " is not in the folder"};
    return image;
  }
  take(image, open_parts(package, image));
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
  return package_image(entry.name, name, folder.package(), *found);
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

/// Agents beside the scatter, where packages of the V6 tool keep theirs, and in tools packed along.
class Companions {
 public:
  Companions(const Package& package, Firmware& firmware) : package_(package), firmware_(firmware) {}

  void find(const std::vector<std::size_t>& named) {
    for (const std::size_t agent : named)
      add(firmware_.agents, agent);  // the package's own choice goes first
    const std::string v6 = firmware_.folder.empty() ? "download_agent" : firmware_.folder + "/download_agent";
    for (std::size_t i = 0; i < package_.files().size(); ++i) {
      const std::string_view folder = folder_of_name(package_.files()[i].name);
      if (folder == firmware_.folder || same_ignoring_case(folder, v6))
        look_at(i, folder == firmware_.folder);
    }
    for (std::size_t i = 0; i < package_.files().size(); ++i) {
      const std::string name = to_lower(base_name(package_.files()[i].name));
      if (name.find("da") != std::string::npos && name.ends_with(".bin")) look_at(i, false);
    }
  }

 private:
  void look_at(std::size_t file, bool beside) {
    if (package_.files()[file].size > largest_companion || !seen_.insert(file).second) return;
    const auto head = read_head(package_, file);
    if (!head) return;  // an unreadable file nobody asked for
    const FileKind kind = kind_of(*head);
    if (kind == FileKind::da_container) add(firmware_.agents, file);
    if (beside && (kind == FileKind::gfh_preloader || kind == FileKind::emmc_boot))
      add(firmware_.preloaders, file);
  }
  void add(std::vector<fs::path>& to, std::size_t file) {
    seen_.insert(file);
    if (auto path = package_.on_disk(file)) to.push_back(std::move(*path));
  }

  const Package& package_;
  Firmware& firmware_;
  std::set<std::size_t> seen_;
};

/// What a list does not name is not downloaded.
Result<std::map<std::string, std::size_t>> select_listed(const FirmwareFiles& files, Scatter& scatter) {
  std::map<std::string, std::size_t> images;
  for (const auto& item : *files.list) {
    const auto lists = [&](const ScatterSection& s) { return s.find(item.first) != nullptr; };
    if (std::ranges::none_of(scatter.sections, lists)) {
      return fail(Errc::bad_image,
                  fmt::format("the list names {}, which the scatter does not have", item.first));
    }
    images[to_lower(item.first)] = item.second;
  }
  for (ScatterSection& section : scatter.sections) {
    for (ScatterEntry& entry : section.entries) entry.is_download = images.contains(to_lower(entry.name));
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

Result<Firmware> open_firmware(const fs::path& path, const ImageOverrides& overrides,
                               const PackageOptions& options) {
  Firmware firmware;
  MTK_TRY_LET(const FirmwareFiles files, locate_firmware(path, options));
  const Package& package = *files.package;
  firmware.package = files.package;
  firmware.scatter_file = package.shown(files.scatter);
  firmware.folder = folder_of_name(package.files()[files.scatter].name);
  MTK_TRY_LET(const ImagePtr scatter, package.open(files.scatter));
  MTK_TRY_LET(const Bytes text,
              in(read_all(*scatter, largest_scatter), firmware.scatter_file.filename().string()));
  MTK_TRY_LET(firmware.scatter, parse_scatter(text, firmware.scatter_file.filename().string()));
  const FirmwareFolder folder{files.package, firmware.folder};
  Companions{package, firmware}.find(files.agents);

  std::map<std::string, std::size_t> listed;
  if (files.list) {
    MTK_TRY_LET(listed, select_listed(files, firmware.scatter));
  }
  std::set<std::string> done;
  for (const auto& section : firmware.scatter.sections) {
    for (const auto& entry : section.entries) {
      if (entry.name.empty()) continue;
      const auto own = std::ranges::find_if(
          overrides, [&](const auto& image) { return same_ignoring_case(image.first, entry.name); });
      const auto in_list = listed.find(to_lower(entry.name));
      if (own == overrides.end() && in_list == listed.end()) {
        add_image(entry, section.storage, folder, firmware);
      } else if (!done.insert(entry.name).second) {
        continue;
      } else if (own != overrides.end()) {
        firmware.images.push_back(own_image(entry.name, own->second));
      } else {
        firmware.images.push_back(package_image(entry.name, package.shown(in_list->second).string(), package,
                                                {.file = in_list->second}));
      }
    }
  }
  return firmware;
}

}  // namespace mtk
