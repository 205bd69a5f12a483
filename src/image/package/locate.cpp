// SPDX-License-Identifier: Apache-2.0
#include "image/package/locate.h"

#include "base/ascii.h"
#include "base/file.h"
#include "image/kind.h"
#include "image/package/nature.h"
#include "image/scatter/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace mtk {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_text_file = 4 << 20;

Result<Bytes> read_small(const Package& package, std::size_t index) {
  MTK_TRY_LET(const ImagePtr content, package.open(index));
  return in(read_all(*content, largest_text_file), package.files()[index].name);
}

Result<Scatter> read_scatter(const Package& package, std::size_t index) {
  MTK_TRY_LET(const Bytes content, read_small(package, index));
  return parse_scatter(content, package.files()[index].name);
}

Result<std::size_t> named_file(const Package& package, std::string_view written, std::string_view folder) {
  MTK_TRY_LET(const std::string name, resolve_name(written, folder));
  const auto found = package.find(name);
  if (!found) return fail(Errc::io, fmt::format("{} is not in the package", name));
  return *found;
}

Result<FirmwareFiles> from_flash_xml(const PackagePtr& package, std::size_t file, std::string_view text) {
  MTK_TRY_LET(const FlashXml about, parse_flash_xml(text));
  const std::string_view folder = folder_of_name(package->files()[file].name);
  FirmwareFiles out{.package = package};
  MTK_TRY_LET(out.scatter, named_file(*package, about.scatter, folder));
  if (!about.agent.empty()) {
    const auto agent = named_file(*package, about.agent, folder);
    if (agent) out.agents.push_back(*agent);  // the user may bring another
  }
  return out;
}

Result<FirmwareFiles> from_list(const PackagePtr& package, std::size_t file, std::string_view text) {
  MTK_TRY_LET(const DownloadList list, parse_download_list(text));
  if (list.scatter.empty()) return fail(Errc::bad_image, "the list names no scatter file");
  const std::string_view folder = folder_of_name(package->files()[file].name);
  FirmwareFiles out{.package = package};
  MTK_TRY_LET(out.scatter, named_file(*package, list.scatter, folder));
  out.list.emplace();
  for (const auto& [partition, path] : list.images) {
    MTK_TRY_LET(const std::size_t image, named_file(*package, path, folder));
    out.list->emplace_back(partition, image);
  }
  return out;
}

enum class XmlFile : std::uint8_t { flash_xml, list, other };

XmlFile xml_file(std::string_view text) {
  if (text.find("<flash_list") != std::string_view::npos) return XmlFile::list;
  return text.find("<flash-mode") != std::string_view::npos ? XmlFile::flash_xml : XmlFile::other;
}

/// The package around one of its text files, and the file's name in it.
Result<FirmwareFiles> from_file(const fs::path& file) {
  MTK_TRY_LET(const Bytes content, read_file(file, largest_text_file));
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path{"."};
  std::string name = file.filename().string();
  const std::string text = scatter_text(content);
  const bool is_xml = kind_of(content) == FileKind::xml;
  const XmlFile what = is_xml ? xml_file(text) : XmlFile::other;
  if (what == XmlFile::flash_xml) {
    // Packages keep flash.xml one folder below the scatter.
    const fs::path real = fs::absolute(folder).lexically_normal();
    const fs::path own = real.has_filename() ? real : real.parent_path();
    MTK_TRY_LET(const PackagePtr package, open_folder_package(own.parent_path(), 1));
    MTK_TRY_LET(const std::size_t index, named_file(*package, name, own.filename().string()));
    return in(from_flash_xml(package, index, text), name);
  }
  MTK_TRY_LET(const PackagePtr package, open_folder_package(folder, what == XmlFile::list ? 4 : 1));
  const auto index = package->find(name);
  if (!index) return fail(Errc::io, fmt::format("{} is a link out of its folder", file.string()));
  if (what == XmlFile::list) return in(from_list(package, *index, text), name);
  return FirmwareFiles{.package = package, .scatter = *index};
}

struct ScatterFiles {
  std::vector<std::size_t> real;
  std::vector<std::size_t> bare;  ///< partition lists of update packages
};

ScatterFiles find_scatters(const Package& package) {
  ScatterFiles found;
  for (std::size_t i = 0; i < package.files().size(); ++i) {
    if (package.files()[i].size > largest_text_file) continue;
    const auto head = read_head(package, i);
    if (!head) continue;  // an unreadable file nobody asked for
    const FileKind kind = kind_of(*head);
    if (kind == FileKind::scatter) found.real.push_back(i);
    if (kind == FileKind::bare_scatter) found.bare.push_back(i);
  }
  return found;
}

bool same_table(const Scatter& a, const Scatter& b) {
  return std::ranges::equal(a.sections, b.sections, [](const auto& x, const auto& y) {
    return x.storage == y.storage &&
           std::ranges::equal(x.entries, y.entries, [](ScatterEntry p, const ScatterEntry& q) {
             p.line = q.line;
             return p == q;
           });
  });
}

/// The file to take when all hold the same table; nothing when they do not.
std::optional<std::size_t> one_of_twins(const Package& package, std::vector<std::size_t> files) {
  const auto rank = [&](std::size_t index) {
    const std::string& name = package.files()[index].name;
    return std::tuple(std::ranges::count(name, '/'), to_lower(name).ends_with(".xml"), name);
  };
  std::ranges::sort(files, {}, rank);
  const auto first = read_scatter(package, files.front());
  if (!first) return std::nullopt;
  const bool same = std::all_of(files.begin() + 1, files.end(), [&](std::size_t file) {
    const auto other = read_scatter(package, file);
    return other && same_table(*first, *other);
  });
  return same ? std::optional{files.front()} : std::nullopt;
}

Error several(const Package& package, const std::vector<std::size_t>& files, std::string_view what) {
  constexpr std::size_t most_names = 8;
  std::string list;
  for (const std::size_t file : std::span{files}.first(std::min(files.size(), most_names)))
    list += (list.empty() ? "" : ", ") + package.shown(file).string();
  if (files.size() > most_names) list += fmt::format(" and {} more", files.size() - most_names);
  return {.code = Errc::usage, .what = fmt::format("{} {}, name one of them: {}", files.size(), what, list)};
}

/// The archive that makes up most of a package; nothing when there is none. Errors: usage.
Result<std::optional<std::size_t>> inner_archive(const Package& package) {
  constexpr std::uint64_t small_beside = 10;
  std::vector<std::size_t> found;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < package.files().size(); ++i) {
    const std::string name = to_lower(package.files()[i].name);
    if (name.ends_with(".apk") || name.ends_with(".jar")) continue;
    const auto head = read_head(package, i);
    if (!head || !is_archive(kind_of(*head))) continue;
    found.push_back(i);
    all += package.files()[i].size;
  }
  if (found.empty()) return std::optional<std::size_t>{};
  const auto size = [&](std::size_t i) { return package.files()[i].size; };
  const std::size_t largest = *std::ranges::max_element(found, {}, size);
  // Drivers and tools are packed beside the firmware.
  if (found.size() == 1 || (all - size(largest)) * small_beside < size(largest))
    return std::optional{largest};
  return fail(several(package, found, "archives"));
}

enum class Nesting : std::uint8_t { allowed, reached };

Result<FirmwareFiles> from_package(const PackagePtr& package, const PackageOptions& options,
                                   Nesting nesting) {
  const ScatterFiles found = find_scatters(*package);
  // Lists of update packages lie beside the real file in some dumps.
  const std::vector<std::size_t>& scatters = found.real.empty() ? found.bare : found.real;
  if (scatters.size() > 1) {
    if (const auto twin = one_of_twins(*package, scatters))
      return FirmwareFiles{.package = package, .scatter = *twin};
    return fail(several(*package, scatters, "scatter files"));
  }
  if (found.real.size() == 1) return FirmwareFiles{.package = package, .scatter = found.real.front()};
  const PackageSight sight = recognise_package(*package);
  // Reading the list of an update package says best what it is.
  if (scatters.size() == 1 && sight.nature == PackageNature::nothing)
    return FirmwareFiles{.package = package, .scatter = scatters.front()};
  if (nesting == Nesting::allowed && sight.nature == PackageNature::nothing) {
    MTK_TRY_LET(const auto inner, inner_archive(*package));
    if (inner) {
      MTK_TRY_LET(const PackagePtr nested, open_nested_package(package, *inner, options));
      return from_package(nested, options, Nesting::reached);
    }
  }
  return fail(Errc::bad_image, explain_nature(sight, package->path()));
}

}  // namespace

Result<FirmwareFiles> locate_firmware(const fs::path& path, const PackageOptions& options) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) {
    MTK_TRY_LET(const PackagePtr package, open_folder_package(path));
    auto found = from_package(package, options, Nesting::allowed);
    // The folder of flash.xml itself: its scatter lies one level up.
    if (!found && found.error().code == Errc::bad_image && package->find("flash.xml"))
      return from_file(path / "flash.xml");
    return found;
  }
  MTK_TRY_LET(const FileKind kind, file_kind(path));
  if (is_archive(kind)) {
    MTK_TRY_LET(const PackagePtr package, open_package(path, options));
    return from_package(package, options, Nesting::allowed);
  }
  if (kind == FileKind::ota_payload)
    return fail(Errc::bad_image, explain_nature({.nature = PackageNature::ota_payload}, path));
  // Texts are scatter files and lists, or say best themselves what they are not.
  const bool is_text = kind == FileKind::scatter || kind == FileKind::bare_scatter || kind == FileKind::xml ||
                       kind == FileKind::text;
  return is_text ? from_file(path) : fail(Errc::bad_image, explain_single_file(kind, path));
}

}  // namespace mtk
